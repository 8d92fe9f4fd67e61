"""Makes true what a result says would change it: the facts and lists after each change, read from the change alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from policy.criteria import Origin
from policy.criteria.origin import Where
from policy.editions import (
    AnyList,
    ClearanceEdition,
    ClearanceList,
    ClearedEntry,
    EntityEdition,
    EntityList,
    JurisdictionEdition,
    JurisdictionList,
)
from policy.facts import (
    AttributeFacts,
    BuildFacts,
    CertificateFacts,
    ComponentFacts,
    Countries,
    Link,
    LinkKind,
    LinkStatus,
    Match,
    MeasureFacts,
    Party,
    VendorFacts,
)
from policy.ownership import holdings
from policy.rules import Rule
from policy.trace import Change, Outcome, Remedy, Trace
from tests.policy.builders import PAPER

CLEAN, LISTED = 90, 91
LONG_AGO = date(2020, 1, 1)


@dataclass(frozen=True)
class World:
    """The facts of a build and the lists, under one rule; a change gives another world."""

    rule: Rule
    facts: BuildFacts
    lists: tuple[AnyList, ...]
    trace: Trace
    on: date

    def after(self, change: Change, to: Outcome) -> "World":
        return _APPLY[change.remedy](self, change, to)

    def with_facts(self, **more: Any) -> "World":
        return replace(self, facts=replace(self.facts, **more))

    @property
    def outside(self) -> bool:
        return (
            isinstance(self.rule.criterion, Origin) and self.rule.criterion.where is Where.OUTSIDE
        )

    def place(self, *, of_concern: bool) -> Countries:
        """On the list or not, whichever is asked for; of evidence that every rule takes."""
        return Countries(frozenset({"CN" if of_concern is not self.outside else "JP"}), PAPER)

    def someone(self, key: int) -> "World":
        """The vendor that nobody objects to, or the one of every concern, among the facts."""
        home = self.place(of_concern=key == LISTED)
        known = tuple(each for each in self.facts.vendors if each.id != key)
        stranger = VendorFacts(key, f"Vendor {key}", "", home, home, ultimate=True)
        return self.with_facts(vendors=(*known, stranger))

    def part(self, role: str, *, of_concern: bool) -> "World":
        """The role is fitted, with a part of that sort."""
        maker = LISTED if of_concern else CLEAN
        place = self.place(of_concern=of_concern)
        number = max([900, *(each.id for each in self.facts.components)]) + 1
        made = ComponentFacts(number, role, "new", maker, place, place, place, place, PAPER)
        world = self.someone(maker).without(role)
        fitted = (*world.facts.components, made)
        world = world.with_facts(components=fitted, not_fitted=world.facts.not_fitted - {role})
        return world.listing(LISTED) if of_concern else world

    def without(self, role: str) -> "World":
        rest = tuple(each for each in self.facts.components if each.role != role)
        return self.with_facts(components=rest, not_fitted=self.facts.not_fitted | {role})

    def listing(self, vendor: int) -> "World":
        """The vendor is an entry of the list of companies."""
        match = Match("companies", "listed", vendor=vendor)
        rest = tuple(each for each in self.facts.matches if each.vendor != vendor)
        return self.with_facts(matches=(*rest, match))

    def clearing(self) -> "World":
        """A valid entry of the clearance list is this build."""
        entry = ClearedEntry("valid", "Valid")
        edition = ClearanceEdition(LONG_AGO, self.on, "9" * 64, (entry,))
        match = Match("cleared", "valid", build=self.facts.id)
        rest = tuple(each for each in self.facts.matches if each.list_code != "cleared")
        return self.with_facts(matches=(*rest, match)).with_edition("cleared", edition)

    def with_edition(self, code: str, edition: Any) -> "World":
        lists = tuple(
            replace(each, editions=(edition,)) if each.code == code else each  # type: ignore[arg-type]  # the caller knows the kind of list
            for each in self.lists
        )
        return replace(self, lists=lists)

    def changing(self, field: str, key: str, value: Any, **more: Any) -> "World":
        """The one item of `field` whose `key` has this value, with other facts."""
        items = getattr(self.facts, field)
        changed = tuple(
            replace(each, **more) if getattr(each, key) == value else each for each in items
        )
        return self.with_facts(**{field: changed})


def _supply(world: World, change: Change, to: Outcome) -> World:
    """The fact as it clears: a good value, undisputed, on good evidence where it has some."""
    family, _, code = change.predicate.partition(":")
    if family in _SUPPLIED:
        return _SUPPLIED[family](world, change)
    if family == "measure":
        return _measure(world, code, claimed=True)
    if family == "certificate":
        return _certificate(world, code, held=True)
    if family == "attribute":
        return _attribute(world, code, _limits_of(world.rule, code), meet=True)
    return _place(world, change, of_concern=False)


def _place(world: World, change: Change, *, of_concern: bool) -> World:
    place = {change.predicate: world.place(of_concern=of_concern)}
    if change.predicate in {"incorporated_in", "headquartered_in"}:
        return world.changing("vendors", "id", change.subject.id, **place)
    if change.predicate == "assembled_in":
        return world.with_facts(**place)
    if change.predicate == "maker_controlled_from":
        return _of_its_own(world, change)
    return world.changing("components", "id", change.subject.id, **place)


def _of_its_own(world: World, change: Change) -> World:
    """The vendor is at home in a place of no concern, and nobody of concern is joined to it."""
    home, key = world.place(of_concern=False), change.subject.id
    links = tuple(each for each in world.facts.links if key not in {each.subject, each.holder})
    world = world.with_facts(links=links)
    world = world.changing("vendors", "id", key, incorporated_in=home, headquartered_in=home)
    return _owners(world, key)


def _measure(world: World, code: str, *, claimed: bool) -> World:
    rest = tuple(each for each in world.facts.measures if each.measure != code)
    return world.with_facts(measures=(*rest, MeasureFacts(code, claimed, PAPER)))


def _certificate(world: World, code: str, *, held: bool) -> World:
    rest = tuple(each for each in world.facts.certificates if each.certificate != code)
    return world.with_facts(certificates=(*rest, CertificateFacts(code, held, evidence=PAPER)))


def _attribute(world: World, code: str, limits: tuple[str, ...], *, meet: bool) -> World:
    rest = tuple(each for each in world.facts.attributes if each.name != code)
    if len(limits) == 1:
        fact = AttributeFacts(code, present=(limits[0] == "yes") is meet, evidence=PAPER)
    else:
        value = _meeting(limits) if meet else _missing(limits)
        fact = AttributeFacts(code, value, value, evidence=PAPER)
    return world.with_facts(attributes=(*rest, fact))


def _meeting(limits: tuple[str, ...]) -> Decimal:
    at_least, at_most, below = limits
    return Decimal(at_least or at_most or Decimal(below) - 1)


def _missing(limits: tuple[str, ...]) -> Decimal:
    at_least, at_most, below = limits
    return (
        Decimal(at_least) - 1 if at_least else Decimal(at_most) + 1 if at_most else Decimal(below)
    )


def _limits_of(rule: Rule, code: str) -> tuple[str, ...]:
    limit = next(each for each in rule.criterion.limits if each.attribute == code)  # type: ignore[union-attr]  # a rule on attributes
    if limit.present is not None:
        return ("yes",) if limit.present else ("no",)
    bounds = (limit.at_least, limit.at_most, limit.below)
    return tuple("" if each is None else str(each) for each in bounds)


def _maker_of_part(world: World, change: Change) -> World:
    world = world.someone(CLEAN)
    return world.changing("components", "id", change.subject.id, maker=CLEAN, evidence=PAPER)


def _licensor(world: World, change: Change) -> World:
    """Of the build; or of its maker, where the links say from whom it licenses designs."""
    if change.subject.party != "maker":
        return world.someone(CLEAN).with_facts(licensor=Party(True, CLEAN, PAPER))
    links = tuple(
        replace(each, status=LinkStatus.DENIED)
        if each.kind is LinkKind.LICENSED_DESIGN and each.status is LinkStatus.DISPUTED
        else each
        for each in world.facts.links
    )
    return world.with_facts(links=links)


def _owners(world: World, key: int | None) -> World:
    """What nobody is known to hold of the vendor is held by somebody of no concern, who holds nothing else."""
    held = holdings(world.facts.links, world.on).get(key or 0, ())
    shares = [each.low for each in held if each.link.kind is LinkKind.SHAREHOLDING]
    rest = 100 - sum(shares, Decimal(0))
    if rest <= 0:
        return world
    number = max(
        [
            1000,
            *(each.id for each in world.facts.links),
            *(each.id for each in world.facts.vendors),
        ]
    )
    number += 1
    link = Link(number, number, key or 0, LinkKind.SHAREHOLDING, rest, rest, evidence=PAPER)
    world = world.someone(number)
    return world.with_facts(links=(*world.facts.links, link))


def _edition(world: World, change: Change) -> World:
    (code,) = world.rule.criterion.list_codes()
    listed = next(each for each in world.lists if each.code == code)
    if isinstance(listed, ClearanceList):
        return world.clearing()
    if isinstance(listed, EntityList):
        return world.with_edition(code, EntityEdition(LONG_AGO, LONG_AGO, "9" * 64, ()))
    assert isinstance(listed, JurisdictionList)
    places = frozenset({"CN", "JP"} if world.outside else {"AQ"})
    return world.with_edition(code, JurisdictionEdition(LONG_AGO, LONG_AGO, "9" * 64, places))


def _other_value(world: World, change: Change, to: Outcome) -> World:
    if to is Outcome.PASS:
        return _supply(world, change, to)
    family, _, code = change.predicate.partition(":")
    if family == "measure":
        return _measure(world, code, claimed=False)
    if family == "certificate":
        return _certificate(world, code, held=False)
    return _place(world, change, of_concern=True)


def _settled(world: World, change: Change, to: Outcome) -> World:
    """Each link that was shown as open has its smallest share and nothing of it is disputed."""
    if change.predicate not in {"listed", "maker_controlled_from"}:
        return _supply(world, change, to)
    shown = [
        edge
        for missing in world.trace.missing
        if (missing.subject, missing.predicate) == (change.subject, change.predicate)
        for edge in missing.path
        if edge.kind is not LinkKind.LICENSED_DESIGN
    ]
    for edge in shown:
        links = tuple(
            _least(each, edge.low)
            if (each.holder, each.subject, each.kind) == (edge.source.id, edge.target.id, edge.kind)
            else each
            for each in world.facts.links
        )
        world = world.with_facts(links=links)
    for subject in dict.fromkeys(edge.target.id for edge in shown):
        world = _owners(world, subject)
    return world


def _least(link: Link, low: Decimal) -> Link:
    if link.status is LinkStatus.DISPUTED:
        return replace(link, status=LinkStatus.DENIED)
    return replace(link, share_min=low, share_max=low)


def _better(world: World, change: Change, to: Outcome) -> World:
    """The same fact, on good evidence."""
    family, _, code = change.predicate.partition(":")
    by_code = {"measure": "measures", "certificate": "certificates", "attribute": "attributes"}
    if family in by_code:
        key = {"measure": "measure", "certificate": "certificate", "attribute": "name"}[family]
        return world.changing(by_code[family], key, code, evidence=PAPER)
    if family == "maker":
        return world.changing("components", "id", change.subject.id, evidence=PAPER)
    if family == "licensor":
        return world.with_facts(licensor=replace(world.facts.licensor, evidence=PAPER))
    return _better_place(world, change)


def _better_place(world: World, change: Change) -> World:
    name = change.predicate
    if name == "assembled_in":
        return world.with_facts(assembled_in=replace(world.facts.assembled_in, evidence=PAPER))
    field = "vendors" if name in {"incorporated_in", "headquartered_in"} else "components"
    (item,) = [each for each in getattr(world.facts, field) if each.id == change.subject.id]
    shown = {name: replace(getattr(item, name), evidence=PAPER)}
    return world.changing(field, "id", item.id, **shown)


def _other_party(world: World, change: Change, to: Outcome) -> World:
    """Somebody of no concern in its place; the evidence stays as it was."""
    world, facts, old = world.someone(CLEAN), world.facts, change.subject.id
    if change.subject.party == "maker":
        return world.with_facts(manufacturer=CLEAN)
    if change.subject.party == "supplier":
        return world.with_facts(supplier=replace(facts.supplier, vendor=CLEAN))
    if change.subject.party == "component_maker":
        parts = tuple(
            replace(each, maker=CLEAN)
            if (each.role, each.maker) == (change.subject.role, old)
            else each
            for each in facts.components
        )
        return world.with_facts(components=parts)
    links = tuple(
        each for each in facts.links if (each.kind, each.holder) != (LinkKind.LICENSED_DESIGN, old)
    )
    licensor = facts.licensor
    if licensor.vendor == old:
        licensor = replace(licensor, vendor=CLEAN)
    return world.with_facts(links=links, licensor=licensor)


def _off_the_list(world: World, change: Change, to: Outcome) -> World:
    of_build = change.predicate == "cleared"
    gone = world.facts.id if of_build else change.subject.id
    rest = tuple(
        each for each in world.facts.matches if (each.build if of_build else each.vendor) != gone
    )
    return world.with_facts(matches=rest)


def _on_the_list(world: World, change: Change, to: Outcome) -> World:
    if change.predicate == "cleared":
        return world.clearing()
    if change.predicate == "licensor":
        world = world.someone(LISTED).listing(LISTED)
        return world.with_facts(licensor=replace(world.facts.licensor, vendor=LISTED))
    assert change.subject.id is not None
    return world.listing(change.subject.id)


def _share_below(world: World, change: Change, to: Outcome) -> World:
    """All its holders together have a hundredth of a percent less than the limit."""
    held = [each for each in world.facts.links if _holds(each, change)]
    share = (Decimal(change.values[0]) - Decimal("0.01")) / max(1, len(held))
    links = tuple(
        replace(each, share_min=share, share_max=share) if _holds(each, change) else each
        for each in world.facts.links
    )
    return world.with_facts(links=links)


def _holds(link: Link, change: Change) -> bool:
    return link.subject == change.subject.id and link.kind is LinkKind.SHAREHOLDING


def _end_link(world: World, change: Change, to: Outcome) -> World:
    (holder,) = [each.id for each in world.facts.vendors if each.name == change.values[0]]
    ends = {holder, change.subject.id}
    links = tuple(each for each in world.facts.links if {each.holder, each.subject} != ends)
    return world.with_facts(links=links)


def _limit(world: World, change: Change, to: Outcome) -> World:
    _, _, code = change.predicate.partition(":")
    return _attribute(world, code, change.values, meet=change.remedy is Remedy.MEET_LIMIT)


def _fit(world: World, change: Change, to: Outcome) -> World:
    role = change.subject.role
    return world.part(role, of_concern=False) if change.values == ("yes",) else world.without(role)


def _fit_of_concern(world: World, change: Change, to: Outcome) -> World:
    return world.part(change.subject.role, of_concern=True)


_SUPPLIED: dict[str, Callable[[World, Change], World]] = {
    "manufacturer": lambda world, _: world.someone(CLEAN).with_facts(manufacturer=CLEAN),
    "supplier": lambda world, _: world.someone(CLEAN).with_facts(supplier=Party(True, CLEAN)),
    "maker": _maker_of_part,
    "licensor": _licensor,
    "owners": lambda world, change: _owners(world, change.subject.id),
    "components": lambda world, _: world.part("camera", of_concern=False),
    "fitted": lambda world, change: world.part(change.subject.role, of_concern=False),
    "configuration": lambda world, _: world.with_facts(configuration_known=True),
    "edition": _edition,
}
_APPLY: dict[Remedy, Callable[[World, Change, Outcome], World]] = {
    Remedy.SUPPLY: _supply,
    Remedy.BETTER_EVIDENCE: _better,
    Remedy.RESOLVE_DISPUTE: _supply,
    Remedy.SETTLE_RANGE: _settled,
    Remedy.OTHER_VALUE: _other_value,
    Remedy.OTHER_PARTY: _other_party,
    Remedy.OFF_THE_LIST: _off_the_list,
    Remedy.ON_THE_LIST: _on_the_list,
    Remedy.SHARE_BELOW: _share_below,
    Remedy.END_LINK: _end_link,
    Remedy.MEET_LIMIT: _limit,
    Remedy.MISS_LIMIT: _limit,
    Remedy.FIT: _fit,
    Remedy.FIT_OF_CONCERN: _fit_of_concern,
}
