"""Lists whose entries are spread over several rows or files: the screening list and OFAC's."""

import csv
import io
import zipfile
from datetime import date

import pytest

from policy.list_formats.entries import EntryRow, ListFileError
from policy.list_formats.formats import read_list

CSL_HEADING = (
    "source",
    "entity_number",
    "type",
    "name",
    "addresses",
    "start_date",
    "end_date",
    "remarks",
    "alt_names",
)
ENTITY_LIST = "Entity List (EL) - Bureau of Industry and Security"
UNVERIFIED = "Unverified List (UVL) - Bureau of Industry and Security"


def csl(*rows: dict[str, str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, CSL_HEADING, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def ofac(**members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part, text in members.items():
            archive.writestr(f"cons_{part}.csv", text)
    return file.getvalue()


def prim(number: str, name: str, kind: str = "-0- ", remarks: str = "-0- ") -> str:
    return f'{number},"{name}",{kind},"PROG"{",-0- " * 7},"{remarks}"\r\n'


def problems_of(format_name: str, content: bytes) -> list[str]:
    with pytest.raises(ListFileError) as refused:
        read_list(format_name, content)
    return [str(problem) for problem in refused.value.problems]


def test_a_row_of_the_screening_list_becomes_an_entry() -> None:
    row = {
        "source": ENTITY_LIST,
        "type": "Entity",
        "name": " Southern Rotor Ltd. ",
        "addresses": "1 Quay, Harbour, CN; 2 Hill, Town, CN",
        "start_date": "2020-12-18",
        "remarks": "see notice",
        "alt_names": "SRL; Rotor South; and Südrotor",
    }
    assert read_list("csl", csl(row)) == (
        EntryRow(
            row=2,
            name="Southern Rotor Ltd.",
            key="el:southern rotor",
            aliases=("SRL", "Rotor South", "Südrotor"),
            addresses=("1 Quay, Harbour, CN", "2 Hill, Town, CN"),
            note=f"{ENTITY_LIST}; see notice",
            country="CN",
            listed_on=date(2020, 12, 18),
        ),
    )


def test_rows_that_repeat_a_party_for_each_address_are_one_entry() -> None:
    common = {"source": ENTITY_LIST, "name": "Roaming Man", "type": "Individual"}
    (entry,) = read_list(
        "csl",
        csl(
            {**common, "addresses": "1 Quay, ZA", "start_date": "2012-09-19", "remarks": "first"},
            {**common, "addresses": "2 Hill, NO", "start_date": "2010-06-28", "remarks": "second"},
        ),
    )
    assert entry.row == 2
    assert entry.addresses == ("1 Quay, ZA", "2 Hill, NO")
    assert entry.country == ""
    assert entry.listed_on == date(2010, 6, 28)
    assert entry.note == f"{ENTITY_LIST}; first; second"
    assert entry.aliases == ()
    assert entry.kind == "person"


def test_a_joined_entry_ends_only_when_all_its_rows_have_ended() -> None:
    common = {"source": ENTITY_LIST, "name": "Roaming Man"}
    ended, later, open_ended = (
        {**common, "end_date": end} for end in ("2021-01-01", "2022-01-01", "")
    )
    assert read_list("csl", csl(ended, later))[0].ended_on == date(2022, 1, 1)
    assert read_list("csl", csl(ended, open_ended))[0].ended_on is None


def test_the_same_party_in_two_lists_is_two_entries() -> None:
    rows = ({"source": source, "name": "Southern Rotor"} for source in (ENTITY_LIST, UNVERIFIED))
    entries = read_list("csl", csl(*rows))
    assert [entry.key for entry in entries] == ["el:southern rotor", "uvl:southern rotor"]


def test_a_number_of_the_source_tells_namesakes_apart() -> None:
    rows = (
        {"source": ENTITY_LIST, "name": "Kite", "entity_number": number} for number in ("7", "8")
    )
    assert [entry.key for entry in read_list("csl", csl(*rows))] == ["el:7", "el:8"]


def test_malformed_rows_of_the_screening_list_are_all_reported() -> None:
    content = csl(
        {"source": ENTITY_LIST, "name": "", "start_date": "soon"},
        {"source": ENTITY_LIST, "name": "Kite", "type": "Balloon"},
    )
    assert problems_of("csl", content) == [
        "row 2, column name: is empty",
        "row 2, column start_date: 'soon' is no date; write it as 2025-01-07",
        "row 3, column type: 'Balloon' is none of Entity, Individual, Vessel, Aircraft",
    ]


def test_the_files_of_an_ofac_list_are_joined_by_their_number() -> None:
    content = ofac(
        prim=prim("17", "SOUTH BANK", remarks="Registered 1999; web")
        + prim("18", "DOE, Jo", '"individual"'),
        alt='17,1,"aka","S-BANK",-0- \r\n17,2,"fka","OLD BANK",-0- \r\n',
        add='17,5,"1 Quay","Moscow 119034","Russia",-0- \r\n18,6,-0- ,-0- ,-0- ,-0- \r\n',
        comments='17,"site; the"\r\n17," end."\r\n',
    )
    bank, person = read_list("ofac", content)
    assert bank == EntryRow(
        row=1,
        name="SOUTH BANK",
        key="17",
        aliases=("S-BANK",),
        previous_names=("OLD BANK",),
        addresses=("1 Quay, Moscow 119034, Russia",),
        note="PROG; Registered 1999; website; the end.",
    )
    assert (person.kind, person.addresses, person.note) == ("person", (), "PROG")


def test_the_end_of_file_character_is_no_row() -> None:
    assert len(read_list("ofac", ofac(prim=prim("17", "SOUTH BANK") + "\x1a"))) == 1


def test_problems_of_an_ofac_list_name_the_file_and_the_row() -> None:
    content = ofac(
        prim=prim("17", "SOUTH BANK") + prim("17", "-0- ") + prim("x", "KITE", '"balloon"'),
        alt='99,1,"aka","GHOST",-0- \r\nshort\r\n',
    )
    assert problems_of("ofac", content) == [
        "alt, row 1: belongs to entry '99', which the list does not have",
        "alt, row 2: has 1 cells where 5 belong",
        "prim, row 2: has entry 17, which is in row 1 too",
        "prim, row 2: has no name",
        "prim, row 3: begins with 'x', which is no entry number",
        "prim, row 3: is of kind 'balloon', not individual, vessel or aircraft",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"no archive", "file: is no ZIP file; put the prim, alt, add and comments files"),
        (ofac(alt=""), "file: has no file that ends with prim.csv or sdn.csv"),
        (ofac(prim=""), "file: has no entries"),
        (
            ofac(prim=prim("17", "SOUTH BANK")).replace(b"SOUTH", b"NORTH"),
            "file: cannot be unpacked: Bad CRC-32",
        ),
    ],
)
def test_what_is_no_ofac_list_is_refused_as_a_whole(content: bytes, problem: str) -> None:
    (found,) = problems_of("ofac", content)
    assert found.startswith(problem)


def test_a_file_of_the_archive_that_is_not_utf_8_is_named() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("sdn.csv", b"17,\xff\r\n")
    assert problems_of("ofac", file.getvalue()) == [
        "prim, row 1: is not UTF-8; save the file as CSV UTF-8 and try again"
    ]
