"""The shapes of purchases: as they are read, as they are asked for, and as a step is taken."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.models import Agency, Person
from api.fields import (
    Code,
    Codes,
    Day,
    Number,
    Related,
    Text,
    Uuid,
    code_of,
    text_of,
)
from api.problems import move_json
from api.review_claims import ClaimSerializer
from api.serializers import AgencyCode, BuildNameSerializer, StrictSerializer
from procurement.answers import Answer
from procurement.claims import claim_on
from procurement.dossiers import stored
from procurement.due import due_of
from procurement.errors import NotAllowed, NotNow
from procurement.follow_ups import Demand, Wanted
from procurement.models import Condition, EvidenceRequest, Line, Move, Purchase, ReceivedUnit
from procurement.permissions import may_request
from procurement.receipts import Unit
from procurement.requests import Request
from procurement.services import edit_purchase, start_purchase
from procurement.states import Action, ConsultationAnswer, Reason, Status
from procurement.workflow import Available, available_actions
from registry.models import Build, Declaration, Drone, Vendor
from standards.component_roles import ROLE_CHOICES
from standards.missions import MISSIONS

LARGEST_NUMBER = 2**63 - 1
LARGEST_COUNT = 2**31 - 1
LONGEST_LETTER = 20_000
MOST_LINES = 200
MOST_UNITS = 1000
Rows = serializers.ListSerializer[Any]


class LineSerializer(StrictSerializer):
    """So many of one build. With its `id` a line is changed, without one it is new."""

    id = Uuid(required=False)
    kind = code_of(Line, "kind", required=False)
    build = Related(queryset=Build.objects.all(), required=False, allow_null=True)
    built_as = BuildNameSerializer(source="build", read_only=True, allow_null=True)
    description = text_of(Line, "description", required=False, lines=True)
    quantity = Number(min_value=1, max_value=LARGEST_COUNT)
    unit_price = Number(required=False, allow_null=True, min_value=0, max_value=LARGEST_NUMBER)
    supplier = Related(queryset=Vendor.objects.current(), required=False, allow_null=True)
    role = Code(choices=ROLE_CHOICES, required=False, allow_blank=True)
    maker = Related(queryset=Vendor.objects.current(), required=False, allow_null=True)
    made_in = Codes(child=Text(max_length=2), required=False, allow_null=True, allow_empty=False)
    developed_in = Codes(
        child=Text(max_length=2), required=False, allow_null=True, allow_empty=False
    )
    declaration = Related(queryset=Declaration.objects.all(), required=False, allow_null=True)
    begins = Day(required=False, allow_null=True)
    ends = Day(required=False, allow_null=True)


class RequesterSerializer(serializers.Serializer[Person]):
    email = serializers.EmailField()
    name_en = serializers.CharField()
    name_local = serializers.CharField()


class DossierSerializer(serializers.Serializer[Any]):
    """What a decision rests on: name its digest when you decide."""

    digest = serializers.CharField()
    version = serializers.IntegerField()
    made_at = serializers.DateTimeField()


class PurchaseSerializer(StrictSerializer):
    """A purchase. Its status is moved by actions alone."""

    id = serializers.UUIDField(read_only=True)
    number = serializers.CharField(read_only=True)
    agency = AgencyCode()
    kind = code_of(Purchase, "kind", required=False)
    title = text_of(Purchase, "title")
    purpose = text_of(Purchase, "purpose", lines=True)
    missions = Codes(child=Code(choices=MISSIONS.choices("en")), allow_empty=False)
    needed_by = Day(required=False, allow_null=True)
    begins = Day(required=False, allow_null=True)
    ends = Day(required=False, allow_null=True)
    currency = text_of(Purchase, "currency", required=False)
    budget_line = text_of(Purchase, "budget_line", required=False)
    budget = Number(required=False, allow_null=True, min_value=0, max_value=LARGEST_NUMBER)
    emergency = text_of(Purchase, "emergency", required=False, lines=True)
    ordered_first_at = serializers.DateTimeField(read_only=True, allow_null=True)
    evidence_asked_at = serializers.DateTimeField(read_only=True, allow_null=True)
    contract_reference = serializers.CharField(read_only=True)
    requester = RequesterSerializer(read_only=True)
    status = serializers.ChoiceField(Status.choices, read_only=True)
    answer = serializers.ChoiceField(Answer.choices, read_only=True, allow_null=True)
    version = serializers.IntegerField(read_only=True)
    round = serializers.IntegerField(read_only=True)
    since = serializers.DateTimeField(read_only=True)
    due_on = serializers.DateField(
        read_only=True,
        allow_null=True,
        help_text="The working day until which its review is due; it moves on when evidence that was asked for comes.",
    )
    overdue = serializers.SerializerMethodField()
    recorded_at = serializers.DateTimeField(read_only=True)
    dossier = DossierSerializer(read_only=True, allow_null=True)
    lines = Rows(
        child=LineSerializer(), allow_empty=False, source="listed_lines", max_length=MOST_LINES
    )

    def get_overdue(self, purchase: Purchase) -> bool:
        return due_of(purchase, timezone.localdate()).overdue

    def create(self, validated_data: Mapping[str, Any]) -> Purchase:
        content = dict(validated_data)
        lines = content.pop("listed_lines")
        if not may_request(self.person, content["agency"].pk):
            raise NotAllowed("role", _("Only a custodian asks for purchases."))
        return start_purchase(purchase=Purchase(**content), lines=_lines((), lines), by=self.person)


class DraftSerializer(PurchaseSerializer):
    """Changes of a draft. `version` is the one that was read: a later one is answered with 409."""

    version = Number(min_value=1)

    def validate_agency(self, agency: Agency) -> Agency:
        if self.instance is not None and self.instance.agency_id != agency.pk:
            raise serializers.ValidationError(_("A purchase stays with its agency."))
        return agency

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "version" not in attrs:
            raise serializers.ValidationError(
                {"version": [_("Name the version that you read: a later one is not overwritten.")]}
            )
        return attrs

    def update(self, instance: Purchase, validated_data: Mapping[str, Any]) -> Purchase:
        """`instance` is locked and has its lines as `listed_lines`."""
        given = dict(validated_data)
        if given.pop("version") != instance.version:
            raise NotNow("moved", _("The purchase was changed since you opened it."))
        lines = vars(instance)["listed_lines"]
        if "listed_lines" in given:
            lines = _lines(lines, given.pop("listed_lines"))
        for name, value in given.items():
            setattr(instance, name, value)
        return edit_purchase(purchase=instance, lines=lines, by=self.person)


def _lines(stored: Iterable[Line], given: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The lines as they shall be: those stored as far as they are named by id, and new ones.

    An id that is none of this purchase's does not exist, whosoever's it is.
    """
    known = {line.pk: line for line in stored}
    lines = []
    for number, each in enumerate(given):
        content = dict(each)
        key = content.pop("id", None)
        if key is not None and key not in known:
            _refuse(number, "id", _("There is none of this id that you may name here."))
        if key is None and not content.get("build") and "kind" not in content:
            _refuse(number, "build", _("Name the build of a new line."))
        line = Line() if key is None else known.pop(key)
        for name, value in content.items():
            setattr(line, name, value)
        lines.append(line)
    return lines


