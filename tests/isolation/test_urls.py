"""Every page × every kind of reader × every method. A page that is missing from the table fails."""

from uuid import uuid4

import pytest
from django.urls import reverse

from procurement.models import Purchase
from tests.compliance.waivers import requested
from tests.isolation.pages import (
    MARK,
    READERS,
    Readers,
    Rows,
    file_of,
    mark,
    plain,
    routes,
    rows_of_the_coast_guard,
    said_of,
    small_holding,
)
from tests.people import Society
from tests.worlds import World, draft

# The answers to READERS: a stranger; a custodian of another agency; of the Coast Guard the custodian (who asked)
# and the approver; at the centre the reviewer, the steward and the leader. 302 leads a stranger to the sign-in page.
NO = (302, 405, 405, 405, 405, 405, 405)
MEMBERS = (302, 200, 200, 200, 200, 200, 200)
OURS = (302, 404, 200, 200, 200, 200, 200)
LATER = (302, 404, 409, 409, 409, 409, 409)
NOT_THEIRS = (302, 404, 403, 403, 403, 403, 403)
NOT_THERE = (302, 404, 404, 404, 404, 404, 404)
ANOTHER_ANSWERS = (302, 404, 409, 403, 403, 403, 403)
REQUESTER_ASKS = (302, 404, 200, 403, 403, 403, 403)
REQUESTER_TRIES = (302, 404, 422, 403, 403, 403, 403)
REVIEWER_ASKS = (302, 404, 403, 403, 200, 403, 403)
REVIEWER_TRIES = (302, 404, 403, 403, 422, 403, 403)
APPROVER_DECIDES = (302, 404, 403, 200, 403, 403, 403)
APPROVER_TRIES = (302, 404, 403, 422, 403, 403, 403)
CUSTODIANS_CONFIRM = (302, 200, 200, 403, 403, 403, 403)
CUSTODIANS_TRY = (302, 422, 422, 403, 403, 403, 403)
NOWHERE = (302, 404, 404, 404, 404, 404, 404)
STEWARD_MISSES_404 = (302, 403, 403, 403, 403, 404, 403)
PUBLIC = (200, 200, 200, 200, 200, 200, 200)
NOBODY = (405, 405, 405, 405, 405, 405, 405)
LED_ON = (302, 302, 302, 302, 302, 302, 302)
STEWARD = (302, 403, 403, 403, 403, 200, 403)
STEWARD_TRIES = (302, 403, 403, 403, 403, 409, 403)
OFFICERS = (302, 403, 403, 403, 403, 403, 403)
STEWARD_TOO_LATE = (302, 403, 403, 403, 403, 409, 403)
STEWARD_MISSES = (302, 403, 403, 403, 403, 302, 403)
WRONG = (302, 422, 422, 422, 422, 422, 422)
STALE = (302, 409, 409, 409, 409, 409, 409)
DONE = (302, 302, 302, 302, 302, 302, 302)
WORKERS = (302, 302, 302, 302, 302, 302, 403)  # a leader only reads
ASKERS = (302, 200, 200, 200, 403, 403, 403)
CUSTODIANS = (302, 200, 200, 403, 403, 403, 403)
WORKERS_TRY = (302, 404, 422, 422, 422, 422, 403)  # a leader only reads
MEMBERS_TRY = (302, 422, 422, 422, 422, 422, 422)
KEEPERS_ASK = (302, 404, 200, 403, 403, 403, 403)
KEEPERS_CHECK = (302, 404, 200, 403, 403, 403, 403)
KEEPERS_STORE = (302, 404, 302, 403, 403, 403, 403)
KEEPERS_TRY = (302, 404, 422, 403, 403, 403, 403)
CUSTODIAN_ACCEPTS = (302, 404, 302, 403, 403, 403, 403)
CUSTODIAN_LATER = (302, 404, 409, 403, 403, 403, 403)
GROUNDS = (302, 404, 200, 403, 200, 200, 403)
TRIES_TO_GROUND = (302, 404, 422, 403, 422, 422, 403)
RELEASES_LATER = (302, 404, 409, 403, 409, 409, 403)
GROUNDS_MANY = (302, 200, 200, 403, 200, 200, 403)
TRIES_TO_GROUND_MANY = (302, 422, 422, 403, 422, 422, 403)
AIKOS = (302, 404, 302, 404, 404, 404, 404)  # nobody else is told it
STRANGERS = (200, 302, 302, 302, 302, 302, 302)

