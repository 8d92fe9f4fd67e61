"""Sets of countries: those chosen as boxes, more by code or name in either language, and the whole list to tick."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from standards.countries import COUNTRY_CODES, is_country
from web.values import language

SEPARATOR = re.compile(r"[,;、，；\n]+")
MORE = "-more"
"""Behind the name of the field: the text input beside the boxes."""


@lru_cache(maxsize=4)
def country_labels(lang: str) -> Mapping[str, str]:
    """Each code with its name in the reader's language and in the other, in the order of the first."""
    other = "en" if lang.startswith("ja") else "ja"
    own, foreign = _names(lang), _names(other)
    labels = {code: f"{own[code]} / {foreign[code]} ({code})" for code in COUNTRY_CODES}
    return dict(sorted(labels.items(), key=lambda item: item[1].casefold()))


def _names(lang: str) -> dict[str, str]:
    with translation.override(lang):
        return {code: str(countries.name(code)) or code for code in COUNTRY_CODES}


def country_code(word: str) -> str:
    """The code of a country given by its code or its name in English or Japanese; empty if there is none."""
    if is_country(word.upper()):
        return word.upper()
    for lang in ("en", "ja"):
        code = countries.by_name(word, language=lang, insensitive=True)
        if is_country(code):
            return str(code)
    return ""


def words_of(value: Any) -> list[str]:
    """The words of a text, or of several, that are separated by commas, points or line ends."""
    texts = value if isinstance(value, list | tuple | set) else [value or ""]
    return [word.strip() for text in texts for word in SEPARATOR.split(str(text)) if word.strip()]


class CountriesInput(forms.Widget):
    """Boxes for what is chosen, a text for more, and, folded away, boxes for every other country."""

    use_fieldset = True
    template_name = "components/countries.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, listed: bool = True) -> None:
        super().__init__(attrs)
        self.listed = listed

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        ticked = data.getlist(name) if hasattr(data, "getlist") else words_of(data.get(name))
        return words_of([*ticked, data.get(name + MORE, "")])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_0" if id_ and not self.use_fieldset else ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        words, labels = words_of(value), country_labels(language())
        chosen = [code for code in labels if code in words]
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "invalid": "aria-invalid" in (attrs or {}),
            "chosen": [(code, labels[code]) for code in chosen],
            "more": _(", ").join(word for word in words if word not in chosen),
            "rest": [(code, label) for code, label in labels.items() if code not in chosen]
            if self.listed
            else [],
        }
        return render_to_string(self.template_name, context)


class CountriesField(forms.Field):
    """A set of countries, sorted by code, or None for "not known"."""

    widget = CountriesInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            gettext_lazy("Leave it without a country if it is not known."),
        )
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """As words in one line where the field is a plain text."""
        plain = isinstance(value, list) and isinstance(self.widget, forms.TextInput)
        return _(", ").join(value) if plain else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((initial or None) != self.clean(data))
        except forms.ValidationError:
            return True

    def to_python(self, value: Any) -> list[str] | None:
        codes = {word: country_code(word) for word in words_of(value)}
        if wrong := [word for word, code in codes.items() if not code]:
            raise forms.ValidationError(
                _("No country is known by the code or name “%(words)s”. Use a code such as JP.")
                % {"words": _("”, “").join(wrong)}
            )
        return sorted(set(codes.values())) or None
