"""The whole thread in a real browser: asked for, flagged, returned, replaced, approved, ordered, received, counted.

Five people walk it on the demo world, in both languages, each in a window of their own. On every page the
browser must have nothing to say on its console, no rule of the content security policy broken and no finding
of axe.
"""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from registry.models import Build, Vendor
from tests.web.windows import Enter, Window

LETTER = "適合していない条項があります"  # in the requester's language, whatever the reviewer reads
FLAGGED = "Mavic 3 Enterprise"
CLEAN = "X10D"


@dataclass(frozen=True)
class Words:
    """What must be read in one language."""

    clause: str
    entry: str
    edition: str
    answer: str


WORDS = {
    "en": Words(
        clause="For sensitive work, no aircraft is acquired or flown whose maker",
        entry="Shenzhen DJI Innovation Technology",
        edition="8 June 2026",
        answer="Flagged",
    ),
    "ja": Words(
        clause="機微な業務には、製造者、設計許諾者、納入者又は重要部品の製造者が",
        entry="Shenzhen DJI Innovation Technology",
        edition="2026年6月8日",
        answer="該当あり",
    ),
}


@pytest.fixture
def words(language: str) -> Words:
    return WORDS[language]


def build_id(model: str) -> str:
    return str(Build.objects.get(model__name=model, configuration_known=True).pk)


def supplier_id() -> str:
    return str(Vendor.objects.current().get(name__startswith="Sample").pk)


def held(leader: Window) -> int:
    """The figure of the aircraft held on the dashboard, which must be the length of the list it opens."""
    leader.open("/dashboards/")
    tile = leader.page.locator(".tiles a").first
    figure = int(re.sub(r"\D", "", tile.locator("strong, .tile-figure, dd").first.inner_text()))
    tile.click()
    leader.page.wait_for_load_state()
    leader.look()
    announced = leader.page.locator("#list [data-announce]").get_attribute("data-announce")
    assert figure in [
        int(number.replace(",", "")) for number in re.findall(r"[\d,]+", str(announced))
    ]
    return figure


def ask(custodian: Window, words: Words) -> str:
    """Two Mavic 3 Enterprise for criminal investigation; the form says what is wrong before it is stored."""
    page = custodian.page
    custodian.open("/purchases/new/?all")
    page.fill("input[name=title]", "Two aircraft for evidence")
    page.check("input[name=missions][value=criminal_investigation]")
    page.fill("textarea[name=purpose]", "Evidence of poaching at sea")
    page.fill("input[name$='-quantity'] >> nth=0", "2")
    page.fill("input[name$='-unit_price'] >> nth=0", "598000")
    page.select_option("select[name$='-supplier'] >> nth=0", supplier_id())
    page.select_option("select[name$='-build'] >> nth=0", build_id(FLAGGED))
    expect(page.locator("#check")).to_contain_text(words.clause)
    expect(page.locator("#check")).to_contain_text(words.entry)
    custodian.look()
    custodian.press("form .form-actions .button-primary")
    return page.url.removeprefix(custodian.url)


def step(window: Window, purchase: str, action: str) -> None:
    """The page of a step, reached from the purchase as a person would, and its button."""
    window.open(purchase)
    window.press(f"a[href='{purchase}{action}/']")
    if action in {"submit", "approve"}:
        window.press("main form .form-actions button")


def test_two_flagged_aircraft_are_returned_replaced_approved_ordered_received_and_counted(
    enter: Enter, words: Words
) -> None:
    leader = enter("leader")
    before = held(leader)
    custodian, approver, reviewer, inspector = map(
        enter, ("custodian", "approver", "reviewer", "inspector")
    )
    purchase = ask(custodian, words)
    step(custodian, purchase, "submit")
    step(approver, purchase, "approve")

    review(reviewer, purchase, words)
    replace(custodian, purchase)
    step(custodian, purchase, "submit")
    step(approver, purchase, "approve")
    step(reviewer, purchase, "approve")

    step(custodian, purchase, "order")
    custodian.page.fill("input[name=contract_reference]", "R8-117")
    custodian.press("main form .form-actions button")
    receive(inspector, purchase, ["16688X10DE2E1", "16688X10DE2E2"])
    assert held(leader) == before + 2


def review(reviewer: Window, purchase: str, words: Words) -> None:
    """The reviewer finds it in the queue, reads why, and hands it back with two reasons."""
    reviewer.open("/reviews/")
    expect(reviewer.page.locator("#list")).to_contain_text("Two aircraft for evidence")
    reviewer.open(purchase.replace("/purchases/", "/reviews/"))
    main = reviewer.page.locator("main")
    for said in (words.answer, words.clause, words.entry, words.edition):
        expect(main).to_contain_text(said)
    step(reviewer, purchase, "return")
    page = reviewer.page
    page.check("input[name=reasons][value=rule_failed]")
    expect(page.locator("textarea[name=letter]")).to_have_value(re.compile(LETTER))
    page.check("input[name=reasons][value=alternative_exists]")
    expect(page.locator("textarea[name=letter]")).to_have_value(re.compile(r"\n\n"))
    reviewer.press("main form .form-actions button")


def replace(custodian: Window, purchase: str) -> None:
    """The requester reads the letter and puts a build that passes in the place of the other."""
    custodian.open(purchase)
    custodian.press(f"a[href='{purchase}edit/']")
    page = custodian.page
    page.select_option("select[name$='-build'] >> nth=0", build_id(CLEAN))
    expect(page.locator("#check")).not_to_contain_text(FLAGGED)
    custodian.press("form .form-actions .button-primary")


def receive(inspector: Window, purchase: str, serials: list[str]) -> None:
    step(inspector, purchase, "receive")
    for number, serial in enumerate(serials):
        inspector.page.fill(f"input[name^='serial-'] >> nth={number}", serial)
    inspector.press("main form .form-actions button")
    inspector.open("/drones/?q=" + serials[0])
    expect(inspector.page.locator("#list tbody")).to_contain_text(serials[0])
