"""The program beside a model of the workflow that was written by hand from its description: no step tells them apart."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from procurement.transitions import TRANSITIONS
from tests.databases import FreshDatabase
from tests.people import POSTS
from tests.procurement.driven import CASES, Driven, run, staged
from tests.procurement.reference import PROGRAM, Try
from tests.procurement.reference_table import ACTIONS, ANSWERS, WAYS

PEOPLE = (*POSTS, PROGRAM)
# Who comes into a role on the way (True), or leaves it; nobody comes back into one that they left.
POSTS_THAT_CHANGE = (
    ("rin", "approver", True),
    ("mika", "inspector", True),
    ("ben", "security_reviewer", True),
    ("iori", "security_reviewer", True),
    ("jun", "consultation_officer", True),
    ("aiko", "approver", True),
    ("ben", "approver", False),
    ("nao", "approver", False),
    ("haru", "security_reviewer", False),
    ("aiko", "custodian", False),
    ("emi", "inspector", False),
    ("kei", "consultation_officer", False),
)


def test_the_table_of_the_model_is_that_of_the_program() -> None:
    written = {(way.action, way.source, way.target) for way in WAYS}
    assert written == {(t.action, t.source, t.target) for t in TRANSITIONS}


def any_step(chance: Random) -> Try:
    """Mostly what is refused."""
    action, complete, odd = chance.choice(ACTIONS), chance.random() < 0.7, chance.random()
    return Try(
        who=chance.choice(PEOPLE),
        action=action,
        answer=chance.choice(("", *ANSWERS)) if action == "record_answer" else "",
        units=chance.randint(1, 3) if complete else 0,
        complete=complete,
        stale=odd < 0.1,
        other_dossier=odd > 0.9,
    )


def days(driven: Driven, chance: Random) -> None:
    driven.pass_days(chance.choice((1, 3, 9)))


def edition(driven: Driven, _chance: Random) -> None:
    driven.list_maker(listed=not driven.model.listed)


def posts(driven: Driven, chance: Random) -> None:
    who, role, comes = chance.choice(POSTS_THAT_CHANGE)
    if comes and role not in driven.model.posts[who]:
        driven.give(who, role)
    elif not comes and role in driven.model.posts[who]:
        driven.end(who, role)


def tie(driven: Driven, chance: Random) -> None:
    who = chance.choice(("ben", "chie", "kei"))
    if driven.model.sees(who):
        driven.tie(who)


def claim(driven: Driven, chance: Random) -> None:
    who = chance.choice(("ben", "nao", "chie", "haru", "kei", "aiko", "eri"))
    driven.claim(who, over=chance.random() < 0.5)


def release(driven: Driven, chance: Random) -> None:
    driven.release(driven.model.claimed() or chance.choice(("ben", "chie", "eri")))


def content(driven: Driven, chance: Random) -> None:
    """A draft is edited; on a specification that was approved an offer is recorded."""
    model, who = driven.model, chance.choice(("aiko", "mika", "nao"))
    if "custodian" not in model.posts[who]:
        return
    if model.status == "draft":
        driven.edit(who)
    elif model.status == "approved" and model.case.specification:
        driven.offer(who)


BESIDE = (days, edition, posts, tie, claim, claim, release, content, content)
# How often a step that is possible is taken, against 1 for others: what leads on rather than what ends it all.
OFTEN = {
    **dict.fromkeys(("submit", "approve", "record_answer", "order", "receive", "order_first"), 4.0),
    **dict.fromkeys(("decline", "withdraw", "cancel", "close"), 0.1),
    **dict.fromkeys(("return", "amend", "recheck", "refresh"), 0.4),
}


def possible_step(driven: Driven, chance: Random) -> Try | None:
    """One of the steps that nothing refuses; the kind of step first, so that each has its turn."""
    possible = driven.model.possible(PEOPLE)
    actions = sorted({each.action for each in possible})
    if not actions:
        return None
    action = chance.choices(actions, [OFTEN.get(each, 1.0) for each in actions])[0]
    tried = chance.choice([each for each in possible if each.action == action])
    return replace(tried, units=chance.randint(1, 2)) if action == "receive" else tried


def walk(driven: Driven, chance: Random, steps: int) -> None:
    for number in range(steps):
        kind = chance.random()
        tried = possible_step(driven, chance) if kind < 0.6 else None
        if tried is not None:
            driven.take(tried, crash=chance.random() < 0.05)
        elif kind < 0.8:
            driven.take(any_step(chance))
        else:
            chance.choice(BESIDE)(driven, chance)
        if number % 3 == 0:
            driven.compare_shown(chance.choice(tuple(POSTS)))


HALVES = (sorted(CASES)[::2], sorted(CASES)[1::2])


@pytest.mark.parametrize("cases", HALVES, ids="+".join)
@pytest.mark.parametrize(
    ("runs", "steps"), [(50, 30), pytest.param(2500, 60, marks=pytest.mark.slow)]
)
def test_whatever_happens_the_program_does_what_its_model_says(
    fresh_database: FreshDatabase, cases: list[str], runs: int, steps: int
) -> None:
    """In two halves, so that two cores share them."""
    with staged(fresh_database) as stage:

        @settings(
            max_examples=runs,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(name=st.sampled_from(cases), chance=st.randoms(use_true_random=False))
        def runs_alike(name: str, chance: Random) -> None:
            with run(stage, name) as driven:
                walk(driven, chance, steps)

        runs_alike()
