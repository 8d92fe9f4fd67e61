"""A vendor chosen by typing any of its names: a text field with suggestions, which works without JavaScript."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Vendor, VendorName
from standards.names import company_key, fold

NUMBER = re.compile(r".*#([0-9]{1,18})\s*", re.DOTALL)
LIST_ID = "vendor-names"


class VendorIndex:
    """All vendors that stand by themselves, by their names. Two queries, made when first asked."""

    @cached_property
    def vendors(self) -> Mapping[int, Vendor]:
        rows = Vendor.objects.current().defer("note").order_by("name", "pk")
        return {vendor.pk: vendor for vendor in rows}

    @cached_property
    def _by_key(self) -> Mapping[str, set[int]]:
        keys: Mapping[str, set[int]] = defaultdict(set)
        for vendor in self.vendors.values():
            keys[fold(vendor.name)].add(vendor.pk)
        names = VendorName.objects.filter(vendor__merged_into=None)
        for pk, name, key in names.values_list("vendor_id", "name", "key"):
            keys[fold(name)].add(pk)
            keys[key].add(pk)
        return keys

    @cached_property
    def _shared(self) -> set[str]:
        """Names that more than one vendor goes by in the list."""
        counted = Counter(str(vendor) for vendor in self.vendors.values())
        return {name for name, count in counted.items() if count > 1}

    @property
    def options(self) -> list[str]:
        return [self.label(pk) for pk in self.vendors]

    def label(self, pk: int) -> str:
        """The name; with the number of the record where another vendor has the same."""
        vendor = self.vendors.get(pk)
        if vendor is None:
            return ""
        return f"{vendor} #{pk}" if str(vendor) in self._shared else str(vendor)

    def find(self, text: str) -> list[Vendor]:
        """The vendors that the text names: by the number of the record, the exact name, or the name
        without its legal form."""
        if (numbered := NUMBER.fullmatch(text)) and int(numbered[1]) in self.vendors:
            return [self.vendors[int(numbered[1])]]
        found = self._by_key.get(fold(text)) or self._by_key.get(company_key(text)) or set()
        return [self.vendors[pk] for pk in sorted(found)]


class VendorField(forms.CharField):
    """The value is a `Vendor`, or None. The form's template carries the list of names (`LIST_ID`)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("Type a name, or part of it, and choose."))
        kwargs.setdefault("widget", forms.TextInput(attrs={"list": LIST_ID, "autocomplete": "off"}))
        super().__init__(**kwargs)
        self.index = VendorIndex()

    def __deepcopy__(self, memo: Any) -> "VendorField":
        """Every form looks the vendors up anew: the class of a form outlives many requests."""
        field: VendorField = super().__deepcopy__(memo)
        field.index = VendorIndex()
        return field

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Vendor):
            return self.index.label(value.pk)
        return self.index.label(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        initial_pk = initial.pk if isinstance(initial, Vendor) else initial
        try:
            found = self.clean(data)
        except forms.ValidationError:
            return True
        return (found.pk if found else None) != (initial_pk or None)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = self.index.find(text)
        if not found:
            raise forms.ValidationError(
                _("No vendor is called “%(name)s”. Record the vendor first, or correct the name.")
                % {"name": text}
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several vendors are called so: %(names)s. Add the number of the one you mean.")
                % {"names": _(", ").join(f"{each} #{each.pk}" for each in found)}
            )
        return found[0]