def _refuse(number: int, name: str, why: str) -> None:
    raise serializers.ValidationError({f"lines.{number}.{name}": [why]})


class AvailableSerializer(serializers.Serializer[Available]):
    """A step the reader may take. `blocked_by` says why not yet; empty when it may be taken now."""

    action = serializers.ChoiceField(Action.choices)
    targets = serializers.ListField(child=serializers.ChoiceField(Status.choices))
    needs_reasons = serializers.BooleanField()
    blocked_by = serializers.CharField()
    guard = serializers.CharField(help_text="The name of what says why not yet.")


class MoveSerializer(serializers.Serializer[Move]):
    """A step that was taken. `actor` is null for the program itself."""

    no = serializers.IntegerField()
    action = serializers.ChoiceField(Action.choices)
    # "from" is a word of Python: the field is added by its name below.
    to = serializers.ChoiceField(Status.choices, source="to_status")
    at = serializers.DateTimeField()
    actor = serializers.EmailField(allow_null=True)
    acted_for = serializers.EmailField(
        allow_null=True, help_text="The person for whom a substitute took it."
    )
    round = serializers.IntegerField()
    version = serializers.IntegerField()
    digest = serializers.CharField()
    reasons = serializers.ListField(child=serializers.ChoiceField(Reason.choices))
    letter = serializers.CharField()
    answer = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.ChoiceField(Status.choices), **super().get_fields()}

    def to_representation(self, instance: Move) -> dict[str, Any]:
        return move_json(instance)


