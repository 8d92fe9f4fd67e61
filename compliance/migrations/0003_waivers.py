import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import agencies.scoping
import registry.fields
import standards.uuids
from audit.operations import composite_key, govern, isolate
from compliance import waiver_sql

TABLES = ("compliance_waiver", "compliance_waiverdecision")


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_guards"),
        ("compliance", "0002_guards"),
        ("policy", "0003_waiver_period"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Waiver",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=standards.uuids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("waiver", "waiver"), ("mitigated", "mitigated")],
                        default="waiver",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "rules",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="rules"
                    ),
                ),
                (
                    "builds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="builds",
                    ),
                ),
                (
                    "drones",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="aircraft",
                    ),
                ),
                (
                    "all_missions",
                    models.BooleanField(default=False, verbose_name="for every mission"),
                ),
                (
                    "missions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        validators=[registry.fields.validate_missions],
                        verbose_name="missions",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_until", models.DateField(verbose_name="valid until")),
                ("reason", models.TextField(verbose_name="reason")),
                ("conditions", models.TextField(blank=True, verbose_name="conditions")),
                (
                    "requested_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="requested at"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("endorsed", "first decision made"),
                            ("granted", "granted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="requested",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("decisions_made", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "ended_from",
                    models.DateField(editable=False, null=True, verbose_name="ended early from"),
                ),
                (
                    "last_day",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.F("valid_until"),
                            models.F("ended_from"),
                            template="least(%(expressions)s - 1)",
                        ),
                        output_field=models.DateField(),
                        verbose_name="last day",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
                (
                    "extends",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="compliance.waiver",
                        verbose_name="extends",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
            ],
            options={
                "verbose_name": "waiver",
                "verbose_name_plural": "waivers",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="WaiverDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=standards.uuids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("no", models.PositiveIntegerField()),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("endorse", "first decision"),
                            ("grant", "second decision"),
                            ("decline", "decline"),
                            ("withdraw", "withdraw"),
                            ("end", "end early"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("ends_from", models.DateField(null=True, verbose_name="ended early from")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by whom",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
                (
                    "waiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="compliance.waiver",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision on a waiver",
                "verbose_name_plural": "decisions on waivers",
                "ordering": ["waiver_id", "no"],
            },
        ),
        migrations.AddIndex(
            model_name="waiver",
            index=models.Index(fields=["status", "last_day"], name="waiver_live"),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=agencies.scoping.ScopedUniqueConstraint(
                fields=("agency", "id"), name="waiver_agency_and_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gte", models.F("valid_from"))),
                name="waiver_ends_after_it_begins",
                violation_error_message="A waiver ends on the day it begins or later.",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(("rules", []), _negated=True),
                name="waiver_names_rules",
                violation_error_message="Choose at least one rule.",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("builds", []), models.Q(("drones", []), _negated=True)),
                    models.Q(models.Q(("builds", []), _negated=True), ("drones", [])),
                    _connector="OR",
                ),
                name="waiver_for_builds_or_drones",
                violation_error_message="Choose builds or particular aircraft, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("all_missions", True), ("missions", [])),
                    models.Q(("all_missions", False), models.Q(("missions", []), _negated=True)),
                    _connector="OR",
                ),
                name="waiver_says_its_missions",
                violation_error_message="Choose the missions, or say that it is for every mission.",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "mitigated"), _negated=True),
                    models.Q(("conditions", ""), _negated=True),
                    _connector="OR",
                ),
                name="waiver_mitigated_under_conditions",
                violation_error_message="Say which conditions mitigate the risk.",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="waiver_has_a_reason",
                violation_error_message="Say why a waiver is needed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiverdecision",
            constraint=agencies.scoping.ScopedUniqueConstraint(
                fields=("agency", "id"), name="waiver_decision_agency_and_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="waiverdecision",
            constraint=agencies.scoping.ScopedUniqueConstraint(
                fields=("waiver", "no"), name="waiver_decision_number_once"
            ),
        ),
        waiver_sql.GROUND,
        *(govern(table, agency="agency_id") for table in TABLES),
        *(isolate(table) for table in TABLES),
        *(waiver_sql.concern(table) for table in TABLES),
        composite_key("compliance_waiver", "extends_id", "compliance_waiver"),
        composite_key("compliance_waiverdecision", "waiver_id", "compliance_waiver"),
        waiver_sql.RIGHTS,
        waiver_sql.REQUEST,
        waiver_sql.DECIDE,
    ]
