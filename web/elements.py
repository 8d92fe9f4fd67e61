"""What views hand to the components of `templates/components/`, one class per component."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class NavigationItem:
    url: str
    label: Text
    current: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a record. `count` is shown when given, also when it is 0."""

    url: str
    label: Text
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A step of one piece of work; `state` is done, current or ahead. Without `url` it is no link."""

    label: Text
    state: str
    note: Text = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One field's old and new value as text; an empty one reads as "not recorded"."""

    label: Text
    old: Text
    new: Text


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a history: the sentence names what was done, `actor` who did it.

    `kind` tells a stream's kinds apart, `icon` and `mark` show it as a drawing and a word. `url` is where
    the thing itself stands. `is_new`: the reader has not seen it yet.
    """

    at: datetime
    actor: Text
    sentence: Text
    reason: Text = ""
    changes: Sequence[Change] = ()
    tone: str = "active"
    kind: str = ""
    icon: str = ""
    mark: Text = ""
    url: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """One numbered step of a path: where it leads, by which relation, and the source of that."""

    node: Text
    relation: Text = ""
    source: Text = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pill:
    """A filter that is set, as a sentence, and the address of the list without it."""

    sentence: Text
    remove_url: str


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Keyset paging: opaque cursors, empty where there is no page. `total` may be an estimate or not known."""

    shown: int
    previous: str = ""
    next: str = ""
    total: int | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several links to the same thing in another form."""

    label: Text
    url: str
    current: bool = False
