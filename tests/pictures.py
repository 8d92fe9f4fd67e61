"""Takes the pictures of the README from a site that shows the demo world.

    python3 run.py                                                  in one window
    .venv/bin/python -m tests.pictures http://127.0.0.1:8000        in another

The demo world is the same each time but for its days, so that a picture changes when a page does.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
PASSWORD = os.environ.get("DEMO_PASSWORD", "demo-registry-2026")
MOST_BYTES = 200 * 1024


@dataclass(frozen=True)
class Picture:
    """What it shows: a page of the site and who looks; `link` is followed first, where the page is a list."""

    name: str
    who: str
    address: str
    link: str = ""
    height: int = 820
    scrolled: int = 0


PICTURES = (
    Picture("list", "leader", "/drones/?standing=phase_out&standing=ground&held=true"),
    Picture("review", "reviewer", "/reviews/mine/", "#list a[href*='/reviews/']", 740, 425),
    Picture("dashboard", "leader", "/dashboards/", height=1000),
)


def main(site: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        for picture in PICTURES:
            _take(picture, browser, site.rstrip("/"))
        browser.close()


def _take(picture: Picture, browser: Browser, site: str) -> None:
    size = ViewportSize(width=1280, height=picture.height)
    page = browser.new_context(locale="en-GB", viewport=size).new_page()
    _sign_in(page, picture.who, site)
    page.goto(site + picture.address)
    if picture.link:
        page.locator(picture.link).first.click()
    page.wait_for_load_state("networkidle")
    page.mouse.wheel(0, picture.scrolled)
    page.wait_for_function("top => scrollY >= top", arg=picture.scrolled)
    path = FOLDER / f"{picture.name}.png"
    page.screenshot(path=path)
    page.context.close()
    if path.stat().st_size > MOST_BYTES:
        sys.exit(
            f"{path.name} has {path.stat().st_size} bytes; at most {MOST_BYTES} are committed."
        )


def _sign_in(page: Page, who: str, site: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("input[name=login]", f"{who}@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.locator("nav a[href='/drones/']").first.wait_for(state="attached")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
