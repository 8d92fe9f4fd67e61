"""What the pages of all records share: their tabs and their history."""

from django.db.models import Model
from django.urls import reverse

from web.access import MemberRequest
from web.elements import Tab, Text
from web.events import events_of, timeline
from web.paging import keyset


def tab(name: str, pk: object, label: Text, here: str, count: int | None = None) -> Tab:
    """The tab that leads to the page of this route name."""
    return Tab(reverse(name, args=[pk]), label, count, name == here)


def history(request: MemberRequest, *records: Model) -> dict[str, object]:
    """`events` and `page` of the history of a record and of what belongs to it, newest first."""
    events, links = keyset(events_of(request.user, *records), request)
    return {"events": timeline(events, request.user), "page": links}
