"""Thirty spreadsheets of aircraft that differ as people's do, built here, with what must be read of each."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Row = Sequence[Any]
HEADING = ("メーカー", "機種", "製造番号", "取得日", "価格")
SORA = ("Sora Aircraft", "S-1")
FIRST = date(2020, 4, 1)
FIRST_WITH_TIME = datetime(2020, 4, 1)  # noqa: DTZ001  # as a spreadsheet has it


@dataclass(frozen=True)
class Sheet:
    """`aircraft` are the expected values of each aircraft in the order of the file (see `read`);
    `refused` is part of the reason for refusing the file; `wrong` are (row, column, part of the reason)."""

    name: str
    build: Callable[[], bytes]
    aircraft: Sequence[dict[str, Any]] = ()
    refused: str = ""
    wrong: Sequence[tuple[int, str, str]] = ()
    remarks: Sequence[str] = ()

    def __str__(self) -> str:
        return self.name


def text(rows: Sequence[Row], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def book(rows: Sequence[Row], change: Callable[[Worksheet], object] = lambda sheet: None) -> bytes:
    made = Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def two_sheets() -> bytes:
    made = Workbook()
    for title in ("本庁", "支所"):
        sheet = made.create_sheet(title)
        sheet.append(HEADING)
        sheet.append([*SORA, title, FIRST, 1])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def plain(serial: str = "A1", price: Any = 120000, day: Any = "2020-04-01") -> list[Row]:
    return [HEADING, (*SORA, serial, day, price)]


def hidden_column(sheet: Worksheet) -> None:
    sheet.column_dimensions["E"].hidden = True


def hidden_row(sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True


def merged(sheet: Worksheet) -> None:
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:B3")


def one(**values: Any) -> dict[str, Any]:
    return {"serial_number": "A1", "acquired_on": FIRST, "price": 120000} | values


ONE, ONE_AND_TWO = (one(),), (one(), one(serial_number="A2"))
TWO_ROWS = [HEADING, (*SORA, "A1", "2020-04-01", 120000), (*SORA, "A2", "2020-04-01", 120000)]
ENGLISH = ("Manufacturer", "Model", "Serial No.", "Date of acquisition", "Unit price (JPY)")

SHEETS = (
    Sheet("UTF-8", lambda: text(plain()), ONE),
    Sheet("UTF-8 with a byte order mark", lambda: text(plain(), "utf-8-sig"), ONE),
    Sheet("CP932", lambda: text(plain(), "cp932"), ONE),
    Sheet("UTF-16", lambda: text(plain(), "utf-16"), ONE),
    Sheet("UTF-16 without a mark", lambda: text(plain(), "utf-16-le"), ONE),
    Sheet("semicolons", lambda: text(plain(), delimiter=";"), ONE),
    Sheet("tabs, CP932", lambda: text(plain(), "cp932", "\t"), ONE),
    Sheet(
        "sep line of a spreadsheet program",
        lambda: b"sep=;\r\n" + text(plain(), delimiter=";"),
        ONE,
    ),
    Sheet("English headings", lambda: text([ENGLISH, plain()[1]]), (one(currency="JPY"),)),
    Sheet(
        "headings in row 3 below a title",
        lambda: book([["無人航空機一覧"], ["令和8年4月1日現在"], *plain()]),
        ONE,
    ),
    Sheet(
        "full-width headings and digits",
        lambda: text(
            [
                ("メ ー カ ー", "機種名", "シリアルＮｏ．", "取得年月日", "購入価格"),
                (*SORA, "Ａ１", "２０２０／４／１", "１２０，０００円"),
            ]
        ),
        (one(currency="JPY"),),
    ),
    Sheet("the era by name", lambda: text(plain(day="令和2年4月1日")), ONE),
    Sheet("the era by letter", lambda: text(plain(day="R2.4.1")), ONE),
    Sheet("a day as eight digits", lambda: text(plain(day="20200401")), ONE),
    Sheet("a date cell", lambda: book(plain(day=FIRST)), ONE),
    Sheet("a date cell that lost its format", lambda: book(plain(day=43922)), ONE),
    Sheet(
        "a price in thousands by the heading",
        lambda: text([(*HEADING[:4], "価格(千円)"), (*SORA, "A1", "2020-04-01", "120")]),
        (one(currency="JPY"),),
    ),
    Sheet("a price in ten thousands", lambda: text(plain(price="12万円")), (one(currency="JPY"),)),
    Sheet(
        "a price in dollars",
        lambda: text(plain(price="US$ 1,200")),
        (one(price=1200, currency="USD"),),
    ),
    Sheet(
        "merged cells of maker and model",
        lambda: book(
            [HEADING, (*SORA, "A1", FIRST, 120000), (None, None, "A2", FIRST, 120000)], merged
        ),
        ONE_AND_TWO,
    ),
    Sheet(
        "a totals row and notes below the table",
        lambda: book(
            [*TWO_ROWS, ("合計", None, None, None, 240000), (), ("※ 価格は税込み",), ("以上",)]
        ),
        ONE_AND_TWO,
        remarks=(
            "Row 4 is a total (“合計”); it is not read.",
            "Row 6 is a note",
            "Row 7 is a note",
        ),
    ),
    Sheet(
        "blank rows and numbers without aircraft",
        lambda: text(
            [("No", *HEADING), (1, *TWO_ROWS[1]), (), (2, "", "", "", "", ""), (3, *TWO_ROWS[2])]
        ),
        ONE_AND_TWO,
    ),
    Sheet(
        "the heading repeated for each printed page",
        lambda: text([*TWO_ROWS[:2], HEADING, TWO_ROWS[2]]),
        ONE_AND_TWO,
        remarks=("Row 3 repeats the heading; it is not read.",),
    ),
    Sheet(
        "a hidden column, read and pointed out",
        lambda: book(plain(), hidden_column),
        ONE,
        remarks=("Column E “価格” is hidden in the file; it is read.",),
    ),
    Sheet(
        "a column that nobody knows",
        lambda: text([(*HEADING, "色"), (*plain()[1], "白")]),
        ONE,
        remarks=("Column F “色” is not read.",),
    ),
    Sheet(
        "two columns for one field",
        lambda: text([(*HEADING, "型式"), (*plain()[1], "S-1")]),
        refused="B “機種” and F “型式”",
    ),
    Sheet(
        "two sheets with a table",
        two_sheets,
        refused="The sheets “本庁”, “支所” each have such a table",
    ),
    Sheet(
        "a quantity in words, without serial numbers",
        lambda: text([("メーカー", "機種", "数量", "製造番号"), (*SORA, "三台", "なし")]),
        ({"serial_missing_because": "なし"},) * 3,
    ),
    Sheet(
        "several serial numbers in one cell, as many as the quantity",
        lambda: text([("メーカー", "機種", "台数", "製造番号"), (*SORA, "2機", "A1、A2")]),
        ({"serial_number": "A1"}, {"serial_number": "A2"}),
    ),
    Sheet(
        "a quantity of three with one serial number",
        lambda: text([("メーカー", "機種", "台数", "製造番号"), (*SORA, "3機", "A1")]),
        wrong=((2, "D", "a quantity of 3 and one serial number"),),
    ),
    Sheet(
        "every error of every row at once",
        lambda: text(
            [
                HEADING,
                (*SORA, "", "4/1/2020", "高い"),
                (*SORA, "1.58E+19", "令和2年13月1日", "1.5円"),
                ("", "", "A3", "2099-01-01", "-5"),
                ("Nobody", "X-9", "A4", "31.12.2020", ""),
            ]
        ),
        wrong=(
            (2, "C", "serial number is missing"),
            (2, "D", "may be day or month first"),
            (2, "E", "is no amount"),
            (3, "C", "rounded"),
            (3, "D", "is no date"),
            (3, "E", "no whole amount"),
            (4, "B", "neither a maker nor a model"),
            (4, "D", "in the future"),
            (4, "E", "negative"),
            (5, "B", "not known as a maker and model"),
            (5, "D", "may be day or month first"),
        ),
    ),
    Sheet(
        "errors of formulas, hidden characters and unknown words",
        lambda: book(
            [
                (*HEADING, "状態", "用途"),
                (*SORA, "A1", "#N/A", 1, "飛んでる", "測量と点検"),
                (*SORA, "A2\u202e", FIRST, 1, "廃棄", "災害対応、訓練"),
                (*SORA, "A\ufffd", FIRST, 1, "保管", "訓練"),
            ]
        ),
        wrong=(
            (2, "D", "gives the error #N/A"),
            (2, "F", "none of the words known here"),
            (2, "G", "none of the words known here"),
            (3, "C", "U+202E"),
            (3, "F", "entered as in service, stored or grounded"),
            (4, "C", "were lost when the file was saved"),
        ),
    ),
    Sheet(
        "serial numbers of two rows and a maker that only looks right",
        lambda: text(
            [
                HEADING,
                (*SORA, "A1", "", ""),
                (*SORA, "A1", "", ""),
                ("Ѕora Aircraft", "S-1", "A2", "", ""),
            ]
        ),
        wrong=(
            (2, "C", "Rows 2, 3 mean the same aircraft"),
            (3, "C", "Rows 2, 3 mean the same aircraft"),
            (4, "B", "letters of another script"),
        ),
    ),
    Sheet(
        "headings in half-width kana, a serial number that is a number, a day with its time",
        lambda: book(
            [
                ("ﾒｰｶｰ", "機種", "ｼﾘｱﾙ番号", "取得日", "価格"),
                (*SORA, 4711, FIRST_WITH_TIME, 120000.0),
            ]
        ),
        (one(serial_number="4711"),),
    ),
    Sheet(
        "groups of columns named in a row above the headings",
        lambda: book([("機体", None, None, "取得", None), *plain()]),
        ONE,
    ),
    Sheet(
        "a hidden row, read and pointed out",
        lambda: book(TWO_ROWS, hidden_row),
        ONE_AND_TWO,
        remarks=("Row 3 is hidden in the file; it is read.",),
    ),
    Sheet(
        "marks that stand for the cell above",
        lambda: text(
            [
                (*HEADING, "保管場所"),
                (*SORA, "A1", "", "", "横浜"),
                (SORA[0], "〃", "同上", "〃", "", "〃"),
            ]
        ),
        ({"serial_number": "A1", "place": "横浜"},),
        wrong=(
            (3, "B", "stands for the cell above"),
            (3, "C", "stands for the cell above"),
            (3, "D", "is no date"),
            (3, "F", "stands for the cell above"),
        ),
    ),
    Sheet("nothing but a heading", lambda: text([HEADING]), refused="no row with data"),
    Sheet(
        "no heading at all",
        lambda: text([("あ", "い"), ("う", "え")]),
        refused="No row with headings",
    ),
)
