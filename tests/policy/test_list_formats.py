import csv
import io
from datetime import date

import pytest

from policy.list_formats.entries import EntryRow, ListFileError
from policy.list_formats.formats import FORMATS, UnknownFormat, read_list

HEADING = (
    "Name",
    "Clean Name",
    "Alias",
    "Previous Name",
    "Parent Name",
    "Note",
    "Start date",
    "End date",
    "Source Url",
)


def table(*rows: tuple[str, ...], heading: tuple[str, ...] = HEADING) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heading, *rows])
    return text.getvalue().encode()


def dod_row(name: str, clean: str, **cells: str) -> tuple[str, ...]:
    given = {"Name": name, "Clean Name": clean, **cells}
    return tuple(given.get(column, "") for column in HEADING)


def problems_of(format_name: str, content: bytes) -> list[str]:
    with pytest.raises(ListFileError) as refused:
        read_list(format_name, content)
    return [str(problem) for problem in refused.value.problems]


NORTH = dod_row(
    "Northern Rotor Co., Ltd. (NRC)",
    "Northern Rotor Co., Ltd.",
    Alias="NRC; Rotor North",
    **{
        "Previous Name": "Rotor Works",
        "Parent Name": "Northern Holdings",
        "Note": "maker of rotors",
        "Start date": "2025-01-07",
        "End date": "2026-02-17",
        "Source Url": "https://list.example/2025",
    },
)


def test_a_row_of_the_1260h_layout_becomes_an_entry_with_all_it_says() -> None:
    assert read_list("dod1260h", table(NORTH)) == (
        EntryRow(
            row=2,
            name="Northern Rotor Co., Ltd.",
            key="northern rotor",
            aliases=("NRC", "Rotor North", "Northern Rotor Co., Ltd. (NRC)"),
            previous_names=("Rotor Works",),
            parent_name="Northern Holdings",
            note="maker of rotors",
            listed_on=date(2025, 1, 7),
            ended_on=date(2026, 2, 17),
            source_url="https://list.example/2025",
        ),
    )


def test_a_name_that_is_printed_clean_is_no_alias_of_itself() -> None:
    (entry,) = read_list("dod1260h", table(dod_row("Plain Wings Ltd.", "Plain Wings Ltd.")))
    assert entry.aliases == ()


def test_a_byte_order_mark_is_not_part_of_the_first_heading() -> None:
    (entry,) = read_list("dod1260h", b"\xef\xbb\xbf" + table(NORTH))
    assert entry.name == "Northern Rotor Co., Ltd."


def test_a_blank_line_is_no_entry_and_later_rows_keep_their_numbers() -> None:
    entries = read_list("csv", b"name\r\nOne\r\n\r\nTwo\r\n")
    assert [(entry.row, entry.name) for entry in entries] == [(2, "One"), (4, "Two")]


def test_the_key_stays_the_same_when_the_spelling_of_the_legal_form_changes() -> None:
    spellings = (
        "Northern Rotor Co., Ltd.",
        "NORTHERN ROTOR CO.,LTD",
        "Northern Rotor Company Limited",
    )
    keys = {read_list("dod1260h", table(dod_row(name, name)))[0].key for name in spellings}
    assert keys == {"northern rotor"}


def test_namesakes_are_told_apart_by_legal_form_and_then_by_parent() -> None:
    entries = read_list(
        "csv",
        table(
            ("Kite Inc.", ""),
            ("Kite GmbH", ""),
            ("Sail Ltd.", "Alpha Corp."),
            ("Sail, Ltd", "Beta"),
            heading=("name", "parent_name"),
        ),
    )
    assert [entry.key for entry in entries] == [
        "kite inc",
        "kite gmbh",
        "sail ltd / alpha",
        "sail ltd / beta",
    ]


def test_two_rows_that_nothing_tells_apart_are_refused() -> None:
    assert problems_of("csv", table(("Kite Inc.",), ("KITE INC",), heading=("name",))) == [
        "row 3, column name: cannot be told apart from row 2: both are 'kite inc / '"
    ]


def test_every_malformed_cell_is_reported_at_once_and_nothing_is_read() -> None:
    content = table(
        dod_row("Good Wings", "Good Wings"),
        dod_row("Nameless", "", **{"Start date": "7 January 2025", "Source Url": "list.example"}),
        dod_row("Late", "Late", **{"Start date": "2025-02-30"}),
        dod_row(
            "Upside down", "Upside down", **{"Start date": "2025-02-01", "End date": "2025-01-31"}
        ),
        ("too", "short"),
    )
    assert problems_of("dod1260h", content) == [
        "row 3, column Clean Name: is empty",
        "row 3, column Start date: '7 January 2025' is no date; write it as 2025-01-07",
        "row 3, column Source Url: 'list.example' is no web address; it begins with https://",
        "row 4, column Start date: '2025-02-30' is no date; write it as 2025-01-07",
        "row 5, column End date: 2025-01-31 lies before the Start date 2025-02-01",
        "row 6: has 2 cells where the heading has 9",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "file: is empty"),
        (b"name\n", "file: has a heading and no entries"),
        (b"note\nx\n", "row 1, column name: is missing"),
        (b"name,name\nx,y\n", "row 1, column name: occurs more than once"),
        (b'name\n"never closed\n', "row 2: is no readable CSV: unexpected end of data"),
        (
            "name\nA\n株式会社\n".encode("cp932"),
            "row 3: is not UTF-8; save the file as CSV UTF-8 and try again",
        ),
        (
            b"name,country\nA,cn\n",
            "row 2, column country: 'cn' is no country code; use two capitals such as JP",
        ),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_place(content: bytes, problem: str) -> None:
    assert problems_of("csv", content) == [problem]


def test_a_column_the_layout_does_not_have_is_refused_by_name() -> None:
    (problem,) = problems_of("csv", b"name,colour\nA,red\n")
    assert problem.startswith("row 1, column colour: is not known; known are name, key")


def test_a_jurisdiction_is_keyed_by_its_country() -> None:
    content = b"name,kind,country\nRuritania,jurisdiction,RO\n"
    (entry,) = read_list("csv", content)
    assert (entry.key, entry.country, entry.kind) == ("RO", "RO", "jurisdiction")


def test_a_jurisdiction_without_a_country_is_refused() -> None:
    assert problems_of("csv", b"name,kind,country\nRuritania,jurisdiction,\n") == [
        "row 2, column country: is empty; a jurisdiction is named by its country code"
    ]


def test_an_unknown_kind_is_refused_with_the_kinds_there_are() -> None:
    assert problems_of("csv", b"name,kind\nA,balloon\n") == [
        "row 2, column kind: 'balloon' is none of entity, person, vessel, aircraft, jurisdiction, category"
    ]


def test_a_key_given_in_the_file_is_kept() -> None:
    (entry,) = read_list("csv", b"name,key\nA Ltd,a-17\n")
    assert entry.key == "a-17"


def test_an_unknown_format_names_those_there_are() -> None:
    with pytest.raises(UnknownFormat, match=", ".join(FORMATS)):
        read_list("pdf", b"")
