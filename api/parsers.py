"""Reads bodies strictly: what would be guessed, dropped or stored invisibly elsewhere is refused here."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import BaseParser

LARGEST_BODY: Final = 1_000_000
DEEPEST: Final = 20
LINE_BREAKS: Final = frozenset("\t\n\r")
REFUSED: Final = frozenset({"Cc", "Cf", "Cs"})


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """JSON in UTF-8 without doubled names, `NaN`, or control and invisible characters in texts."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise TooLarge(_("The body is larger than %(limit)d bytes.") % {"limit": LARGEST_BODY})
        try:
            data = json.loads(
                body.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_constant
            )
        except (ValueError, RecursionError) as error:
            raise ParseError(
                _("The body is no valid JSON in UTF-8: %(why)s.") % {"why": error}
            ) from error
        if wrong := dict(_hidden(data, (), 0)):
            raise ValidationError(wrong)
        return data


def hidden_characters(text: str) -> list[str]:
    """The control, invisible and direction-changing characters of a text, as "U+202E".

    Line breaks and tabs are no such; fields of one line refuse those themselves.
    """
    return [
        f"U+{ord(each):04X}"
        for each in text
        if unicodedata.category(each) in REFUSED and each not in LINE_BREAKS
    ]


def refusal_of(characters: list[str]) -> str:
    return _("Contains characters that cannot be seen: %(characters)s.") % {
        "characters": ", ".join(sorted(set(characters)))
    }


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    once: dict[str, Any] = {}
    for name, value in pairs:
        if name in once:
            raise ValueError(_("“%(name)s” stands there twice") % {"name": ascii(name)})
        once[name] = value
    return once


def _no_constant(name: str) -> None:
    raise ValueError(_("%(name)s is no number of JSON") % {"name": name})


def _hidden(value: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[str, list[str]]]:
    """Each text with refused characters: its place, such as "lines.0.build", and what is wrong."""
    if depth > DEEPEST:
        raise ParseError(_("The body is nested too deeply."))
    if isinstance(value, str) and (found := hidden_characters(value)):
        yield ".".join(path) or "body", [refusal_of(found)]
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _hidden(each, (*path, str(number)), depth + 1)
    elif isinstance(value, dict):
        for name, each in value.items():
            if found := hidden_characters(name):
                yield ".".join((*path, ascii(name))), [refusal_of(found)]
            yield from _hidden(each, (*path, name), depth + 1)
