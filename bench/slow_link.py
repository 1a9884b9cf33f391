"""What a focal point on a slow link waits for: the first content of a page, without anything in the browser's cache.

The link is that of the profile "3G" of WebPageTest: 1.6 Mbit/s down, 768 kbit/s up, 300 ms there and back.
The tiny size visits one page of an empty register once and does not log in: loading the demonstration takes a minute.
"""

import os
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from bench.demonstration import demonstration, server
from bench.shared import ROOT
from servanda.people.demonstration import PASSWORD

NEEDS_DATABASE = False
LINK = {"offline": False, "latency": 300, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 768e3 / 8}
LONGEST = 2.5  # seconds to first content
TINY = {"visits": 1, "whole": False}
FOCAL_POINT = "focal@example.org"
PUBLIC = {"home": "/", "register": "/recommendations/", "overview": "/overview/", "log-in": "/account/login/"}
DESK = {"desk": "/desk/", "register of the desk": "/desk/register/"}
FIRST_CONTENT = """() => new Promise(shown => new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (entry.name === "first-contentful-paint") shown(entry.startTime)
}).observe({type: "paint", buffered: true}))"""


def run(report: Callable[..., None], *, visits: int = 3, whole: bool = True) -> None:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with served(whole=whole) as address, sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        for language in ("en", "ar") if whole else ("en",):
            for name, page in PUBLIC.items() if whole else [("home", "/")]:
                tell(
                    report, f"{name} ({language})", [visit(browser, address + page, language) for _ in range(visits)]
                )
            for name, page in DESK.items() if whole else []:
                seen = [visit(browser, address + page, language, log_in=address) for _ in range(visits)]
                tell(report, f"{name} ({language})", seen)
        browser.close()


@contextmanager
def served(*, whole: bool) -> Iterator[str]:
    """The address of the demonstration, or of the data directory of this process."""
    if whole:
        with tempfile.TemporaryDirectory() as folder, demonstration(ROOT, SERVANDA_DATA_DIR=folder) as address:
            yield address
    else:
        with server() as port:
            yield f"http://127.0.0.1:{port}"


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