# Route -> the answers to GET and to an empty POST, about rows of the Coast Guard.
TABLE = {
    "account_login": (STRANGERS, STRANGERS),
    "account_logout": (MEMBERS, LED_ON),
    "account_inactive": (PUBLIC, NOBODY),
    "account_signup": (STRANGERS, STRANGERS),
    "account_reauthenticate": (MEMBERS, MEMBERS),
    "account_email": (MEMBERS, LED_ON),
    "account_email_verification_sent": (PUBLIC, NOBODY),
    "account_change_password": (MEMBERS, MEMBERS),
    "account_set_password": (LED_ON, LED_ON),
    "account_reset_password": (PUBLIC, PUBLIC),
    "account_confirm_login_code": (LED_ON, LED_ON),
    "account_confirm_email": (PUBLIC, (404, 404, 404, 404, 404, 404, 404)),
    "account_reset_password_from_key_done": (PUBLIC, NOBODY),
    "account_reset_password_from_key": (PUBLIC, PUBLIC),
    "account_reset_password_done": (PUBLIC, NOBODY),
    "set_language": (LED_ON, LED_ON),
    "purchase_step_request": (KEEPERS_ASK, CUSTODIAN_LATER),
    "purchase_step_terms": (KEEPERS_ASK, CUSTODIAN_LATER),
    "purchase_step_lines": (KEEPERS_ASK, NO),
    "purchase_step_documents": (KEEPERS_ASK, KEEPERS_TRY),
    "purchase_step_overview": (KEEPERS_ASK, NO),
    "check_step_request": (NO, KEEPERS_CHECK),
    "check_step_terms": (NO, KEEPERS_CHECK),
    "new_line": (KEEPERS_ASK, CUSTODIAN_LATER),
    "check_new_line": (NO, KEEPERS_CHECK),
    "edit_line": (KEEPERS_ASK, CUSTODIAN_LATER),
    "check_line": (NO, KEEPERS_CHECK),
    "remove_line": (NO, CUSTODIAN_LATER),
    "purchase_submit": (REQUESTER_ASKS, REQUESTER_TRIES),
    "purchase_approve": (REVIEWER_ASKS, REVIEWER_TRIES),
    "purchase_record_answer": (LATER, LATER),
    "purchase_order_first": (LATER, LATER),
    "purchase_ask_evidence": (REVIEWER_ASKS, REVIEWER_TRIES),
    "purchase_give_evidence": (ANOTHER_ANSWERS, ANOTHER_ANSWERS),
    "purchase_name_offer": (LATER, LATER),
    "purchase_amend": (LATER, LATER),
    "new_offer": (NOT_THEIRS, NOT_THEIRS),
    "condition_met": (NOT_THERE, NOT_THERE),
    "refuse_unit": (NOT_THEIRS, NOT_THEIRS),
    "purchase_return": (REVIEWER_ASKS, REVIEWER_TRIES),
    "purchase_return_letter": (NO, REVIEWER_TRIES),
    "purchase_decline": (REVIEWER_ASKS, REVIEWER_TRIES),
    "purchase_decline_letter": (NO, REVIEWER_TRIES),
    "purchase_withdraw": (REQUESTER_ASKS, REQUESTER_TRIES),
    "purchase_refresh": (REVIEWER_ASKS, REVIEWER_TRIES),
    "purchase_recheck": (LATER, LATER),
    "purchase_cancel": (LATER, LATER),
    "purchase_cancel_letter": (NO, LATER),
    "purchase_order": (LATER, LATER),
    "purchase_receive": (NOT_THEIRS, NOT_THEIRS),
    "purchase_close": (LATER, LATER),
    "confirm_drones": (CUSTODIANS_CONFIRM, CUSTODIANS_TRY),
    "remembered_names": (MEMBERS, NO),
    "share_name": (NO, NOWHERE),
    "withdraw_name": (NO, STEWARD_MISSES_404),
    "agencies": (MEMBERS, NO),
    "agency": (OURS, NO),
    "agency_disclosure": (APPROVER_DECIDES, APPROVER_TRIES),
    "verify_attributes": (NO, STEWARD_TRIES),
    "verify_builds": (NO, STEWARD_TRIES),
    "verify_components": (NO, STEWARD_TRIES),
    "verify_declarations": (NO, STEWARD_TRIES),
    "verify_links": (NO, STEWARD_TRIES),
    "verify_measures": (NO, STEWARD_TRIES),
    "verify_models": (NO, STEWARD_TRIES),
    "verify_vendors": (NO, STEWARD_TRIES),
    "file": (OURS, NO),
    "withdraw_file": (KEEPERS_ASK, KEEPERS_TRY),
    "agencies_files": (OURS, WORKERS_TRY),
    "agencies_notes": (OURS, WORKERS_TRY),
    "drones_files": (OURS, WORKERS_TRY),
    "drones_notes": (OURS, WORKERS_TRY),
    "purchases_files": (OURS, WORKERS_TRY),
    "purchases_notes": (OURS, WORKERS_TRY),
    "builds_files": (MEMBERS, MEMBERS_TRY),
    "builds_notes": (MEMBERS, MEMBERS_TRY),
    "models_files": (MEMBERS, MEMBERS_TRY),
    "models_notes": (MEMBERS, MEMBERS_TRY),
    "declarations_files": (MEMBERS, MEMBERS_TRY),
    "declarations_notes": (MEMBERS, MEMBERS_TRY),
    "versions_files": (MEMBERS, MEMBERS_TRY),
    "versions_notes": (MEMBERS, MEMBERS_TRY),
    "vendors_files": (MEMBERS, MEMBERS_TRY),
    "vendors_notes": (MEMBERS, MEMBERS_TRY),
    "dashboards": (MEMBERS, NO),
    "models": (MEMBERS, NO),
    "export_models": (MEMBERS, NO),
    "model": (MEMBERS, NO),
    "builds": (MEMBERS, NO),
    "export_builds": (MEMBERS, NO),
    "build": (MEMBERS, NO),
    "build_results": (MEMBERS, NO),
    "evaluate_build": (NO, WORKERS),
    "build_history": (MEMBERS, NO),
    "edit_component": (MEMBERS, STALE),
    "verify_identifiers": (NO, STEWARD_TRIES),
    "verify_vendor-names": (NO, STEWARD_TRIES),
    "refuse_declarations": (STEWARD_TOO_LATE, STEWARD_TRIES),
    "refuse_vendors": (STEWARD_TOO_LATE, STEWARD_TRIES),
    "refuse_vendor-names": (STEWARD_TOO_LATE, STEWARD_TRIES),
    "refuse_identifiers": (STEWARD, STEWARD_TRIES),
    "refuse_links": (STEWARD, STEWARD_TRIES),
    "refuse_models": (STEWARD, STEWARD_TRIES),
    "refuse_builds": (STEWARD_TOO_LATE, STEWARD_TRIES),
    "refuse_components": (STEWARD_TOO_LATE, STEWARD_TRIES),
    "refuse_measures": (STEWARD, STEWARD_TRIES),
    "refuse_attributes": (STEWARD, STEWARD_TRIES),
    "claims": (MEMBERS, NO),
    "check_claims": (NO, STEWARD_MISSES),
    "duplicates": (MEMBERS, NO),
    "merge_vendor": (STEWARD, (302, 403, 403, 403, 403, 422, 403)),
    "keep_vendors_apart": (STEWARD, (302, 403, 403, 403, 403, 422, 403)),
    "new_vendor": (MEMBERS, WRONG),
    "edit_vendor": (MEMBERS, STALE),
    "new_vendor_name": (MEMBERS, WRONG),
    "end_vendor_name": (NO, DONE),
    "new_identifier": (MEMBERS, WRONG),
    "edit_identifier": (MEMBERS, STALE),
    "new_link": (MEMBERS, WRONG),
    "edit_link": (MEMBERS, STALE),
    "end_link": (MEMBERS, STALE),
    "new_model": (MEMBERS, WRONG),
    "edit_model": (MEMBERS, STALE),
    "new_build": (MEMBERS, WRONG),
    "copy_build": (MEMBERS, WRONG),
    "edit_build": (MEMBERS, STALE),
    "edit_parts": (MEMBERS, STALE),
    "new_component": (MEMBERS, WRONG),
    "edit_properties": (MEMBERS, STALE),
    "declarations": (MEMBERS, NO),
    "declaration": (MEMBERS, NO),
    "new_declaration": (MEMBERS, WRONG),
    "edit_declaration": (MEMBERS, STALE),
    "attach_declaration": (MEMBERS, WRONG),
    "drones": (MEMBERS, NO),
    "export_drones": (MEMBERS, NO),
    "new_drone": (CUSTODIANS, CUSTODIANS),
    "drone": (OURS, NO),
    "drone_certificates": (OURS, NO),
    "edit_certificate": (KEEPERS_ASK, KEEPERS_STORE),
    "verify_certificates": (NO, (302, 404, 403, 403, 403, 409, 403)),
    "drone_components": (OURS, NO),
    "drone_results": (OURS, NO),
    "drone_history": (OURS, NO),
    "drone_events": (OURS, NO),
    "drone_tag": (OURS, NO),
    "drone_candidates": (CUSTODIANS, NO),
    "drone_hand_over": (REQUESTER_ASKS, REQUESTER_TRIES),
    "drone_confirm": (REQUESTER_ASKS, REQUESTER_TRIES),
    "drone_store": (REQUESTER_ASKS, REQUESTER_TRIES),
    "drone_deploy": (CUSTODIAN_LATER, CUSTODIAN_LATER),
    "drone_lend": (REQUESTER_ASKS, REQUESTER_TRIES),
    "drone_prolong": (CUSTODIAN_LATER, CUSTODIAN_LATER),
    "drone_give_back": (CUSTODIAN_LATER, CUSTODIAN_LATER),
    "drone_ground": (GROUNDS, TRIES_TO_GROUND),
    "drone_release": (RELEASES_LATER, RELEASES_LATER),
    "drone_lose": (REQUESTER_ASKS, REQUESTER_TRIES),
    "drone_find": (CUSTODIAN_LATER, CUSTODIAN_LATER),
    "drone_swap": (REQUESTER_ASKS, REQUESTER_TRIES),
    "drone_dispose": (REQUESTER_ASKS, REQUESTER_TRIES),
    "drone_enter_in_error": (REQUESTER_ASKS, REQUESTER_TRIES),
    "drone_reinstate": (CUSTODIAN_LATER, CUSTODIAN_LATER),
    "drone_offer": (REQUESTER_ASKS, REQUESTER_TRIES),
    "drone_withdraw_offer": (CUSTODIAN_LATER, CUSTODIAN_LATER),
    "build_ground": (GROUNDS_MANY, TRIES_TO_GROUND_MANY),
    "build_release": (GROUNDS_MANY, TRIES_TO_GROUND_MANY),
    "transfers": (MEMBERS, NO),
    "transfer": (OURS, NO),
    "transfer_accept": (REQUESTER_ASKS, CUSTODIAN_ACCEPTS),
    "transfer_decline": (REQUESTER_ASKS, REQUESTER_TRIES),
    "edit_drone": (REQUESTER_ASKS, REQUESTER_ASKS),
    "history": (MEMBERS, NO),
    "home": (MEMBERS, NO),
    "imports": (CUSTODIANS, NO),
    "new_import": (CUSTODIANS, CUSTODIANS),
    "import_sample": (CUSTODIANS, NO),
    "import": (REQUESTER_ASKS, NO),
    "import_errors": (REQUESTER_ASKS, NO),
    "explain_name": ((302, 404, 302, 403, 403, 403, 403), (302, 404, 302, 403, 403, 403, 403)),
    "confirm_import": (NO, (302, 404, 409, 403, 403, 403, 403)),
    "discard_import": (NO, (302, 404, 302, 403, 403, 403, 403)),
    "continue_import": (NO, (302, 404, 302, 403, 403, 403, 403)),
    "notices": (MEMBERS, NO),
    "read_notices": (NO, DONE),
    "notice_settings": (MEMBERS, WRONG),
    "mails": (OFFICERS, NO),
    "mail_again": (NO, OFFICERS),
    "notice": (AIKOS, NO),
    "read_notice": (NO, AIKOS),
    "lists": (MEMBERS, NO),
    "list": (MEMBERS, NO),
    "import_edition": (STEWARD, (302, 403, 403, 403, 403, 422, 403)),
    "confirm_edition": (NO, (302, 403, 403, 403, 403, 302, 403)),
    "match_proposals": (MEMBERS, NO),
    "decide_match": (STEWARD, STEWARD),
    "edition": (MEMBERS, NO),
    "policies": (MEMBERS, NO),
    "policy": (MEMBERS, NO),
    "packs": (MEMBERS, NO),
    "load_pack": (NO, OFFICERS),
    "policy_version": (MEMBERS, NO),
    "copy_version": (OFFICERS, OFFICERS),
    "edit_version": (OFFICERS, OFFICERS),
    "propose_version": (NO, OFFICERS),
    "take_back_version": (NO, OFFICERS),
    "withdraw_version": (NO, OFFICERS),
    "publish_version": (OFFICERS, OFFICERS),
    "choose_rule_kind": (OFFICERS, NO),
    "add_rule": (OFFICERS, OFFICERS),
    "edit_rule": (OFFICERS, OFFICERS),
    "remove_rule": (NO, OFFICERS),
    "add_example": (OFFICERS, OFFICERS),
    "remove_example": (NO, OFFICERS),
    "rule": (MEMBERS, NO),
    "rule_results": (MEMBERS, NO),
    "purchases": (MEMBERS, NO),
    "export_purchases": (MEMBERS, NO),
    "new_purchase": (CUSTODIANS, (302, 422, 422, 403, 403, 403, 403)),
    "check_purchase": (NO, CUSTODIANS),
    "purchase": (OURS, NO),
    "purchase_evidence": (OURS, NO),
    "edit_purchase": (REQUESTER_ASKS, (302, 404, 409, 403, 403, 403, 403)),
    "reviews": (MEMBERS, NO),
    "reviews_mine": (MEMBERS, NO),
    "reviews_others": (MEMBERS, NO),
    "reviews_overdue": (MEMBERS, NO),
    "export_reviews": (MEMBERS, NO),
    "export_reviews_mine": (MEMBERS, NO),
    "export_reviews_others": (MEMBERS, NO),
    "export_reviews_overdue": (MEMBERS, NO),
    "ties": (MEMBERS, WRONG),
    "end_tie": (NO, NOT_THERE),
    "substitutes": (MEMBERS, WRONG),
    "end_substitution": (NO, NOT_THERE),
    "claim_review": (NO, (302, 404, 403, 403, 302, 403, 403)),
    "release_review": (NO, LATER),
    "review": (OURS, NO),
    "vendors": (MEMBERS, NO),
    "export_vendors": (MEMBERS, NO),
    "vendor": (MEMBERS, NO),
    "vendor_products": (MEMBERS, NO),
    "vendor_history": (MEMBERS, NO),
    "waivers": (MEMBERS, NO),
    "export_waivers": (MEMBERS, NO),
    "new_waiver": (ASKERS, (302, 422, 422, 422, 403, 403, 403)),
    "preview_waiver": (NO, ASKERS),
    "waiver": (OURS, NO),
    "waiver_history": (OURS, NO),
    "waivers_files": (OURS, WORKERS_TRY),
    "waivers_notes": (OURS, WORKERS_TRY),
    "waiver_endorse": (REVIEWER_ASKS, REVIEWER_TRIES),
    "waiver_grant": (LATER, LATER),
    "waiver_decline": (REVIEWER_ASKS, REVIEWER_TRIES),
    "waiver_withdraw": (REQUESTER_ASKS, REQUESTER_TRIES),
    "waiver_end": (LATER, LATER),
    "styleguide": (MEMBERS, NO),
    "glossary": (MEMBERS, NO),
    "agency_dashboard": (OURS, NO),
    "search": (MEMBERS, NO),
}

