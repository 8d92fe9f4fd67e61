"""Codes of countries and areas, and the several things "its country" can mean.

Names in either language come from django-countries in the layers above.
"""

import re
from collections.abc import Iterable

from standards.terms import Term, Vocabulary

_ISO_3166_1_ALPHA_2 = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
KOSOVO = "XK"
"""Not in ISO 3166-1 but in general use, among others by the Open Contracting Data Standard."""

COUNTRY_CODES = frozenset([*_ISO_3166_1_ALPHA_2.split(), KOSOVO])

COUNTRY_MEANINGS = Vocabulary(
    "meaning of country",
    Term("made_in", "Place of manufacture", "製造国"),
    Term("assembled_in", "Place of final assembly", "最終組立国"),
    Term("developed_in", "Place of development", "開発国"),
    Term("data_stored_in", "Place of data storage", "データ保存国"),
    Term("administered_from", "Place of administration", "運用管理国"),
    Term("maker_domicile", "Domicile of the maker", "製造者の所在国"),
    Term("maker_controlled_from", "Place the maker is controlled from", "製造者の支配国"),
    Term("incorporated_in", "Country of incorporation", "設立国"),
    Term("headquartered_in", "Country of headquarters", "本社所在国"),
)


class UnknownCountry(ValueError):
    """One or more codes that are not ISO 3166-1 alpha-2 in capitals; the message names them."""


def is_country(code: str) -> bool:
    """Exactly: two capital letters, assigned. "cn", "ZZ" and "CHN" are not."""
    return code in COUNTRY_CODES


def checked_countries(codes: Iterable[str]) -> frozenset[str]:
    """The codes as a set. Raises `UnknownCountry` with all the wrong ones, or when there is none:
    "not known" is None, never an empty set."""
    given = frozenset(codes)
    if not given <= COUNTRY_CODES:
        wrong = sorted(given - COUNTRY_CODES)
        raise UnknownCountry(
            f"no ISO 3166-1 alpha-2 country code: {', '.join(map(repr, wrong))};"
            " use two capital letters such as JP"
        )
    if not given:
        raise UnknownCountry("no country given; say so when it is not known")
    return given


def parse_countries(text: str) -> frozenset[str]:
    """Reads "JP", "jp, US" or "JP;US". Raises `UnknownCountry` as `checked_countries` does."""
    return checked_countries(code.upper() for code in re.split(r"[\s,;、，；]+", text) if code)
