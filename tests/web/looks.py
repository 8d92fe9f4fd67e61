"""Every page of the demo world, as a person who may see it: what test_looks.py opens and pictures.py takes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse

from agencies.context import acting_as
from agencies.models import Agency, Person
from agencies.scoping import ScopedManager
from compliance.assess import assess_builds
from compliance.models import Waiver
from compliance.stale import stale_builds
from policy.models import Edition, Policy, PolicyVersion, ReferenceList, Rule
from policy.services import publish
from procurement.models import Line, Purchase
from procurement.receipts import Unit
from procurement.requests import Request
from procurement.services import start_purchase
from procurement.states import Action
from procurement.workflow import lines_of, perform
from registry.models import (
    Attribute,
    Build,
    Component,
    Declaration,
    Drone,
    DroneCertificate,
    DroneModel,
    ImportSession,
    Measure,
    OwnershipLink,
    TransferOffer,
    Vendor,
    VendorIdentifier,
    VendorName,
)
from tests.isolation.pages import routes
from tests.web.pages import signed_in

FLAGGED, CLEAN = "Mavic 3 Enterprise", "X10D"
SUPPLIER = "Sample Trading Co., Ltd."
FLAGGED_TITLE = "海上犯罪捜査用小型無人航空機の購入"
WAITING_TITLE = "巡視船搭載用捜索救助機の更新"
"""Of the demo world's own purchases, one that a rule flags and one that waits for the approver."""
CONSULTED_MISSION = "agriculture"  # no aircraft of the demo world is used for it


@dataclass(frozen=True)
class Look:
    """One page: its route, the address, who looks ("" for somebody not signed in) and the status expected."""

    route: str
    address: str
    who: str = "custodian"
    status: int = 200

    def __str__(self) -> str:
        return f"{self.route} as {self.who or 'a stranger'}: {self.address}"


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@demo.example")


SUBMITTED = ((Action.SUBMIT, "custodian"),)
APPROVED = (*SUBMITTED, (Action.APPROVE, "approver"), (Action.APPROVE, "reviewer"))
ORDERED = (*APPROVED, (Action.ORDER, "custodian"))
RECEIVED = (*ORDERED, (Action.RECEIVE, "inspector"))
WALKS: dict[str, tuple[tuple[Action, str], ...]] = {
    "draft": (),
    "returned": (*SUBMITTED, (Action.RETURN, "approver")),
    "declined": (*SUBMITTED, (Action.DECLINE, "approver")),
    "withdrawn": (*SUBMITTED, (Action.WITHDRAW, "custodian")),
    "consultation": APPROVED,  # of a build and a mission for which the centre is asked
    "approved": APPROVED,
    "cancelled": (*APPROVED, (Action.CANCEL, "custodian")),
    "ordered": ORDERED,
    "received": RECEIVED,
    "closed": (*RECEIVED, (Action.CLOSE, "approver")),
}
"""Where each purchase stands in the end, and the steps there from a draft, with who takes them."""

TITLES = {
    "draft": "捜索救助用無人航空機の増備",
    "returned": "夜間捜索用無人航空機の購入",
    "declined": "訓練用無人航空機の追加購入",
    "withdrawn": "港湾監視用無人航空機の購入",
    "consultation": "藻場調査用無人航空機の購入",
    "approved": "海難救助用無人航空機の更新",
    "cancelled": "巡視艇搭載機の購入",
    "ordered": "航空基地配備機の購入",
    "received": "救難隊配備機の購入",
    "closed": "警備救難部配備機の購入",
}


def prepare() -> dict[str, Purchase]:
    """Adds purchases in every state to a demo world; answers them and its own by the word for their state."""
    with acting_as(None):
        all_of_them = Purchase.objects.unscoped(reason="the demo world's own")
        known = {
            "flagged": all_of_them.get(title=FLAGGED_TITLE),
            "waiting": all_of_them.get(title=WAITING_TITLE),
        }
    _publish_a_rule_that_asks_the_centre()
    return known | {state: _walked(state, walk) for state, walk in WALKS.items()}


