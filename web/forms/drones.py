from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Membership, Person
from registry.models import Drone
from registry.services import log_drone
from web.forms.fields import BuildField, MissionsField


class DroneForm(forms.ModelForm[Drone]):
    """One aircraft, logged or changed by a custodian of its agency."""

    build = BuildField(
        label=_("Build"),
        help_text=_(
            "If you know only the model, choose the build whose configuration is not known."
        ),
    )
    missions = MissionsField(
        label=_("Missions"), required=False, help_text=_("Tick every kind of work it is used for.")
    )

    class Meta:
        model = Drone
        fields = (
            "agency",
            "build",
            "serial_number",
            "serial_missing_because",
            "registration_id",
            "missions",
            "custodian_name",
            "place",
            "firmware",
            "flight_hours",
            "status",
            "acquired_how",
            "acquired_on",
            "price",
            "currency",
            "price_given",
            "note",
        )
        widgets = {
            "acquired_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"agency": _("Agency")}
        help_texts = {
            "serial_number": _("As it stands on the aircraft."),
            "serial_missing_because": _("Only if there is no serial number."),
        }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            agencies = cast("forms.ModelChoiceField[Agency]", self.fields["agency"])
            kept = sorted(person.scope.where(Membership.Role.CUSTODIAN))
            agencies.queryset = Agency.objects.filter(pk__in=kept)
            agencies.initial = kept[0] if len(kept) == 1 else None
        else:
            for name in ("agency", "status", "custodian_name"):
                del self.fields[name]

    def clean_acquired_on(self) -> date | None:
        acquired: date | None = self.cleaned_data["acquired_on"]
        if acquired and acquired > timezone.localdate():
            raise ValidationError(_("An aircraft cannot have been acquired in the future."))
        return acquired

    def log(self) -> bool:
        """Store a new aircraft; what the registry refuses becomes an error of the form."""
        try:
            log_drone(drone=self.instance, today=timezone.localdate())
        except ValidationError as refused:
            self.add_error(None, refused)
        return not self.errors

    def change(self) -> None:
        """Store only what was changed."""
        self.instance.save(update_fields=self.changed_data)
