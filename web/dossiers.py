"""What rules say of a purchase, for pages: from its frozen dossier, or checked live."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from compliance.checks import BuildCheck
from compliance.facts import Offer
from compliance.models.waivers import waiver_name
from compliance.parts import Part, PartCheck
from compliance.rulebooks import LoadedRulebook
from policy.models import Rule
from policy.trace import Outcome, Result
from policy.verdicts import Verdict
from procurement.answers import Answer, answer_of, results_of
from web.explanations import Clause, Explanation, explain, worst_first
from web.results import key_of
from web.values import language


@dataclass(frozen=True, slots=True)
class BuildAnswer:
    """One build from one supplier: what follows, the rules that apply worst first, and those that do not.

    `build` is None of what is bought without an aircraft; `line` then says where. `later`: the days on which
    another verdict begins, of what is had for a time.
    """

    build: int | None
    supplier: int | None
    name: str
    verdict: Verdict
    applying: Sequence[Explanation]
    others: Sequence[Explanation]
    line: str = ""
    later: Sequence[tuple[date, Verdict]] = ()

    @property
    def anchor(self) -> str:
        """What makes the ids of its results unique on the page."""
        return f"{self.build or self.line}-{self.supplier or 0}-"

    @property
    def waivers(self) -> list[tuple[str, str, date | None]]:
        """The waivers that the answer rests on: id, name, last day."""
        used = {each.waiver: each.waived_until for each in self.verdict.reasons if each.waiver}
        return [(pk, waiver_name(UUID(pk)), used[pk]) for pk in sorted(used)]

    @property
    def first_flag(self) -> Explanation | None:
        """The worst of the rules that apply, where it is not met or undetermined."""
        return next((each for each in self.applying if each.waivable), None)

    @property
    def passing(self) -> list[Explanation]:
        return [each for each in self.applying if each.outcome is Outcome.PASS]


@dataclass(frozen=True, slots=True)
class DossierView:
    """All that a page says of a dossier. `digest` is empty for one that is not frozen."""

    on: date
    digest: str
    answer: Answer
    builds: Sequence[BuildAnswer]
    lists: Sequence[Mapping[str, str]] = ()
    versions: Sequence[str] = ()
    flags: Mapping[str, bool] = field(default_factory=dict)

    @property
    def fails(self) -> int:
        return self._count(Outcome.FAIL)

    @property
    def unknown(self) -> int:
        return self._count(Outcome.UNKNOWN)

    @property
    def passes(self) -> int:
        return self._count(Outcome.PASS)

    def _count(self, outcome: Outcome) -> int:
        return len(self.clauses_that(outcome))

    def clauses_that(self, outcome: Outcome) -> list[tuple[BuildAnswer, Explanation]]:
        """The rules that apply and have this result, over all builds, each with the build it is about."""
        return [
            (build, each)
            for build in self.builds
            for each in build.applying
            if each.outcome is outcome
        ]

    @property
    def not_met(self) -> list[tuple[BuildAnswer, Explanation]]:
        return self.clauses_that(Outcome.FAIL)

    @property
    def undecided(self) -> list[tuple[BuildAnswer, Explanation]]:
        return self.clauses_that(Outcome.UNKNOWN)

    @property
    def met(self) -> list[tuple[BuildAnswer, Explanation]]:
        return self.clauses_that(Outcome.PASS)


def view_dossier(body: Mapping[str, Any], digest: str = "") -> DossierView:
    """A dossier in the reader's language. One query, for the addresses of the rules."""
    urls = rule_urls()
    names = {
        line["build"] or line["id"]: line["name"]["ja" if language() == "ja" else "en"]
        for line in body["lines"]
    }
    return DossierView(
        on=date.fromisoformat(body["on"]),
        digest=digest,
        answer=answer_of(body),
        builds=[_from_dossier(build, names.get(build["id"], ""), urls) for build in body["builds"]],
        lists=body["rulebook"]["lists"],
        versions=body["rulebook"]["versions"],
        flags=body["flags"],
    )


def rule_urls() -> dict[str, str]:
    """The page of every stored rule by its key."""
    rules = Rule.objects.select_related("version__policy")
    return {key_of(rule): f"/rules/{rule.pk}/" for rule in rules}


def _from_dossier(build: Mapping[str, Any], name: str, urls: Mapping[str, str]) -> BuildAnswer:
    clauses = {each["rule"]: _clause(each, urls) for each in build["results"]}
    of_build = isinstance(build["id"], int)
    answer = build_answer(
        Offer(build["id"] if of_build else 0, build["supplier"]),
        name,
        Verdict.from_json(build["verdict"]),
        results_of(build),
        clauses,
    )
    later = [
        (date.fromisoformat(each["on"]), Verdict.from_json(each["verdict"]))
        for each in build["later"]
    ]
    if of_build:
        return replace(answer, later=later)
    return replace(answer, build=None, line=build["id"], later=later)


def _clause(result: Mapping[str, Any], urls: Mapping[str, str]) -> Clause:
    text = result["clause"]
    words = text["ja"] or text["en"] if language() == "ja" else text["en"] or text["ja"]
    return Clause(words, result["citation"], result["level"], urls.get(result["rule"], ""))


def view_check(check: BuildCheck, book: LoadedRulebook) -> BuildAnswer:
    """A build as it was just checked. Asks the database for nothing."""
    clauses = {result.rule: Clause.of(book.stored[result.rule]) for result in check.results}
    offer = Offer(check.build.pk, check.facts.supplier.vendor)
    return build_answer(offer, str(check.build), check.verdict, check.results, clauses)


def view_part(part: Part, check: PartCheck, book: LoadedRulebook) -> BuildAnswer:
    """Something bought alone as it was just checked. Asks the database for nothing."""
    clauses = {result.rule: Clause.of(book.stored[result.rule]) for result in check.results}
    offer = Offer(0, part.supplier)
    answer = build_answer(offer, part.name, check.verdict, check.results, clauses)
    return replace(answer, build=None, line=part.key)


def build_answer(
    offer: Offer,
    name: str,
    verdict: Verdict,
    results: Iterable[Result],
    clauses: Mapping[str, Clause],
) -> BuildAnswer:
    applying = {reason.rule for reason in verdict.reasons}
    explained = worst_first(explain(each, clauses[each.rule]) for each in results)
    return BuildAnswer(
        offer.build,
        offer.supplier,
        name,
        verdict,
        [each for each in explained if each.key in applying],
        [each for each in explained if each.key not in applying],
    )
