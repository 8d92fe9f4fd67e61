"""One text for one value: canonical JSON and its SHA-256.

Two values have the same canonical text exactly when they are equal, whatever the
order of sets and mapping keys, the trailing zeros of decimals and the Unicode
composition of strings. Digests of facts, rulebooks and dossiers rest on it, so the
form is frozen: changing it changes every digest ever recorded.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


_LONE = re.compile("[\ud800-\udfff]")


class CanonicalError(TypeError):
    """The value has no canonical form; the message says which part and why."""


def canonical(value: object) -> str:
    """Canonical JSON text: keys sorted, no spaces, no escapes beyond what JSON requires."""
    return _written(plain(value))


def canonical_json(value: Json) -> str:
    """`canonical` of what holds JSON types alone, such as `encode` gives: several times as quick."""
    text = _written(value)
    plain_text = text.isascii() or (
        unicodedata.is_normalized("NFC", text) and not _LONE.search(text)
    )
    return text if plain_text else canonical(value)


def _written(value: Json) -> str:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest(value: object) -> str:
    """SHA-256 of the canonical text in UTF-8, as 64 lower-case hex digits."""
    return hashlib.sha256(canonical(value).encode("utf-8")).hexdigest()


def plain(value: object, at: str = "value") -> Json:
    """The value as JSON types; raises CanonicalError for floats, times and unknown types."""
    if isinstance(value, Enum):
        return plain(value.value, at)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _text(value, at)
    if isinstance(value, Decimal):
        return decimal_text(value, at)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return _container(value, at)


def decimal_text(value: Decimal, at: str = "value") -> str:
    """Plain notation without exponent, trailing zeros or minus zero: 50.00 → "50"."""
    if not value.is_finite():
        raise CanonicalError(f"{at}: {value} is not a number that can be written down")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _container(value: object, at: str) -> Json:
    if isinstance(value, Mapping):
        return _object(value, at)
    if isinstance(value, AbstractSet):
        return sorted(_items(value, at), key=canonical)
    if isinstance(value, list | tuple):
        return _items(value, at)
    raise CanonicalError(f"{at}: {type(value).__name__} has no canonical form")


def _items(values: Iterable[object], at: str) -> list[Json]:
    return [plain(item, f"{at}[{index}]") for index, item in enumerate(values)]


def _object(value: Mapping[object, object], at: str) -> dict[str, Json]:
    result: dict[str, Json] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise CanonicalError(f"{at}: the key {key!r} is not text")
        name = _text(key, at)
        if name in result:
            raise CanonicalError(f"{at}: the key {name!r} occurs twice")
        result[name] = plain(item, f"{at}.{name}")
    return result


def _text(value: str, at: str) -> str:
    text = unicodedata.normalize("NFC", value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError(f"{at}: holds a lone surrogate, which is not text") from error
    return text
