import pytest

from standards.findings import Severity, Verdict, error, hint, warning
from standards.identifiers import UnknownScheme, check

OK = None
WARNING = Severity.WARNING
ERROR = Severity.ERROR


@pytest.mark.parametrize(
    ("scheme", "value", "well_formed", "severity"),
    [
        ("jp-ju", "JU0987654321", True, OK),
        ("jp-ju", "JU3226A1B2C3", True, OK),
        ("jp-ju", "JU32261", False, WARNING),
        ("jp-ju", "ju0987654321", False, WARNING),
        ("jp-ju", "JA0987654321", False, WARNING),
        ("jp-ju", "JU09876543210", False, WARNING),
        ("us-faa", "FA3C9YXXAB", True, OK),
        ("us-faa", "N12345", False, WARNING),
        ("lei", "213800KUD8LAJWSQ9D15", True, OK),
        ("lei", "5493006W3QUS5LMH6R84", True, OK),
        ("lei", "213800KUD8LXJWSQ9D15", False, ERROR),
        ("lei", "1595VL9OPPQ5THEK2X", False, ERROR),
        ("lei", "213800kud8lajwsq9d15", False, ERROR),
        ("lei", "0" * 17 + "198", False, ERROR),
        ("jp-jcn", "7000012050002", True, OK),
        ("jp-jcn", "8000012130001", True, OK),
        ("jp-jcn", "2835678256246", False, ERROR),
        ("jp-jcn", "700001205000", False, ERROR),
        ("jp-jcn", "7-0000-1205-0002", False, ERROR),
        ("us-uei", "YNDUZMUZF8H8", True, OK),
        ("us-uei", "ynduzmuzf8h8", True, OK),
        ("us-uei", "05L4T8CUYC68", False, ERROR),
        ("us-uei", "F5L4T8IUYC68", False, ERROR),
        ("us-uei", "A123456789BC", False, ERROR),
        ("us-uei", "A12345678XBC", True, OK),
        ("eu-operator", "FIN87astrdge12k8-xyz", True, OK),
        ("eu-operator", "FIN87astrdge12k8", True, OK),
        ("eu-operator", "FIN87astrdge12k9-xyz", False, ERROR),
        ("eu-operator", "FIN87astrdge12k", False, ERROR),
    ],
)
def test_a_value_gets_the_verdict_of_its_scheme(
    scheme: str, value: str, well_formed: bool, severity: Severity | None
) -> None:
    verdict = check(scheme, value)
    assert (verdict.well_formed, verdict.severity) == (well_formed, severity)


def test_a_wrong_check_digit_is_told_apart_from_a_wrong_form() -> None:
    assert [f.code for f in check("lei", "213800KUD8LXJWSQ9D15").findings] == ["check_digits"]
    assert [f.code for f in check("lei", "213800KUD8LAJWSQ9D1").findings] == ["lei_form"]


@pytest.mark.parametrize("value", ["FIN87astrdge12k8-xyz", "FIN87astrdge12k9-xyz"])
def test_the_secret_characters_of_an_eu_operator_are_never_in_the_value_to_store(
    value: str,
) -> None:
    assert "xyz" not in check("eu-operator", value).value


def test_spaces_around_a_value_are_not_stored() -> None:
    assert check("lei", " 213800KUD8LAJWSQ9D15\n").value == "213800KUD8LAJWSQ9D15"


def test_an_unknown_scheme_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownScheme, match="no scheme 'isbn'; use one of: cta-2063-a, maker"):
        check("isbn", "1")


def test_a_verdict_is_as_bad_as_its_worst_finding() -> None:
    small, middle, large = hint("h", "h", "ヒ"), warning("w", "w", "ワ"), error("e", "e", "エ")
    mixed = Verdict("lei", "x", well_formed=False, findings=(small, large, middle))
    assert mixed.severity is Severity.ERROR
    assert not mixed.acceptable
    assert mixed.of(Severity.WARNING) == (middle,)
    assert Verdict("lei", "x", well_formed=True, findings=(small, middle)).acceptable


def test_a_finding_speaks_both_languages() -> None:
    (finding,) = check("jp-jcn", "12").findings
    assert finding.text("en").endswith("this one has 2 characters.")
    assert finding.text("ja") == "法人番号は数字13文字(区切りなし)です(入力値は2文字)。"
