"""A controlled vocabulary: codes, each with a label in English and in Japanese."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar


@dataclass(frozen=True, slots=True)
class Term:
    code: str
    en: str
    ja: str

    def label(self, language: str) -> str:
        """The Japanese label for "ja" and "ja-…", the English one for every other language."""
        return self.ja if language.lower().split("-")[0] == "ja" else self.en


class UnknownCode(LookupError):
    """A code that the vocabulary does not have; the message lists those it has."""


TermT = TypeVar("TermT", bound=Term)


class Vocabulary(Generic[TermT]):
    """A fixed, ordered set of terms. `noun` names one of them in error messages."""

    def __init__(self, noun: str, *terms: TermT) -> None:
        self._noun = noun
        self._terms = {term.code: term for term in terms}
        if len(self._terms) != len(terms):
            raise ValueError(f"the {noun} vocabulary has a code twice")

    def __iter__(self) -> Iterator[TermT]:
        return iter(self._terms.values())

    def __len__(self) -> int:
        return len(self._terms)

    def __contains__(self, code: object) -> bool:
        return code in self._terms

    def __getitem__(self, code: str) -> TermT:
        try:
            return self._terms[code]
        except KeyError:
            known = ", ".join(self._terms)
            raise UnknownCode(f"{code!r} is no {self._noun}; use one of: {known}") from None

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self._terms)

    def choices(self, language: str = "en") -> list[tuple[str, str]]:
        """(code, label) pairs in the vocabulary's own order."""
        return [(term.code, term.label(language)) for term in self]
