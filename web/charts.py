"""Drawings of figures, made on the server: every bar and column is a link, and a table says the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reporting.figures import Figure
from web.elements import Text
from web.states import look

BAR_WIDTH: Final = 100
PLOT_HEIGHT: Final = 160
STEP: Final = 64
WIDTH_OF_COLUMN: Final = 40
LEFT: Final = 56
ABOVE: Final = 20
"""Units of the drawing: the height of the plot, from column to column, of a column, and the room around the plot."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure drawn: `width` in hundredths of the longest bar, `share` in per cent of all.

    A state has its `kind` and `code`; anything else is named by `word` alone.
    """

    kind: str
    code: str
    word: Text
    tone: str
    count: int
    url: str
    width: int
    share: int


@dataclass(frozen=True, slots=True)
class Chart:
    """`total` is what shares are of; None where the bars overlap or are not all there is."""

    bars: Sequence[Bar]
    total: int | None

    @property
    def anything(self) -> bool:
        return any(bar.count for bar in self.bars)


def chart(kind: str, figures: Sequence[Figure], list_url: str) -> Chart:
    """States as bars; `kind` is that of `web.states`, `list_url` the list they are filters of."""
    total = sum(figure.count for figure in figures)
    looks = {figure.code: look(kind, figure.code) for figure in figures}
    bars = _bars(figures, list_url, total, lambda code: (kind, looks[code].word, looks[code].tone))
    return Chart(bars, total)


def named_chart(
    figures: Sequence[Figure], list_url: str, whole: int, name: Callable[[str], Text]
) -> Chart:
    """Other things as bars, named by their code; shares are of `whole`, and may overlap."""
    return Chart(_bars(figures, list_url, whole, lambda code: ("", name(code), "active")), None)


def _bars(
    figures: Sequence[Figure],
    list_url: str,
    whole: int,
    seen: Callable[[str], tuple[str, Text, str]],
) -> list[Bar]:
    longest = max((figure.count for figure in figures), default=0) or 1
    return [
        Bar(
            *(kind, figure.code, word, tone, figure.count, f"{list_url}?{figure.query}"),
            width=round(BAR_WIDTH * figure.count / longest),
            share=round(100 * figure.count / (whole or 1)),
        )
        for figure in figures
        for kind, word, tone in [seen(figure.code)]
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a column: a figure with its place in the drawing."""

    kind: str
    code: str
    word: Text
    tone: str
    count: int
    url: str
    top: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    label: Text
    left: int
    parts: Sequence[Part]
    total: int
    top: int

    @property
    def middle(self) -> int:
        return self.left + WIDTH_OF_COLUMN // 2


@dataclass(frozen=True, slots=True)
class Columns:
    """Stacked columns. `ticks` are heights with their numbers; `series` names the colours."""

    columns: Sequence[Column]
    ticks: Sequence[tuple[int, int]]
    series: Sequence[Part]

    @property
    def width(self) -> int:
        return LEFT + STEP * len(self.columns)

    @property
    def floor(self) -> int:
        return ABOVE + PLOT_HEIGHT

    @property
    def height(self) -> int:
        return self.floor + 28

    @property
    def anything(self) -> bool:
        return any(column.total for column in self.columns)


def columns(kind: str, stacks: Sequence[tuple[Text, Sequence[Figure]]], list_url: str) -> Columns:
    """One column for each label, its figures from the floor up."""
    most = max((sum(figure.count for figure in figures) for _, figures in stacks), default=0)
    top = ceiling(most)
    drawn = [
        _column(kind, label, figures, list_url, number, top)
        for number, (label, figures) in enumerate(stacks)
    ]
    ticks = [(ABOVE + PLOT_HEIGHT - PLOT_HEIGHT * n // 4, top * n // 4) for n in range(5)]
    return Columns(drawn, ticks, drawn[0].parts if drawn else ())


def _column(
    kind: str, label: Text, figures: Iterable[Figure], list_url: str, number: int, top: int
) -> Column:
    parts, sofar = [], 0
    for figure in figures:
        found = look(kind, figure.code)
        height = _height(sofar + figure.count, top) - _height(sofar, top)
        sofar += figure.count
        parts.append(
            Part(
                *(kind, figure.code, found.word, found.tone, figure.count),
                url=f"{list_url}?{figure.query}",
                top=ABOVE + PLOT_HEIGHT - _height(sofar, top),
                height=height,
            )
        )
    left = LEFT + STEP * number + (STEP - WIDTH_OF_COLUMN) // 2
    return Column(label, left, parts, sofar, ABOVE + PLOT_HEIGHT - _height(sofar, top))


def _height(count: int, top: int) -> int:
    return round(PLOT_HEIGHT * count / top)


def ceiling(most: int) -> int:
    """A round number, divisible by four, that all columns stay below: 4, 8, 20, 40, 80, 200, …"""
    power = 4
    while power < most:
        for factor in (2, 5, 10):
            if power * factor >= most:
                return power * factor
        power *= 10
    return power
