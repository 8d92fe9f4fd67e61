import pytest

from standards.component_roles import ROLES, RoleKind
from standards.countries import COUNTRY_MEANINGS
from standards.identifiers import ORGANISATION_SCHEMES, REGISTRATION_SCHEMES, SERIAL_SCHEMES
from standards.missions import MISSIONS
from standards.terms import Term, UnknownCode, Vocabulary

VOCABULARIES = (
    ROLES,
    MISSIONS,
    COUNTRY_MEANINGS,
    SERIAL_SCHEMES,
    REGISTRATION_SCHEMES,
    ORGANISATION_SCHEMES,
)
COLOURS = Vocabulary("colour", Term("red", "Red", "赤"), Term("blue", "Blue", "青"))


def test_a_label_is_japanese_for_japanese_readers_only() -> None:
    labels = [COLOURS["red"].label(language) for language in ("ja", "ja-JP", "JA", "en", "fr")]
    assert labels == ["赤", "赤", "赤", "Red", "Red"]


def test_a_vocabulary_keeps_its_own_order() -> None:
    assert COLOURS.codes == ("red", "blue")
    assert COLOURS.choices("ja") == [("red", "赤"), ("blue", "青")]
    assert [term.en for term in COLOURS] == ["Red", "Blue"]


def test_an_unknown_code_is_refused_with_those_there_are() -> None:
    assert "green" not in COLOURS
    with pytest.raises(UnknownCode, match="'green' is no colour; use one of: red, blue"):
        COLOURS["green"]


def test_a_code_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="colour vocabulary has a code twice"):
        Vocabulary("colour", Term("red", "Red", "赤"), Term("red", "Rot", "紅"))


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda each: each.codes[0])
def test_no_two_terms_read_alike(vocabulary: Vocabulary[Term]) -> None:
    terms = list(vocabulary)
    assert len({term.en for term in terms}) == len({term.ja for term in terms}) == len(terms)
    assert not [term.code for term in terms if not term.en or term.ja.isascii()]


def test_each_kind_of_role_is_asked_its_own_questions() -> None:
    assert ROLES["flight_controller"].meanings == ("made_in",)
    assert ROLES["gcs_software"].meanings == ("developed_in",)
    assert ROLES["data_storage"].meanings == ("data_stored_in", "administered_from")


def test_the_questions_asked_of_roles_are_meanings_of_country() -> None:
    assert {meaning for role in ROLES for meaning in role.meanings} <= set(COUNTRY_MEANINGS.codes)


def test_motors_and_batteries_are_roles_of_their_own() -> None:
    hardware = {role.code for role in ROLES if role.kind is RoleKind.HARDWARE}
    assert {"battery", "bms", "motor", "esc", "frame"} <= hardware
    assert len(ROLES) == 18
