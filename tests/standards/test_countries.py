import pytest

from standards.countries import (
    COUNTRY_CODES,
    UnknownCountry,
    checked_countries,
    is_country,
    parse_countries,
)


@pytest.mark.parametrize("code", ["JP", "US", "CN", "TW", "HK", "MO", "XK"])
def test_an_assigned_code_is_a_country(code: str) -> None:
    assert is_country(code)


@pytest.mark.parametrize("code", ["", "jp", "ZZ", "UK", "JPN", "ＪＰ", "EU", "SU"])
def test_what_is_not_an_assigned_code_in_capitals_is_none(code: str) -> None:
    assert not is_country(code)


def test_there_are_the_codes_of_iso_3166_1_and_kosovo() -> None:
    assert len(COUNTRY_CODES) == 250


def test_all_wrong_codes_are_named_at_once() -> None:
    with pytest.raises(UnknownCountry, match="'ZZ', 'jp'"):
        checked_countries(["ZZ", "JP", "jp"])


def test_no_country_at_all_is_refused_because_not_known_is_said_otherwise() -> None:
    with pytest.raises(UnknownCountry, match="no country given"):
        checked_countries([])
    with pytest.raises(UnknownCountry, match="no country given"):
        parse_countries(" ; ")


@pytest.mark.parametrize("text", ["JP;US", "jp, us", "US JP", "JP、US", "JP；US", "JP\nUS"])
def test_several_countries_are_read_from_one_cell(text: str) -> None:
    assert parse_countries(text) == {"JP", "US"}
