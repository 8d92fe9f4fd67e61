"""What is not as a dossier says: the request, its lines, and every fact and outcome that rules used.

A new edition or version that changes none of these is no difference.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from compliance.models import RuleResult
from procurement.documents import by_name
from procurement.errors import Difference
from standards.countries import COUNTRY_MEANINGS

SHOWN = 16
"""Characters of a digest in words."""


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    """From the dossier a decision rests on to the one that today would give, for the reader."""
    return (
        *_of_request(old["purchase"], new["purchase"]),
        *_of_lines(old["lines"], new["lines"]),
        *_of_waivers(old.get("waivers", []), new.get("waivers", [])),
        *_of_documents(old, new),
        *_of_builds(old, new),
    )


LABELS: dict[str, Callable[[], str]] = {
    "title": lambda: _("Title"),
    "kind": lambda: _("Kind"),
    "purpose": lambda: _("Purpose"),
    "missions": lambda: _("Missions"),
    "needed_by": lambda: _("Needed by"),
    "currency": lambda: _("Currency"),
    "budget_line": lambda: _("Budget line"),
    "budget": lambda: _("Budget"),
    "begins": lambda: _("Contract begins"),
    "ends": lambda: _("Contract ends"),
    "emergency": lambda: _("Why it cannot wait for the review"),
}


def _of_request(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name, label in LABELS.items():
        if old[name] != new[name]:
            yield Difference(label(), _text(old[name]), _text(new[name]))


def _of_lines(old: list[Any], new: list[Any]) -> Iterator[Difference]:
    before = {line["id"]: line for line in old}
    after = {line["id"]: line for line in new}
    for key in sorted(before.keys() | after.keys()):
        was, now = _line(before.get(key)), _line(after.get(key))
        if was != now:
            yield Difference(_("Line"), was, now)


# What a line may say besides what, how many, for how much and from whom.
TOLD_APART = ("role", "maker", "made_in", "developed_in", "declaration", "begins", "ends")


def _line(line: Mapping[str, Any] | None) -> str:
    if line is None:
        return _("none")
    price = "" if line["unit_price"] is None else f" × {line['unit_price']:,} JPY"
    supplier = f" ({line['supplier']['name']})" if line["supplier"] else ""
    what = f"{line['quantity']} × {_in_language(line['name'])}{price}{supplier}"
    return "; ".join([what, *(f"{name}: {line[name]}" for name in TOLD_APART if line.get(name))])


def _of_waivers(old: list[Any], new: list[Any]) -> Iterator[Difference]:
    """Waivers that it relied on and no longer can, or could not yet. What a waiver says never changes, but its end."""
    before, after = {each["id"]: each for each in old}, {each["id"]: each for each in new}
    for key in sorted(before.keys() | after.keys()):
        was, now = _waiver(before.get(key)), _waiver(after.get(key))
        if was != now:
            name = (after.get(key) or before[key])["name"]
            yield Difference(_("Waiver %(waiver)s") % {"waiver": name}, was, now)


def _waiver(waiver: Mapping[str, Any] | None) -> str:
    if waiver is None:
        return _("none in force for this purchase")
    return _("until %(day)s") % {"day": waiver["valid_until"]}


def _of_documents(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """Files that were added, withdrawn or replaced. A dossier of form 2 says nothing about any."""
    if "documents" not in old or "documents" not in new:
        return
    before, after = by_name(old["documents"]), by_name(new["documents"])
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if was != now:
            label = _("Document %(name)s") % {"name": key[1]}
            yield Difference(label, _content(was), _content(now))


def _content(digests: Sequence[str] | None) -> str:
    """Enough of the SHA-256 to tell contents apart."""
    if not digests:
        return _("none")
    return ", ".join(f"SHA-256 {digest[:SHOWN]}…" for digest in digests)


def _of_builds(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """Outcomes first, then the facts behind them; only of builds that both have."""
    before = {_offer(build): build for build in old["builds"]}
    names = {line["build"] or line["id"]: _in_language(line["name"]) for line in new["lines"]}
    for build in new["builds"]:
        if _offer(build) in before:
            yield from _of_results(before[_offer(build)], build, names[build["id"]])


def _offer(build: Mapping[str, Any]) -> tuple[int | str, int | None]:
    return build["id"], build["supplier"]


def _of_results(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> Iterator[Difference]:
    was = {_rule(result): result for result in old["results"]}
    now = {_rule(result): result for result in new["results"]}
    for code in sorted(was.keys() | now.keys()):
        before, after = was.get(code), now.get(code)
        if _outcome(before) != _outcome(after):
            yield Difference(
                _("%(build)s: rule %(rule)s") % {"build": name, "rule": code},
                _outcome(before),
                _outcome(after),
            )
        if before and after:
            yield from _of_facts(before["trace"], after["trace"], name)


def _rule(result: Mapping[str, Any]) -> str:
    """Policy and code: a later version of the same policy has the same rule."""
    policy, _version, code = result["rule"].split("/", 2)
    return f"{policy}/{code}"


def _outcome(result: Mapping[str, Any] | None) -> str:
    return _("no such rule") if result is None else str(RuleResult.Outcome(result["outcome"]).label)


def _of_facts(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> Iterator[Difference]:
    was, now = dict(_facts(old)), dict(_facts(new))
    for key in sorted(was.keys() | now.keys()):
        before, after = was.get(key, ""), now.get(key, "")
        if before != after:
            subject, predicate = key[1], key[2]
            yield Difference(
                f"{name}: {subject}, {_predicate(predicate)}",
                before or _("none"),
                after or _("none"),
            )


def _facts(trace: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    """What the rule looked at, and the list entries it found, without the date of the edition."""
    for fact in trace["used"]:
        subject = fact["subject"]
        paper = fact["evidence"]
        source = f" ({paper['title']}, {paper['grade']})" if paper else ""
        key = (str(subject["id"]), subject["name"], fact["predicate"], "")
        yield key, ", ".join(fact["values"]) + source
    for hit in trace["hits"]:
        if hit["entry"]:
            subject = hit["subject"]
            key = (str(subject["id"]), subject["name"], hit["predicate"], hit["entry"]["key"])
            yield key, f"{hit['entry']['list']['code']}: {hit['entry']['name']}"


def _predicate(code: str) -> str:
    if code in COUNTRY_MEANINGS:
        return COUNTRY_MEANINGS[code].label(get_language() or "en")
    return code.replace("_", " ")


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or _("none"))


def _in_language(name: Mapping[str, str]) -> str:
    return name["ja"] if get_language() == "ja" else name["en"]
