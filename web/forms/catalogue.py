"""Forms of vendors, their names and numbers, and of links between them."""

from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.models import Person
from registry.duplicates import called_like
from registry.models import (
    CatalogueRecord,
    Component,
    OwnershipLink,
    Vendor,
    VendorIdentifier,
    VendorName,
)
from registry.proposals import change_vendor, propose
from registry.services import add_vendor
from standards.component_roles import ROLES
from standards.identifiers import ORGANISATION_SCHEMES
from standards.names import company_key
from web.forms.countries import CountriesField, CountriesInput
from web.forms.vendor_field import VendorField, VendorIndex
from web.values import language

M = TypeVar("M", bound=CatalogueRecord)
EVIDENCE = _("What this rests on. Record a declaration first if it is not in the list.")


def day_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class CatalogueForm(forms.ModelForm[M]):
    """A fact as somebody proposes it. The database makes every change a claim of whoever acts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.index = VendorIndex()
        for field in self.fields.values():
            if isinstance(field, VendorField):
                field.index = self.index

    @property
    def vendor_options(self) -> list[str]:
        """The names to choose from, when the form asks for a vendor."""
        asks = any(isinstance(field, VendorField) for field in self.fields.values())
        return self.index.options if asks else []

    def add(self, by: Person) -> None:
        """Store a new fact as a claim."""
        propose(self.instance, by)

    def change(self, by: Person) -> None:
        """Store only what was changed."""
        columns = {field.name for field in self.instance._meta.concrete_fields}
        self.instance.save(update_fields=[name for name in self.changed_data if name in columns])


class VendorForm(CatalogueForm[Vendor]):
    incorporated_in = CountriesField(label=_("Country of incorporation"))
    headquartered_in = CountriesField(label=_("Country of headquarters"))

    class Meta:
        model = Vendor
        fields = (
            "name",
            "name_local",
            "incorporated_in",
            "headquartered_in",
            "ultimate",
            "declaration",
            "note",
        )
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "name": _("The legal name in Latin letters."),
            "name_local": _("The legal name as it is written in its own country."),
            "declaration": EVIDENCE,
        }

    def change(self, by: Person) -> None:
        if self.changed_data:
            change_vendor(vendor=self.instance, fields=self.changed_data, by=by)


class NewVendorForm(VendorForm):
    """Refuses once what is recorded already under the same name; whoever insists says so."""

    another = forms.BooleanField(
        label=_("This is another company of the same name"), required=False
    )

    field_order = ("name", "name_local", "another")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alike: list[Vendor] = []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.alike = called_like([cleaned.get("name", ""), cleaned.get("name_local", "")])
        if self.alike and not cleaned.get("another"):
            raise ValidationError(
                _(
                    "A vendor of this name is recorded already. Use that one, or tick that this is another company."
                )
            )
        return cleaned

    def add(self, by: Person) -> None:
        add_vendor(vendor=self.instance, by=by)


class VendorNameForm(CatalogueForm[VendorName]):
    class Meta:
        model = VendorName
        fields = ("name", "kind")
        help_texts = {"name": _("In any script, as it is written.")}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.instance.key = company_key(cleaned.get("name", ""))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The vendor is set here and is part of what must be unique."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # private
        return exclusions - {"vendor"}


class IdentifierForm(CatalogueForm[VendorIdentifier]):
    class Meta:
        model = VendorIdentifier
        fields = ("scheme", "value", "declaration")
        help_texts = {
            "value": _("Without separators. Form and check digits are examined."),
            "declaration": EVIDENCE,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = [("", _("Choose a register")), *ORGANISATION_SCHEMES.choices(language())]
        self.fields["scheme"].choices = labels  # type: ignore[attr-defined]  # a choice field
        self.holder: Vendor | None = None

    def _post_clean(self) -> None:
        """Names the vendor that has the number already: it may be the same company."""
        super()._post_clean()  # type: ignore[misc]  # private, where constraints are examined
        same = VendorIdentifier.objects.filter(
            scheme=self.instance.scheme, value=self.instance.value
        ).exclude(pk=self.instance.pk)
        if taken := same.select_related("vendor").first():
            self.holder = taken.vendor


class LinkForm(CatalogueForm[OwnershipLink]):
    """Who owns or controls whom, and how much of it: exactly, between two bounds, or not known."""

    EXACT, RANGE, UNKNOWN = "exact", "range", "unknown"

    holder = VendorField(label=_("Holder (stands above)"))
    subject = VendorField(label=_("Subject (stands below)"))
    share_given = forms.ChoiceField(
        label=_("Share"),
        choices=[
            (EXACT, _("exactly")),
            (RANGE, _("between two bounds")),
            (UNKNOWN, _("not known")),
        ],
        widget=forms.RadioSelect,
    )
    share = forms.DecimalField(
        label=_("Exact share (%)"), max_digits=6, decimal_places=3, required=False
    )
    since = day_field(_("Since"))
    until = day_field(_("Until (not included)"))

    class Meta:
        model = OwnershipLink
        fields = (
            "holder",
            "subject",
            "kind",
            "share_given",
            "share",
            "share_min",
            "share_max",
            "since",
            "until",
            "status",
            "declaration",
        )
        help_texts = {
            "share_min": _("Leave empty if there is no lower bound."),
            "share_max": _("Leave empty if there is no upper bound."),
            "status": _(
                "Claims that contradict each other stand side by side: record each as its source says it."
            ),
            "declaration": EVIDENCE,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        low, high = self.instance.share_min, self.instance.share_max
        if self.instance._state.adding:
            return
        given = self.UNKNOWN if low is None and high is None else self.RANGE
        self.initial["share_given"] = self.EXACT if low is not None and low == high else given
        if self.initial["share_given"] == self.EXACT:
            self.initial.update(share=low, share_min=None, share_max=None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        given, exact = cleaned.get("share_given"), cleaned.get("share")
        bounds = (cleaned.get("share_min"), cleaned.get("share_max"))
        if given == self.EXACT:
            if exact is None and "share" not in self.errors:
                self.add_error("share", _("Enter the share, or choose that it is not known."))
            bounds = (exact, exact)
        elif given == self.RANGE and bounds == (None, None) and not self.errors:
            self.add_error("share_min", _("Enter at least one of the two bounds."))
        elif given == self.UNKNOWN:
            bounds = (None, None)
        cleaned["share_min"], cleaned["share_max"] = bounds
        return cleaned

    def change(self, by: Person) -> None:
        """Both bounds follow from what was said of the share."""
        changed = set(self.changed_data)
        if changed & {"share_given", "share", "share_min", "share_max"}:
            changed |= {"share_min", "share_max"}
        self.instance.save(update_fields=sorted(changed - {"share_given", "share"}))


class EndLinkForm(CatalogueForm[OwnershipLink]):
    until = day_field(
        _("Until (not included)"), _("The first day on which it no longer holds."), required=True
    )

    class Meta:
        model = OwnershipLink
        fields = ("until", "declaration")
        help_texts = {"declaration": EVIDENCE}


class ComponentForm(CatalogueForm[Component]):
    """Where a part comes from and on what evidence; not known is a fact of its own."""

    maker = VendorField(label=_("Maker"), required=False)
    made_in = CountriesField(label=_("Place of manufacture"), widget=CountriesInput(listed=False))
    developed_in = CountriesField(
        label=_("Place of development"), widget=CountriesInput(listed=False)
    )
    data_stored_in = CountriesField(
        label=_("Place of data storage"), widget=CountriesInput(listed=False)
    )
    administered_from = CountriesField(
        label=_("Place of administration"), widget=CountriesInput(listed=False)
    )

    class Meta:
        model = Component
        fields = (
            "part",
            "maker",
            "made_in",
            "developed_in",
            "data_stored_in",
            "administered_from",
            "declaration",
        )
        help_texts = {"declaration": EVIDENCE}


class NewComponentForm(ComponentForm):
    role = forms.ChoiceField(
        label=_("Role"), choices=lambda: [("", _("Choose a role")), *ROLES.choices(language())]
    )
    field_order = ("role", *ComponentForm.Meta.fields)

    def add(self, by: Person) -> None:
        self.instance.role = self.cleaned_data["role"]
        super().add(by)