GROUPS = sorted({str(route.pattern).split("/")[0] for route in routes().values()})


@pytest.fixture
def rows(world: World, society: Society) -> Rows:
    return rows_of_the_coast_guard(world, society)


@pytest.fixture
def readers(society: Society) -> Readers:
    return Readers.of(society.people)


def of_group(group: str) -> list[str]:
    return [name for name, route in routes().items() if str(route.pattern).split("/")[0] == group]


def test_every_page_is_in_the_table() -> None:
    assert set(routes()) == set(TABLE)


@pytest.mark.parametrize("group", GROUPS)
def test_every_reader_gets_the_answer_of_the_table(
    group: str, rows: Rows, readers: Readers
) -> None:
    wrong = []
    for name in of_group(group):
        for method, expected in zip(("GET", "POST"), TABLE[name], strict=True):
            found = tuple(
                readers.ask(reader, method, rows.address(name)).status_code for reader in READERS
            )
            if found != expected:
                wrong.append(f"{method} {name}: {found}, expected {expected}")
    assert wrong == []


def test_no_page_knows_another_method(rows: Rows, readers: Readers) -> None:
    """The sign-in package takes PUT for POST."""
    own = [name for name in TABLE if not name.startswith(("account_", "set_language"))]
    answers = {
        name: {
            readers.ask("aiko", method, rows.address(name)).status_code
            for method in ("PUT", "PATCH", "DELETE")
        }
        for name in own
    }
    assert {name: found for name, found in answers.items() if found != {405}} == {}


