"""What a file is, read from its bytes alone: neither its name nor what a browser says of it counts.

The set is closed: papers, pictures, tables and plain text. Programs, archives and documents with
macros are not in it. Whatever is text is plain text here, a page or a picture in SVG too, so that
nothing that is sent out again can run in a browser.
"""

import codecs
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

HEAD = 16


@dataclass(frozen=True, slots=True)
class FileType:
    """`extensions` are those its name may end with; the first is added to a name with another."""

    media_type: str
    extensions: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
PDF: Final = FileType("application/pdf", (".pdf",))
TEXT: Final = FileType(
    "text/plain", (".txt", ".csv", ".tsv", ".json", ".xml", ".spdx", ".md", ".log", ".eml")
)
_BY_HEAD: Final[Mapping[bytes, FileType]] = {
    b"%PDF-": PDF,
    b"\x89PNG\r\n\x1a\n": FileType("image/png", (".png",)),
    b"\xff\xd8\xff": FileType("image/jpeg", (".jpg", ".jpeg")),
    b"II*\x00": FileType("image/tiff", (".tif", ".tiff")),
    b"MM\x00*": FileType("image/tiff", (".tif", ".tiff")),
}
_BY_FOLDER: Final[Mapping[str, FileType]] = {
    "word/": FileType(f"{_OFFICE}wordprocessingml.document", (".docx",)),
    "xl/": FileType(f"{_OFFICE}spreadsheetml.sheet", (".xlsx",)),
    "ppt/": FileType(f"{_OFFICE}presentationml.presentation", (".pptx",)),
}
_BY_MIMETYPE: Final[Mapping[bytes, FileType]] = {
    f"{_OPEN}{kind}".encode(): FileType(f"{_OPEN}{kind}", (extension,))
    for kind, extension in (("text", ".odt"), ("spreadsheet", ".ods"), ("presentation", ".odp"))
}
_ZIP = b"PK\x03\x04"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LAYOUT = "\t\n\r\f"


def file_type(file: BinaryIO) -> FileType | None:
    """The type of this file, or None for one that is not taken. Leaves the file at any place."""
    file.seek(0)
    head = file.read(HEAD)
    for mark, found in _BY_HEAD.items():
        if head.startswith(mark):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileType("image/webp", (".webp",))
    if head.startswith(_ZIP):
        return _in_zip(file)
    file.seek(0)
    return TEXT if _is_text(file.read()) else None


def _in_zip(file: BinaryIO) -> FileType | None:
    """A document of an office program without macros; nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as packed:
            names = packed.namelist()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return None
            if "[Content_Types].xml" in names:
                return next((of for at, of in _BY_FOLDER.items() if _has(names, at)), None)
            return _BY_MIMETYPE.get(_mimetype(packed))
    except (zipfile.BadZipFile, RuntimeError, EOFError, ValueError):
        return None


def _has(names: list[str], folder: str) -> bool:
    return any(name.startswith(folder) for name in names)


def _mimetype(packed: zipfile.ZipFile) -> bytes:
    """What an OpenDocument file says it is; its format stores these few bytes as they are."""
    for entry in packed.infolist():
        if entry.filename == "mimetype":
            plain = entry.compress_type == zipfile.ZIP_STORED and entry.file_size < 100
            return packed.read(entry) if plain else b""
    return b""


def _is_text(content: bytes) -> bool:
    """In UTF-8, UTF-16 with a mark, or CP932, and without signs that steer a device."""
    encodings = [name for mark, name in _MARKS if content.startswith(mark)] or ["utf-8", "cp932"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(sign >= " " or sign in _LAYOUT for sign in set(text))
    return False
