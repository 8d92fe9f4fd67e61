"""Every scheme of identifier that the registry knows, and the check of a value against it.

`check(scheme, value)` answers with a `Verdict`; nothing is corrected silently.
"""

import re
from collections.abc import Callable

from stdnum import lei
from stdnum.cn import uscc
from stdnum.fr import siren
from stdnum.jp import cn

from standards.findings import Finding, Verdict, error, warning
from standards.serial_numbers import check_cta_2063_a, check_maker_serial
from standards.terms import Term, Vocabulary

SERIAL_SCHEMES = Vocabulary(
    "scheme of serial number",
    Term("cta-2063-a", "ANSI/CTA-2063-A serial number", "ANSI/CTA-2063-A製造番号"),
    Term("maker", "Maker's own serial number", "製造者独自の製造番号"),
)
REGISTRATION_SCHEMES = Vocabulary(
    "scheme of registration",
    Term("jp-ju", "Japanese registration ID", "登録記号(日本)"),
    Term("us-faa", "US registration number", "米国登録番号"),
    Term("eu-operator", "EU operator registration number", "EU運航者登録番号"),
)
ORGANISATION_SCHEMES = Vocabulary(
    "scheme of organisation identifier",
    Term("jp-jcn", "Japan Corporate Number", "法人番号"),
    Term("lei", "Legal Entity Identifier", "取引主体識別子(LEI)"),
    Term("us-uei", "US Unique Entity ID", "米国固有事業体識別子(UEI)"),
    Term("cage", "CAGE or NCAGE code", "CAGE・NCAGEコード"),
    Term("duns", "D-U-N-S number", "D-U-N-S番号"),
    Term("cn-uscc", "Chinese Unified Social Credit Code", "中国統一社会信用コード"),
    Term("fr-siren", "French SIREN number", "フランスSIREN番号"),
)

_JU = re.compile(r"JU[0-9A-Z]{10}")
_FAA = re.compile(r"FA[0-9A-Z]{8}")
_LEI = re.compile(r"[0-9A-Z]{20}")
_CORPORATE_NUMBER = re.compile(r"[0-9]{13}")
_UEI = re.compile(r"(?!.*[0-9]{9})[1-9A-HJ-NP-Z][0-9A-HJ-NP-Z]{11}")
_CAGE = re.compile(r"[0-9A-HJ-NP-Z]{5}")
_DUNS = re.compile(r"[0-9]{9}")
_USCC = re.compile(r"[0-9A-Z]{18}")
_SIREN = re.compile(r"[0-9]{9}")
_EU_OPERATOR = re.compile(r"([A-Z]{3}[0-9a-z]{13})-([0-9a-z]{3})")
_EU_PUBLIC_PART = re.compile(r"[A-Z]{3}[0-9a-z]{13}")
_CHECK_DIGITS = error(
    "check_digits",
    "The check digits do not fit: a character is wrong.",
    "検査用数字が一致しません。入力に誤りがあります。",
)


class UnknownScheme(LookupError):
    """The scheme has no check; the message lists those that have one."""


def check(scheme: str, value: str) -> Verdict:
    """Raises `UnknownScheme`. `Verdict.value` is what may be stored."""
    try:
        checker = _CHECKERS[scheme]
    except KeyError:
        known = ", ".join(_CHECKERS)
        raise UnknownScheme(f"no scheme {scheme!r}; use one of: {known}") from None
    return checker(value)


def _verdict(scheme: str, value: str, finding: Finding | None) -> Verdict:
    found = () if finding is None else (finding,)
    return Verdict(scheme, value, well_formed=finding is None, findings=found)


def check_jp_registration(text: str) -> Verdict:
    """JU and ten digits or capitals. A warning only: the length rests on published examples, not
    on a text of the ministry."""
    value = text.strip()
    finding = warning(
        "jp_registration_form",
        "A Japanese registration ID is JU and ten digits or capital letters.",
        "登録記号は「JU」に続く英大文字・数字10文字です。",
    )
    return _verdict("jp-ju", value, None if _JU.fullmatch(value) else finding)


def check_us_registration(text: str) -> Verdict:
    """FA and eight digits or capitals, as issued to small aircraft; anything else is a warning."""
    value = text.strip()
    finding = warning(
        "us_registration_form",
        "A US registration of a small unmanned aircraft is FA and eight digits or capital letters.",
        "米国の小型無人航空機の登録番号は「FA」に続く英大文字・数字8文字です。",
    )
    return _verdict("us-faa", value, None if _FAA.fullmatch(value) else finding)


def check_lei(text: str) -> Verdict:
    """ISO 17442: eighteen digits or capitals and two check digits, modulo 97."""
    value = text.strip()
    form = error(
        "lei_form",
        f"An LEI has 20 digits or capital letters without separators; this one has {len(value)}"
        " characters.",
        f"LEIは英大文字・数字20文字(区切りなし)です(入力値は{len(value)}文字)。",
    )
    finding = _fault(value, _LEI, form, lei.is_valid)
    return _verdict("lei", value, finding)


