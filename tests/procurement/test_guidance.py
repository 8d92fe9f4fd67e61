"""Words for every state and step: a new one without them is noticed here, not by a reader."""

from procurement.guidance import BY_STATUS, DONE, LABELS
from procurement.refusals import TEXTS
from procurement.states import Action, Status
from procurement.transitions import TRANSITIONS


def test_every_state_says_whose_turn_it_is_and_what_happens_next() -> None:
    assert set(BY_STATUS) == set(Status)


def test_every_step_has_a_label_and_says_that_it_was_done() -> None:
    assert set(LABELS) == set(DONE) == set(Action)


def test_every_flag_that_a_transition_requires_has_words_for_its_absence() -> None:
    required = {flag.lstrip("!") for transition in TRANSITIONS for flag in transition.requires}
    assert required <= set(TEXTS)
