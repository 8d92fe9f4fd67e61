"""Opaque asset tags for labels: eleven random characters and a check character.

The alphabet has 31 characters (no 0, I, L, O, U), a prime number, so that the weighted sum modulo
31 notices every single wrong character and every two that changed places.
"""

import secrets
from operator import mul

ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_BASE = len(ALPHABET)
_PAYLOAD = LENGTH - 1
_POWERS = tuple(_BASE**place for place in reversed(range(_PAYLOAD)))
_WEIGHTS = tuple(range(_PAYLOAD + 1, 1, -1))
_READ_AS = str.maketrans({"I": "1", "L": "1"})
LIMIT = int(_BASE**_PAYLOAD)
"""Tags are made from integers from 0 up to and not including this one (about 2⁵⁴)."""


class AssetTagError(ValueError):
    """The text is no asset tag; the message says what is wrong with it."""


def new_asset_tag() -> str:
    return asset_tag(secrets.randbelow(LIMIT))


def asset_tag(number: int) -> str:
    """The tag of an integer, in its stored form: twelve characters without hyphens."""
    if not 0 <= number < LIMIT:
        raise AssetTagError(f"{number} is outside 0 … {LIMIT - 1}")
    values = [number // power % _BASE for power in _POWERS]
    return "".join([ALPHABET[value] for value in [*values, _check_value(values)]])


def read_asset_tag(text: str) -> str:
    """The stored form of a tag that was typed or scanned: hyphens and spaces dropped, capitals,
    I and L read as 1. Raises `AssetTagError`."""
    tag = "".join(text.replace("-", "").split()).upper().translate(_READ_AS)
    if len(tag) != LENGTH:
        raise AssetTagError(f"an asset tag has {LENGTH} characters; {text!r} has {len(tag)}")
    for position, character in enumerate(tag, start=1):
        if character not in ALPHABET:
            raise AssetTagError(f"{character!r} at position {position} is not used in asset tags")
    values = [ALPHABET.index(character) for character in tag]
    if _check_value(values[:-1]) != values[-1]:
        raise AssetTagError(f"the check character of {text!r} does not fit: a character is wrong")
    return tag


def printed_asset_tag(tag: str) -> str:
    """Groups of four for the eye: "7K2M-…"."""
    return "-".join(tag[start : start + 4] for start in range(0, LENGTH, 4))


def _check_value(values: list[int]) -> int:
    """The value that brings the sum over all places, weighted 1 (the check) upwards, to 0."""
    total: int = sum(map(mul, _WEIGHTS, values))
    return -total % _BASE
