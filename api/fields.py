"""Fields that take what they say and nothing like it: no number in quotes, no digit of another script."""

import re
from typing import Any, Final

from django.db.models import Field as ModelField
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

_NUMBER: Final = re.compile(r"[0-9]{1,19}", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_LINE_BREAK: Final = re.compile(r"[\t\n\r]")


def ascii_number(text: str) -> int | None:
    """The number that these ASCII digits write; None for anything else."""
    return int(text) if _NUMBER.fullmatch(text) else None


class Text(serializers.CharField):
    """A JSON string. `lines` allows line breaks and tabs."""

    default_error_messages = {
        "invalid": _("Give a text in quotes."),
        "one_line": _("Give one line, without line breaks or tabs."),
    }

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lines = lines

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text: str = super().to_internal_value(data)
        if not self.lines and _LINE_BREAK.search(text):
            self.fail("one_line")
        return text


class Number(serializers.IntegerField):
    """A whole JSON number: no text and no fraction; REST framework refuses true and false itself."""

    default_error_messages = {"invalid": _("Give a whole number, without quotes.")}

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """A day as "2026-11-22"."""

    default_error_messages = {"invalid": _("Give a day as YYYY-MM-DD, such as 2026-11-22.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not _DAY.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class Uuid(serializers.UUIDField):
    """An id of a record of an agency, as this interface writes it."""

    default_error_messages = {"invalid": _("Give an id as it was read here.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not _UUID.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class Code(serializers.ChoiceField):
    """One of a fixed set of codes, as a JSON string."""

    default_error_messages = {"invalid_choice": _("Give one of: %(known)s.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or data not in self.choices:
            known = ", ".join(map(str, self.choices))
            raise serializers.ValidationError(
                self.error_messages["invalid_choice"] % {"known": known}, code="invalid_choice"
            )
        return data


class Codes(serializers.ListField):
    """A set of codes: a JSON list without order; doubles are one."""

    default_error_messages = {"not_a_list": _("Give a list of codes.")}

    def to_internal_value(self, data: Any) -> list[Any]:
        return sorted(set(super().to_internal_value(data)))


class Related(serializers.PrimaryKeyRelatedField[Any]):
    """A row by its number, out of the rows that the reader may name; any other does not exist."""

    default_error_messages = {
        "does_not_exist": _("There is none of this id that you may name here."),
        "incorrect_type": _("Give the id as a whole number, without quotes."),
    }

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("pk_field", Number())
        super().__init__(**kwargs)


class RelatedByCode(serializers.SlugRelatedField[Any]):
    """A row by its code, out of the rows that the reader may name."""

    default_error_messages = {
        "does_not_exist": _("There is none of this code that you may name here."),
        "invalid": _("Give the code as a text in quotes."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


def text_of(model: type[Model], name: str, **more: Any) -> Text:
    """A text with the limits that the model's own field sets."""
    column = _column(model, name)
    given = {
        "max_length": column.max_length,
        "allow_blank": column.blank,
        "help_text": column.verbose_name,
    }
    return Text(**{**given, **more})


def code_of(model: type[Model], name: str, **more: Any) -> Code:
    """One of the model's own choices."""
    column = _column(model, name)
    return Code(**{"choices": column.choices, "help_text": column.verbose_name, **more})


def _column(model: type[Model], name: str) -> "ModelField[Any, Any]":
    column = model._meta.get_field(name)
    if not isinstance(column, ModelField):
        raise TypeError(f"{model.__name__}.{name} is no column")
    return column
