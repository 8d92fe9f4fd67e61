"""The formats that `import_list --format` knows."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from policy.list_formats.csl import read_csl
from policy.list_formats.dod1260h import read_dod1260h
from policy.list_formats.entries import EntryRow
from policy.list_formats.ofac import read_ofac
from policy.list_formats.plain_csv import read_plain_csv

Reader = Callable[[bytes], tuple[EntryRow, ...]]

FORMATS: Mapping[str, Reader] = MappingProxyType(
    {"csl": read_csl, "csv": read_plain_csv, "dod1260h": read_dod1260h, "ofac": read_ofac}
)


class UnknownFormat(LookupError):
    """No reader has this name; the message lists those there are."""


def read_list(format_name: str, content: bytes) -> tuple[EntryRow, ...]:
    """The entries of one published file. Raises `UnknownFormat` or `ListFileError`."""
    try:
        reader = FORMATS[format_name]
    except KeyError:
        known = ", ".join(FORMATS)
        raise UnknownFormat(f"no list format {format_name!r}; use one of: {known}") from None
    return reader(content)