def _publish_a_rule_that_asks_the_centre() -> None:
    known = Rule.objects.get(code="listed_party", version__policy__code="jp-2020")
    with acting_as(person("policy")):
        policy = Policy.objects.create(
            code="consult-demo",
            name_en="Consultation on parties of concern",
            name_local="懸念主体に係る事前協議",
            illustrative=True,
        )
        version = PolicyVersion.objects.create(
            policy=policy,
            label="2026-04-01",
            in_force=DateRange(date(2026, 4, 1), None),
            sensitive_missions=[],
            source="Made up for the tests",
            drafted_by=person("policy"),
        )
        Rule.objects.create(
            version=version,
            code="listed_party_consult",
            clause_en="For work in agriculture, the central authority is asked before an aircraft of a listed party is acquired.",
            clause_local="農林水産業務に用いる無人航空機で懸念主体が関与するものは、調達前に中央当局に協議する。",
            authoritative="ja",
            citation="Made up for the tests",
            level="consult",
            on_unknown="consult",
            min_grade=known.min_grade,
            scope={"kind": "mission_in", "missions": [CONSULTED_MISSION]},
            criterion=known.criterion,
            held=known.held,
        )
    with acting_as(person("policy2")):
        publish(version=version, by=person("policy2"))
    assess_builds(stale_builds())


def _walked(state: str, walk: Iterable[tuple[Action, str]]) -> Purchase:
    purchase = _started(state)
    for action, who in walk:
        by = person(who)
        with acting_as(by):
            now = Purchase.objects.visible_to(by).select_related("dossier").get(pk=purchase.pk)
            perform(action, now.pk, by=by, request=_request(action, now, by))
    return purchase


def _started(state: str) -> Purchase:
    consulted = state == "consultation"
    purchase = Purchase(
        agency=Agency.objects.get(code="jp-jcg"),
        kind=Purchase.Kind.PURCHASE,
        title=TITLES[state],
        purpose="夜間の海難救助における要救助者の捜索に使用する。",
        missions=[CONSULTED_MISSION if consulted else "rescue"],
    )
    build = Build.objects.get(model__name=FLAGGED if consulted else CLEAN, configuration_known=True)
    supplier = Vendor.objects.get(name=SUPPLIER)
    line = Line(build=build, quantity=2, unit_price=2_750_000, supplier=supplier)
    by = person("custodian")
    with acting_as(by):
        return start_purchase(purchase=purchase, lines=[line], by=by)


def _request(action: Action, purchase: Purchase, by: Person) -> Request:
    return Request(
        version=purchase.version,
        digest=purchase.dossier.digest if purchase.dossier else "",
        **_handed_in(action, purchase, by),
    )


def _handed_in(action: Action, purchase: Purchase, by: Person) -> dict[str, Any]:
    match action:
        case Action.RETURN | Action.DECLINE | Action.CANCEL:
            letter = "数量の根拠が示されていません。\n\n見積書を添えて、再度申請してください。"
            return {"reasons": ["mission_unclear", "price_unclear"], "letter": letter}
        case Action.ORDER:
            return {"contract_reference": "R8-117"}
        case Action.RECEIVE:
            line = lines_of(purchase, by)[0]
            serial = f"16688{purchase.pk.hex[-7:].upper()}"
            units = [Unit(line.pk, f"{serial}{number}", "横浜") for number in range(line.quantity)]
            return {"units": units}
        case _:
            return {}


def looks(purchases: Mapping[str, Purchase]) -> list[Look]:
    """Every page type at least once, and once more each shape that has something of its own."""
    with acting_as(None):
        return [
            *_of_accounts(),
            *_of_the_catalogue(),
            *_of_drones(),
            *_of_rules(),
            *_of_purchases(purchases),
            *_of_steps(purchases),
            *_of_errors(purchases),
        ]


def _plain(routes: Iterable[str], who: str) -> list[Look]:
    return [Look(route, reverse(route), who) for route in routes]


def _numbered(keys: Mapping[str, object], who: str) -> list[Look]:
    return [Look(route, reverse(route, args=[key]), who) for route, key in keys.items()]


def _of_accounts() -> list[Look]:
    strangers = (
        "account_login",
        "account_inactive",
        "account_signup",
        "account_email_verification_sent",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
    )
    members = (
        "account_logout",
        "account_reauthenticate",
        "account_email",
        "account_change_password",
        "notices",
        "notice_settings",
    )
    confirm = reverse("account_confirm_email", kwargs={"key": "no-such-key"})
    reset = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "no-such-key"})
    return [
        *_plain(strangers, ""),
        *_plain(members, "custodian"),
        Look("mails", reverse("mails"), "admin"),
        Look("account_confirm_email", confirm, ""),
        Look("account_reset_password_from_key", reset, ""),
    ]


