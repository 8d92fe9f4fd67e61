"""Asking for a purchase step by step: each step is stored when it is left, and can be come back to."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.context import acting_as
from agencies.models import Person
from procurement.models import Line, Move, Purchase
from procurement.states import Action
from tests.people import People, Tree
from tests.procurement.steps import freeze
from tests.refusals import NOT_NOW, refused
from tests.web.journeys import fresh, handed, main_of, seen_by, step, text_of
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db

WHAT_FOR = {
    "title": "One aircraft for the coast",
    "kind": "purchase",
    "missions": ["rescue"],
    "purpose": "Search along the coast at night.",
}


def begun(by: Person, **changes: object) -> Purchase:
    """A draft after its first step."""
    agency = min(by.scope.agencies)
    answer = seen_by(by).post("/purchases/new/", {**WHAT_FOR, "agency": agency, **changes})
    assert answer.status_code == 302, text_of(answer)
    with acting_as(by):
        purchase = Purchase.objects.visible_to(by).order_by("-recorded_at")[0]
    assert answer["location"] == f"/purchases/{purchase.pk}/steps/lines/"
    return fresh(purchase, by)


def lines(purchase: Purchase, by: Person) -> list[Line]:
    with acting_as(by):
        return list(purchase.lines.visible_to(by))


def add(purchase: Purchase, by: Person, kind: str, **given: object) -> int:
    """The status of the answer to a new line of this kind."""
    version = fresh(purchase, by).version
    address = f"/purchases/{purchase.pk}/lines/new/?kind={kind}"
    answer = seen_by(by).post(address, {"version": version, "quantity": 1, **given})
    return answer.status_code


def test_each_step_is_stored_and_the_last_one_leads_to_the_submission(
    world: World, aiko: Person
) -> None:
    purchase = begun(aiko)
    assert add(purchase, aiko, "aircraft", build=world.clean.pk, quantity=3) == 302
    line = lines(purchase, aiko)[0]
    client = seen_by(aiko)
    terms = {
        "version": fresh(purchase, aiko).version,
        f"supplier-{line.pk}": world.sora.pk,
        f"unit_price-{line.pk}": 700_000,
        "currency": "JPY",
        "needed_by": "2031-03-31",
    }
    answer = client.post(f"/purchases/{purchase.pk}/steps/terms/", terms)
    assert answer["location"] == f"/purchases/{purchase.pk}/steps/documents/"
    file = SimpleUploadedFile("quote.txt", b"three of them")
    answer = client.post(f"/purchases/{purchase.pk}/steps/documents/", {"file": file})
    assert answer.status_code == 302
    page = text_of(client.get(f"/purchases/{purchase.pk}/steps/overview/"))
    for said in ("S-1 — Standard", "2,100,000", "Sora Aircraft", "quote.txt", "31 Mar 2031"):
        assert said in page, said
    assert f'href="/purchases/{purchase.pk}/submit/"' in main_of(
        client.get(f"/purchases/{purchase.pk}/steps/overview/")
    )
    assert step(purchase, Action.SUBMIT, aiko).status == "agency_review"


def test_the_steps_say_which_are_done(world: World, aiko: Person) -> None:
    purchase = begun(aiko)
    client = seen_by(aiko)

    def done() -> int:
        return main_of(client.get(f"/purchases/{purchase.pk}/steps/overview/")).count(
            'data-step="done"'
        )

    assert done() == 1
    add(purchase, aiko, "aircraft", build=world.clean.pk)
    assert done() == 2


def test_errors_of_a_step_stand_at_that_step_and_store_nothing(world: World, aiko: Person) -> None:
    answer = seen_by(aiko).post("/purchases/new/", {**WHAT_FOR, "missions": []})
    assert answer.status_code == 422
    assert "Missions — This field is required." in text_of(answer)
    with acting_as(aiko):
        assert not Purchase.objects.visible_to(aiko).exists()


def test_a_lease_is_asked_for_its_days_at_the_first_step(world: World, aiko: Person) -> None:
    agency = min(aiko.scope.agencies)
    answer = seen_by(aiko).post("/purchases/new/", {**WHAT_FOR, "agency": agency, "kind": "lease"})
    assert answer.status_code == 422
    assert "a lease, a loan or a service contract begins and ends" in text_of(answer)


@pytest.mark.parametrize(
    ("kind", "asked", "not_asked"),
    [
        ("aircraft", "build", "role"),
        ("specification", "description", "build"),
        ("part", "role", "build"),
        ("software", "developed_in", "made_in"),
        ("service", "description", "role"),
    ],
)
def test_a_line_is_asked_only_for_what_its_kind_needs(
    kind: str, asked: str, not_asked: str, world: World, aiko: Person
) -> None:
    purchase = begun(aiko)
    page = main_of(seen_by(aiko).get(f"/purchases/{purchase.pk}/lines/new/?kind={kind}"))
    assert f'name="{asked}' in page
    assert f'name="{not_asked}' not in page


def test_a_part_is_stored_with_its_role_and_a_line_without_what_it_needs_is_not(
    world: World, aiko: Person
) -> None:
    purchase = begun(aiko)
    assert add(purchase, aiko, "part", description="Radio R-1") == 422
    assert add(purchase, aiko, "aircraft") == 422
    assert lines(purchase, aiko) == []
    given = {"description": "Radio R-1", "role": "radio", "maker": world.sora.pk}
    assert add(purchase, aiko, "part", **given) == 302
    stored = lines(purchase, aiko)[0]
    assert (stored.kind, stored.role, stored.maker_id) == ("part", "radio", world.sora.pk)


def test_a_line_is_changed_and_taken_out_and_the_others_stay(world: World, aiko: Person) -> None:
    purchase = begun(aiko)
    add(purchase, aiko, "aircraft", build=world.clean.pk)
    add(purchase, aiko, "service", description="Training")
    first, second = lines(purchase, aiko)
    client = seen_by(aiko)
    given = {
        "version": fresh(purchase, aiko).version,
        "build": world.listed.pk,
        "quantity": 5,
    }
    assert client.post(f"/purchases/{purchase.pk}/lines/{first.pk}/", given).status_code == 302
    assert [(each.build_id, each.quantity) for each in lines(purchase, aiko)] == [
        (world.listed.pk, 5),
        (None, 1),
    ]
    given = {"version": fresh(purchase, aiko).version}
    client.post(f"/purchases/{purchase.pk}/lines/{first.pk}/remove/", given)
    assert lines(purchase, aiko) == [second]


def test_what_was_changed_meanwhile_is_not_overwritten(world: World, aiko: Person) -> None:
    purchase = begun(aiko)
    address = f"/purchases/{purchase.pk}/steps/request/"
    stale = {**WHAT_FOR, "title": "Mine", "version": purchase.version}
    add(purchase, aiko, "aircraft", build=world.clean.pk)
    assert seen_by(aiko).post(address, stale).status_code == 409
    assert fresh(purchase, aiko).title == WHAT_FOR["title"]
    again = stale | {"version": fresh(purchase, aiko).version}
    assert seen_by(aiko).post(address, again).status_code == 302
    assert fresh(purchase, aiko).title == "Mine"
    assert len(lines(purchase, aiko)) == 1


def test_a_page_that_is_come_back_to_is_fetched_again(world: World, aiko: Person) -> None:
    purchase = begun(aiko)
    for name in ("request", "lines", "terms", "documents", "overview"):
        answer = seen_by(aiko).get(f"/purchases/{purchase.pk}/steps/{name}/")
        assert "no-store" in answer["Cache-Control"], name


def test_the_check_follows_what_is_typed_and_stores_nothing(world: World, aiko: Person) -> None:
    purchase = begun(aiko)
    address = f"/purchases/{purchase.pk}/lines/new/check/?kind=aircraft"
    given = {"version": purchase.version, "build": world.listed.pk, "quantity": 1}
    page = text_of(seen_by(aiko).post(address, given))
    assert "KITE WORKS CO., LTD." in page
    assert lines(purchase, aiko) == []
    add(purchase, aiko, "aircraft", build=world.listed.pk)
    address = f"/purchases/{purchase.pk}/steps/request/check/"
    page = text_of(seen_by(aiko).post(address, {**WHAT_FOR, "missions": ["forestry"]}))
    assert "KITE WORKS CO., LTD." not in page


def test_a_purchase_without_lines_cannot_be_submitted_on_any_way(
    world: World, aiko: Person
) -> None:
    purchase = begun(aiko)
    answer = seen_by(aiko).post(f"/purchases/{purchase.pk}/submit/", handed(purchase, aiko))
    assert answer.status_code == 409
    assert "add at least one line" in text_of(answer)
    dossier = freeze(purchase, aiko)
    with refused(NOT_NOW, "no_lines"), acting_as(aiko):
        Move.objects.create(
            agency_id=purchase.agency_id,
            purchase=purchase,
            action="submit",
            from_status="draft",
            to_status="agency_review",
            version=purchase.version,
            round=0,
            dossier=dossier,
            digest=dossier.digest,
            actor=aiko,
        )


def test_what_is_under_review_has_no_steps(world: World, purchase: Purchase, aiko: Person) -> None:
    step(purchase, Action.SUBMIT, aiko)
    for name in ("request", "lines", "terms", "documents", "overview"):
        answer = seen_by(aiko).get(f"/purchases/{purchase.pk}/steps/{name}/")
        assert answer.status_code == 409, name


def test_a_line_of_another_purchase_is_not_there(
    world: World, purchase: Purchase, people: People, tree: Tree
) -> None:
    other = draft(people.aiko, tree.coast_guard, world.clean)
    line = lines(other, people.aiko)[0]
    address = f"/purchases/{purchase.pk}/lines/{line.pk}/"
    assert seen_by(people.aiko).get(address).status_code == 404


def test_a_purchase_like_another_one_is_pointed_out_before_it_is_submitted(
    world: World, people: People, tree: Tree
) -> None:
    other = draft(people.aiko, tree.coast_guard, world.clean, title="The first half")
    purchase = begun(people.aiko)
    client = seen_by(people.aiko)
    address = f"/purchases/{purchase.pk}/steps/overview/"
    assert other.number not in text_of(client.get(address))
    add(purchase, people.aiko, "aircraft", build=world.clean.pk)
    assert other.number in text_of(client.get(address))