def check_corporate_number(text: str) -> Verdict:
    """法人番号: a check digit and twelve digits."""
    value = text.strip()
    form = error(
        "corporate_number_form",
        f"A Japan Corporate Number has 13 digits without separators; this one has {len(value)}"
        " characters.",
        f"法人番号は数字13文字(区切りなし)です(入力値は{len(value)}文字)。",
    )
    finding = _fault(value, _CORPORATE_NUMBER, form, cn.is_valid)
    return _verdict("jp-jcn", value, finding)


def _fault(
    value: str, pattern: re.Pattern[str], form: Finding, has_check_digits: Callable[[str], bool]
) -> Finding | None:
    """The library drops separators and ignores the length, so the form is looked at first."""
    if not pattern.fullmatch(value):
        return form
    return None if has_check_digits(value) else _CHECK_DIGITS


def check_uei(text: str) -> Verdict:
    """The form only, as the US General Services Administration publishes it: twelve characters
    without I and O, not beginning with 0, no run of nine digits. The checksum is not public."""
    value = text.strip().upper()
    finding = error(
        "uei_form",
        "A Unique Entity ID has twelve letters or digits without I and O, does not begin with 0"
        " and has no nine digits in a row.",
        "固有事業体識別子は、IとOを除く英数字12文字で、先頭は0以外、"
        "数字が9文字連続しないものです。",
    )
    return _verdict("us-uei", value, None if _UEI.fullmatch(value) else finding)


def check_cage(text: str) -> Verdict:
    """NATO Commercial and Government Entity code (AC/135): five characters, no check digit."""
    value = text.strip().upper()
    finding = error(
        "cage_form",
        "A CAGE code has five letters or digits without I and O.",
        "CAGEコードは、IとOを除く英数字5文字です。",
    )
    return _verdict("cage", value, None if _CAGE.fullmatch(value) else finding)


def check_duns(text: str) -> Verdict:
    """The form only: numbers given out since 2006 carry no check digit."""
    value = text.strip().replace("-", "")
    finding = error(
        "duns_form",
        "A D-U-N-S number has nine digits.",
        "D-U-N-S番号は数字9文字です。",
    )
    return _verdict("duns", value, None if _DUNS.fullmatch(value) else finding)


def check_social_credit_code(text: str) -> Verdict:
    """统一社会信用代码, GB 32100: seventeen characters and a check character."""
    value = text.strip().upper()
    form = error(
        "social_credit_form",
        f"A Unified Social Credit Code has 18 digits or capital letters; this one has {len(value)}"
        " characters.",
        f"統一社会信用コードは英大文字・数字18文字です(入力値は{len(value)}文字)。",
    )
    return _verdict("cn-uscc", value, _fault(value, _USCC, form, uscc.is_valid))


def check_siren(text: str) -> Verdict:
    """Number of a company in the French register (INSEE): eight digits and a Luhn check digit."""
    value = text.replace(" ", "").strip()
    form = error(
        "siren_form",
        f"A SIREN number has nine digits; this one has {len(value)} characters.",
        f"SIREN番号は数字9文字です(入力値は{len(value)}文字)。",
    )
    return _verdict("fr-siren", value, _fault(value, _SIREN, form, siren.is_valid))


def check_eu_operator(text: str) -> Verdict:
    """With the three secret characters the check character is verified and they are taken off;
    without them only the form is. The value to store never has them."""
    value = text.strip()
    full = _EU_OPERATOR.fullmatch(value)
    if full is None:
        finding = error(
            "eu_operator_form",
            "An EU operator number is three capitals and thirteen small letters or digits.",
            "EU運航者登録番号は英大文字3文字に続く英小文字・数字13文字です。",
        )
        public = value.partition("-")[0]
        return _verdict(
            "eu-operator", public, None if _EU_PUBLIC_PART.fullmatch(value) else finding
        )
    public, secret = full.groups()
    finding = error(
        "eu_operator_check_character",
        "The check character does not fit: a character is wrong.",
        "検査用文字が一致しません。入力に誤りがあります。",
    )
    fits = _luhn_36(public[3:15] + secret) == public[15]
    return _verdict("eu-operator", public, None if fits else finding)


def _luhn_36(text: str) -> str:
    """The Luhn check character modulo 36 over 0-9a-z."""
    total = 0
    for place, character in enumerate(reversed(text)):
        product = int(character, 36) * (2 if place % 2 == 0 else 1)
        total += product // 36 + product % 36
    return "0123456789abcdefghijklmnopqrstuvwxyz"[-total % 36]


_CHECKERS: dict[str, Callable[[str], Verdict]] = {
    "cta-2063-a": check_cta_2063_a,
    "maker": check_maker_serial,
    "jp-ju": check_jp_registration,
    "us-faa": check_us_registration,
    "eu-operator": check_eu_operator,
    "jp-jcn": check_corporate_number,
    "lei": check_lei,
    "us-uei": check_uei,
    "cage": check_cage,
    "duns": check_duns,
    "cn-uscc": check_social_credit_code,
    "fr-siren": check_siren,
}
