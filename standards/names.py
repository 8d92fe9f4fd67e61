"""Folding of names so that two spellings of one company or model can be compared.

The keys made here are for finding candidates. That two keys are equal is a reason to look, never
a proof that two records are the same company.
"""

import re
import unicodedata

_LEGAL_FORM_WORDS = """
ab ag as asa aps bv co company corp corporation gmbh inc incorporated kg kk limited llc llp lp
ltd ltda nv oy oyj plc pte pty sa sarl sas se spa srl
"""
_LATIN_LEGAL_FORMS = frozenset(_LEGAL_FORM_WORDS.split())
_CJK_LEGAL_FORMS = (
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "一般社団法人",
    "公益社団法人",
    "一般財団法人",
    "公益財団法人",
    "国立研究開発法人",
    "独立行政法人",
    "国立大学法人",
    "(株)",
    "(有)",
    "(同)",
    "股份有限公司",
    "有限责任公司",
    "有限責任公司",
    "有限公司",
)
_CJK = "\u3040-\u30ff\u3400-\u9fff"
_MAKER_SUFFIX = re.compile(r"(?<=\S)社製\s*")
_ABBREVIATION_DOT = re.compile(r"(?<![^\W\d_]{2})(?<=[^\W\d_])\.")
_DROPPED = re.compile("['\u2019\u2018`\u00b4\u30fb\u2010\u2011\u200b-\u200f\u2060\ufeff]")
_NOT_A_WORD = re.compile(r"[\W_]+")
_GAP_IN_CJK = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")


def fold(name: str) -> str:
    """One spelling of a name of anything: full and half width made one (NFKC), lower case, Latin
    accents dropped, "U.S.A." as "usa", every other punctuation one space."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _DROPPED.sub("", _ABBREVIATION_DOT.sub("", text))
    text = _NOT_A_WORD.sub(" ", _without_accents(text.replace("&", " and "))).strip()
    return _GAP_IN_CJK.sub("", text)


def company_key(name: str) -> str:
    """The folded name without "the", without "社製" and without its legal forms (Co., Ltd., Inc.,
    株式会社, 有限公司, …). A name that is nothing but a legal form keeps it."""
    text = _MAKER_SUFFIX.sub(" ", unicodedata.normalize("NFKC", name)).strip()
    folded = fold(_without_cjk_forms(text))
    words = folded.removeprefix("the ").split()
    while words and words[-1] in _LATIN_LEGAL_FORMS:
        words.pop()
    return " ".join(words) or fold(name)


def model_key(name: str) -> str:
    """The folded name without any space or punctuation: "Mavic-3 Enterprise", "MAVIC3 enterprise"
    and "ＭＡＶＩＣ３ Enterprise" are equal, and so are "EVO II" and "EVOII"."""
    return fold(name).replace(" ", "")


def split_maker(text: str) -> tuple[str, str] | None:
    """("DJI", "Mavic2 enterprise") of "DJI社製 Mavic2 enterprise"; None without "社製"."""
    parts = _MAKER_SUFFIX.split(unicodedata.normalize("NFKC", text), maxsplit=1)
    return (parts[0].strip(), parts[1].strip()) if len(parts) == 2 else None


def _without_accents(text: str) -> str:
    return "".join(map(_without_accent, text))


def _without_accent(character: str) -> str:
    """Only for Latin letters: ガ without its mark would be カ, another sound."""
    if not unicodedata.name(character, "").startswith("LATIN"):
        return character
    return unicodedata.normalize("NFKD", character)[0]


def _without_cjk_forms(text: str) -> str:
    for form in _CJK_LEGAL_FORMS:
        rest = text.removeprefix(form).removesuffix(form).strip()
        text = rest or text
    return text
