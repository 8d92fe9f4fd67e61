from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Membership, Person
from registry.aliases import is_disguised, remember
from registry.models import Build, Drone
from registry.models.drones import UNSURE_OF
from registry.refusals import as_refusal
from registry.services import log_drone
from registry.transitions import STARTING
from web.candidates import Choices, choices_for
from web.forms.fields import BuildField, MissionsField

CURRENCIES = ("JPY", "USD", "EUR", "GBP", "KRW", "TWD", "CNY")
LIKE = (
    *("agency", "build", "missions", "place", "custodian", "custodian_name", "status"),
    *("firmware", "acquired_how", "acquired_on", "price", "currency", "price_given"),
)
"""What the next aircraft has in common with the one logged before."""
WHEN_LOGGED = ("agency", "status", "custodian", "custodian_name")
"""Given once; afterwards they follow from events."""


def unsure_choices() -> list[tuple[str, str]]:
    return [(name, str(Drone._meta.get_field(name).verbose_name)) for name in UNSURE_OF]  # type: ignore[union-attr]  # all are columns


class DroneForm(forms.ModelForm[Drone]):
    """One aircraft, logged or changed by a custodian of its agency.

    Maker and model are typed by any of their names; `build` is chosen among what that can mean.
    """

    what = forms.CharField(
        label=gettext_lazy("Maker and model"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Any of their names, in any script."),
    )
    build = BuildField(label=gettext_lazy("Build"), required=False)
    missions = MissionsField(
        label=gettext_lazy("Missions"),
        required=False,
        help_text=gettext_lazy("Tick every kind of work it is used for."),
    )
    unsure = forms.MultipleChoiceField(
        label=gettext_lazy("Not sure of"),
        required=False,
        choices=unsure_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What should be looked at again some day."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Drone
        fields = (
            "agency",
            "build",
            "serial_number",
            "serial_missing_because",
            "registration_id",
            "missions",
            "custodian",
            "custodian_name",
            "place",
            "status",
            "firmware",
            "flight_hours",
            "acquired_how",
            "acquired_on",
            "price",
            "currency",
            "price_given",
            "unsure",
            "note",
        )
        widgets = {
            "acquired_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "currency": forms.Select(choices=[(code, code) for code in CURRENCIES]),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "agency": gettext_lazy("Agency"),
            "custodian_name": gettext_lazy("Or a name in words"),
        }
        help_texts = {
            "serial_number": gettext_lazy("As it stands on the aircraft."),
            "serial_missing_because": gettext_lazy("Only if there is no serial number."),
            "custodian_name": gettext_lazy("For somebody without an account, or a post or a unit."),
        }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self._choices: Choices | None = None
        if self.instance._state.adding:
            self._prepare_new()
        else:
            for name in WHEN_LOGGED:
                del self.fields[name]
            self.fields["version"].initial = self.instance.version

    def _prepare_new(self) -> None:
        kept = sorted(self.person.scope.where(Membership.Role.CUSTODIAN))
        agencies = cast("forms.ModelChoiceField[Agency]", self.fields["agency"])
        agencies.queryset = Agency.objects.filter(pk__in=kept)
        if len(kept) == 1:
            agencies.initial = kept[0]
        status = cast("forms.ChoiceField", self.fields["status"])
        status.choices = [(each.value, each.label) for each in STARTING]
        custodian = cast("forms.ModelChoiceField[Person]", self.fields["custodian"])
        custodian.queryset = _colleagues(self.person, kept)

    @property
    def choices(self) -> Choices:
        """What the text typed so far can mean. Read once."""
        if self._choices is None:
            text = str(self["what"].value() or "")
            serial = str(self["serial_number"].value() or "") if text else ""
            self._choices = choices_for(
                text, serial=serial, agency_id=self._agency_id(), chosen=self._chosen()
            )
        return self._choices

    def _agency_id(self) -> int | None:
        if "agency" not in self.fields:
            return self.instance.agency_id
        given = str(self["agency"].value() or "")
        known = self.person.scope.where(Membership.Role.CUSTODIAN)
        return int(given) if given.isdecimal() and int(given) in known else None

    def _chosen(self) -> Build | None:
        given = str(self["build"].value() or "")
        rows = Build.objects.select_related("model__manufacturer")
        return rows.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 19 else None

    def clean_acquired_on(self) -> date | None:
        acquired: date | None = self.cleaned_data["acquired_on"]
        if acquired and acquired > timezone.localdate():
            raise ValidationError(_("An aircraft cannot have been acquired in the future."))
        return acquired

    def clean(self) -> dict[str, Any]:
        """A text that can mean one build alone is taken as that build; any other is asked."""
        data = self.cleaned_data
        if not data.get("build") and "build" not in self.errors:
            data["build"] = self.choices.certain
            if data["build"] is None:
                self.add_error("build", self._what_to_choose())
        return data

    def _what_to_choose(self) -> str:
        if self.choices.builds:
            return _("Choose one of the builds below.")
        if not self.choices.text.strip():
            return _("Type the maker and the model, then choose the build.")
        return _(
            "The catalogue knows no model called “%(text)s”. Check the spelling, or propose the model first."
        ) % {"text": self.choices.text}

    def log(self) -> bool:
        """Store a new aircraft; what the registry refuses becomes an error of the form."""
        try:
            log_drone(drone=self.instance, today=timezone.localdate())
        except ValidationError as refused:
            self.add_error(None, refused)
            return False
        self._remember()
        return not self.errors

    def _remember(self) -> None:
        """What somebody chose for a text is what the text means from now on in their agency."""
        text = self.cleaned_data["what"].strip()
        if text and not is_disguised(text) and self.choices.certain != self.instance.build:
            remember(
                maker="",
                model=text,
                build=self.instance.build,
                agency_id=self.instance.agency_id,
                by=self.person,
            )

    def change(self) -> bool:
        """Store only what was changed, if nobody changed the aircraft since; answers whether it was stored.

        Raises NotNow where the record is closed.
        """
        columns = {field.name for field in Drone._meta.fields}
        given = {
            name: getattr(self.instance, name) for name in self.changed_data if name in columns
        }
        given.pop("version", None)
        rows = Drone.objects.visible_to(self.person).filter(
            pk=self.instance.pk, version=self.cleaned_data["version"]
        )
        try:
            with transaction.atomic():
                return bool(rows.update(**given) if given else rows.count())
        except DatabaseError as error:
            raise as_refusal(error) from error


def _colleagues(person: Person, agencies: list[int]) -> Any:
    today = timezone.localdate()
    held = Membership.objects.visible_to(person).filter(
        Q(until__isnull=True) | Q(until__gt=today), agency__in=agencies, since__lte=today
    )
    return Person.objects.filter(pk__in=held.values("person_id"), is_active=True).order_by("pk")
