"""Dashboards: figures of the reader's own scope, each a link to the list it counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from reporting.figures import (
    Figure,
    aircraft_by_standing,
    purchases_by_status,
    reviews_by_answer,
)
from web.access import MemberRequest, page
from web.disclosures import left_out
from web.elements import Text
from web.states import look

BAR_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure drawn: `width` in hundredths of the longest bar, `share` in per cent of all."""

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
    bars: Sequence[Bar]
    total: int

    @property
    def height(self) -> int:
        return 2 * len(self.bars)


def chart(kind: str, figures: Sequence[Figure], list_url: str) -> Chart:
    """The figures as bars; `kind` is that of the states, `list_url` the list they are filters of."""
    longest = max((figure.count for figure in figures), default=0) or 1
    total = sum(figure.count for figure in figures)
    return Chart([_bar(kind, each, list_url, longest, total or 1) for each in figures], total)


def _bar(kind: str, figure: Figure, list_url: str, longest: int, total: int) -> Bar:
    found = look(kind, figure.code)
    return Bar(
        kind=kind,
        code=figure.code,
        word=found.word,
        tone=found.tone,
        count=figure.count,
        url=f"{list_url}?{figure.query}",
        width=round(BAR_WIDTH * figure.count / longest),
        share=round(100 * figure.count / total),
    )


@page
def dashboards(request: MemberRequest) -> HttpResponse:
    """`/dashboards/`: what is held and what it may do, what is asked for, what is flagged."""
    today = timezone.localdate()
    context = {
        "today": today,
        "aircraft": chart("standing", aircraft_by_standing(request.user, today), reverse("drones")),
        "purchases": chart("purchase", purchases_by_status(request.user), reverse("purchases")),
        "reviews": chart("answer", reviews_by_answer(request.user), reverse("purchases")),
        "remarks": left_out(request.user),
        "held_url": f"{reverse('drones')}?held=true",
    }
    return render(request, "dashboards/overview.html", context)


urlpatterns: list[URLPattern] = [path("dashboards/", dashboards, name="dashboards")]
