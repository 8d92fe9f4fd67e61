"""What the frame of every page needs: navigation and the note about the demo world."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import is_valid_path
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, Person
from reporting.inbox import unread_of
from web.elements import NavigationItem

Role = Membership.Role


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the main navigation; `roles` empty means every member sees it."""

    path: str
    label: Promise
    roles: frozenset[str] = frozenset()


SECTIONS = (
    Section("/", _("Home")),
    Section("/drones/", _("Drones")),
    Section("/imports/", _("Imports"), frozenset({Role.CUSTODIAN})),
    Section("/models/", _("Models")),
    Section("/vendors/", _("Vendors")),
    Section("/purchases/", _("Purchases")),
    Section(
        "/reviews/",
        _("Reviews"),
        frozenset({Role.APPROVER, Role.SECURITY_REVIEWER, Role.CONSULTATION_OFFICER, Role.AUDITOR}),
    ),
    Section("/waivers/", _("Waivers")),
    Section("/policies/", _("Policies")),
    Section("/lists/", _("Lists")),
    Section("/dashboards/", _("Dashboards")),
    Section("/history/", _("History")),
)


def _shows(section: Section, person: Person) -> bool:
    """Hiding an entry is a courtesy; each page decides by itself who may read it."""
    return bool(is_valid_path(section.path)) and (
        not section.roles or person.scope.holds_any(section.roles)
    )


def _is_current(section: Section, path: str) -> bool:
    return path == "/" if section.path == "/" else path.startswith(section.path)


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """The sections this person may open, in the order of the header; none before sign-in."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return []
    return [
        NavigationItem(section.path, section.label, _is_current(section, request.path))
        for section in SECTIONS
        if _shows(section, person)
    ]


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor. Asks the database for the person's scope, which is kept, and where a page shows it for
    the number of unread notices: one query."""
    return {
        "navigation": navigation(request),
        "unread": SimpleLazyObject(lambda: _unread(request)),
        "demo": settings.DEMO,
    }


def _unread(request: HttpRequest) -> int:
    person = getattr(request, "user", None)
    return unread_of(person) if isinstance(person, Person) else 0
