"""Why a spreadsheet, or one cell of it, cannot be read: always said in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    en: str
    ja: str

    def text(self, language: str) -> str:
        return self.ja if language.lower().split("-")[0] == "ja" else self.en


class SheetRefused(Exception):
    """The whole file is refused; nothing of it was read."""

    def __init__(self, en: str, ja: str) -> None:
        super().__init__(en)
        self.said = Said(en, ja)


class CellRefused(ValueError):
    """One value cannot be read, with the reason and what to write instead."""

    def __init__(self, en: str, ja: str) -> None:
        super().__init__(en)
        self.said = Said(en, ja)
