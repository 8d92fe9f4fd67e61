"""Files of lists between upload and confirmation, kept by what they hold."""

from hashlib import sha256
from pathlib import Path

from django.conf import settings

LARGEST = 50_000_000


def _path(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "lists" / digest


def keep_upload(content: bytes) -> str:
    """The digest by which the file is found again."""
    digest = sha256(content).hexdigest()
    path = _path(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return digest


def read_upload(digest: str) -> bytes | None:
    """None where the file is gone. `digest` must be one: it becomes part of a path."""
    path = _path(digest)
    return path.read_bytes() if path.is_file() else None


def drop_upload(digest: str) -> None:
    _path(digest).unlink(missing_ok=True)
