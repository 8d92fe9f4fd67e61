"""Every way to know one thing less about a build.

Two kinds of statement are relations rather than knowledge and are treated apart: taking away
a match says "this vendor is not that entry", and taking away a link says "they do not own
it". Of a link its share can be forgotten; the link as such only where the rule counts what
is not disclosed (`OwnershipTest.undisclosed`).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from policy.facts import NO_COUNTRIES_KNOWN, PARTY_NOT_KNOWN, BuildFacts, LinkKind

COUNTRY_FIELDS = {
    "components": ("made_in", "developed_in", "data_stored_in", "administered_from"),
    "vendors": ("incorporated_in", "headquartered_in"),
}
FORGETTABLE: dict[str, dict[str, Any]] = {
    "vendors": {"ultimate": False},
    "components": {"maker": None, "evidence": None},
    "measures": {"claimed": None, "evidence": None},
    "attributes": {"low": None, "high": None, "evidence": None},
    "certificates": {"held": None, "evidence": None},
    "links": {"share_min": None, "share_max": None},
}


def removals(facts: BuildFacts) -> Iterator[BuildFacts]:
    yield replace(facts, manufacturer=None)
    yield replace(facts, licensor=PARTY_NOT_KNOWN)
    yield replace(facts, supplier=PARTY_NOT_KNOWN)
    yield replace(facts, assembled_in=NO_COUNTRIES_KNOWN)
    yield replace(facts, assembled_in=replace(facts.assembled_in, evidence=None))
    yield replace(facts, licensor=replace(facts.licensor, evidence=None))
    yield replace(facts, not_fitted=frozenset())
    for role in {component.role for component in facts.components}:
        rest = tuple(each for each in facts.components if each.role != role)
        yield replace(facts, components=rest)
    yield replace(facts, measures=())
    yield replace(facts, attributes=())
    yield replace(facts, certificates=())
    yield from _countries(facts)
    yield from _fields(facts)


def _countries(facts: BuildFacts) -> Iterator[BuildFacts]:
    for field, names in COUNTRY_FIELDS.items():
        for index, item in enumerate(getattr(facts, field)):
            for name in names:
                less = replace(getattr(item, name), evidence=None)
                yield _with(facts, field, index, replace(item, **{name: NO_COUNTRIES_KNOWN}))
                yield _with(facts, field, index, replace(item, **{name: less}))


def _fields(facts: BuildFacts) -> Iterator[BuildFacts]:
    for field, forgotten in FORGETTABLE.items():
        for index, item in enumerate(getattr(facts, field)):
            for name, value in forgotten.items():
                yield _with(facts, field, index, replace(item, **{name: value}))


def without_shareholdings(facts: BuildFacts) -> Iterator[BuildFacts]:
    for link in facts.links:
        if link.kind is LinkKind.SHAREHOLDING:
            yield replace(facts, links=tuple(each for each in facts.links if each != link))


def _with(facts: BuildFacts, field: str, index: int, item: object) -> BuildFacts:
    items = list(getattr(facts, field))
    items[index] = item
    changed: dict[str, Any] = {field: tuple(items)}
    return replace(facts, **changed)
