"""Frozen dataclasses ⇄ JSON values, by their type hints.

Shapes: a dataclass is an object with all its fields; one with a class variable `kind`
carries `"kind"` and may stand in a union with others of that sort. Text enums are their
value, numbered enums their name in lower case; dates are ISO text, decimals plain text,
sets sorted lists. Reading refuses what it does not know and says where: every error
starts with the path of the mistake, e.g. `rules[2].scope.of[0].missions`.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum, IntEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from standards.canonical import Json, canonical, decimal_text

T = TypeVar("T")
Encoder = Callable[[Any], Any]
Decoder = Callable[[Any, str], Any]


class ShapeError(ValueError):
    """A JSON value has the wrong shape; `at` is the path, `problem` what to correct."""

    def __init__(self, at: str, problem: str) -> None:
        super().__init__(f"{at}: {problem}" if at else problem)
        self.at = at
        self.problem = problem


def encode(value: object) -> Json:
    """The JSON value of a dataclass instance."""
    hint: Any = type(value)
    result: Json = _encoder(hint)(value)
    return result


def decode(kind: type[T], value: object, at: str = "") -> T:
    """The dataclass instance that `encode` made `value` from; raises ShapeError."""
    hint: Any = kind
    result: T = _decoder(hint)(value, at)
    return result


def decode_union(union: object, value: object, at: str = "") -> Any:
    """Like `decode`, for a union of dataclasses told apart by `kind`."""
    return _decoder(union)(value, at)


# ------------------------------------------------------------------ writing


@cache
def _encoder(hint: Any) -> Encoder:
    if isinstance(hint, type) and hint in _WRITERS:
        return _WRITERS[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum_writer(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _RecordWriter(hint)
    return _compound_writer(hint)


def _compound_writer(hint: Any) -> Encoder:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _union_writer(arguments)
    if origin is tuple:
        item = _encoder(arguments[0])
        return lambda value: [item(each) for each in value]
    if origin is frozenset:
        item = _encoder(arguments[0])
        return lambda value: sorted((item(each) for each in value), key=canonical)
    raise TypeError(f"no JSON form is defined for {hint}")


def _union_writer(arguments: tuple[Any, ...]) -> Encoder:
    rest = [argument for argument in arguments if argument is not NoneType]
    if len(rest) == 1:
        item = _encoder(rest[0])
        return _same if item is _same else lambda value: None if value is None else item(value)
    return lambda value: None if value is None else encode(value)


def _enum_writer(hint: type[Enum]) -> Encoder:
    names = {member: _enum_text(member) for member in hint}
    return lambda value: names[value]


def _enum_text(member: Enum) -> str:
    return member.name.lower() if isinstance(member, IntEnum) else str(member.value)


def _same(value: Any) -> Any:
    return value


_WRITERS: dict[Any, Encoder] = {
    str: _same,
    int: _same,
    bool: _same,
    Decimal: decimal_text,
    date: date.isoformat,
}


class _RecordWriter:
    """Compiled at the first use, because a record may contain itself."""

    def __init__(self, record: type) -> None:
        self.record = record
        self.parts: list[tuple[str, Encoder]] | None = None
        self.head: dict[str, Any] = _kind_of(record)

    def __call__(self, value: Any) -> dict[str, Any]:
        if self.parts is None:
            hints = _hints(self.record)
            self.parts = [(name, _encoder(hint)) for name, hint in hints.items()]
        result = dict(self.head)
        for name, write in self.parts:
            part = getattr(value, name)
            result[name] = part if write is _same else write(part)
        return result


# ------------------------------------------------------------------ reading


@cache
def _decoder(hint: Any) -> Decoder:
    if isinstance(hint, type) and hint in _READERS:
        return _READERS[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum_reader(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _RecordReader(hint)
    return _compound_reader(hint)


def _compound_reader(hint: Any) -> Decoder:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _union_reader(arguments)
    if origin is tuple:
        return _list_reader(arguments[0], tuple)
    if origin is frozenset:
        return _list_reader(arguments[0], frozenset)
    raise TypeError(f"no JSON form is defined for {hint}")


def _list_reader(item_hint: Any, build: Callable[[list[Any]], Any]) -> Decoder:
    item = _decoder(item_hint)

    def read(value: Any, at: str) -> Any:
        if not isinstance(value, list):
            raise ShapeError(at, f"expected a list, found {_found(value)}")
        return build([item(each, f"{at}[{index}]") for index, each in enumerate(value)])

    return read


def _union_reader(arguments: tuple[Any, ...]) -> Decoder:
    rest = [argument for argument in arguments if argument is not NoneType]
    optional = len(rest) < len(arguments)
    inner = _decoder(rest[0]) if len(rest) == 1 else _tagged_reader(rest)
    if not optional:
        return inner
    return lambda value, at: None if value is None else inner(value, at)


def _tagged_reader(records: list[Any]) -> Decoder:
    by_kind = {record.kind: record for record in records}

    def read(value: Any, at: str) -> Any:
        if not isinstance(value, dict) or "kind" not in value:
            raise ShapeError(at, f"expected an object with a kind, found {_found(value)}")
        if value["kind"] not in by_kind:
            problem = f"{value['kind']!r} is no kind known here; use one of {_names(by_kind)}"
            raise ShapeError(_join(at, "kind"), problem)
        return _decoder(by_kind[value["kind"]])(value, at)

    return read


def _enum_reader(hint: type[Enum]) -> Decoder:
    members = {_enum_text(member): member for member in hint}

    def read(value: Any, at: str) -> Any:
        if not isinstance(value, str) or value not in members:
            raise ShapeError(at, f"expected one of {_names(members)}, found {_found(value)}")
        return members[value]

    return read


def _read_text(value: Any, at: str) -> str:
    if not isinstance(value, str):
        raise ShapeError(at, f"expected text, found {_found(value)}")
    return value


def _read_int(value: Any, at: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ShapeError(at, f"expected a whole number, found {_found(value)}")
    return value


def _read_bool(value: Any, at: str) -> bool:
    if not isinstance(value, bool):
        raise ShapeError(at, f"expected true or false, found {_found(value)}")
    return value


def _read_decimal(value: Any, at: str) -> Decimal:
    if isinstance(value, float | bool) or not isinstance(value, int | str):
        raise ShapeError(at, f'expected a number written as text ("49.99"), found {_found(value)}')
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ShapeError(at, f"{value!r} is not a number") from error
    if not number.is_finite():
        raise ShapeError(at, f"{value!r} is not a number")
    return number


def _read_date(value: Any, at: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(_read_text(value, at))
    except ValueError as error:
        raise ShapeError(at, f"expected a date as YYYY-MM-DD, found {_found(value)}") from error


_READERS: dict[Any, Decoder] = {
    str: _read_text,
    int: _read_int,
    bool: _read_bool,
    Decimal: _read_decimal,
    date: _read_date,
}


class _RecordReader:
    """Compiled at the first use, because a record may contain itself."""

    def __init__(self, record: type) -> None:
        self.record = record
        self.readers: dict[str, Decoder] | None = None
        self.head = _kind_of(record)

    def __call__(self, value: Any, at: str) -> Any:
        if not isinstance(value, Mapping):
            raise ShapeError(at, f"expected an object, found {_found(value)}")
        if self.readers is None:
            hints = _hints(self.record)
            self.readers = {name: _decoder(hint) for name, hint in hints.items()}
        self._refuse_unknown(value, at)
        given = {
            name: read(value[name], _join(at, name))
            for name, read in self.readers.items()
            if name in value
        }
        try:
            return self.record(**given)
        except ShapeError:
            raise
        except ValueError as error:
            raise ShapeError(at, str(error)) from error

    def _refuse_unknown(self, value: Mapping[str, Any], at: str) -> None:
        known = {**self.head, **dict.fromkeys(self.readers or {})}
        for name in value:
            if name not in known:
                problem = f"{name!r} is not known here; use {_names(known)}"
                raise ShapeError(_join(at, str(name)), problem)
        if self.head and value.get("kind", self.head["kind"]) != self.head["kind"]:
            raise ShapeError(_join(at, "kind"), f"expected {self.head['kind']!r}")
        for name in _required(self.record):
            if name not in value:
                raise ShapeError(_join(at, name), "is missing")


def _required(record: Any) -> list[str]:
    return [
        field.name
        for field in fields(record)
        if field.default is MISSING and field.default_factory is MISSING
    ]


def _hints(record: Any) -> dict[str, Any]:
    hints = get_type_hints(record)
    return {field.name: hints[field.name] for field in fields(record)}


def _kind_of(record: Any) -> dict[str, str]:
    names = {field.name for field in fields(record)}
    return {"kind": record.kind} if "kind" not in names and hasattr(record, "kind") else {}


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _names(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _found(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
