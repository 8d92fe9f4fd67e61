"""The page of a review to somebody who works through the queue: the answer, what is new, documents, notes."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from procurement.looks import SITTING, look_at
from procurement.models import Look, Purchase
from procurement.states import Action
from records.models import AgencyAttachment
from records.services import attach, write_note
from registry.models import Build
from tests.people import People, Tree
from tests.web.journeys import fresh, main_of, seen_by, step, text_of
from tests.worlds import World, draft

pytestmark = pytest.mark.django_db


def submitted(by: Person, tree: Tree, build: Build) -> Purchase:
    return step(draft(by, tree.coast_guard, build), Action.SUBMIT, by)


def review_of(purchase: Purchase, person: Person, query: str = "", language: str = "en") -> str:
    return text_of(seen_by(person, language).get(f"/reviews/{purchase.pk}/{query}"))


def part(page: str, begins: str, ends: str) -> str:
    """What stands on the page from this heading to that one; the list of headings comes first."""
    return page.rsplit(begins, 1)[1].split(ends, maxsplit=1)[0]


def news(page: str) -> str:
    return part(page, "Since your last look", "Rules and their evidence")


def been_away(purchase: Purchase, person: Person, time: timedelta = SITTING * 2) -> None:
    """As if the person had last had it open so long ago."""
    with acting_as(person):
        Look.objects.visible_to(person).filter(purchase=purchase).update(at=timezone.now() - time)


class TestTheAnswer:
    def test_it_names_the_clauses_not_met_before_their_evidence(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.listed)
        main = main_of(seen_by(people.ben).get(f"/reviews/{purchase.pk}/"))
        summary = main.split('id="answer"')[1].split('id="news"')[0]
        assert "2 rules are not met" in summary
        anchors = re.findall(r'href="#([\w-]+)"', summary)
        assert len(anchors) == 2
        evidence = main.split('id="results"')[1]
        assert all(f'id="{anchor}"' in evidence for anchor in anchors)

    def test_it_says_what_is_missing_and_who_could_supply_it(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.no_radio)
        answer = part(review_of(purchase, people.ben), "The answer", "Since your last look")
        assert "1 rule cannot be decided: evidence is missing" in answer
        assert "can supply" in answer

    def test_it_says_what_that_means_for_the_decision(
        self, world: World, people: People, tree: Tree
    ) -> None:
        blocked = submitted(people.aiko, tree, world.listed)
        assert "As it stands it cannot be approved" in review_of(blocked, people.ben)
        clear = submitted(people.aiko, tree, world.clean)
        page = review_of(clear, people.ben)
        assert "No rule stands against it." in page
        assert "cannot be approved:" not in page

    def test_it_is_said_in_japanese_too(self, world: World, people: People, tree: Tree) -> None:
        purchase = submitted(people.aiko, tree, world.listed)
        page = review_of(purchase, people.ben, language="ja")
        assert "適合していない条項 2件" in page
        assert "このままでは承認できません。" in page


class TestWhatIsNew:
    def test_the_first_time_there_is_nothing_to_compare_with(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.clean)
        assert "You have not looked at this purchase before." in news(
            review_of(purchase, people.ben)
        )

    def test_it_shows_what_others_did_since_and_not_what_i_did(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.listed)
        review_of(purchase, people.ben)
        been_away(purchase, people.ben)
        with acting_as(people.aiko):
            write_note(on=purchase, text="The maker has been asked.", by=people.aiko)
        with acting_as(people.ben):
            write_note(on=purchase, text="I wait for it.", by=people.ben)
        for approver in (people.nao, people.ben):
            step(purchase, Action.REFRESH, approver)
        page = review_of(purchase, people.ben)
        assert "Steps: 1 · Notes: 1" in news(page)
        assert page.count("New to you") == 3  # with the purchase itself, recorded within the hour

    def test_a_reload_keeps_it_and_a_later_sitting_does_not(
        self, world: World, people: People, tree: Tree, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        purchase = submitted(people.aiko, tree, world.listed)
        review_of(purchase, people.ben)
        been_away(purchase, people.ben)
        with acting_as(people.aiko):
            write_note(on=purchase, text="Seen.", by=people.aiko)
        for _reload in range(2):
            assert "Notes: 1" in news(review_of(purchase, people.ben))
        monkeypatch.setattr("procurement.looks.SITTING", timedelta(0))
        assert "Nothing has changed since you last looked" in news(review_of(purchase, people.ben))

    def test_it_compares_the_dossier_with_the_one_i_saw(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.listed)
        review_of(purchase, people.nao)
        been_away(purchase, people.nao)
        step(purchase, Action.RETURN, people.ben, reasons=["rule_failed"], letter="No kites.")
        with acting_as(people.aiko):
            purchase.lines.visible_to(people.aiko).update(build=world.clean)
        step(purchase, Action.SUBMIT, people.aiko)
        changed = news(review_of(purchase, people.nao)).split("since the last round")[0]
        assert "K-9 — Standard" in changed
        assert "S-1 — Standard" in changed

    def test_nobody_else_learns_when_i_looked(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.clean)
        with acting_as(people.ben):
            look_at(purchase, people.ben)
        for person in (people.nao, people.chie, people.daisuke):
            with acting_as(person), connection.cursor() as cursor:
                cursor.execute("select count(*) from procurement_look")
                assert cursor.fetchone() == (0,)
        with acting_as(people.ben), connection.cursor() as cursor:
            cursor.execute("select count(*) from procurement_look")
            assert cursor.fetchone() == (1,)


class TestTheThread:
    def test_an_internal_note_is_read_on_its_side_alone_and_says_so(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.clean)
        answer = seen_by(people.chie).post(
            f"/purchases/{purchase.pk}/notes/",
            {
                "text": "Ask again.",
                "audience": "internal",
                "next": f"/reviews/{purchase.pk}/?only=notes",
            },
        )
        assert answer.status_code == 302
        assert answer["location"] == f"/reviews/{purchase.pk}/?only=notes"
        page = review_of(purchase, people.chie)
        assert "Internal note: the centre alone reads it" in page
        assert "Ask again." in page
        assert "Ask again." not in review_of(purchase, people.ben)

    def test_a_note_does_not_lead_to_another_site(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.clean)
        address = f"/purchases/{purchase.pk}/notes/"
        given = {"text": "Hm.", "audience": "shared", "next": "https://example.org/"}
        assert seen_by(people.ben).post(address, given)["location"] == address

    def test_the_timeline_shows_one_kind_at_a_time(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.clean)
        with acting_as(people.aiko):
            write_note(on=purchase, text="For the spring.", by=people.aiko)
        everything = review_of(purchase, people.ben)
        assert "For the spring." in everything
        assert "Submitted it for review." in everything
        steps = review_of(purchase, people.ben, "?only=steps")
        assert "For the spring." not in steps
        assert "Submitted it for review." in steps

    def test_a_file_stands_with_its_digest_and_in_the_timeline(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.clean)
        with acting_as(people.aiko):
            attach(
                to=purchase, upload=SimpleUploadedFile("offer.txt", b"ten of them"), by=people.aiko
            )
            digest = AgencyAttachment.objects.visible_to(people.aiko).get().digest
        page = review_of(purchase, people.ben)
        assert digest in part(page, "Documents", "Timeline")
        assert "Added the file “offer.txt”." in page

    def test_the_page_takes_no_more_queries_for_more_notes_and_files(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.clean)
        client = seen_by(people.ben)

        def add(number: int) -> None:
            with acting_as(people.aiko):
                write_note(on=purchase, text=f"No. {number}", by=people.aiko)
                file = SimpleUploadedFile(f"{number}.txt", f"{number}".encode())
                attach(to=purchase, upload=file, by=people.aiko)

        def queries() -> int:
            client.get(f"/reviews/{purchase.pk}/")
            with CaptureQueriesContext(connection) as taken:
                client.get(f"/reviews/{purchase.pk}/")
            return len(taken)

        add(0)
        one = queries()
        for number in range(1, 6):
            add(number)
        assert queries() == one


class TestSimilarPurchases:
    def test_the_same_model_for_the_same_agency_within_ninety_days_is_pointed_out(
        self, world: World, people: People, tree: Tree
    ) -> None:
        first = draft(people.aiko, tree.coast_guard, world.clean, title="The other half")
        purchase = submitted(people.aiko, tree, world.clean)
        page = review_of(purchase, people.ben)
        assert "The same agency asks for the same model elsewhere" in page
        assert first.number in page

    def test_another_model_another_agency_and_what_was_given_up_are_not(
        self, world: World, people: People, tree: Tree
    ) -> None:
        draft(people.aiko, tree.coast_guard, world.listed)
        draft(people.daisuke, tree.forestry, world.clean)
        step(draft(people.aiko, tree.coast_guard, world.clean), Action.WITHDRAW, people.aiko)
        purchase = submitted(people.aiko, tree, world.clean)
        step(purchase, Action.APPROVE, people.ben)
        assert "the same model elsewhere" not in review_of(purchase, people.chie)


class TestWhoseTurnItIs:
    def test_the_reader_is_told_that_it_is_theirs_and_others_whose_it_is(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.clean)
        assert "Your turn: read the results" in review_of(purchase, people.ben)
        other = review_of(purchase, people.aiko)
        assert "Your turn" not in other
        assert "Whose turn it is An approver of the agency" in other

    def test_while_evidence_is_asked_for_it_is_the_turn_of_who_gives_it(
        self, world: World, people: People, tree: Tree
    ) -> None:
        purchase = submitted(people.aiko, tree, world.no_radio)
        asked = fresh(purchase, people.ben)
        address = f"/purchases/{purchase.pk}/ask_evidence/"
        assert asked.dossier is not None
        seen_by(people.ben).post(
            address,
            {
                "version": asked.version,
                "digest": asked.dossier.digest,
                "what": "Where was it made?",
                "from_whom": "Sora",
                "by_when": (timezone.localdate() + timedelta(days=9)).isoformat(),
            },
        )
        assert "Your turn: answer what was asked for." in text_of(
            seen_by(people.aiko).get(f"/purchases/{purchase.pk}/")
        )
        assert "Your turn" not in review_of(purchase, people.ben)