def _of_the_catalogue() -> list[Look]:
    build = Build.objects.get(model__name=FLAGGED, configuration_known=True)
    model = DroneModel.objects.get(name=FLAGGED)
    numbered = {
        "model": model.pk,
        "build": build.pk,
        "build_results": build.pk,
        "build_history": build.pk,
        "vendor": model.manufacturer_id,
        "vendor_products": model.manufacturer_id,
        "vendor_history": model.manufacturer_id,
    }
    component = Component.objects.filter(build=build)[0].pk
    return [
        *_plain(("models", "builds", "vendors", "styleguide", "glossary", "search"), "reviewer"),
        *_numbered(numbered, "reviewer"),
        *_numbered({"edit_component": component}, "steward"),
    ]


def _of_drones() -> list[Look]:
    agency = Agency.objects.get(code="jp-jcg")
    held = Drone.objects.unscoped(reason="the demo world's own").filter(agency=agency)
    drone = held.filter(build__model__name=FLAGGED, build__configuration_known=True)[0].pk
    of_one = ("drone", "drone_components", "drone_results", "drone_history", "edit_drone")
    must_go = reverse("drones") + "?standing=phase_out&standing=ground&held=true"
    return [
        *(Look("home", reverse("home"), who) for who in ("custodian", "reviewer", "leader")),
        *_plain(("drones", "new_drone"), "custodian"),
        Look("drones", must_go, "leader"),
        Look("drones", reverse("drones") + "?q=no-such-number"),
        *_numbered(dict.fromkeys(of_one, drone), "custodian"),
        *_plain(("agencies", "dashboards"), "leader"),
        *_numbered({"agency": agency.pk, "agency_dashboard": agency.pk}, "leader"),
        *_plain(["history"], "auditor"),
    ]


def _of_rules() -> list[Look]:
    companies = ReferenceList.objects.get(code="parties-of-concern").pk
    edition = Edition.objects.filter(list=companies).latest("edition")
    rule = Rule.objects.get(code="listed_party")
    numbered = {
        "list": companies,
        "match_proposals": companies,
        "edition": edition.pk,
        "policy": rule.version.policy_id,
        "rule": rule.pk,
        "rule_results": rule.pk,
    }
    entry, vendor = edition.entries.all()[0].key, Vendor.objects.get(name=SUPPLIER).pk
    deciding = reverse("decide_match", args=[companies]) + f"?entry={entry}&vendor={vendor}"
    return [
        *_plain(("lists", "policies"), "steward"),
        *_numbered(numbered, "steward"),
        Look("decide_match", deciding, "steward"),
    ]


def _of_purchases(purchases: Mapping[str, Purchase]) -> list[Look]:
    def at(route: str, state: str, who: str = "custodian") -> Look:
        return Look(route, reverse(route, args=[purchases[state].pk]), who)

    return [
        *_plain(("purchases", "new_purchase"), "custodian"),
        *_plain(["reviews"], "reviewer"),
        *(at("purchase", state) for state in purchases),
        *(at(route, "draft") for route in BY_STEPS),
        *_lines_of(purchases["draft"]),
        *(at("edit_purchase", state) for state in ("draft", "returned")),
        at("review", "flagged", "reviewer"),
        at("review", "consultation", "officer"),
        at("review", "approved", "reviewer"),
    ]


BY_STEPS = (
    "purchase_step_request",
    "purchase_step_lines",
    "purchase_step_terms",
    "purchase_step_documents",
    "purchase_step_overview",
)


def _lines_of(draft: Purchase) -> list[Look]:
    """A new line of each kind, a stored one, and the form that has everything on one page."""
    line = draft.lines.unscoped(reason="the demo world's own").values_list("pk", flat=True)[0]
    new = reverse("new_line", args=[draft.pk])
    return [
        *(Look("new_line", f"{new}?kind={kind}") for kind in Line.Kind.values),
        Look("edit_line", reverse("edit_line", args=[draft.pk, line])),
        Look("new_purchase", reverse("new_purchase") + "?all"),
    ]


