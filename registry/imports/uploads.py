"""The files that were given for import, kept by agency and digest where nobody but the program reads them."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from standards.sheets.opening import MOST_BYTES, too_big


@dataclass(frozen=True, slots=True)
class Upload:
    path: Path
    digest: str


def stored_path(agency_id: int, digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / str(agency_id) / digest


def keep(chunks: Iterable[bytes], agency_id: int) -> Upload:
    """Write a file under its SHA-256. Raises `SheetRefused`, and keeps nothing, when it is too big."""
    folder = stored_path(agency_id, "").parent / str(agency_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        try:
            for chunk in chunks:
                size += len(chunk)
                if size > MOST_BYTES:
                    raise too_big(size)
                digest.update(chunk)
                file.write(chunk)
        except BaseException:
            Path(file.name).unlink()
            raise
        file.flush()
        os.fsync(file.fileno())
    target = stored_path(agency_id, digest.hexdigest())
    Path(file.name).replace(target)
    return Upload(target, digest.hexdigest())


def forget(upload: Upload) -> None:
    upload.path.unlink(missing_ok=True)
