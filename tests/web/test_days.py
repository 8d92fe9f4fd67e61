"""A day of each kind of user in a real browser, on the demo world, in both languages."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, expect

from agencies.context import acting_as
from agencies.models import Agency
from procurement.models import Line, Purchase
from procurement.requests import Request
from procurement.services import start_purchase
from procurement.states import Action, Status
from procurement.workflow import perform
from registry.models import Build, Vendor
from tests.web.looks import CLEAN, FLAGGED, SUPPLIER, person
from tests.web.windows import Enter, Window

HEADINGS = "メーカー,機種,製造番号,業務区分,取得日,数量"
RIGHT = "DJI,Mavic 3 Enterprise,1581FDAY000000000001,救助,令和5年4月1日,1"
WRONG = (
    "DJI,Mavic 3 Enterprise,1581FDAY000000000002,救助,4/1/2023,1",
    "DJI,Mavic 3 Enterprise,1581FDAY000000000003,お花見,2023-04-01,1",
    "DJI,Mavic 3 Enterprise,1581FDAY000000000004,救助,2023-04-01,3",
)
CORRECTED = (
    "DJI,Mavic 3 Enterprise,1581FDAY000000000002,救助,2023-04-01,1",
    "DJI,Mavic 3 Enterprise,1581FDAY000000000003,救助,2023-04-01,1",
    "DJI,Mavic 3 Enterprise,1581FDAY000000000004,救助,2023-04-01,1",
)


# ---- Staff


def test_staff_import_a_sheet_with_three_bad_rows_log_one_by_hand_and_see_the_flag_before_they_ask(
    enter: Enter,
) -> None:
    custodian = enter("custodian")
    upload(custodian, WRONG)

    rows = custodian.page.locator("#errors tbody tr")
    assert [number(row) for row in rows.locator("th").all_inner_texts()] == [
        3,
        4,
        5,
    ]
    upload(custodian, CORRECTED)
    custodian.press("main form[action$='/confirm/'] button")
    assert listed(custodian, "1581FDAY00000000000") == 4

    log_by_hand(custodian, "1581FDAY000000000005")
    assert listed(custodian, "1581FDAY00000000000") == 5

    ask_in_steps(custodian)


def upload(custodian: Window, rows: tuple[str, ...]) -> None:
    custodian.open("/imports/new/")
    sheet = "\n".join([HEADINGS, RIGHT, *rows]).encode("cp932")
    custodian.page.set_input_files(
        "input[type=file]", {"name": "台帳.csv", "mimeType": "text/csv", "buffer": sheet}
    )
    custodian.press("main form .button-primary")


def listed(window: Window, words: str) -> int:
    window.open("/drones/?q=" + words)
    return window.page.locator("#list tbody tr").count()


def log_by_hand(custodian: Window, serial: str) -> None:
    """By one of the names that people use, and the build among what that can mean."""
    page = custodian.page
    custodian.open("/drones/new/")
    page.locator("input[name=what]").press_sequentially("大疆 Mavic 3 Enterprise")
    choice = page.locator("#candidates label").filter(has_text="Mavic 3 Enterprise").first
    choice.click()
    page.fill("input[name=serial_number]", serial)
    page.check("input[name=missions][value=rescue]")
    custodian.press("main form .button-primary")
    expect(page.locator("main h1")).to_contain_text(serial)


def ask_in_steps(custodian: Window) -> None:
    page = custodian.page
    custodian.open("/purchases/new/")
    page.fill("input[name=title]", "Two aircraft for evidence")
    page.check("input[name=missions][value=criminal_investigation]")
    page.fill("textarea[name=purpose]", "Evidence of poaching at sea")
    custodian.press("main form .button-primary")
    custodian.press("main a[href*='kind=aircraft']")
    build = Build.objects.get(model__name=FLAGGED, configuration_known=True)
    page.select_option("select[name=build]", str(build.pk))
    expect(page.locator("#check .tone-critical").first).to_be_visible()
    custodian.press("main form .button-primary")
    for _ in ("lines", "terms", "documents"):
        custodian.press("main .form-actions .button-primary")
    assert page.url.endswith("/steps/overview/")
    expect(page.locator("main")).to_contain_text(FLAGGED)
    expect(page.locator("#check .tone-critical").first).to_be_visible()


# ---- Reviewers


@dataclass(frozen=True)
class Case:
    """What is asked for, what its reviewer does about it, and where it stands then."""

    build: str
    known: bool
    mission: str
    action: Action
    ends: Status


CASES = {
    "Flagged by who owns the maker": Case(
        FLAGGED, True, "criminal_investigation", Action.RETURN, Status.DRAFT
    ),
    "Nobody can say yet": Case(
        CLEAN, False, "criminal_investigation", Action.ASK_EVIDENCE, Status.SECURITY_REVIEW
    ),
    "Nothing against it": Case(CLEAN, True, "rescue", Action.APPROVE, Status.APPROVED),
}
ANSWERS = {
    "en": ("Flagged", "Undetermined", "Nothing flagged"),
    "ja": ("該当あり", "未確定", "該当なし"),
}


def test_a_reviewer_works_three_cases_of_the_queue(enter: Enter, language: str) -> None:
    purchases = {title: handed_in(title, case) for title, case in CASES.items()}
    reviewer = enter("reviewer")
    for answer, (title, purchase) in zip(ANSWERS[language], purchases.items(), strict=True):
        reviewer.open("/reviews/")
        reviewer.press(f"#list a[href*='{purchase}']")
        expect(reviewer.page.locator("#answer")).to_contain_text(answer)
        decide(reviewer, CASES[title])
    with acting_as(person("reviewer")):
        rows = Purchase.objects.visible_to(person("reviewer")).filter(title__in=CASES)
        assert {each.title: each.status for each in rows} == {
            title: case.ends for title, case in CASES.items()
        }


def handed_in(title: str, case: Case) -> str:
    """Asked for by the custodian and approved at the agency, by the workflow itself."""
    purchase = Purchase(
        agency=Agency.objects.get(code="jp-jcg"),
        kind=Purchase.Kind.PURCHASE,
        title=title,
        purpose="Search along the coast at night",
        missions=[case.mission],
    )
    build = Build.objects.get(model__name=case.build, configuration_known=case.known)
    line = Line(
        build=build, quantity=1, unit_price=89_000, supplier=Vendor.objects.get(name=SUPPLIER)
    )
    with acting_as(person("custodian")):
        start_purchase(purchase=purchase, lines=[line], by=person("custodian"))
    for action, by in ((Action.SUBMIT, person("custodian")), (Action.APPROVE, person("approver"))):
        with acting_as(by):
            now = Purchase.objects.visible_to(by).select_related("dossier").get(pk=purchase.pk)
            digest = now.dossier.digest if now.dossier else ""
            said = "Accepted: the papers are on their way." if action == Action.APPROVE else ""
            request = Request(version=now.version, digest=digest, letter=said)
            perform(action, now.pk, by=by, request=request)
    return str(purchase.pk)


def decide(reviewer: Window, case: Case) -> None:
    """From the page of the review to the page of the step, and there what it asks for."""
    page = reviewer.page
    reviewer.press(f"#decide a[href$='/{case.action}/']")
    match case.action:
        case Action.RETURN:
            page.check("input[name=reasons][value=rule_failed]")
            expect(page.locator("textarea[name=letter]")).to_have_value(re.compile("■"))
        case Action.ASK_EVIDENCE:
            page.fill("textarea[name=what]", "Where the camera is made")
            page.fill("input[name=from_whom]", "The maker")
            page.fill("input[name=by_when]", f"{timezone.localdate() + timedelta(days=14)}")
    reviewer.press("main form .form-actions button")


# ---- Leadership


CHARTS = {
    "en": (
        "Aircraft held, by standing",
        "What must go by when",
        "Aircraft held, by mission",
        "Purchases by status",
    ),
    "ja": (
        "保有機体（適合状況別）",
        "いつまでに何を更新するか",
        "保有機体（業務区分別）",
        "調達案件（状態別）",
    ),
}


def test_leadership_finds_what_must_go_and_where_purchases_are_stuck_and_opens_the_lists(
    enter: Enter, language: str
) -> None:
    leader = enter("leader")
    for title in CHARTS[language]:
        leader.open("/dashboards/")
        card = leader.page.locator(
            "main section.card", has=leader.page.get_by_role("heading", name=title)
        )
        if card.locator("summary").count():
            card.locator("summary").click()
        opens(leader, card)


def opens(leader: Window, card: Locator) -> None:
    """The greatest figure of a chart, and the list behind it."""
    figures = card.locator("td.number a")
    numbers = [number(each) for each in figures.all_inner_texts()]
    greatest = max(numbers)
    figures.nth(numbers.index(greatest)).click()
    leader.page.wait_for_load_state()
    leader.look()
    announced = leader.page.locator("#list [data-announce]").get_attribute("data-announce")
    assert max(map(number, re.findall(r"[\d,]+", str(announced)))) == greatest


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))