STEPS = {
    Action.SUBMIT: ("draft", "custodian"),
    Action.APPROVE: ("waiting", "approver"),
    Action.RECORD_ANSWER: ("consultation", "officer"),
    Action.RETURN: ("flagged", "reviewer"),
    Action.DECLINE: ("flagged", "reviewer"),
    Action.WITHDRAW: ("flagged", "custodian"),
    Action.REFRESH: ("flagged", "reviewer"),
    Action.RECHECK: ("approved", "reviewer"),
    Action.CANCEL: ("approved", "custodian"),
    Action.ORDER: ("approved", "custodian"),
    Action.RECEIVE: ("ordered", "inspector"),
    Action.CLOSE: ("received", "approver"),
    Action.AMEND: ("approved", "custodian"),
    Action.ASK_EVIDENCE: ("flagged", "reviewer"),
}


def _of_steps(purchases: Mapping[str, Purchase]) -> list[Look]:
    return [
        Look(f"purchase_{step}", reverse(f"purchase_{step}", args=[purchases[state].pk]), who)
        for step, (state, who) in STEPS.items()
    ]


def _of_errors(purchases: Mapping[str, Purchase]) -> list[Look]:
    flagged = purchases["flagged"].pk
    approving = reverse("purchase_approve", args=[flagged])
    return [
        Look("purchase", reverse("purchase", args=[flagged]), "other", 404),
        Look("purchase_approve", approving, "custodian", 403),
        Look("purchase_approve", approving, "reviewer", 409),
        Look("drones", reverse("drones") + "?after=nonsense", "custodian", 400),
    ]


# ---- What is found by trying: pages about a row of the demo world, for whoever may open them

READERS = (
    "steward",
    "custodian",
    "reviewer",
    "policy",
    "officer",
    "inspector",
    "approver",
    "other",
)
ROWS_TRIED = 30


def found(done: Collection[str]) -> list[Look]:
    """One look at each route that is not among these, where somebody of the demo world may open it."""
    clients = {name: signed_in(person(name)) for name in READERS}
    rest = {name: route for name, route in routes().items() if name not in done}
    tried = (_first(name, route, clients) for name, route in rest.items())
    return [look for look in tried if look]


def _first(name: str, route: URLPattern, clients: Mapping[str, Client]) -> Look | None:
    for address in _addresses(name, route):
        for who, client in clients.items():
            answer = client.get(address)
            if answer.status_code == 200 and not answer.has_header("Content-Disposition"):
                return Look(name, address, who)
    return None


def _addresses(name: str, route: URLPattern) -> Iterator[str]:
    keys = list(route.pattern.converters)
    if not keys:
        yield reverse(name)
    for values in _values(str(route.pattern), len(keys)):
        with suppress(NoReverseMatch):
            yield reverse(name, kwargs=dict(zip(keys, values, strict=True)))


def _values(pattern: str, count: int) -> Iterator[tuple[object, ...]]:
    """Keys of rows of the model that the address begins with; of pages of two rows, kind and key."""
    model = MODELS.get(pattern.split("/", maxsplit=1)[0])
    with acting_as(None):
        if count == 1 and model is not None:
            yield from [(pk,) for pk in _keys(model)]
        if count == 2:
            yield from [(kind, pk) for kind, each in MODELS.items() for pk in _keys(each)[:3]]


def _keys(model: type[models.Model]) -> list[object]:
    manager = model._default_manager
    rows = (
        manager.unscoped(reason="the demo world's own")
        if isinstance(manager, ScopedManager)
        else manager.all()
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_TRIED])


MODELS: dict[str, type[models.Model]] = {
    "drones": Drone,
    "vendors": Vendor,
    "models": DroneModel,
    "builds": Build,
    "components": Component,
    "policies": Policy,
    "versions": PolicyVersion,
    "rules": Rule,
    "lists": ReferenceList,
    "editions": Edition,
    "waivers": Waiver,
    "purchases": Purchase,
    "declarations": Declaration,
    "links": OwnershipLink,
    "identifiers": VendorIdentifier,
    "vendor-names": VendorName,
    "measures": Measure,
    "attributes": Attribute,
    "certificates": DroneCertificate,
    "transfers": TransferOffer,
    "imports": ImportSession,
    "agencies": Agency,
}
