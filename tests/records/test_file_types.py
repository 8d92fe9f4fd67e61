"""What a file is, by its bytes, and what it is called afterwards."""

import io
import zipfile

import pytest

from records.file_names import shown_name
from records.file_types import PDF, TEXT, file_type


def packed(**entries: str | bytes) -> bytes:
    """A ZIP file; `__` in a name stands for a slash or a dot is written as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


CONTENT_TYPES = {"[Content_Types].xml": "<Types/>"}
OPEN = "application/vnd.oasis.opendocument."
OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7 \x00\x01", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
        (b"\xff\xd8\xff\xe0\x00", "image/jpeg"),
        (b"II*\x00\x08", "image/tiff"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (
            packed(**CONTENT_TYPES, **{"word/document.xml": ""}),
            f"{OFFICE}wordprocessingml.document",
        ),
        (packed(**CONTENT_TYPES, **{"xl/workbook.xml": ""}), f"{OFFICE}spreadsheetml.sheet"),
        (packed(mimetype=f"{OPEN}text"), f"{OPEN}text"),
        ("製造者,国\nSora,JP\n".encode(), "text/plain"),
        ("製造者,国\nSora,JP\n".encode("cp932"), "text/plain"),
        ("製造者,国\n".encode("utf-16"), "text/plain"),
        (b"<html><script>alert(1)</script>", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "text/plain"),
    ],
)
def test_the_type_is_found_in_the_content(content: bytes, expected: str) -> None:
    found = file_type(io.BytesIO(content))
    assert found is not None
    assert found.media_type == expected


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00",
        packed(**{"payload.exe": b"MZ"}),
        packed(**CONTENT_TYPES, **{"word/document.xml": "", "word/vbaProject.bin": ""}),
        packed(**CONTENT_TYPES),
        packed(mimetype="application/zip"),
        b"PK\x03\x04 and then nothing of a ZIP file",
        b"PK\x03\x04",
        b"plain until a \x00 stands there",
        b"escape \x1b[2J",
        b"RIFF\x10\x00\x00\x00WAVEfmt ",
        b"\x81\x20\xff\xfe\xfd",
    ],
)
def test_programs_archives_macros_and_what_nobody_can_tell_are_not_taken(content: bytes) -> None:
    assert file_type(io.BytesIO(content)) is None


@pytest.mark.parametrize(
    ("given", "of", "expected"),
    [
        ("report.pdf", PDF, "report.pdf"),
        ("REPORT.PDF", PDF, "REPORT.pdf"),
        ("..\\..\\windows\\report.pdf", PDF, "report.pdf"),
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("report.exe", PDF, "report.exe.pdf"),
        ("invoice\u202efdp.exe", PDF, "invoicefdp.exe.pdf"),
        ("a\u2066b\u200b\x00c\r\nSet-Cookie: x.txt", TEXT, "abcSet-Cookie_ x.txt"),
        ("\ud800half.csv", TEXT, "half.csv"),
        (".htaccess", TEXT, "htaccess.txt"),
        ("", PDF, "file.pdf"),
        (".pdf", PDF, "pdf.pdf"),
        ("\u202e.", PDF, "file.pdf"),
        ("調達仕様書（案）.csv", TEXT, "調達仕様書（案）.csv"),
        ("か\u3099.txt", TEXT, "が.txt"),
    ],
)
def test_a_name_says_what_a_reader_sees(given: str, of: object, expected: str) -> None:
    assert shown_name(given, of) == expected  # type: ignore[arg-type]  # one of the types above


def test_a_long_name_is_cut_before_its_ending() -> None:
    name = shown_name("あ" * 400 + ".pdf", PDF)
    assert (len(name), name[-5:]) == (150, "あ.pdf")
