from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import in_reader_language


class Policy(models.Model):
    """A named policy. What it says stands in its versions."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_local = models.CharField(_("name in Japanese"), max_length=200)
    illustrative = models.BooleanField(_("illustrative"), default=False)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return in_reader_language(self.name_en, self.name_local)


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def published(self) -> Self:
        return self.filter(status=PolicyVersion.Status.PUBLISHED)

    def in_force_on(self, day: date) -> Self:
        return self.published().filter(in_force__contains=day)


class PolicyVersion(models.Model):
    """One dated edition of a policy. Once published neither it nor its rules change."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("publication asked for")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    policy = models.ForeignKey(
        Policy, models.PROTECT, related_name="versions", verbose_name=_("policy")
    )
    label = models.CharField(_("version"), max_length=40)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    in_force = DateRangeField(_("in force"))
    sensitive_missions = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("sensitive missions"),
        blank=True,
        default=list,
    )
    waiver_max_months = models.PositiveSmallIntegerField(
        _("longest waiver (months)"),
        default=36,
        help_text=_("A waiver of these rules lasts at most this long. 0: none is given."),
    )
    source = models.CharField(_("source"), max_length=500, blank=True)
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("based on")
    )
    # Empty: loaded from a pack by the program itself.
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Ids of the people who wrote something of it. The database fills it; none of them publishes it.
    edited_by = ArrayField(models.BigIntegerField(), editable=False, blank=True, default=list)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    published_at = models.DateTimeField(null=True, blank=True)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering: ClassVar = ["policy_id", "-in_force"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "label"], name="policy_version_label_once"),
            ExclusionConstraint(
                name="policy_versions_never_overlap",
                expressions=[
                    ("policy", RangeOperators.EQUAL),
                    ("in_force", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(status="published"),
                violation_error_message=_(
                    "Another published version of this policy is in force on some of these days."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | (
                    models.Q(published_by__isnull=False)
                    & ~models.Q(published_by=models.F("drafted_by"))
                ),
                name="policy_version_published_by_another",
                violation_error_message=_(
                    "A version is published by somebody who did not draft it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.label}"

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    def is_work_of(self, person_id: int) -> bool:
        """Whether this person wrote something of it or asked for its publication."""
        return person_id == self.drafted_by_id or person_id in self.edited_by


class Rule(models.Model):
    """One clause that can be evaluated. `scope`, `criterion` and `held` are read by policy/rules.py."""

    class Level(models.TextChoices):
        INFORM = "inform", _("inform")
        CONSULT = "consult", _("consult")
        BLOCK = "block", _("block")

    version = models.ForeignKey(
        PolicyVersion, models.PROTECT, related_name="rules", verbose_name=_("version")
    )
    code = models.SlugField(_("code"), max_length=60)
    clause_en = models.TextField(_("clause in English"))
    clause_local = models.TextField(_("clause in Japanese"))
    authoritative = models.CharField(_("authoritative language"), max_length=5, default="ja")
    reason_en = models.TextField(_("why, in English"), blank=True)
    reason_local = models.TextField(_("why, in Japanese"), blank=True)
    to_check_en = models.TextField(_("to be checked, in English"), blank=True)
    to_check_local = models.TextField(_("to be checked, in Japanese"), blank=True)
    citation = models.CharField(_("citation"), max_length=500)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    on_unknown = models.CharField(_("level when unknown"), max_length=10, choices=Level.choices)
    min_grade = models.PositiveSmallIntegerField(_("least grade of evidence"), default=2)
    scope = models.JSONField(_("scope"), default=dict)
    criterion = models.JSONField(_("criterion"))
    held = models.JSONField(_("aircraft already held"), default=dict)
    # Read by policy/examples.py.
    examples = models.JSONField(_("examples"), default=list, blank=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering: ClassVar = ["version_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "code"], name="rule_code_once_per_version")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def clause(self) -> str:
        return in_reader_language(self.clause_en, self.clause_local)

    @property
    def reason(self) -> str:
        return in_reader_language(self.reason_en, self.reason_local)

    @property
    def to_check(self) -> str:
        """What of the rule rests on general knowledge and is to be checked; empty if nothing is."""
        return in_reader_language(self.to_check_en, self.to_check_local)


class ReferenceList(models.Model):
    """Jurisdictions, entities or cleared builds that rules refer to by code."""

    class Kind(models.TextChoices):
        JURISDICTIONS = "jurisdictions", _("jurisdictions")
        ENTITIES = "entities", _("entities")
        CLEARANCES = "clearances", _("cleared builds")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_local = models.CharField(_("name in Japanese"), max_length=200)
    kept_by = models.CharField(_("kept by"), max_length=200, blank=True)
    illustrative = models.BooleanField(_("illustrative"), default=False)

    class Meta:
        verbose_name = _("list")
        verbose_name_plural = _("lists")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return in_reader_language(self.name_en, self.name_local)


class EditionQuerySet(models.QuerySet["Edition"]):
    def in_force_on(self, day: date) -> Self:
        """The edition of each list that holds on this day: the latest that has taken effect."""
        return (
            self.filter(effective_from__lte=day)
            .order_by("list_id", "-effective_from", "-id")
            .distinct("list_id")
        )


class Edition(models.Model):
    """The list as it was published on a day. Neither it nor its entries ever change."""

    list = models.ForeignKey(
        ReferenceList, models.PROTECT, related_name="editions", verbose_name=_("list")
    )
    edition = models.DateField(_("edition"))
    effective_from = models.DateField(_("in effect from"))
    digest = models.CharField(_("digest"), max_length=64)
    source = models.CharField(_("source"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering: ClassVar = ["list_id", "-effective_from", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["list", "edition"],
                name="edition_once_per_list",
                violation_error_message=_("This edition of the list is already recorded."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list} {self.edition.isoformat()}"


class Entry(models.Model):
    """One line of an edition. `key` stays the same through the editions of a list.

    A clearance holds from `listed_on` through `ended_on`, an entity is listed through `ended_on`;
    a jurisdiction ends by a new edition alone.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="entries")
    key = models.CharField(_("key"), max_length=300)
    name = models.CharField(_("name"), max_length=500)
    aliases = ArrayField(models.CharField(max_length=500), default=list, blank=True)
    parent_name = models.CharField(_("parent"), max_length=500, blank=True)
    addresses = ArrayField(models.CharField(max_length=1000), default=list, blank=True)
    identifiers = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    note = models.TextField(_("note"), blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    listed_on = models.DateField(_("listed on"), null=True, blank=True)
    ended_on = models.DateField(_("listed until"), null=True, blank=True)
    source_url = models.CharField(_("source"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering: ClassVar = ["edition_id", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "key"], name="entry_once_per_edition")
        ]

    def __str__(self) -> str:
        return self.name


class RulebookState(models.Model):
    """One row that every change of versions and editions writes and every decision locks for reading,
    so that no decision is made while the rules change under it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    changes = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="rulebook_state_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.changes)
