"""Traces as JSON text, quickly: what the traces of one build have in common is encoded once."""

import json
from dataclasses import fields

from policy.trace import Trace
from standards.canonical import Json
from standards.codec import encode

_FIELDS = [each.name for each in fields(Trace)]
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class TraceTexts:
    """`of(trace)` is the JSON of `trace.to_json()`: the same text for equal traces.

    A part that several traces share, as the very same object, is remembered as long as this lives.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, Json]] = {}

    def of(self, trace: Trace) -> str:
        return _ENCODER.encode({name: self._value(getattr(trace, name)) for name in _FIELDS})

    def _value(self, value: object) -> Json:
        if isinstance(value, tuple):
            return [each if isinstance(each, str) else self._part(each) for each in value]
        return str(value)

    def _part(self, part: object) -> Json:
        """Kept with the part itself, so that no other can come to have its id."""
        known = self._known.get(id(part))
        if known is None:
            known = self._known[id(part)] = (part, encode(part))
        return known[1]
