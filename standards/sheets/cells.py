"""Reading of one cell: days, amounts, quantities, hours and texts, as people write them.

Each reader takes a cell that is not empty and raises `CellRefused` rather than guess.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from standards.eras import DayError, read_day
from standards.look_alikes import LOST, hidden_characters
from standards.sheets.raw import Cell
from standards.sheets.refusals import CellRefused

NOT_SAID = frozenset(
    {
        "-",
        "--",
        "―",
        "ー",
        "—",
        "–",
        "−",
        "n/a",
        "na",
        "該当なし",
        "空欄",
        "未記入",
        "不明",
        "unknown",
    }
)
"""Spellings of an empty cell, in lower case and half width."""
_DITTO = frozenset({"〃", "々", "″", '"', "''", "同上", "同じ", "仝", "ditto", "same as above"})
"""Marks by which people say that the cell means what stands above it."""
_LONGEST_NOT_SAID = max(map(len, NOT_SAID))
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
_DAY_ZERO, _FIRST_SERIAL, _LAST_SERIAL = date(1899, 12, 30), 14_000, 80_000
_COMPACT_DAY = re.compile(r"(19|20)\d{6}")
_MIDNIGHT = re.compile(r"(?<=\d)[ T]00:00(:00(\.0+)?)?$")
_ROUNDED = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
_KANJI_DIGITS: dict[str, int] = dict(
    zip("〇零一二三四五六七八九壱弐参", (0, 0, *range(1, 10), 1, 2, 3), strict=True)
)
_COUNTED = re.compile(
    r"(?:計|約)?\s*([0-9]+|[〇零一二三四五六七八九十壱弐参]+)\s*(?:機|台|式|セット|個|基|units?|pcs?|sets?)?\.?",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?P<sign>[-−▲△])?\s*(?P<before>JPY|USD|EUR|GBP|US\$|[¥$€£])?\s*"
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)\s*"
    r"(?P<scale>億|百万|万|千)?\s*(?P<after>円|ドル|米ドル|ユーロ|JPY|USD|EUR|GBP|yen|-)?\s*(?:\(税[込抜別]\)|税[込抜別])?",
    re.IGNORECASE,
)
_SCALES = {"": 1, "千": 1_000, "万": 10_000, "百万": 1_000_000, "億": 100_000_000}
CURRENCIES = {
    **dict.fromkeys(("¥", "円", "JPY", "YEN"), "JPY"),
    **dict.fromkeys(("$", "US$", "USD", "ドル", "米ドル"), "USD"),
    **dict.fromkeys(("€", "EUR", "ユーロ"), "EUR"),
    **dict.fromkeys(("£", "GBP"), "GBP"),
}
_UNIT = re.compile(
    r"(億|百万|万|千)?\s*(円|米ドル|ドル|ユーロ|JPY|USD|EUR|GBP|yen|¥|\$)", re.IGNORECASE
)
_HOURS = re.compile(r"([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)\s*(?:h|hrs?|hours?|時間)?", re.IGNORECASE)
_HOURS_AND_MINUTES = re.compile(
    r"([0-9]+)(?::|時間|h)\s*([0-5]?[0-9])(?:分|min|m)?(?::00)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Amount:
    """`currency` is empty when neither the cell nor its heading names one."""

    value: int
    currency: str


def plain(cell: Cell) -> str:
    """The text of a cell in half width without the spaces around it."""
    return unicodedata.normalize("NFKC", "" if cell is None else str(cell)).strip()


def is_empty(cell: Cell) -> bool:
    """Whether nothing is said: no text, a dash, "N/A" or 不明."""
    if cell is None or (isinstance(cell, str) and len(cell.strip()) > _LONGEST_NOT_SAID):
        return cell is None
    text = plain(cell)
    return not text or text.casefold() in NOT_SAID


def read_text(cell: Cell) -> str:
    """The text as written, its white space made single spaces."""
    if isinstance(cell, bool):
        raise CellRefused(
            "TRUE and FALSE are no text; write it out.", "真偽値ではなく、文字で記入してください。"
        )
    text = " ".join(str(cell).split())
    _refuse_errors(text)
    if text.casefold() in _DITTO:
        raise CellRefused(
            f"“{text}” stands for the cell above it. Write the value out in every row.",
            f"「{text}」は上のセルと同じという意味に読めます。各行に値を記入してください。",
        )
    if not text.isprintable() and (hidden := hidden_characters(text)):
        shown = ", ".join(dict.fromkeys(hidden))
        raise CellRefused(
            f"The text contains characters that cannot be seen ({shown}); type it again.",
            f"見えない文字({shown})が含まれています。入力し直してください。",
        )
    if LOST in text:
        raise CellRefused(
            f"Characters of this text were lost when the file was saved ({LOST}). Type it again.",
            f"ファイルの保存時に失われた文字({LOST})が含まれています。入力し直してください。",
        )
    return text


def read_serial(cell: Cell) -> str:
    """A serial number: full-width letters and digits become half width, nothing else changes."""
    if isinstance(cell, float) or (isinstance(cell, int) and abs(cell) >= 10**15):
        raise _rounded(plain(cell))
    text = unicodedata.normalize("NFKC", read_text(cell)).strip()
    if _ROUNDED.fullmatch(text):
        raise _rounded(text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}( .*)?", text):
        raise CellRefused(
            "The spreadsheet program has turned this into a date. Format the column as text and type it again.",
            "表計算ソフトにより日付に変換されています。列の書式を「文字列」にして入力し直してください。",
        )
    return text


def _rounded(text: str) -> CellRefused:
    return CellRefused(
        f"{text} is a number that the spreadsheet program has rounded. Format the column as text and"
        " type it again.",
        f"「{text}」は、表計算ソフトにより丸められた数値です。"
        "列の書式を「文字列」にして入力し直してください。",
    )


def read_date(cell: Cell, *, from_1904: bool = False) -> date:
    """2020-04-01, 2020/4/1, 20200401, 令和2年4月1日, R2.4.1, or the number a spreadsheet counts days with."""
    if (
        isinstance(cell, int)
        and not isinstance(cell, bool)
        and _FIRST_SERIAL <= cell <= _LAST_SERIAL
    ):
        if from_1904:
            raise CellRefused(
                "The workbook counts days from 1904, and this number has no date format. Format it as a date.",
                "1904年起算のブックで、日付の書式でない数値です。日付の書式にしてください。",
            )
        return _DAY_ZERO + timedelta(days=cell)
    text = _MIDNIGHT.sub("", plain(cell))
    _refuse_errors(text)
    if _COMPACT_DAY.fullmatch(text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    try:
        return read_day(text)
    except DayError as error:
        raise _no_day(text) from error


def _no_day(text: str) -> CellRefused:
    if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", text):
        return CellRefused(
            f"{text} may be day or month first, or have a short year. Write the year first: 2020-04-01.",
            f"「{text}」は、月日の順序又は年が確定できません。2020-04-01のように年を先に記入してください。",
        )
    return CellRefused(
        f"{text} is no date. Write it as 2020-04-01, 2020/4/1 or 令和2年4月1日.",
        f"「{text}」は日付として読み取れません。2020-04-01、2020/4/1又は令和2年4月1日のように記入してください。",
    )


def read_amount(cell: Cell, remark: str = "") -> Amount:
    """An amount of money in whole units: 120,000, ¥120,000, 12万円, 1,200千円, USD 900. `remark` is what
    stands in the brackets of the heading (千円), and counts where the cell names no unit itself."""
    text = plain(cell)
    _refuse_errors(text)
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise CellRefused(
            f"{text} is no amount. Write 120000, 120,000円, 12万円 or USD 900.",
            f"「{text}」は金額として読み取れません。120000、120,000円、12万円、USD 900のように記入してください。",
        )
    if found["sign"]:
        raise CellRefused("An amount cannot be negative.", "金額に負の値は使用できません。")
    unit = _UNIT.search(plain(remark))
    own = found["before"] or (found["after"] or "").strip("-")
    scale = found["scale"] or ("" if own or unit is None else unit[1] or "")
    currency = own or (unit[2] if unit else "")
    value = Decimal(found["number"].replace(",", "")) * _SCALES[scale]
    if value != value.to_integral_value() or value >= 10**15:
        raise CellRefused(
            f"{text} is no whole amount. Write it in whole units of the currency.",
            f"「{text}」は整数の金額ではありません。通貨の単位の整数で記入してください。",
        )
    return Amount(int(value), CURRENCIES.get(currency.upper(), ""))


def read_quantity(cell: Cell) -> int:
    """How many: 3, ３, 3機, 三台, 十二. At least one."""
    text = plain(cell)
    found = _COUNTED.fullmatch(text)
    number = _number(found[1]) if found else None
    if not number:
        raise CellRefused(
            f"{text} is no quantity. Write a number such as 3.",
            f"「{text}」は数量として読み取れません。3のような数で記入してください。",
        )
    return number


def _number(text: str) -> int | None:
    """Digits, or kanji up to ninety-nine."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if len(ones) > 1 or len(tens) > 1 or "十" in tens or not (ten or ones):
        return None
    whole: int = _KANJI_DIGITS.get(tens, 1) * 10 if ten else 0
    return whole + _KANJI_DIGITS.get(ones, 0)


def read_hours(cell: Cell) -> Decimal:
    """Flight hours with one decimal: 12.5, 12.5h, 12時間30分, 12:30."""
    text = plain(cell)
    _refuse_errors(text)
    if found := _HOURS_AND_MINUTES.fullmatch(text):
        return (Decimal(found[1]) + Decimal(found[2]) / 60).quantize(Decimal("0.1"))
    found = _HOURS.fullmatch(text)
    try:
        hours = Decimal(found[1].replace(",", "")) if found else None
    except InvalidOperation:
        hours = None
    if hours is None:
        raise CellRefused(
            f"{text} are no hours. Write 12.5 or 12時間30分.",
            f"「{text}」は時間として読み取れません。12.5又は12時間30分のように記入してください。",
        )
    return hours.quantize(Decimal("0.1"))


def _refuse_errors(text: str) -> None:
    if text in _ERRORS:
        raise CellRefused(
            f"The formula of this cell gives the error {text}.",
            f"このセルの数式がエラー({text})です。",
        )
