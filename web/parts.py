"""Where a build and its parts come from, each meaning of "country" under its own name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry.models import Build, Component
from standards.component_roles import ROLES
from standards.countries import COUNTRY_MEANINGS
from web.values import country_name, language, role_names

PART_MEANINGS = ("made_in", "developed_in", "data_stored_in", "administered_from")


@dataclass(frozen=True, slots=True)
class Origin:
    """One meaning of "country": its name, and the countries as (code, name); None: not known."""

    label: str
    countries: Sequence[tuple[str, str]] | None


@dataclass(frozen=True, slots=True)
class Part:
    component: Component
    origins: Sequence[Origin]


def origin(meaning: str, codes: Iterable[str] | None) -> Origin:
    label = COUNTRY_MEANINGS[meaning].label(language())
    return Origin(label, None if codes is None else [(code, country_name(code)) for code in codes])


def parts_of(build: Build) -> list[Part]:
    """The components in the order of the vocabulary of roles. One query."""
    order = {code: place for place, code in enumerate(ROLES.codes)}
    rows = build.components.select_related(
        "maker", "declaration", "claimed_by", "verified_by", "refused_by"
    )
    return [_part(each) for each in sorted(rows, key=lambda each: (order[each.role], each.pk))]


def _part(component: Component) -> Part:
    """Every meaning that the role asks for, and every other that is known."""
    asked = ROLES[component.role].meanings
    known = {meaning: getattr(component, meaning) for meaning in PART_MEANINGS}
    return Part(
        component,
        [
            origin(meaning, codes)
            for meaning, codes in known.items()
            if meaning in asked or codes is not None
        ],
    )


def not_fitted(build: Build) -> str:
    """The parts that the build is said not to have."""
    return role_names(build.not_fitted)
