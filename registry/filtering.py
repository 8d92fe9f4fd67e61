"""What every filter of a list has in common: nothing in an address is overlooked, guessed or shortened.

One filter set serves page, API, export and figure. `FilterSet.filter_queryset` is called only with a
form that is valid; what is wrong stands in its errors.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.forms import BoundField
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import (
    DateFilter,
    Filter,
    FilterSet,
    ModelChoiceFilter,
    MultipleChoiceFilter,
)
from django_filters.fields import ModelChoiceField

from standards.look_alikes import hidden_characters

CARRIED: Final = frozenset({"order", "after", "before", "page_size", "cursor", "format"})
"""Names in the address of a list that say how it is shown, not what."""
MOST_VALUES: Final = 200
MOST_OPTIONS: Final = 200
SELECTED: Final = mark_safe(" selected")
_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _values_of(data: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Each name of an address with all its values; a plain mapping has one of each."""
    if hasattr(data, "lists"):
        yield from data.lists()
    else:
        yield from ((name, [value]) for name, value in data.items())


class StrictForm(forms.Form):
    """Refuses names that no filter has, characters that cannot be seen, and too many values."""

    def clean(self) -> None:
        for name, values in _values_of(self.data):
            if name not in CARRIED and (wrong := self._wrong(name, [str(v) for v in values])):
                self.add_error(name if name in self.fields else None, wrong)

    def _wrong(self, name: str, values: list[str]) -> str:
        """What is wrong with the values of one name; empty when nothing is."""
        if name not in self.fields:
            return _("There is no filter “%(name)s” here.") % {"name": ascii(name)[1:-1][:40]}
        if len(values) > MOST_VALUES:
            return _("At most %(most)d values can be asked for at once.") % {"most": MOST_VALUES}
        if len(values) > 1 and not _takes_many(self.fields[name]):
            return _("This filter takes one value.")
        if hidden := sorted({each for value in values for each in hidden_characters(value)}):
            return _("Contains characters that cannot be seen: %(characters)s.") % {
                "characters": ", ".join(hidden[:5])
            }
        return ""


def _takes_many(field: forms.Field) -> bool:
    return isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)


class PlainNumber(forms.CharField):
    """A whole number in digits, full-width ones too; groups may be set apart by commas."""

    widget = forms.NumberInput

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").strip()
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise ValidationError(_("Give a whole number, such as 120000."))
        return int(text)

    def run_validators(self, value: Any) -> None:
        """The shape is all there is to check: what is left is a number."""


class PlainDay(forms.DateField):
    """A day as YYYY-MM-DD."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and value.strip() and not _DAY.fullmatch(value.strip()):
            raise ValidationError(_("Give the day as YYYY-MM-DD."))
        return super().to_python(value)


class _Light:
    """Draws its options without a template for each: lists of countries and agencies are long."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = frozenset(map(str, value if isinstance(value, list | tuple) else [value]))
        choices = tuple((str(code), str(label)) for code, label in self.choices)  # type: ignore[attr-defined]  # set by the widget
        given = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})  # type: ignore[attr-defined]  # of the widget
        return format_html("<select{}>{}</select>", flatatt(given), _options(choices, chosen))


@lru_cache(maxsize=128)
def _options(choices: tuple[tuple[str, str], ...], chosen: frozenset[str]) -> SafeString:
    """Remembered: a page with filters draws a thousand of them, and mostly the same ones."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, SELECTED if code in chosen else "", label) for code, label in choices),
    )


class LightSelect(_Light, forms.Select):
    pass


class LightSelectMultiple(_Light, forms.SelectMultiple):
    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        return {**super().build_attrs(base_attrs, extra_attrs), "multiple": True}


class _ShortIterator(ModelChoiceIterator[Any]):
    """All options of a short list; of a long one only what is chosen, so that the page stays light."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label or "")
        chosen = getattr(self.field, "chosen", None)
        if not getattr(self.field, "listed", True):
            yield from [self.choice(chosen)] if chosen else []
            return
        rows = list(self.queryset[: MOST_OPTIONS + 1])
        shown = rows if len(rows) <= MOST_OPTIONS else [chosen] if chosen else []
        yield from map(self.choice, shown)


class RecordField(ModelChoiceField):
    """One record by its id in ASCII digits. One that is not `listed` is chosen by links of other pages."""

    iterator: Any = _ShortIterator
    widget = LightSelect
    chosen: Model | None = None

    def __init__(self, *args: Any, listed: bool = True, **kwargs: Any) -> None:
        self.listed = listed
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        if value and not _NUMBER.fullmatch(str(value)):
            raise ValidationError(_("Give the id as a number."))
        self.chosen = super().to_python(value)
        return self.chosen


class NumberRangeFilter(Filter):
    field_class = PlainNumber


class DayFilter(DateFilter):
    field_class = PlainDay


class RecordFilter(ModelChoiceFilter):
    """By one record, named by id."""

    field_class = RecordField


class Blank(MultipleChoiceFilter):
    """Records of which each of the chosen columns is recorded, or is not.

    `columns` says for each what it is called and how "nothing there" is asked.
    """

    def __init__(self, columns: Mapping[str, tuple[Any, Q]], *, recorded: bool) -> None:
        self.columns, self.recorded = columns, recorded
        super().__init__(
            label=gettext_lazy("Recorded") if recorded else gettext_lazy("Not recorded"),
            choices=[(name, label) for name, (label, _blank) in columns.items()],
            widget=forms.CheckboxSelectMultiple,
        )

    def filter(self, qs: QuerySet[Any], value: Iterable[str]) -> QuerySet[Any]:
        for name in value:
            blank = self.columns[name][1]
            qs = qs.filter(~blank if self.recorded else blank)
        return qs


class ListFilterSet(FilterSet):
    """The base of every filter of a list. `first` names those that stand open in the panel."""

    first: ClassVar[tuple[str, ...]] = ()

    def panel(self) -> list[BoundField]:
        """The fields that the panel offers: without those that only links choose, unless one did."""
        return [each for each in self.form if getattr(each.field, "listed", True) or each.data]


class Strict:
    """What `Meta` of a filter set inherits."""

    form = StrictForm
    fields: tuple[str, ...] = ()
