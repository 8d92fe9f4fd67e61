"""What the pages of all records share: their tabs and their history."""

from django.db.models import Model
from django.urls import reverse

from web.access import MemberRequest
from web.elements import Tab, Text
from web.events import readable_events, timeline
from web.paging import keyset


def tab(name: str, pk: object, label: Text, here: str, count: int | None = None) -> Tab:
    """The tab that leads to the page of this route name."""
    return Tab(reverse(name, args=[pk]), label, count, name == here)


def history(request: MemberRequest, record: Model) -> dict[str, object]:
    """`events` and `page` of the record's history, newest first."""
    events, links = keyset(readable_events(request.user).of(record), request)
    return {"events": timeline(events, request.user), "page": links}
