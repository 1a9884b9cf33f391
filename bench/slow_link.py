"""How long a focal point on a slow link waits for the first content of a page, with an empty browser cache.

The link has the profile "3G" of WebPageTest: 1.6 Mbit/s down, 768 kbit/s up, 300 ms there and back.
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
MAX_SECONDS = 2.5  # to the first content
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
                report_median(
                    report, f"{name} ({language})", [visit(browser, address + page, language) for _ in range(visits)]
                )
            for name, page in DESK.items() if whole else []:
                seconds = [visit(browser, address + page, language, log_in=address) for _ in range(visits)]
                report_median(report, f"{name} ({language})", seconds)
        browser.close()


@contextmanager
def served(*, whole: bool) -> Iterator[str]:
    """The address of a new demonstration, or of a server on the data directory of this process."""
    if whole:
        with tempfile.TemporaryDirectory() as folder, demonstration(ROOT, SERVANDA_DATA_DIR=folder) as address:
            yield address
    else:
        with server() as port:
            yield f"http://127.0.0.1:{port}"


def report_median(report: Callable[..., None], what: str, seconds: list[float]) -> None:
    median = statistics.median(seconds)
    report(f"3G, first content: {what}, s", median, f"at most {MAX_SECONDS}", ok=median <= MAX_SECONDS)


def visit(browser: Browser, address: str, language: str, *, log_in: str = "") -> float:
    """Seconds from the request to the first content, with an empty browser cache."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, locale=language)
    page = context.new_page()
    if log_in:
        log_in_as_focal_point(page, log_in)
    chrome = context.new_cdp_session(page)
    chrome.send("Network.enable")
    chrome.send("Network.clearBrowserCache")
    chrome.send("Network.emulateNetworkConditions", LINK)
    page.goto(address)
    seconds = page.evaluate(FIRST_CONTENT) / 1000
    context.close()
    return seconds


def log_in_as_focal_point(page: Page, address: str) -> None:
    page.goto(f"{address}/account/login/")
    page.fill("input[name=login]", FOCAL_POINT)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
