"""Where a rule applies, as groups of conditions: a tree of three levels that needs no script.

the rule applies where [all | any] of these groups hold
  group: [all | any | none] of its conditions hold
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from policy.scopes import Acquisition
from standards.canonical import Json
from standards.missions import MISSIONS
from web.forms.criteria import boxes
from web.forms.sections import Section, folded
from web.rule_sentences import ACQUISITIONS
from web.values import language

GROUPS = 3
PLAIN = {
    "sensitive_mission": _("the mission is sensitive"),
    "held": _("the agency already has the aircraft"),
    "new": _("the aircraft is still to be acquired"),
}
JOINS = [("all", _("all")), ("any", _("any"))]
GROUP_JOINS = [*JOINS, ("none", _("none"))]
WAYS = [each for each in Acquisition if each is not Acquisition.HELD]


CONDITIONS = (
    (_("The mission is one of"), ("missions",)),
    (_("The way of acquiring is one of"), ("ways",)),
    (_("The agency is one of"), ("agencies",)),
    (
        _("Weight or value"),
        ("weight_from", "weight_below", "value_from", "value_below", "currency"),
    ),
)


@dataclass(frozen=True, slots=True)
class ScopeGroup:
    """One group of conditions: what stands open, and each other kind of condition folded away."""

    plain: Sequence[forms.BoundField]
    sections: Sequence[Section]

    @property
    def opened(self) -> bool:
        return any(section.opened for section in self.sections) or bool(self.plain[1].value())


class ScopeForm(forms.Form):
    """`groups` pairs the fields of each group for the page; an empty form applies always."""

    join = forms.ChoiceField(
        label=_("How many of the groups must hold"), choices=JOINS, initial="all"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in range(GROUPS):
            self.fields |= _group_fields(row)

    @property
    def groups(self) -> list[ScopeGroup]:
        return [
            ScopeGroup(
                [self[f"how_{row}"], self[f"plain_{row}"]],
                [
                    folded(self, title, [f"{name}_{row}" for name in names])
                    for title, names in CONDITIONS
                ],
            )
            for row in range(GROUPS)
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for row in range(GROUPS):
            bounds = (data.get(f"value_from_{row}"), data.get(f"value_below_{row}"))
            if any(bound is not None for bound in bounds) and not data.get(f"currency_{row}"):
                self.add_error(f"currency_{row}", _("Say in which currency the value is."))
        return data

    def value(self) -> Json:
        """The smallest tree that says so."""
        data = self.cleaned_data
        groups: list[Json] = [each for each in (_group(data, row) for row in range(GROUPS)) if each]
        if len(groups) == 1:
            return groups[0]
        return {"kind": data["join"] if groups else "all", "of": groups}


def _group_fields(row: int) -> dict[str, forms.Field]:
    return {
        f"how_{row}": forms.ChoiceField(
            label=_("How many of these conditions"), choices=GROUP_JOINS, initial="all"
        ),
        f"plain_{row}": boxes(_("Conditions"), list(PLAIN.items())),
        f"missions_{row}": boxes(_("The mission is one of"), lambda: MISSIONS.choices(language())),
        f"ways_{row}": boxes(
            _("The way of acquiring is one of"),
            lambda: [(way.value, ACQUISITIONS[way]()) for way in WAYS],
        ),
        f"agencies_{row}": boxes(_("The agency is one of"), Agency.Kind.choices),
        f"weight_from_{row}": forms.DecimalField(
            label=_("Weight from (g)"), required=False, min_value=0
        ),
        f"weight_below_{row}": forms.DecimalField(
            label=_("Weight below (g)"), required=False, min_value=0
        ),
        f"value_from_{row}": forms.DecimalField(label=_("Value from"), required=False, min_value=0),
        f"value_below_{row}": forms.DecimalField(
            label=_("Value below"), required=False, min_value=0
        ),
        f"currency_{row}": forms.RegexField(
            r"^[A-Z]{3}$", label=_("Currency"), required=False, help_text=_("Such as JPY.")
        ),
    }


def _group(data: Mapping[str, Any], row: int) -> Any:
    """None where the group has no condition."""
    leaves = list(_leaves(data, row))
    if not leaves:
        return None
    how = data[f"how_{row}"]
    if how == "none":
        inner = leaves[0] if len(leaves) == 1 else {"kind": "any", "of": leaves}
        return {"kind": "not", "of": inner}
    return leaves[0] if len(leaves) == 1 else {"kind": how, "of": leaves}


def _leaves(data: Mapping[str, Any], row: int) -> Iterator[Any]:
    for kind in data[f"plain_{row}"]:
        yield {"kind": kind}
    if data[f"missions_{row}"]:
        yield {"kind": "mission_in", "missions": data[f"missions_{row}"]}
    if data[f"ways_{row}"]:
        yield {"kind": "acquisition_kind_in", "kinds": data[f"ways_{row}"]}
    if data[f"agencies_{row}"]:
        yield {"kind": "agency_kind_in", "kinds": data[f"agencies_{row}"]}
    weight = _range(data, row, "weight", "from_g", "below_g")
    if weight:
        yield {"kind": "weight_range_g", **weight}
    value = _range(data, row, "value", "from_value", "below_value")
    if value:
        yield {"kind": "value_range", "currency": data[f"currency_{row}"], **value}


def _range(data: Mapping[str, Any], row: int, noun: str, low: str, below: str) -> dict[str, str]:
    given = {low: data[f"{noun}_from_{row}"], below: data[f"{noun}_below_{row}"]}
    return {name: str(bound) for name, bound in given.items() if bound is not None}


# ------------------------------------------------------------------ stored tree → form


class NotInGroups(ValueError):
    """A scope that the form cannot show: it would be lost, so the form is not offered."""


def scope_initial(scope: Mapping[str, Any]) -> dict[str, Any]:
    """Raises NotInGroups for a tree of another form than the one above."""
    if scope["kind"] in ("all", "any") and any(_is_tree(each) for each in scope["of"]):
        join, groups = scope["kind"], scope["of"]
    else:
        join, groups = "all", [scope] if scope.get("of") != [] else []
    if len(groups) > GROUPS:
        raise NotInGroups(f"{len(groups)} groups")
    initial: dict[str, Any] = {"join": join}
    for row, group in enumerate(groups):
        initial |= _group_initial(group, row)
    return initial


def _is_tree(scope: Mapping[str, Any]) -> bool:
    return scope["kind"] in ("all", "any", "not")


def _group_initial(group: Mapping[str, Any], row: int) -> dict[str, Any]:
    how, leaves = "all", [group]
    if group["kind"] == "not":
        inner = group["of"]
        how, leaves = "none", inner["of"] if inner["kind"] == "any" else [inner]
    elif _is_tree(group):
        how, leaves = group["kind"], group["of"]
    initial: dict[str, Any] = {f"how_{row}": how, f"plain_{row}": []}
    for leaf in leaves:
        for name, value in _leaf_initial(leaf).items():
            if name == "plain":
                initial[f"plain_{row}"].append(value)
            elif f"{name}_{row}" in initial:
                raise NotInGroups(f"two conditions on {name}")
            else:
                initial[f"{name}_{row}"] = value
    return initial


def _leaf_initial(leaf: Mapping[str, Any]) -> dict[str, Any]:
    kind = leaf["kind"]
    if kind in PLAIN:
        return {"plain": kind}
    if kind == "mission_in":
        return {"missions": leaf["missions"]}
    if kind == "agency_kind_in":
        return {"agencies": leaf["kinds"]}
    if kind == "acquisition_kind_in" and "held" not in leaf["kinds"]:
        return {"ways": leaf["kinds"]}
    if kind == "weight_range_g":
        return {"weight_from": leaf.get("from_g"), "weight_below": leaf.get("below_g")}
    if kind == "value_range":
        return {
            "currency": leaf["currency"],
            "value_from": leaf.get("from_value"),
            "value_below": leaf.get("below_value"),
        }
    raise NotInGroups(kind)