def pages_about_one_agency() -> list[str]:
    return [name for name, rows in TABLE.items() if any(row[1] == 404 != row[2] for row in rows)]


@pytest.mark.parametrize("name", pages_about_one_agency())
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_another_agency_is_byte_for_byte_one_that_does_not_exist(
    name: str, method: str, rows: Rows, readers: Readers
) -> None:
    real = rows.address(name)
    key = next(part for part in reversed(real.split("/")) if part and part in _keys(rows))
    for invented in _invented(key):
        address = real.replace(key, invented)
        answers = [readers.ask("daisuke", method, each) for each in (real, address)]
        assert {each.status_code for each in answers} <= {404, 405}
        theirs, nobodys = (plain(each, key, invented) for each in answers)
        assert theirs == nobodys


def _keys(rows: Rows) -> set[str]:
    return {
        str(key)
        for key in (
            rows.world.patrol.pk,
            rows.world.patrol.agency_id,
            rows.draft.pk,
            rows.waiting.pk,
            rows.file.pk,
            rows.offered,
            rows.told,
            rows.imported.pk,
            rows.waiver.pk,
            rows.certificate,
        )
    }


def _invented(key: str) -> list[str]:
    return ["987654"] if key.isdigit() else [str(uuid4())]


def public_pages(rows: Rows) -> dict[str, str]:
    """What the Forestry Agency's custodian can open, by name and address."""
    open_to_them = [name for name, (get, _) in TABLE.items() if get[1] == 200]
    listed = {name: rows.address(name) for name in open_to_them if name != "account_logout"}
    for name in ("drones", "purchases", "history", "models", "vendors", "agencies"):
        listed[f"{name}, searched"] = f"{reverse(name)}?q=a"
    return listed


