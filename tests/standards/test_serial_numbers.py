import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.findings import Severity
from standards.serial_numbers import check_cta_2063_a, check_maker_serial, maker_code_of

ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@pytest.mark.parametrize(
    "serial",
    [
        "18179132000209",
        "1871C000000007000",
        "1581F6BV8Y238001A0B2",
        "1588E04AB12CD34EF56",
        "1668BX1012345678",
        "17481A",
        "1808801825BA2",
    ],
)
def test_a_well_formed_serial_of_a_known_maker_has_no_finding(serial: str) -> None:
    verdict = check_cta_2063_a(serial)
    assert verdict.well_formed
    assert verdict.findings == ()


@pytest.mark.parametrize(
    ("serial", "code"),
    [
        ("1581F6BVYAHSVXLM", "length_mismatch"),
        ("15815123456", "length_mismatch"),
        ("1581G123456789ABCDEF", "length_code"),
        ("158101234", "length_code"),
        ("1O81512345", "character_not_allowed"),
        ("1581512-45", "character_not_allowed"),
        ("1581I12345", "length_code"),
        ("1581f6bv8y238001a0b2", "lower_case"),
        ("15811", "serial_length"),
        ("1581F6BV8Y238001A0B2X", "serial_length"),
        ("", "serial_length"),
        ("１５８１512345", "character_not_allowed"),
    ],
)
def test_a_fault_of_the_form_is_an_error_that_is_named(serial: str, code: str) -> None:
    verdict = check_cta_2063_a(serial)
    assert not verdict.well_formed
    assert [(f.code, f.severity) for f in verdict.findings] == [(code, Severity.ERROR)]


def test_the_error_says_where_and_what_to_do() -> None:
    (finding,) = check_cta_2063_a("1581512-45").findings
    assert "'-' at position 8" in finding.en
    assert "8文字目の「-」" in finding.ja
    (finding,) = check_cta_2063_a("15815abcde").findings
    assert "did you mean 15815ABCDE?" in finding.en


@pytest.mark.parametrize(("serial", "places"), [("15815123I5", 1), ("1710FFLATMUAOWO09965", 2)])
def test_each_letter_i_or_o_in_the_serial_part_is_a_warning(serial: str, places: int) -> None:
    verdict = check_cta_2063_a(serial)
    assert not verdict.well_formed
    assert verdict.acceptable
    assert [f.code for f in verdict.findings] == ["letter_in_serial_part"] * places


def test_a_maker_code_of_letters_alone_is_a_warning_and_still_well_formed() -> None:
    verdict = check_cta_2063_a("ELRSC123456789012")
    assert verdict.well_formed
    assert verdict.severity is Severity.WARNING


def test_a_maker_code_that_is_not_known_is_only_a_hint() -> None:
    verdict = check_cta_2063_a("999931AB")
    assert [(f.code, f.severity) for f in verdict.findings] == [
        ("maker_code_unknown", Severity.HINT)
    ]


def test_a_code_of_another_maker_than_the_models_is_only_a_hint() -> None:
    assert check_cta_2063_a("17481A", ["1748"]).findings == ()
    verdict = check_cta_2063_a("17481A", ["1581"])
    assert verdict.well_formed
    assert [(f.code, f.severity) for f in verdict.findings] == [
        ("maker_code_mismatch", Severity.HINT)
    ]


def test_a_code_that_the_model_names_is_known() -> None:
    assert check_cta_2063_a("999931AB", ["9999"]).findings == ()


def test_the_maker_code_is_read_from_well_formed_serials_only() -> None:
    assert maker_code_of("17481A") == "1748"
    assert maker_code_of("1748A") is None


@given(st.text(ALPHABET, min_size=1, max_size=15))
def test_every_serial_part_of_the_alphabet_is_well_formed_under_its_length(part: str) -> None:
    length = "123456789ABCDEF"[len(part) - 1]
    assert check_cta_2063_a(f"1581{length}{part}").well_formed
    assert not check_cta_2063_a(f"1581{length}{part}0").well_formed


@given(st.text(max_size=25))
def test_any_text_gets_a_verdict(text: str) -> None:
    verdict = check_cta_2063_a(text)
    assert verdict.well_formed or verdict.findings


def test_a_makers_own_serial_is_checked_for_being_text_alone() -> None:
    assert check_maker_serial(" 0V2-x 7 ").value == "0V2-x 7"
    assert check_maker_serial("0V2-x 7").findings == ()
    assert [f.code for f in check_maker_serial("  ").findings] == ["serial_empty"]
    assert [f.code for f in check_maker_serial("0V2\x007").findings] == ["serial_unprintable"]
