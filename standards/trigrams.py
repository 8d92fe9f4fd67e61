"""How alike two spellings are, counted in groups of three letters as PostgreSQL's pg_trgm does."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache


@lru_cache(maxsize=100_000)
def trigrams(folded: str) -> frozenset[str]:
    """The groups of a folded name: each word with two spaces before it and one behind."""
    return frozenset(
        padded[start : start + 3]
        for padded in (f"  {word} " for word in folded.split())
        for start in range(len(padded) - 2)
    )


def similarity(one: str, other: str) -> float:
    """Shared groups among all groups of both: 0 for nothing in common, 1 for the same words."""
    first, second = trigrams(one), trigrams(other)
    every = len(first | second)
    return len(first & second) / every if every else 0.0


class SimilarNames:
    """Folded names that can be asked which of them resemble a text, without comparing with each."""

    def __init__(self, names: Iterable[str]) -> None:
        self._having: dict[str, list[str]] = defaultdict(list)
        for name in set(names):
            for group in trigrams(name):
                self._having[group].append(name)

    def like(self, text: str, at_least: float) -> Iterator[tuple[str, float]]:
        """(name, similarity) of every name at least so similar, in no order."""
        shared: dict[str, int] = defaultdict(int)
        asked = trigrams(text)
        for group in asked:
            for name in self._having.get(group, ()):
                shared[name] += 1
        for name, count in shared.items():
            similar = count / (len(asked) + len(trigrams(name)) - count)
            if similar >= at_least:
                yield name, similar
