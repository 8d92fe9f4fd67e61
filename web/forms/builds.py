"""Forms of models and builds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Person
from registry.models import Build, DroneModel
from registry.proposals import copy_build, demand_known
from registry.services import add_model
from standards.component_roles import ROLES
from web.forms.catalogue import EVIDENCE, CatalogueForm
from web.forms.countries import CountriesField
from web.forms.vendor_field import VendorField
from web.values import language


class ModelForm(CatalogueForm[DroneModel]):
    manufacturer = VendorField(label=_("Maker"))

    class Meta:
        model = DroneModel
        fields = (
            "manufacturer",
            "name",
            "name_local",
            "weight_g",
            "mtow_g",
            "endurance_min",
            "price_guide_yen",
            "serial_scheme",
        )
        help_texts = {
            "name": _("As the maker sells it, without the name of the maker."),
            "serial_scheme": _(
                "Choose ANSI/CTA-2063-A only if the maker numbers this model so: every serial number is then checked."
            ),
        }

    def add(self, by: Person) -> None:
        add_model(model=self.instance, by=by)


class RolesField(forms.MultipleChoiceField):
    """Parts by their roles, as boxes to tick; the value keeps the order of the vocabulary."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: ROLES.choices(language()), required=False, **kwargs)

    def clean(self, value: Any) -> list[str]:
        chosen = set(super().clean(value))
        return [code for code in ROLES.codes if code in chosen]


class BuildForm(CatalogueForm[Build]):
    """One configuration: where it is assembled, whose design it is, and what it does not have."""

    OWN, LICENSED, UNKNOWN = "own", "licensed", "unknown"

    assembled_in = CountriesField(label=_("Place of final assembly"))
    design = forms.ChoiceField(
        label=_("Design"),
        choices=[
            (OWN, _("the maker's own")),
            (LICENSED, _("licensed from somebody")),
            (UNKNOWN, _("not known")),
        ],
        widget=forms.RadioSelect,
    )
    design_licensed_from = VendorField(label=_("Licensed from"), required=False)
    not_fitted = RolesField(label=_("Parts this build does not have"))

    class Meta:
        model = Build
        fields = (
            "name",
            "assembled_in",
            "design",
            "design_licensed_from",
            "not_fitted",
            "declaration",
        )
        help_texts = {
            "name": _(
                "What tells it from other builds of the model: bundle, lot, line of firmware."
            ),
            "declaration": EVIDENCE,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        if "design" not in self.initial:
            self.initial["design"] = self._design_of(self.instance)

    def _design_of(self, build: Build) -> str:
        if build.design_licensed_from_id is not None:
            return self.LICENSED
        return self.OWN if build.design_known else self.UNKNOWN

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        design, licensor = cleaned.get("design"), cleaned.get("design_licensed_from")
        if (
            design == self.LICENSED
            and licensor is None
            and "design_licensed_from" not in self.errors
        ):
            self.add_error("design_licensed_from", _("Name the vendor whose design it is."))
        if design in (self.OWN, self.UNKNOWN) and licensor is not None:
            self.add_error(
                "design_licensed_from",
                _("Choose that the design is licensed, or leave this empty."),
            )
        self.instance.design_known = design in (self.OWN, self.LICENSED)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The model is set here and is part of what must be unique."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # private
        return exclusions - {"model"}

    def change(self, by: Person) -> None:
        demand_known(self.instance)
        changed = set(self.changed_data)
        if changed & {"design", "design_licensed_from"}:
            changed |= {"design_known"}
        self.instance.save(update_fields=sorted(changed - {"design"}))


class CopiedBuildForm(BuildForm):
    """A build that starts as a copy of another, without its evidence, checks and results."""

    def __init__(self, *args: Any, source: Build, **kwargs: Any) -> None:
        self.source = source
        start = {
            "assembled_in": source.assembled_in,
            "design": self._design_of(source),
            "design_licensed_from": source.design_licensed_from_id,
            "not_fitted": source.not_fitted,
        }
        super().__init__(*args, initial=start, **kwargs)

    def add(self, by: Person) -> None:
        copy_build(source=self.source, build=self.instance, by=by)