class ReceivedSerializer(serializers.Serializer[ReceivedUnit]):
    """An aircraft that came in on a line."""

    line = serializers.UUIDField(source="line_id")
    drone = serializers.UUIDField(source="drone_id")
    received_on = serializers.DateField()


class PurchaseDetailSerializer(PurchaseSerializer):
    """One purchase with its history, its dossier in full, and what the reader may do now."""

    moves = serializers.SerializerMethodField()
    received_units = serializers.SerializerMethodField()
    dossier_body = serializers.SerializerMethodField(
        help_text="The frozen document: facts, results with their traces, rulebook, lines."
    )
    available_actions = serializers.SerializerMethodField()
    claim = serializers.SerializerMethodField(
        help_text="Who holds its review; null while nobody does."
    )

    @extend_schema_field(MoveSerializer(many=True))
    def get_moves(self, purchase: Purchase) -> list[dict[str, Any]]:
        rows = (
            purchase.moves.visible_to(self.person)
            .select_related("actor", "acted_for")
            .order_by("no")
        )
        return [move_json(each) for each in rows]

    @extend_schema_field(ReceivedSerializer(many=True))
    def get_received_units(self, purchase: Purchase) -> Any:
        rows = purchase.received_units.visible_to(self.person)
        return [ReceivedSerializer(each).data for each in rows]

    @extend_schema_field(ClaimSerializer(allow_null=True))
    def get_claim(self, purchase: Purchase) -> Any:
        held = claim_on(purchase, self.person)
        return None if held is None else ClaimSerializer(held).data

    def get_dossier_body(self, purchase: Purchase) -> dict[str, Any] | None:
        return stored(purchase)

    @extend_schema_field(AvailableSerializer(many=True))
    def get_available_actions(self, purchase: Purchase) -> Any:
        return [AvailableSerializer(each).data for each in available_actions(purchase, self.person)]


class UnitSerializer(StrictSerializer):
    """One aircraft as it was delivered."""

    line = Uuid()
    serial_number = text_of(Drone, "serial_number", allow_blank=False)
    place = text_of(Drone, "place", required=False)


class DemandSerializer(StrictSerializer):
    """A condition of an approval."""

    text = text_of(Condition, "text", allow_blank=False, lines=True)
    due_on = Day(required=False, allow_null=True)


class WantedSerializer(StrictSerializer):
    """Evidence that a reviewer asks for."""

    what = text_of(EvidenceRequest, "what", allow_blank=False, lines=True)
    from_whom = text_of(EvidenceRequest, "from_whom", allow_blank=False)
    by_when = Day()


class StepSerializer(StrictSerializer):
    """A step of the workflow. `version` and `digest` are those of the purchase as you read it."""

    version = Number(min_value=1)
    digest = Text(required=False, allow_blank=True, max_length=64)
    reasons = Codes(child=Code(choices=Reason.choices), required=False)
    letter = Text(required=False, allow_blank=True, lines=True, max_length=LONGEST_LETTER)
    contract_reference = text_of(Purchase, "contract_reference", required=False)
    units = Rows(child=UnitSerializer(), required=False, max_length=MOST_UNITS)
    answer = Code(choices=ConsultationAnswer.choices, required=False)
    conditions = Rows(child=DemandSerializer(), required=False, max_length=MOST_LINES)
    evidence = WantedSerializer(required=False)
    offers = serializers.ListField(child=Uuid(), required=False, max_length=MOST_LINES)

    def step(self) -> Request:
        given = dict(self.validated_data)
        units = [
            Unit(line_id=each.pop("line"), **each) for each in map(dict, given.pop("units", []))
        ]
        conditions = [Demand(**each) for each in given.pop("conditions", [])]
        asked = given.pop("evidence", None)
        evidence = Wanted(**asked) if asked else None
        return Request(**given, units=units, conditions=conditions, evidence=evidence)
