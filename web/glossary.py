"""The words of the registry in both languages; other pages point to one of them by `{% meaning "standing" %}`."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from standards.glossary import WORDS
from web.access import MemberRequest, signed_in
from web.values import language


@signed_in("GET", "HEAD", members_only=False)
def glossary(request: MemberRequest) -> HttpResponse:
    """`/glossary/`: every word with its meaning in the reader's language, and its name in the other one."""
    here = language()
    other = "en" if here == "ja" else "ja"
    rows = [
        (word, word.label(here), word.label(other), word.meaning(here), _named(word.see, here))
        for word in WORDS
    ]
    return render(request, "glossary/glossary.html", {"rows": rows, "other": other})


def _named(codes: tuple[str, ...], here: str) -> list[tuple[str, str]]:
    return [(code, WORDS[code].label(here)) for code in codes]


urlpatterns: list[URLPattern] = [path("glossary/", glossary, name="glossary")]
