"""What a focal point on a slow link waits for: the first content of a page, without anything in the browser's cache.

The link is that of the profile "3G" of WebPageTest: 1.6 Mbit/s down, 768 kbit/s up, 300 ms there and back.
"""

import os
import shutil
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.demonstration import demonstration
from servanda.people.demonstration import PASSWORD

NEEDS_DATABASE = False
ROOT = Path(__file__).resolve().parents[1]
LINK = {"offline": False, "latency": 300, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 768e3 / 8}
LONGEST = 2.5  # seconds to first content
VISITS = 3
FOCAL_POINT = "focal@example.org"
PUBLIC = {"home": "/", "register": "/recommendations/", "overview": "/overview/", "log-in": "/account/login/"}
DESK = {"desk": "/desk/", "register of the desk": "/desk/register/"}
FIRST_CONTENT = """() => new Promise(shown => new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (entry.name === "first-contentful-paint") shown(entry.startTime)
}).observe({type: "paint", buffered: true}))"""


def run(report: Callable[..., None]) -> None:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(ROOT, SERVANDA_DATA_DIR=folder) as address,
        sync_playwright() as playwright,
    ):
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        for language in ("en", "ar"):
            for name, page in PUBLIC.items():
                tell(
                    report, f"{name} ({language})", [visit(browser, address + page, language) for _ in range(VISITS)]
                )
            for name, page in DESK.items():
                seen = [visit(browser, address + page, language, log_in=address) for _ in range(VISITS)]
                tell(report, f"{name} ({language})", seen)
        browser.close()


def tell(report: Callable[..., None], what: str, seconds: list[float]) -> None:
    middle = statistics.median(seconds)
    report(f"3G, first content: {what}, s", middle, f"at most {LONGEST}", ok=middle <= LONGEST)


def visit(browser: Browser, address: str, language: str, *, log_in: str = "") -> float:
    """Seconds from asking for the page to its first content, in a browser that has seen none of its files."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, locale=language)
    page = context.new_page()
    if log_in:
        enter(page, log_in)
    chrome = context.new_cdp_session(page)
    chrome.send("Network.enable")
    chrome.send("Network.clearBrowserCache")
    chrome.send("Network.emulateNetworkConditions", LINK)
    page.goto(address)
    seconds = page.evaluate(FIRST_CONTENT) / 1000
    context.close()
    return seconds


def enter(page: Page, address: str) -> None:
    page.goto(f"{address}/account/login/")
    page.fill("input[name=login]", FOCAL_POINT)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
