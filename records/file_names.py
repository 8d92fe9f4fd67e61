"""The name of a file as it is shown and sent out again: what it says is what a reader sees."""

import re
import unicodedata

from records.file_types import FileType

LONGEST = 150
UNNAMED = "file"
# Signs that steer a device, that turn the direction of writing, and that take no room.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_PATH = re.compile(r"[/\\]")
_RESERVED = re.compile(r'[<>:"|?*]')


def shown_name(given: str, of: FileType) -> str:
    """The last part of the path that was given, in one line and one direction, with an ending of its type.

    "..\\..\\report.exe" that is a PDF becomes "report.exe.pdf"; a name of which nothing is left
    becomes "file.pdf".
    """
    name = unicodedata.normalize("NFC", _PATH.split(given)[-1])
    name = _RESERVED.sub("_", "".join(each for each in _INVISIBLE.sub("", name) if _whole(each)))
    name = " ".join(name.split()).strip(" .")
    stem, dot, ending = name.rpartition(".")
    extension = f"{dot}{ending}".lower() if stem else ""
    if extension not in of.extensions:
        stem, extension = name, of.extensions[0]
    return f"{stem[: LONGEST - len(extension)].rstrip(' .') or UNNAMED}{extension}"


def _whole(sign: str) -> bool:
    """Half of a surrogate pair is no sign and cannot be stored."""
    return unicodedata.category(sign) != "Cs"
