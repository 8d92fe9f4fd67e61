import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from policy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("policy", "0003_waiver_period"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="policyversion",
            name="policy_version_published_by_another",
        ),
        migrations.AddField(
            model_name="entry",
            name="addresses",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=1000), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="identifiers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="based_on",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="policy.policyversion",
                verbose_name="based on",
            ),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="edited_by",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                default=list,
                editable=False,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="proposed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rule",
            name="examples",
            field=models.JSONField(blank=True, default=list, verbose_name="examples"),
        ),
        migrations.AddField(
            model_name="rule",
            name="reason_en",
            field=models.TextField(blank=True, verbose_name="why, in English"),
        ),
        migrations.AddField(
            model_name="rule",
            name="reason_local",
            field=models.TextField(blank=True, verbose_name="why, in Japanese"),
        ),
        migrations.AddField(
            model_name="rule",
            name="to_check_en",
            field=models.TextField(blank=True, verbose_name="to be checked, in English"),
        ),
        migrations.AddField(
            model_name="rule",
            name="to_check_local",
            field=models.TextField(blank=True, verbose_name="to be checked, in Japanese"),
        ),
        migrations.AlterField(
            model_name="policyversion",
            name="drafted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="policyversion",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("proposed", "publication asked for"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                ],
                default="draft",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(
                        ("published_by__isnull", False),
                        models.Q(("published_by", models.F("drafted_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="policy_version_published_by_another",
                violation_error_message="A version is published by somebody who did not draft it.",
            ),
        ),
        sql.SECOND_PERSON,
        sql.NAMES_STAY,
    ]