def test_nothing_of_another_agency_stands_on_any_page(rows: Rows, readers: Readers) -> None:
    pages = public_pages(rows)
    assert len(pages) > 30
    shown = {name: readers.ask("daisuke", "GET", at).content.decode() for name, at in pages.items()}
    secrets = (
        MARK,
        rows.draft.number,
        rows.waiting.number,
        str(rows.draft.pk),
        str(rows.world.patrol.pk),
        str(rows.waiver.pk),
        str(rows.waiver),
    )
    leaks = [(name, word) for name, text in shown.items() for word in secrets if word in text]
    assert leaks == []
    own = {
        name
        for name, at in pages.items()
        if MARK in readers.ask("aiko", "GET", at).content.decode()
    }
    assert {"drones", "purchases", "history"} <= own, "positive control"


def test_what_one_agency_does_changes_no_page_of_another(
    world: World, society: Society, readers: Readers
) -> None:
    """Counts, drop-downs, figures and histories included: the pages are the same bytes before and after."""
    link = small_holding(world)
    drafts = (_forest_draft(world, society), _forest_draft(world, society))
    file = file_of(world.timber, society.people.daisuke)
    forest = requested(society.people.daisuke, society.tree.forestry, world)
    still = Rows(world, *drafts, link, *said_of(world.clean), file, forest)
    pages = {name: at for name, at in public_pages(still).items() if str(world.patrol.pk) not in at}
    before = {reader: _contents(readers, reader, pages) for reader in ("daisuke", "aiko")}
    people, agency = society.people, society.tree.coast_guard
    mark(world, people.aiko)
    draft(people.aiko, agency, world.clean, title=MARK)
    requested(people.aiko, agency, world, reason=MARK)
    after = {reader: _contents(readers, reader, pages) for reader in ("daisuke", "aiko")}
    assert [name for name in pages if before["daisuke"][name] != after["daisuke"][name]] == []
    changed = {name for name in pages if before["aiko"][name] != after["aiko"][name]}
    assert {"drones", "purchases", "waivers", "history"} <= changed, "positive control"


def _forest_draft(world: World, society: Society) -> Purchase:
    return draft(society.people.daisuke, society.tree.forestry, world.clean)


def _contents(readers: Readers, reader: str, pages: dict[str, str]) -> dict[str, str]:
    return {name: plain(readers.ask(reader, "GET", at)) for name, at in pages.items()}
