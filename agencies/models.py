import hashlib
from datetime import date
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from agencies.scopes import Scope, load_scope
from agencies.scoping import AgencyRecord, ScopedManager, ScopedUniqueConstraint

__all__ = [
    "Agency",
    "AgencyRecord",
    "ApiToken",
    "Disclosure",
    "Membership",
    "Person",
    "ScopedManager",
    "ScopedUniqueConstraint",
    "Substitution",
]


def in_reader_language(english: str, local: str) -> str:
    """The name in the reader's language, the other where that one is empty."""
    first, second = (local, english) if translation.get_language() == "ja" else (english, local)
    return first or second


class Agency(models.Model):
    """A government body. The root of the tree is the central authority."""

    class Kind(models.TextChoices):
        CENTRAL = "central", _("central authority")
        MINISTRY = "ministry", _("ministry")
        AGENCY = "agency", _("agency")
        INCORPORATED = "incorporated_agency", _("incorporated administrative agency")
        DESIGNATED = "designated_corporation", _("designated corporation")
        LOCAL = "local_government", _("local government")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_local = models.CharField(_("name in Japanese"), max_length=200)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("superior body"),
    )
    corporate_number = models.CharField(_("corporate number"), max_length=13, blank=True)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=False) | models.Q(kind="central"),
                name="agency_root_is_the_centre",
                violation_error_message=_("Only the central authority has no superior body."),
            ),
        ]

    def __str__(self) -> str:
        return in_reader_language(self.name_en, self.name_local)


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may see and do comes from memberships alone."""

    class Mail(models.TextChoices):
        """How notices reach somebody besides the inbox, which has all of them."""

        AT_ONCE = "at_once", _("at once what is urgent, the rest once a day")
        DIGEST = "digest", _("everything once a day")
        NONE = "none", _("no e-mail: I look into the inbox")

    email = models.EmailField(_("e-mail address"), max_length=254)
    name_en = models.CharField(_("name in English"), max_length=100)
    name_local = models.CharField(_("name in Japanese"), max_length=100, blank=True)
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=[("ja", "日本語"), ("en", "English")],
        default="ja",
    )
    mail = models.CharField(
        _("notices by e-mail"), max_length=10, choices=Mail.choices, default=Mail.AT_ONCE
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name_en"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="person_email_once",
                violation_error_message=_("Somebody already signs in with this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return in_reader_language(self.name_en, self.name_local)

    @property
    def actor(self) -> str:
        """What the audit trail calls this person."""
        return f"user:{self.pk}"

    @cached_property
    def scope(self) -> Scope:
        """What the memberships of today allow: one query, kept for the life of this object."""
        return load_scope(self.pk, timezone.localdate())


class Membership(models.Model):
    """A person holds a role at a node of the agency tree, and below it, between two days."""

    class Role(models.TextChoices):
        VIEWER = "viewer", _("viewer")
        CUSTODIAN = "custodian", _("custodian")
        APPROVER = "approver", _("approver")
        INSPECTOR = "inspector", _("inspector")
        SECURITY_REVIEWER = "security_reviewer", _("security reviewer")
        LEADER = "leader", _("leader")
        STEWARD = "steward", _("steward")
        POLICY_OFFICER = "policy_officer", _("policy officer")
        CONSULTATION_OFFICER = "consultation_officer", _("consultation officer")
        AUDITOR = "auditor", _("auditor")
        ADMINISTRATOR = "administrator", _("administrator")

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role.choices)
    since = models.DateField(_("since"))
    until = models.DateField(_("until (not included)"), null=True, blank=True)
    # When it was laid down as it is, whatever day it says it began on; the database sets it (agencies/sql_posts.py).
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ScopedManager["Membership"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
                name="membership_ends_after_it_began",
                violation_error_message=_("A membership ends after the day it began."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} @ {self.agency_id}"


class Disclosure(AgencyRecord):
    """What an agency tells the centre of its aircraft, when that is not all. Its own people see everything.

    As long as the number is not exact the rows themselves do not exist for the centre, or they could be
    counted. Prices that are not exact are not kept as they are: see `registry/sql_disclosure.py`.
    """

    class Given(models.TextChoices):
        EXACT = "exact", _("exact")
        APPROXIMATE = "approximate", _("approximate")
        WITHHELD = "withheld", _("withheld")

    aircraft = models.CharField(
        _("number of aircraft"), max_length=12, choices=Given.choices, default=Given.EXACT
    )
    about = models.PositiveIntegerField(_("about how many"), null=True, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    prices = models.CharField(
        _("prices"), max_length=12, choices=Given.choices, default=Given.EXACT
    )
    basis = models.CharField(_("why, and on what legal basis"), max_length=300, blank=True)

    objects = ScopedManager["Disclosure"]()

    class Meta:
        verbose_name = _("statement to the centre")
        verbose_name_plural = _("statements to the centre")
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency"], name="disclosure_once_per_agency"),
            models.CheckConstraint(
                condition=models.Q(aircraft="approximate", about__isnull=False, as_of__isnull=False)
                | (
                    ~models.Q(aircraft="approximate")
                    & models.Q(about__isnull=True, as_of__isnull=True)
                ),
                name="disclosure_number_when_approximate",
                violation_error_message=_(
                    "Say about how many aircraft there are and as of which day when the number is"
                    " approximate, and only then."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(basis="") | models.Q(aircraft="exact", prices="exact"),
                name="disclosure_says_why",
                violation_error_message=_("Say why, and on what legal basis."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency_id)


# The roles that decide on purchases: they alone have substitutes, for at most so many days.
LENT_ROLES = (
    Membership.Role.APPROVER,
    Membership.Role.SECURITY_REVIEWER,
    Membership.Role.CONSULTATION_OFFICER,
)
LENT_ROLE_CHOICES = [(role.value, role.label) for role in LENT_ROLES]
LONGEST_SUBSTITUTION = 366


class Substitution(models.Model):
    """Somebody stands in for another who decides on purchases, in one role at one node, between two days.

    Laid down by the person who is away or by an administrator; it ends early, and never changes.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="substitutions", verbose_name=_("who is away")
    )
    substitute = models.ForeignKey(
        Person, models.PROTECT, related_name="stands_in", verbose_name=_("substitute")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    role = models.CharField(_("role"), max_length=30, choices=LENT_ROLE_CHOICES)
    since = models.DateField(_("since"))
    until = models.DateField(_("until (not included)"))
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedManager["Substitution"]()

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")),
                name="substitution_ends_after_it_began",
                violation_error_message=_("A substitution ends after the day it began."),
            ),
            models.CheckConstraint(
                condition=models.Q(until__lte=models.F("since") + LONGEST_SUBSTITUTION),
                name="substitution_at_most_a_year",
                violation_error_message=_("A substitution lasts for at most a year."),
            ),
            models.CheckConstraint(
                condition=~models.Q(substitute=models.F("person")),
                name="substitution_by_another",
                violation_error_message=_("Nobody stands in for themselves."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in LENT_ROLES]),
                name="substitution_of_who_decides",
                violation_error_message=_("Only roles that decide on purchases have substitutes."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substitute_id} for {self.person_id}, {self.role} @ {self.agency_id}"

    def ended_on(self, day: date) -> bool:
        return self.ended_at is not None or day >= self.until


class ApiToken(models.Model):
    """A secret by which a program acts as a person. Only its digest is kept."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    read_only = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person_id} until {self.expires_on}"

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    def valid_on(self, day: date) -> bool:
        return self.revoked_at is None and day <= self.expires_on
