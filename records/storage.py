"""Contents of files, each stored once under its SHA-256, outside of what any web server serves.

    MEDIA_ROOT/files/ab/ab12…      a content
    MEDIA_ROOT/files/incoming/…    one that is still being written

The content comes first and the row that names it after: a program that is killed between the two
leaves a content that no row names, never a row without its content. `sweep` removes such rests.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from django.conf import settings

from records.file_types import FileType, file_type

MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 25 * MEGABYTE
A_DAY: Final = 24 * 60 * 60


class NotTaken(Exception):
    """A file that is not stored; nothing of it is left. `code`: empty, too_large or wrong_type."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Stored:
    """A content that is in its place; `digest` is its SHA-256 in hexadecimal, `size` in bytes."""

    digest: str
    size: int
    type: FileType


def store(chunks: Iterable[bytes]) -> Stored:
    """Write a content to its place, or find that it is there already. Raises NotTaken."""
    incoming = _folder("incoming")
    with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as file:
        written = Path(file.name)
        try:
            stored = _written(cast("BinaryIO", file), chunks)
            _put(written, place_of(stored.digest))
        finally:
            written.unlink(missing_ok=True)
    return stored


def _written(file: BinaryIO, chunks: Iterable[bytes]) -> Stored:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST:
            raise NotTaken("too_large")
        digest.update(chunk)
        file.write(chunk)
    if size == 0:
        raise NotTaken("empty")
    file.flush()
    os.fsync(file.fileno())
    found = file_type(file)
    if found is None:
        raise NotTaken("wrong_type")
    return Stored(digest.hexdigest(), size, found)


def _put(written: Path, place: Path) -> None:
    """Move it to its place in one step. The same content that is there already becomes new again for `sweep`."""
    folder = _folder(place.parent.name)
    if place.exists():
        os.utime(place)
        return
    written.replace(place)
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def place_of(digest: str) -> Path:
    return _root() / digest[:2] / digest


def open_content(digest: str) -> BinaryIO:
    """Raises FileNotFoundError when a content was lost, which only happens outside this program."""
    return place_of(digest).open("rb")


def sweep(named: Collection[str], *, older_than: float = A_DAY) -> list[Path]:
    """Remove what is older than this many seconds and that no row names; returns what was removed.

    `named`: the digests of all rows. The age spares a content whose row is just being written.
    """
    before = time.time() - older_than
    rests = [
        path for path in _all_files() if path.name not in named and path.stat().st_mtime < before
    ]
    for path in rests:
        path.unlink(missing_ok=True)
    return rests


def _all_files() -> Iterator[Path]:
    return (path for path in sorted(_root().glob("*/*")) if path.is_file())


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "files"


def _folder(name: str) -> Path:
    """A folder that the program alone may read, made when it is first needed."""
    folder = _root() / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
