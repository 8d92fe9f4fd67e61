"""What every page of one aircraft shows: the band, the tabs, what the reader may do, what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from agencies.models import Person
from compliance.filters import drones_for_list
from compliance.guidance import NEXT_STEPS
from compliance.stale import evaluated_at_of
from policy.models import Rule
from registry.drone_events import available_events
from registry.models import Drone, DroneCertificate, DroneEvent, TransferOffer, TransferStatus
from registry.permissions import may_change_drone
from registry.transitions import CLOSED, STARTING, Status
from web.access import MemberRequest, found
from web.drone_guidance import LABELS, timeline_of
from web.elements import Event, Tab
from web.events import events_of
from web.record_kinds import attached_tabs
from web.records import tab
from web.results import results_on
from web.states import look
from web.templatetags.formats import day_text

NEXT_OF_STATUS = {
    Status.LOST: gettext_lazy("Report it found when it turns up; otherwise dispose of it."),
    Status.GROUNDED: gettext_lazy("Release it when the reason is gone."),
    Status.TRANSFERRED: gettext_lazy("Nothing: it belongs to another agency now."),
    Status.DISPOSED: gettext_lazy("Nothing: it has been disposed of."),
    Status.ENTERED_IN_ERROR: gettext_lazy("Nothing: the row is outside all counts."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the reader may take now."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class DayStanding:
    """The standing that `drones_for_list` reads with an aircraft."""

    state: str
    rule_id: int | None

    @classmethod
    def of(cls, drone: Drone) -> "DayStanding":
        row = vars(drone)
        return cls(row["standing_state"], row["standing_rule_id"])

    def rule(self) -> Rule | None:
        """The rule that decided it. One query, none when no rule did."""
        rules = Rule.objects.select_related("version__policy")
        return rules.filter(pk=self.rule_id).first() if self.rule_id else None


def drone_for(person: Person, pk: UUID, day: date | None = None) -> Drone:
    """One aircraft with its standing of the day, or 404."""
    return found(drones_for_list(person, day or timezone.localdate()), pk=pk)


def happenings(person: Person, drone: Drone) -> "QuerySet[DroneEvent]":
    """What happened to this row of the aircraft, newest first."""
    rows = DroneEvent.objects.visible_to(person).filter(drone=drone)
    return rows.select_related(
        "actor", "custodian", "build_to__model", "build_from__model", "other_agency"
    ).order_by("-no")


def papers_of(person: Person, drone: Drone) -> list[DroneCertificate]:
    """The certificates of the aircraft with their declarations. One query."""
    rows = DroneCertificate.objects.visible_to(person).filter(drone=drone)
    people = ("claimed_by", "verified_by", "refused_by")
    return list(rows.select_related("declaration", *people))


def events_of_drone(person: Person, drone: Drone) -> list[Event]:
    return timeline_of(happenings(person, drone))


def open_offer(person: Person, drone: Drone) -> TransferOffer | None:
    """The offer of this aircraft that waits for an answer. One query."""
    rows = TransferOffer.objects.visible_to(person).select_related("to_agency")
    return rows.filter(drone=drone, status=TransferStatus.OPEN).first()


def frame(request: MemberRequest, drone: Drone, here: str) -> dict[str, object]:
    """What every tab of the record shows: the band and the tabs. Ten queries."""
    standing, today = DayStanding.of(drone), timezone.localdate()
    offer, papers = open_offer(request.user, drone), papers_of(request.user, drone)
    counts = {
        "drone_components": drone.build.components.count(),
        "drone_results": results_on(drone.build, today).count(),
        "drone_events": happenings(request.user, drone).count(),
        "drone_certificates": len(papers),
        "drone_history": events_of(request.user, drone, *papers).count(),
    }
    return {
        "drone": drone,
        "tone": look("standing", standing.state).tone,
        "next_step": next_step(drone, offer, today) or NEXT_STEPS[standing.state],
        "overdue": drone.overdue_on(today),
        "deciding": standing.rule(),
        "evaluated_at": evaluated_at_of(drone.build_id),
        "may_change": may_change_drone(request.user, drone) and drone.status not in CLOSED,
        "steps": steps(request.user, drone, offer),
        "tabs": _tabs(drone, here, counts, attached_tabs(request.user, drone)),
    }


def _tabs(
    drone: Drone, here: str, counts: dict[str, int], attached: Sequence[Tab]
) -> Sequence[Tab]:
    labels = {
        "drone": _("Overview"),
        "drone_components": _("Components and origin"),
        "drone_results": _("Results"),
        "drone_certificates": _("Certificates"),
        "drone_events": _("What happened"),
        "drone_history": _("History"),
    }
    found = [tab(name, drone.pk, label, here, counts.get(name)) for name, label in labels.items()]
    return [*found[:-1], *attached, found[-1]]


def next_step(drone: Drone, offer: TransferOffer | None, today: date) -> str:
    """What happens next where the status asks for it; empty where the standing does."""
    if drone.overdue_on(today) and drone.lent_until:
        words = {"day": day_text(drone.lent_until), "lent_to": drone.lent_to}
        return _("The loan to %(lent_to)s ended on %(day)s: take it back or prolong it.") % words
    if offer:
        words = {"agency": str(offer.to_agency)}
        return _("Offered to %(agency)s: it waits for their answer.") % words
    if drone.grounded_by_order and drone.status == Status.GROUNDED:
        return _("Grounded by order: a security reviewer or steward releases it.")
    return str(NEXT_OF_STATUS.get(Status(drone.status), ""))


def steps(person: Person, drone: Drone, offer: TransferOffer | None) -> Sequence[Step]:
    """The buttons: what this person may record now, and the offer to another agency."""
    found = [
        Step(str(LABELS[action]), reverse(f"drone_{action.value}", args=[drone.pk]))
        for action in available_events(drone, person)
    ]
    if not may_change_drone(person, drone):
        return found
    if offer:
        withdraw = reverse("drone_withdraw_offer", args=[drone.pk])
        return [*found, Step(_("Withdraw the offer"), withdraw)]
    if drone.status in STARTING and not drone.lent_to:
        return [*found, Step(_("Offer to another agency"), reverse("drone_offer", args=[drone.pk]))]
    return found


def remarks(drone: Drone) -> Sequence[str]:
    """What to look at again, in the reader's language."""
    language = get_language() or "en"
    return [finding.text(language) for finding in drone.remarks()]


def elsewhere(person: Person, drone: Drone) -> Sequence[Drone]:
    """The same serial number in other agencies: a hint for the centre alone. One query there, none elsewhere."""
    if not person.scope.central or not drone.serial_number:
        return []
    rows = Drone.objects.visible_to(person).filter(serial_number=drone.serial_number)
    others = rows.exclude(agency=drone.agency_id).exclude(airframe=drone.airframe)
    return list(others.counted().for_list()[:10])


def unsure_of(drone: Drone) -> str:
    """The values of which the agency is not sure, in words; empty when it is sure."""
    names = [str(Drone._meta.get_field(name).verbose_name) for name in drone.unsure]  # type: ignore[union-attr]  # all are columns
    return _(", ").join(names)
