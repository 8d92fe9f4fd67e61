import pytest

from standards.attributes import ATTRIBUTES, AttributeKind
from standards.certificates import CERTIFICATES
from standards.component_roles import ROLES, RoleKind
from standards.countries import COUNTRY_MEANINGS
from standards.identifiers import ORGANISATION_SCHEMES, REGISTRATION_SCHEMES, SERIAL_SCHEMES
from standards.measures import MEASURES
from standards.missions import MISSIONS
from standards.terms import Term, UnknownCode, Vocabulary
from standards.vocabularies import term_name, unit_of

VOCABULARIES = (
    ROLES,
    MISSIONS,
    COUNTRY_MEANINGS,
    SERIAL_SCHEMES,
    REGISTRATION_SCHEMES,
    ORGANISATION_SCHEMES,
    MEASURES,
    ATTRIBUTES,
    CERTIFICATES,
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


def test_measures_attributes_and_certificates_share_no_code() -> None:
    """A trace names them by the code alone."""
    codes = [*MEASURES.codes, *ATTRIBUTES.codes, *CERTIFICATES.codes]
    assert len(set(codes)) == len(codes)


def test_a_code_of_a_trace_has_its_label_or_is_spelt_out() -> None:
    assert term_name("update_control", "ja") == "ソフトウェア更新の管理"
    assert term_name("radio_licence", "en") == "Licence of the radio station"
    assert term_name("gone_from_the_list", "ja") == "gone from the list"


def test_quantities_have_a_unit_and_a_yes_or_no_has_none() -> None:
    assert all(bool(each.unit) is (each.kind is AttributeKind.QUANTITY) for each in ATTRIBUTES)
    assert (unit_of("speed_m_s"), unit_of("sold_as_toy"), unit_of("flavour")) == ("m/s", "", "")
