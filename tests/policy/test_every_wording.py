"""Nothing that a trace can hold leaves a language without words: every kind, outcome, predicate, gap and remedy."""

from datetime import date
from itertools import product
from typing import get_args

import pytest

from policy.criteria import AnyCriterion
from policy.facts import Evidence, Grade
from policy.sentences import lines, wording
from policy.trace import (
    Change,
    EntryUsed,
    Hit,
    ListUsed,
    Missing,
    Outcome,
    Remedy,
    Result,
    Subject,
    SubjectKind,
    SuppliedBy,
    Text,
    Trace,
    Used,
    Why,
    WouldChange,
)
from standards.attributes import ATTRIBUTES
from standards.certificates import CERTIFICATES
from standards.measures import MEASURES

LANGUAGES = ("en", "ja")
KINDS = tuple(kind.kind for kind in get_args(AnyCriterion))
PREDICATES = (
    "made_in",
    "assembled_in",
    "developed_in",
    "data_stored_in",
    "administered_from",
    "incorporated_in",
    "headquartered_in",
    "maker_controlled_from",
    "manufacturer",
    "maker",
    "licensor",
    "supplier",
    "owners",
    "components",
    "configuration",
    "listed",
    "fitted",
    "cleared",
    "edition",
    *(f"measure:{code}" for code in MEASURES.codes),
    *(f"attribute:{code}" for code in ATTRIBUTES.codes),
    *(f"certificate:{code}" for code in CERTIFICATES.codes),
    "measure:no_longer_known",
)
VALUES = ((), ("yes",), ("no",), ("JP",), ("100", "200"), ("lapsed",), ("documented",))
USED_LIST = ListUsed("blue", Text("Blue list", "青リスト"), date(2026, 1, 1))
ENTRY = EntryUsed(USED_LIST, "s1", "S-1")
PAPER = Evidence(1, "Paper", "Maker", "maker_declaration", Grade.CLAIMED, date(2026, 1, 1))
SUBJECTS = (
    Subject(SubjectKind.BUILD, 1, "S-1"),
    Subject(SubjectKind.VENDOR, 2, "Sora", "空", party="maker"),
    Subject(SubjectKind.COMPONENT, 3, "Eye", role="camera"),
)


def trace(kind: str, predicate: str, subject: Subject, values: tuple[str, ...]) -> Trace:
    """Each part that a trace has, all about one predicate."""
    suppliers = tuple(SuppliedBy)
    return Trace(
        criterion=kind,
        used=(Used(subject, predicate, values, PAPER),),
        hits=(
            Hit(subject, predicate, values, evidence=PAPER),
            Hit(subject, predicate, values, entry=ENTRY),
        ),
        missing=tuple(Missing(subject, predicate, why, suppliers) for why in Why),
        lists=(USED_LIST,),
        would_change=tuple(
            WouldChange(to, (Change(subject, predicate, remedy, values),))
            for remedy, to in product(Remedy, (Outcome.PASS, Outcome.FAIL))
            if remedy is not Remedy.BETTER_EVIDENCE or values == ("documented",)
        ),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_rule_says_every_outcome(kind: str, outcome: Outcome, language: str) -> None:
    result = Result("jp/1/r", outcome, trace(kind, "made_in", SUBJECTS[0], ("JP",)))
    answer = wording(language).answer(result)
    assert answer.endswith("." if language == "en" else "。")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("predicate", PREDICATES)
def test_every_fact_has_its_words_wherever_it_stands_in_a_trace(
    predicate: str, language: str
) -> None:
    for subject, values in product(SUBJECTS, VALUES):
        result = Result("jp/1/r", Outcome.FAIL, trace("origin", predicate, subject, values))
        for line in lines(result, language):
            assert line.text.strip(), (line, values)
            assert "{" not in line.text, (line, values)


@pytest.mark.parametrize("code", [*MEASURES.codes, *ATTRIBUTES.codes, *CERTIFICATES.codes])
def test_a_reader_of_japanese_reads_the_japanese_name_of_a_term(code: str) -> None:
    family = "measure" if code in MEASURES else "attribute" if code in ATTRIBUTES else "certificate"
    used = Used(SUBJECTS[0], f"{family}:{code}", ("yes",))
    said = wording("ja").used(used)
    terms = {each.code: each.ja for each in (*MEASURES, *ATTRIBUTES, *CERTIFICATES)}
    assert f"「{terms[code]}」" in said
