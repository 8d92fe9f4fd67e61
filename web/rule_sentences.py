"""A rule as sentences: what it asks, where it applies, and what it means for aircraft already held."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Agency
from policy import scopes
from policy.criteria import (
    AnyCriterion,
    Attribute,
    Certificate,
    ClearedBuild,
    ListedParty,
    Origin,
    RequiredMeasure,
)
from policy.criteria.attribute import Limit
from policy.criteria.origin import Where
from policy.ownership import Ownership, OwnershipTest
from policy.rules import Effect, HeldEffect
from policy.scopes import Acquisition, Scope
from standards.canonical import decimal_text
from standards.component_roles import ROLES
from standards.countries import COUNTRY_MEANINGS
from standards.missions import MISSIONS
from standards.vocabularies import term_name, unit_of
from web.values import language, mission_names

ListNames = Mapping[str, str]
"""The names of lists by their codes."""


CRITERION_NAMES: dict[str, Callable[[], str]] = {
    "origin": lambda: _("Origin of the aircraft and its parts"),
    "listed_party": lambda: _("Parties on a list, and whom they own"),
    "required_measure": lambda: _("Security measures"),
    "cleared_build": lambda: _("Builds on a clearance list"),
    "attribute": lambda: _("Limits and parts"),
    "certificate": lambda: _("Certificates"),
}


def criterion_sentences(criterion: AnyCriterion, lists: ListNames) -> list[str]:
    """What the rule asks of a build, parameter by parameter."""
    if isinstance(criterion, Origin):
        return _origin(criterion, lists)
    if isinstance(criterion, ListedParty):
        return _listed_party(criterion, lists)
    if isinstance(criterion, RequiredMeasure):
        measures = _joined(term_name(each, language()) for each in sorted(criterion.measures))
        return [
            _("Fails when one of these security measures is absent: %(measures)s.")
            % {"measures": measures}
        ]
    if isinstance(criterion, ClearedBuild):
        return [
            _("Fails when this very build is not on the list “%(list)s”.")
            % {"list": _list(criterion.list, lists)}
        ]
    if isinstance(criterion, Certificate):
        papers = _joined(term_name(each, language()) for each in sorted(criterion.certificates))
        return [
            _("Fails when one of these certificates is not valid: %(papers)s.") % {"papers": papers}
        ]
    return _attribute(criterion)


def _joined(words: Iterable[str]) -> str:
    return _(", ").join(words)


def _list(code: str, lists: ListNames) -> str:
    return lists.get(code, code)


def _roles(codes: Iterable[str]) -> str:
    chosen = set(codes)
    return _joined(role.label(language()) for role in ROLES if role.code in chosen)


def _meanings(codes: Iterable[str]) -> str:
    chosen = {str(code) for code in codes}
    return _joined(term.label(language()) for term in COUNTRY_MEANINGS if term.code in chosen)


def _origin(criterion: Origin, lists: ListNames) -> list[str]:
    place = {"list": _list(criterion.list, lists)}
    if criterion.where is Where.INSIDE:
        said = [
            _("Fails when one of the following lies in a place on the list “%(list)s”.") % place
        ]
    else:
        said = [
            _("Fails when one of the following lies in a place that is not on the list “%(list)s”.")
            % place
        ]
    if criterion.aircraft:
        said.append(
            _("Of the aircraft: %(meanings)s.") % {"meanings": _meanings(criterion.aircraft)}
        )
    said += [
        _("Of its parts (%(roles)s): %(meanings)s.")
        % {"roles": _roles(each.roles), "meanings": _meanings(each.meanings)}
        for each in criterion.components
    ]
    return [*said, _ownership(criterion.ownership)]


PARTIES: dict[str, Callable[[], str]] = {
    "maker": lambda: _("the maker"),
    "component_maker": lambda: _("makers of parts"),
    "licensor": lambda: _("the licensor of the design"),
    "supplier": lambda: _("the supplier"),
}


def _listed_party(criterion: ListedParty, lists: ListNames) -> list[str]:
    parties = _joined(say() for code, say in PARTIES.items() if code in criterion.parties)
    said = [
        _(
            "Fails when one of these parties, or somebody behind it, is on the list “%(list)s”: %(parties)s."
        )
        % {"list": _list(criterion.list, lists), "parties": parties}
    ]
    if criterion.roles:
        said.append(
            _("Of the makers of parts it looks at: %(roles)s.") % {"roles": _roles(criterion.roles)}
        )
    return [*said, _ownership(criterion.ownership)]


def _ownership(test: OwnershipTest) -> str:
    share = {"share": decimal_text(test.threshold)}
    if test.mode is Ownership.SHARE:
        said = _("Ownership counts from %(share)s %% in aggregate.") % share
    else:
        said = _("Affiliates count in either direction, shareholdings from %(share)s %%.") % share
    if test.control:
        said += _(" Control counts whatever the share.")
    if test.undisclosed:
        said += _(" Owners that are not declared leave the result undetermined.")
    return said


def _attribute(criterion: Attribute) -> list[str]:
    said = [_limit(each) for each in criterion.limits]
    for part in criterion.parts:
        words = {"role": ROLES[part.role].label(language())}
        said.append(
            (_("Must have: %(role)s.") if part.fitted else _("Must not have: %(role)s.")) % words
        )
    return said


def _limit(limit: Limit) -> str:
    words = {"attribute": term_name(limit.attribute, language())}
    if limit.present is not None:
        said = (
            _("Must hold: %(attribute)s.") if limit.present else _("Must not hold: %(attribute)s.")
        )
        return said % words
    bounds = [
        _("at least %(value)s") % {"value": _quantity(limit, limit.at_least)},
        _("at most %(value)s") % {"value": _quantity(limit, limit.at_most)},
        _("below %(value)s") % {"value": _quantity(limit, limit.below)},
    ]
    given = (limit.at_least, limit.at_most, limit.below)
    named = [text for text, bound in zip(bounds, given, strict=True) if bound is not None]
    return _("Must be %(bounds)s: %(attribute)s.") % {**words, "bounds": _joined(named)}


def _quantity(limit: Limit, bound: Decimal | None) -> str:
    """The bound with the unit of its attribute."""
    return "" if bound is None else f"{decimal_text(bound)} {unit_of(limit.attribute)}".strip()


ACQUISITIONS: dict[Acquisition, Callable[[], str]] = {
    Acquisition.HELD: lambda: _("aircraft already held"),
    Acquisition.PURCHASE: lambda: _("purchase"),
    Acquisition.LEASE: lambda: _("lease"),
    Acquisition.SERVICE: lambda: _("service contract"),
    Acquisition.DONATION: lambda: _("donation"),
    Acquisition.TRANSFER: lambda: _("transfer"),
    Acquisition.LOAN: lambda: _("loan"),
}


def scope_text(scope: Scope) -> str:
    """Where the rule applies, as one expression that a sentence can hold."""
    if isinstance(scope, scopes.All):
        return _combined(scope.of, _(" and ")) if scope.of else _("always")
    if isinstance(scope, scopes.Any):
        return _combined(scope.of, _(" or "))
    if isinstance(scope, scopes.Not):
        return _("not (%(scope)s)") % {"scope": scope_text(scope.of)}
    return _condition(scope)


def _combined(parts: Iterable[Scope], word: str) -> str:
    said = [scope_text(each) for each in parts]
    return said[0] if len(said) == 1 else word.join(f"({each})" for each in said)


def _condition(scope: Scope) -> str:
    if isinstance(scope, scopes.MissionIn):
        chosen = [code for code in MISSIONS.codes if code in scope.missions]
        return _("the mission is one of: %(missions)s") % {"missions": mission_names(chosen)}
    if isinstance(scope, scopes.AcquisitionKindIn):
        kinds = _joined(say() for kind, say in ACQUISITIONS.items() if kind in scope.kinds)
        return _("the way of acquiring is one of: %(kinds)s") % {"kinds": kinds}
    if isinstance(scope, scopes.AgencyKindIn):
        kinds = _joined(str(Agency.Kind(code).label) for code in sorted(scope.kinds))
        return _("the agency is one of: %(kinds)s") % {"kinds": kinds}
    if isinstance(scope, scopes.WeightRange | scopes.ValueRange):
        return _range(scope)
    plain = {
        scopes.SensitiveMission: _("the mission is sensitive"),
        scopes.Held: _("the agency already has the aircraft"),
        scopes.New: _("the aircraft is still to be acquired"),
    }
    return plain[type(scope)]


def _range(scope: scopes.WeightRange | scopes.ValueRange) -> str:
    if isinstance(scope, scopes.WeightRange):
        noun, unit, low, below = _("the weight"), "g", scope.from_g, scope.below_g
    else:
        noun, unit, low, below = _("the value"), scope.currency, scope.from_value, scope.below_value
    bounds = []
    if low is not None:
        bounds.append(_("at least %(value)s %(unit)s") % {"value": decimal_text(low), "unit": unit})
    if below is not None:
        bounds.append(_("below %(value)s %(unit)s") % {"value": decimal_text(below), "unit": unit})
    return _("%(noun)s is %(bounds)s") % {"noun": noun, "bounds": _joined(bounds)}


def held_sentences(held: HeldEffect) -> list[str]:
    """What a fail means for an aircraft that an agency already has."""
    if held.effect is not Effect.PHASE_OUT:
        return [
            {
                Effect.ALLOWED: _("An aircraft already held may go on being used."),
                Effect.TRAINING_ONLY: _("An aircraft already held may be used for training only."),
                Effect.GROUND: _("An aircraft already held stays on the ground."),
            }[held.effect]
        ]
    months = held.months or 0
    said = [
        ngettext(
            "An aircraft already held is phased out within %(months)s month.",
            "An aircraft already held is phased out within %(months)s months.",
            months,
        )
        % {"months": months}
    ]
    said += [
        _("For the mission %(mission)s: %(months)s months.")
        % {"mission": mission_names([each.mission]), "months": each.months}
        for each in held.missions
    ]
    return said
