"""The parts of a build as one form: a row for every role, recorded, not known, or not fitted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Person
from registry.models import Build, Component, Declaration
from registry.proposals import record_fitted
from standards.component_roles import ROLES
from web.forms.countries import CountriesField
from web.forms.vendor_field import VendorField, VendorIndex
from web.parts import PART_MEANINGS
from web.values import language

RECORDED, NOT_KNOWN, NOT_FITTED = "recorded", "not_known", "not_fitted"
STATES = [
    (RECORDED, gettext_lazy("recorded")),
    (NOT_KNOWN, gettext_lazy("not known")),
    (NOT_FITTED, gettext_lazy("not fitted")),
]
MEANING_LABELS = {
    "made_in": gettext_lazy("Place of manufacture"),
    "developed_in": gettext_lazy("Place of development"),
    "data_stored_in": gettext_lazy("Place of data storage"),
    "administered_from": gettext_lazy("Place of administration"),
}


class EvidenceForm(forms.Form):
    """One declaration for all that is changed at once."""

    declaration = forms.ModelChoiceField(
        label=gettext_lazy("Declaration for what you change"),
        queryset=Declaration.objects.all(),
        required=False,
        help_text=gettext_lazy(
            "It is attached to every row that you change, and to no other. Without one, changed rows have no evidence."
        ),
    )


class PartForm(forms.Form):
    """One row: a recorded part, or a role without one. Places that the role does not ask for are left out."""

    state = forms.ChoiceField(label=gettext_lazy("Part"), choices=STATES)
    part = forms.CharField(label=gettext_lazy("Product"), max_length=200, required=False)
    maker = VendorField(label=gettext_lazy("Maker"), required=False, help_text="")

    def __init__(
        self,
        data: QueryDict | None,
        *,
        role: str,
        component: Component | None,
        build: Build,
        index: VendorIndex,
    ) -> None:
        self.role, self.component, self.build = role, component, build
        super().__init__(data, prefix=self._name(), initial=self._start())
        self.fields["maker"].index = index  # type: ignore[attr-defined]  # a VendorField
        asked = ROLES[role].meanings
        for meaning in PART_MEANINGS:
            if meaning in asked or (component and getattr(component, meaning) is not None):
                self.fields[meaning] = CountriesField(
                    label=MEANING_LABELS[meaning], widget=forms.TextInput, help_text=""
                )

    def _name(self) -> str:
        return f"part-{self.component.pk}" if self.component else f"role-{self.role}"

    def _start(self) -> dict[str, Any]:
        if self.component is None:
            absent = NOT_FITTED if self.role in self.build.not_fitted else NOT_KNOWN
            return {"state": absent}
        names = ("part", *PART_MEANINGS)
        values = {name: getattr(self.component, name) for name in names}
        return {"state": RECORDED, "maker": self.component.maker_id, **values}

    @property
    def label(self) -> str:
        return ROLES[self.role].label(language())

    @property
    def state_now(self) -> str:
        return str(self.cleaned_data["state"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        typed = [name for name in self.fields if name != "state" and cleaned.get(name)]
        if self.component is None and cleaned.get("state") != RECORDED and typed:
            self.add_error("state", _("Choose “recorded” to store what you entered here."))
        return cleaned

    def result(self, paper: Declaration | None, by: Person) -> Component | None:
        """The part as it is to be stored, or None where nothing is to be stored."""
        changed = [name for name in self.changed_data if name != "state"]
        if self.state_now != RECORDED or (self.component is not None and not changed):
            return None
        part = self.component or Component(build=self.build, role=self.role, claimed_by=by)
        for name in self.fields:
            if name != "state":
                setattr(part, name, self.cleaned_data[name])
        part.declaration = paper
        return part


@dataclass
class PartsForm:
    """All rows of a build, and the declaration for what is changed."""

    build: Build
    data: QueryDict | None
    evidence: EvidenceForm = field(init=False)
    rows: list[PartForm] = field(init=False)
    index: VendorIndex = field(default_factory=VendorIndex)

    def __post_init__(self) -> None:
        self.evidence = EvidenceForm(self.data)
        self.rows = list(self._rows())

    @property
    def vendor_options(self) -> list[str]:
        return self.index.options

    def _rows(self) -> Iterator[PartForm]:
        by_role: dict[str, list[Component | None]] = {}
        for component in self.build.components.order_by("pk"):
            by_role.setdefault(component.role, []).append(component)
        for role in ROLES.codes:
            for recorded in by_role.get(role) or [None]:
                yield PartForm(
                    self.data, role=role, component=recorded, build=self.build, index=self.index
                )

    def is_valid(self) -> bool:
        valid = [each.is_valid() for each in (self.evidence, *self.rows)]
        return all(valid) and self._roles_are_one_thing()

    def _roles_are_one_thing(self) -> bool:
        """A role is fitted or not; it is not both."""
        recorded = {row.role for row in self.rows if row.state_now == RECORDED}
        wrong = [row for row in self.rows if row.state_now == NOT_FITTED and row.role in recorded]
        for row in wrong:
            row.add_error("state", _("Another part of this role is recorded. Take it out first."))
        return not wrong

    def store(self, by: Person) -> None:
        paper = self.evidence.cleaned_data["declaration"]
        changed = (row.result(paper, by) for row in self.rows)
        record_fitted(
            build=self.build,
            parts=[part for part in changed if part is not None],
            gone=[
                row.component for row in self.rows if row.component and row.state_now != RECORDED
            ],
            not_fitted={row.role for row in self.rows if row.state_now == NOT_FITTED},
        )
