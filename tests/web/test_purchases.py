"""The pages of purchases: list, form with its live check, record page, and the steps."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from compliance.assess import assess_builds
from procurement.models import Line, Purchase
from procurement.states import Action
from registry.models import Build, Component, Drone
from tests.people import People, Tree
from tests.web.journeys import (
    filled,
    fresh,
    handed,
    main_of,
    ordered,
    seen_by,
    step,
    text_of,
)
from tests.worlds import World, draft, publish
from web import live_check

pytestmark = pytest.mark.django_db


class TestTheForm:
    def test_a_custodian_stores_a_draft_and_sees_its_page(self, world: World, aiko: Person) -> None:
        answer = seen_by(aiko).post(
            "/purchases/new/?all", filled(world.clean, agency=_agency(aiko))
        )
        assert answer.status_code == 302, text_of(answer)
        page = text_of(seen_by(aiko).get(answer["location"]))
        assert "Two aircraft for the coast" in page
        assert "Whose turn it is Yours The requester: Aiko" in page
        assert "1,200,000" in page

    def test_a_purchase_without_lines_or_missions_is_refused_with_what_is_missing(
        self, world: World, aiko: Person
    ) -> None:
        data = filled(agency=_agency(aiko), missions=[])
        data["lines-TOTAL_FORMS"] = 0
        answer = seen_by(aiko).post("/purchases/new/?all", data)
        assert answer.status_code == 422
        assert "Missions — This field is required." in text_of(answer)
        answer = seen_by(aiko).post("/purchases/new/?all", data | {"missions": ["rescue"]})
        assert answer.status_code == 422
        assert "Add at least one line" in text_of(answer)

    def test_a_custodian_cannot_ask_for_an_agency_of_others(
        self, world: World, aiko: Person, tree: Tree
    ) -> None:
        answer = seen_by(aiko).post(
            "/purchases/new/?all", filled(world.clean, agency=tree.forestry.pk)
        )
        assert answer.status_code == 422
        with acting_as(aiko):
            assert not Purchase.objects.visible_to(aiko).exists()

    def test_only_custodians_ask(self, world: World, rin: Person) -> None:
        answer = seen_by(rin).get("/purchases/new/?all")
        assert answer.status_code == 403
        assert "Only a custodian asks for purchases." in text_of(answer)

    def test_sensitive_missions_are_marked(self, world: World, aiko: Person) -> None:
        page = text_of(seen_by(aiko).get("/purchases/new/?all"))
        assert "Search and rescue (sensitive)" in page
        assert "Forestry (sensitive)" not in page

    def test_an_edit_changes_lines_adds_new_ones_and_takes_others_out(
        self, world: World, purchase: Purchase, aiko: Person
    ) -> None:
        line = _lines(purchase, aiko)[0]
        data = filled(world.clean, world.listed, version=purchase.version)
        data |= {"lines-INITIAL_FORMS": 1, "lines-0-line": line.pk, "lines-0-DELETE": "on"}
        answer = seen_by(aiko).post(f"/purchases/{purchase.pk}/edit/", data)
        assert answer.status_code == 302, text_of(answer)
        assert [each.build_id for each in _lines(purchase, aiko)] == [world.listed.pk]

    def test_the_form_of_a_draft_shows_what_is_stored_and_what_rules_say_of_it(
        self, world: World, people: People, tree: Tree
    ) -> None:
        listed = draft(people.aiko, tree.coast_guard, world.listed, quantity=7)
        answer = seen_by(people.aiko).get(f"/purchases/{listed.pk}/edit/")
        assert 'value="7"' in main_of(answer)
        assert f'value="{world.listed.pk}" selected' in main_of(answer)
        assert "KITE WORKS CO., LTD." in text_of(answer)

    def test_a_build_added_since_the_last_request_is_offered(
        self, world: World, aiko: Person
    ) -> None:
        client = seen_by(aiko)
        client.get("/purchases/new/?all")
        with acting_as(None):
            added = Build.objects.create(model=world.clean.model, name="Night edition")
        assert str(added) in text_of(client.get("/purchases/new/?all"))

    def test_an_edit_of_what_was_changed_meanwhile_is_refused(
        self, world: World, purchase: Purchase, aiko: Person
    ) -> None:
        data = filled(world.listed, version=purchase.version - 1)
        answer = seen_by(aiko).post(f"/purchases/{purchase.pk}/edit/", data)
        assert answer.status_code == 409
        assert "was changed since you opened it" in text_of(answer)
        assert [each.build_id for each in _lines(purchase, aiko)] == [world.clean.pk]

    def test_the_version_is_compared_on_a_locked_row(
        self, world: World, purchase: Purchase, aiko: Person
    ) -> None:
        client, path = seen_by(aiko), f"/purchases/{purchase.pk}/edit/"
        with CaptureQueriesContext(connection) as taken:
            client.post(path, filled(world.listed, version=purchase.version))
        reads = [each["sql"] for each in taken if 'FROM "procurement_purchase"' in each["sql"]]
        assert reads[0].endswith('FOR UPDATE OF "procurement_purchase"')

    def test_a_line_of_another_purchase_is_unknown_to_the_form(
        self, world: World, purchase: Purchase, aiko: Person
    ) -> None:
        other = _lines(draft(aiko, purchase.agency, world.clean), aiko)[0]
        data = filled(world.listed, version=purchase.version)
        data |= {"lines-INITIAL_FORMS": 1, "lines-0-line": other.pk}
        answer = seen_by(aiko).post(f"/purchases/{purchase.pk}/edit/", data)
        assert answer.status_code == 422
        assert "A line is not part of this purchase." in text_of(answer)

    def test_what_is_under_review_cannot_be_edited(
        self, world: World, purchase: Purchase, aiko: Person
    ) -> None:
        step(purchase, Action.SUBMIT, aiko)
        for answer in (
            seen_by(aiko).get(f"/purchases/{purchase.pk}/edit/"),
            seen_by(aiko).post(f"/purchases/{purchase.pk}/edit/", filled(world.listed)),
        ):
            assert answer.status_code == 409
            assert "edited as a draft only" in text_of(answer)


class TestTheLiveCheck:
    def test_it_says_what_would_be_flagged_and_why(self, world: World, aiko: Person) -> None:
        page = _check(aiko, filled(world.listed, agency=_agency(aiko)))
        assert "May not be acquired" in page
        assert "KITE WORKS CO., LTD." in page
        assert "Agreement of 14 September 2020" in page

    def test_it_says_what_is_missing_and_who_could_supply_it(
        self, world: World, aiko: Person
    ) -> None:
        page = _check(aiko, filled(world.no_radio, agency=_agency(aiko)))
        assert "Undetermined" in page
        assert re.search(r"radio[^.]* is not known\..* can supply", page)

    def test_it_names_registered_builds_that_would_pass(self, world: World, aiko: Person) -> None:
        _assess()
        page = _check(aiko, filled(world.listed, agency=_agency(aiko)))
        offered = page.split("Registered builds that would pass for the same missions")[1]
        assert str(world.clean) in offered
        assert str(world.no_radio) not in offered
        assert str(world.unknown) not in offered

    def test_a_build_whose_stored_result_is_out_of_date_is_not_recommended(
        self, world: World, aiko: Person
    ) -> None:
        _assess()
        with acting_as(None):
            Component.objects.filter(build=world.clean, role="radio").update(made_in=["CN"])
        page = _check(aiko, filled(world.listed, agency=_agency(aiko)))
        assert "No registered build is known to pass" in page

    def test_a_build_that_was_evaluated_since_is_named_at_once(
        self, world: World, aiko: Person
    ) -> None:
        asked = filled(world.listed, agency=_agency(aiko))
        assert str(world.clean) not in _check(aiko, asked)
        _assess()
        assert str(world.clean) in _check(aiko, asked)

    def test_of_many_rules_the_first_are_explained_and_the_others_named(
        self, world: World, aiko: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live_check, "EXPLAINED", 1)
        page = _check(aiko, filled(world.listed, agency=_agency(aiko)))
        assert page.count("If not met:") == 1
        assert "1 more rule that is not met or not known" in page

    def test_for_work_that_no_rule_is_for_nothing_is_flagged(
        self, world: World, aiko: Person
    ) -> None:
        page = _check(aiko, filled(world.listed, agency=_agency(aiko), missions=["forestry"]))
        assert "Nothing would be flagged today." in page

    def test_it_works_without_javascript_and_stores_nothing(
        self, world: World, aiko: Person
    ) -> None:
        answer = seen_by(aiko).post("/purchases/check/", filled(world.listed, agency=_agency(aiko)))
        assert answer.status_code == 200
        assert "Store the draft" in text_of(answer)
        assert "May not be acquired" in text_of(answer)
        with acting_as(aiko):
            assert not Purchase.objects.visible_to(aiko).exists()

    def test_it_says_what_it_needs_first(self, world: World, aiko: Person) -> None:
        assert "Choose a build" in _check(aiko, filled(agency=_agency(aiko)))

    def test_it_takes_no_more_queries_for_more_lines(self, world: World, aiko: Person) -> None:
        def queries(*builds: Build) -> int:
            client, data = seen_by(aiko), filled(*builds, agency=_agency(aiko))
            with CaptureQueriesContext(connection) as taken:
                client.post("/purchases/check/", data, headers={"hx-request": "true"})
            return len(taken)

        queries(world.listed)  # whatever is kept after the first request
        one, three = queries(world.listed), queries(world.listed, world.clean, world.no_radio)
        assert three == one + 2  # the form looks up the build of each line by its id

    def test_a_purchase_of_another_agency_cannot_be_named(
        self, world: World, purchase: Purchase, daisuke: Person
    ) -> None:
        data = filled(world.clean, purchase=purchase.pk)
        assert seen_by(daisuke).post("/purchases/check/", data).status_code == 404
        data["purchase"] = "nonsense"
        assert seen_by(daisuke).post("/purchases/check/", data).status_code == 404


class TestTheList:
    def test_each_filter_finds_what_it_says(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        flagged = draft(people.mika, purchase.agency, world.listed, title="Kites")
        step(flagged, Action.SUBMIT, people.mika)
        client = seen_by(people.aiko)
        expected = {
            "": {purchase.title, "Kites"},
            "?status=agency_review": {"Kites"},
            "?answer=flagged": {"Kites"},
            "?answer=clean": set(),
            "?mine=true": {purchase.title},
            "?mission=criminal_investigation&status=draft": {purchase.title},
            "?mission=forestry": set(),
            "?q=kites": {"Kites"},
            f"?q={purchase.number}": {purchase.title},
            "?agency=jcg&status=draft": {purchase.title},
        }
        assert {query: _titles(client, query) for query in expected} == expected

    def test_a_filter_is_a_sentence_that_can_be_taken_away(
        self, world: World, purchase: Purchase, aiko: Person
    ) -> None:
        answer = seen_by(aiko).get("/purchases/?status=draft&mine=true")
        assert "Status is “draft”" in text_of(answer)
        assert 'href="/purchases/?mine=true"' in main_of(answer)

    def test_an_empty_list_says_whether_it_is_the_filter(self, world: World, aiko: Person) -> None:
        assert "Nobody has asked for anything yet" in text_of(seen_by(aiko).get("/purchases/"))
        page = text_of(seen_by(aiko).get("/purchases/?status=draft"))
        assert "matches these filters" in page

    def test_another_agency_sees_nothing_of_it(
        self, world: World, purchase: Purchase, daisuke: Person
    ) -> None:
        page = seen_by(daisuke).get("/purchases/")
        assert purchase.number not in page.content.decode()
        assert "Japan Coast Guard" not in main_of(page)

    def test_htmx_gets_the_list_alone(self, world: World, purchase: Purchase, aiko: Person) -> None:
        answer = seen_by(aiko).get(
            "/purchases/", headers={"hx-request": "true", "hx-target": "list"}
        )
        assert purchase.number in answer.content.decode()
        assert "<html" not in answer.content.decode()

    def test_it_takes_no_more_queries_for_more_rows(
        self, world: World, purchase: Purchase, aiko: Person
    ) -> None:
        one = _queries(aiko, "/purchases/")
        for number in range(9):
            draft(aiko, purchase.agency, world.clean, title=f"More {number}")
        assert _queries(aiko, "/purchases/") == one


class TestTheRecord:
    def test_another_agencys_purchase_answers_as_one_that_does_not_exist(
        self, world: World, purchase: Purchase, daisuke: Person
    ) -> None:
        client = seen_by(daisuke)
        for path in ("", "edit/", *(f"{each.value}/" for each in Action)):
            guessed = client.get(f"/purchases/{purchase.pk}/{path}")
            absent = client.get(f"/purchases/{uuid4()}/{path}")
            assert (guessed.status_code, guessed.content) == (404, absent.content), path

    def test_a_draft_shows_what_rules_would_say_today(
        self, world: World, people: People, tree: Tree
    ) -> None:
        listed = draft(people.aiko, tree.coast_guard, world.listed)
        page = text_of(seen_by(people.aiko).get(f"/purchases/{listed.pk}/"))
        assert "What the rules say today" in page
        assert "KITE WORKS CO., LTD." in page
        assert "Not frozen yet" in page

    def test_the_result_names_clause_entry_edition_and_path(
        self, world: World, people: People, tree: Tree
    ) -> None:
        listed = step(
            draft(people.aiko, tree.coast_guard, world.listed), Action.SUBMIT, people.aiko
        )
        assert listed.dossier
        page = text_of(seen_by(people.ben).get(f"/purchases/{listed.pk}/"))
        assert "No party of concern takes part." in page
        assert "KITE WORKS CO., LTD." in page
        assert "edition 1 April 2021" in page or "1 Apr 2021" in page, page
        assert "Declaration of origin" in page
        assert listed.dossier.digest in page

    def test_it_says_whose_turn_it_is_and_offers_only_what_the_reader_may_do(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        step(purchase, Action.SUBMIT, people.aiko)
        path = f"/purchases/{purchase.pk}/"
        page = text_of(seen_by(people.aiko).get(path))
        assert "An approver of the agency approves, returns or declines it." in page
        assert _offered(people.aiko, path) == {"withdraw"}
        assert _offered(people.ben, path) == {
            "approve",
            "return",
            "decline",
            "ask_evidence",
            "refresh",
        }
        assert _offered(people.rin, path) == set()

    def test_the_timeline_tells_moves_and_changes_with_their_reasons(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        step(purchase, Action.SUBMIT, people.aiko)
        step(
            purchase,
            Action.RETURN,
            people.ben,
            reasons=["price_unclear", "other"],
            letter="Why two?",
        )
        data = filled(
            world.clean, version=fresh(purchase, people.aiko).version, title="One aircraft"
        )
        line = _lines(purchase, people.aiko)[0]
        data |= {"lines-INITIAL_FORMS": 1, "lines-0-line": line.pk}
        seen_by(people.aiko).post(f"/purchases/{purchase.pk}/edit/", data)
        page = text_of(seen_by(people.aiko).get(f"/purchases/{purchase.pk}/"))
        assert "Returned it to the requester." in page
        assert "The quantity or the price needs an explanation; Another reason" in page
        assert "Why two?" in page
        told = page.split("Timeline")[1]
        assert "One aircraft" in told
        assert "edited at" not in told.lower()
        assert "It was returned." in page

    def test_what_people_write_is_shown_as_text(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        step(purchase, Action.SUBMIT, people.aiko)
        step(purchase, Action.RETURN, people.ben, reasons=["other"], letter="<b>one</b>\ntwo")
        page = main_of(seen_by(people.aiko).get(f"/purchases/{purchase.pk}/"))
        assert "&lt;b&gt;one&lt;/b&gt;<br>two" in page

    def test_it_takes_no_more_queries_for_more_lines_and_moves(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        step(purchase, Action.SUBMIT, people.aiko)
        path = f"/purchases/{purchase.pk}/"
        few = _queries(people.aiko, path)
        for _round in range(2):
            step(purchase, Action.RETURN, people.ben, reasons=["other"], letter="Again.")
            with acting_as(people.aiko):
                Line.objects.create(
                    agency=purchase.agency, purchase=purchase, build=world.no_radio, quantity=1
                )
            step(purchase, Action.SUBMIT, people.aiko)
        assert _queries(people.aiko, path) <= few


class TestTheSteps:
    def test_each_page_says_what_happens_next_before_its_button(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        page = text_of(seen_by(people.aiko).get(f"/purchases/{purchase.pk}/submit/"))
        said = page.index("an approver of the agency reviews it")
        assert said < page.rindex("Submit for review")
        step(purchase, Action.SUBMIT, people.aiko)
        page = text_of(seen_by(people.ben).get(f"/purchases/{purchase.pk}/approve/"))
        assert "goes on to a security reviewer" in page

    def test_a_purchase_walks_from_draft_to_received_by_its_pages(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        line = _lines(purchase, people.aiko)[0]
        walk = [
            (people.aiko, "submit", {}, "agency_review"),
            (people.ben, "approve", {}, "security_review"),
            (people.chie, "approve", {}, "approved"),
            (people.aiko, "order", {"contract_reference": "K-17"}, "ordered"),
            (people.emi, "receive", {f"serial-{line.pk}-1": "A1"}, "ordered"),
            (people.emi, "receive", {f"serial-{line.pk}-1": "A2"}, "received"),
            (people.ben, "close", {}, "closed"),
        ]
        for person, name, data, status in walk:
            answer = _take(person, purchase, name, **data)
            assert answer.status_code == 302, (name, text_of(answer))
            assert fresh(purchase, person).status == status, name
        with acting_as(people.aiko):
            serials = Drone.objects.visible_to(people.aiko).filter(build=world.clean)
            assert {"A1", "A2"} <= set(serials.values_list("serial_number", flat=True))

    def test_the_requester_cannot_approve(self, world: World, people: People, tree: Tree) -> None:
        own = step(draft(people.nao, tree.coast_guard, world.clean), Action.SUBMIT, people.nao)
        for answer in (
            seen_by(people.nao).get(f"/purchases/{own.pk}/approve/"),
            _take(people.nao, own, "approve"),
        ):
            assert answer.status_code == 403
            assert "Nobody decides on their own work." in text_of(answer)
        assert fresh(own, people.nao).status == "agency_review"

    def test_a_step_that_is_not_possible_from_here_tells_what_happened(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        step(purchase, Action.SUBMIT, people.aiko)
        seen = handed(purchase, people.ben)
        step(purchase, Action.RETURN, people.ben, reasons=["other"], letter="Say why.")
        answer = seen_by(people.ben).post(f"/purchases/{purchase.pk}/approve/", seen)
        assert answer.status_code == 409
        assert "Returned it to the requester." in text_of(answer)

    def test_a_blocked_purchase_cannot_be_approved_and_says_why(
        self, world: World, people: People, tree: Tree
    ) -> None:
        listed = step(
            draft(people.aiko, tree.coast_guard, world.listed), Action.SUBMIT, people.aiko
        )
        step(listed, Action.APPROVE, people.ben)
        page = text_of(seen_by(people.chie).get(f"/reviews/{listed.pk}/"))
        assert "A blocking rule is not met or cannot be decided" in page
        assert _take(people.chie, listed, "approve").status_code == 409
        assert fresh(listed, people.chie).status == "security_review"

    def test_what_was_listed_meanwhile_stops_the_approval_with_the_difference_and_a_way_on(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        step(purchase, Action.SUBMIT, people.aiko)
        with acting_as(None):
            Component.objects.filter(build=world.clean, role="radio").update(made_in=["CN"])
        answer = _take(people.ben, purchase, "approve")
        assert answer.status_code == 409
        assert f"/purchases/{purchase.pk}/refresh/" in main_of(answer)
        page = text_of(seen_by(people.ben).get(f"/purchases/{purchase.pk}/refresh/"))
        assert "CN" in page.split("What differs today from the dossier")[1]
        assert _take(people.ben, purchase, "refresh").status_code == 302
        assert _take(people.ben, purchase, "approve").status_code == 302

    def test_a_new_edition_that_changes_nothing_used_stops_nothing(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        step(purchase, Action.SUBMIT, people.aiko)
        with acting_as(None):
            publish(world.companies, date(2026, 6, 8), {"kite works": "KITE WORKS", "x": "X"})
        assert _take(people.ben, purchase, "approve").status_code == 302

    def test_a_return_without_a_reason_is_refused_at_its_field(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        step(purchase, Action.SUBMIT, people.aiko)
        answer = _take(people.ben, purchase, "return", letter="No.")
        assert answer.status_code == 422
        assert "Reasons — This field is required." in text_of(answer)

    def test_several_reasons_fill_a_letter_in_the_requesters_language(
        self, world: World, people: People, tree: Tree
    ) -> None:
        listed = step(
            draft(people.aiko, tree.coast_guard, world.listed), Action.SUBMIT, people.aiko
        )
        answer = seen_by(people.ben, language="ja").post(
            f"/purchases/{listed.pk}/return/letter/",
            handed(listed, people.ben, reasons=["rule_failed", "price_unclear"]),
            headers={"hx-request": "true"},
        )
        written = text_of(answer)
        assert "KITE WORKS CO., LTD." in written
        assert "No party of concern takes part." in written
        assert "Explain the quantity and the unit price." in written
        assert "<html" not in answer.content.decode()

    def test_what_was_written_by_hand_stays_when_a_reason_is_added(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        step(purchase, Action.SUBMIT, people.aiko)
        answer = seen_by(people.ben).post(
            f"/purchases/{purchase.pk}/return/letter/",
            handed(
                purchase,
                people.ben,
                reasons=["price_unclear", "mission_unclear"],
                drafted=["price_unclear"],
                letter="Dear Aiko, why two and not one?",
            ),
        )
        page = text_of(answer)
        assert answer.status_code == 200
        assert "Dear Aiko, why two and not one?" in page
        assert "Say more exactly which missions" in page
        assert "Explain the quantity" not in page

    def test_serial_numbers_that_are_taken_are_refused_by_number(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        ordered(purchase, people)
        line = _lines(purchase, people.aiko)[0]
        taken = {f"serial-{line.pk}-1": world.patrol.serial_number}
        answer = _take(people.emi, purchase, "receive", **taken)
        assert answer.status_code == 422
        assert "already has an aircraft with this serial number" in text_of(answer)

    def test_an_order_needs_its_contract(
        self, world: World, purchase: Purchase, people: People
    ) -> None:
        step(purchase, Action.SUBMIT, people.aiko)
        step(purchase, Action.APPROVE, people.ben)
        step(purchase, Action.APPROVE, people.chie)
        answer = _take(people.aiko, purchase, "order")
        assert answer.status_code == 422
        assert "Contract reference — This field is required." in text_of(answer)

    def test_a_forged_version_is_no_number(
        self, world: World, purchase: Purchase, aiko: Person
    ) -> None:
        answer = seen_by(aiko).post(f"/purchases/{purchase.pk}/submit/", {"version": "x"})
        assert answer.status_code == 422


def _agency(person: Person) -> int:
    return min(person.scope.agencies)


def _lines(purchase: Purchase, person: Person) -> list[Line]:
    with acting_as(person):
        return list(purchase.lines.visible_to(person))


def _take(person: Person, purchase: Purchase, name: str, **data: object) -> Any:
    return seen_by(person).post(
        f"/purchases/{purchase.pk}/{name}/", handed(purchase, person, **data)
    )


def _check(person: Person, data: dict[str, object]) -> str:
    answer = seen_by(person).post("/purchases/check/", data, headers={"hx-request": "true"})
    assert answer.status_code == 200, answer.content.decode()
    assert "<html" not in answer.content.decode()
    return text_of(answer)


def _titles(client: Client, query: str) -> set[str]:
    answer = client.get(f"/purchases/{query}")
    assert answer.status_code == 200, text_of(answer)
    return set(
        re.findall(r'<th scope="row"><a href="/purchases/[^>]*>([^<]*)</a>', main_of(answer))
    )


def _offered(person: Person, path: str) -> set[str]:
    page = main_of(seen_by(person).get(path))
    steps = "|".join(each.value for each in Action)
    return set(re.findall(rf'href="{path}({steps})/"', page))


def _queries(person: Person, path: str) -> int:
    client = seen_by(person)
    client.get(path)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(path).status_code == 200
    return len(taken)


def _assess() -> None:
    with acting_as(None):
        assess_builds(None, on=timezone.localdate())
