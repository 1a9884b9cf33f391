"""A live server and the system's chromium. When either cannot start, the test fails and does not skip."""

import os
import shutil
import threading
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Locator, sync_playwright

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# The first draws no frame of a window around a page, and needs a third of the processor.
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
]


def hold_connections_by_thread():
    """Playwright leaves its loop running in this thread, so Django would take every test for a coroutine of its own,
    and open a second connection that no one closes."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    held = threading.local()
    for connection in connections.all(initialized_only=True):
        setattr(held, connection.alias, connection)
    connections._connections = held


def load_what_learns():
    """What a worker of the background loads when it first learns; here a request does its work, and a page waits."""
    for name in ("sklearn.svm", "sklearn.linear_model", "sklearn.decomposition", "scipy.cluster.hierarchy"):
        import_module(name)


def load_what_a_click_opens(monkeypatch):
    """A click that leads to another page ends when that page is loaded with its scripts: what a test reads next,
    without waiting, is not of half a page."""
    click = Locator.click

    def click_and_load(self, **how):
        click(self, **how)
        self.page.wait_for_load_state("load")

    monkeypatch.setattr(Locator, "click", click_and_load)


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail("Chromium is not installed: apt install chromium-headless-shell, or chromium")
    hold_connections_by_thread()
    load_what_learns()
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live_server(live_server):
    """One request after the other: its threads share the connection to the database in memory, which breaks when two
    of them use it at once, and a page of charts asks for many pictures at once."""
    server, one = live_server.thread.httpd, threading.Lock()
    pages = server.get_app()

    def serve(environ, start_response):
        with one:
            return pages(environ, start_response)

    server.set_app(serve)
    return live_server


def wait_for_answers():
    """A page may be drawn before the server has closed its answer, which needs the database of this test."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(10)


@pytest.fixture
def open_page(chromium, live_server, monkeypatch):
    """`open_page("/desk/", width=360, language="ar", dark=True)`: a page of a browser that remembers nothing."""
    load_what_a_click_opens(monkeypatch)
    contexts, pages = [], []

    def open_page(
        path: str = "/",
        *,
        width: int = 1366,
        language: str = "en",
        dark: bool = False,
        script: bool = True,
        cookies: tuple[dict, ...] = (),
    ):
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            locale=language,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            base_url=live_server.url,
        )
        contexts.append(context)
        if cookies:
            context.add_cookies(cookies)
        page = context.new_page()
        page.set_default_timeout(60_000)  # in these tests, tasks of the worker run within the request
        page.troubles = []
        page.on("console", lambda said: page.troubles.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        pages.append(page)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    wait_for_answers()
    violations = [said for page in pages for said in page.troubles if "Content Security Policy" in said]
    assert violations == []


@pytest.fixture
def logged_in(open_page, client, live_server):
    """The same, for a person: `logged_in(user, "/desk/")`; the session is made without the log-in page."""

    def open_for(user, path: str, **look):
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        known = {"name": cookie.key, "value": cookie.value, "url": live_server.url}
        return open_page(path, cookies=(known,), **look)

    return open_for


@pytest.fixture
def axe():
    """What axe-core finds against WCAG 2.2 A and AA on a page, one line each; later pages of its context have axe."""
    source, rules = AXE.read_text(), ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    brought = []

    def faults(page, *, colours: bool = True) -> list[str]:
        asked = {"runOnly": {"type": "tag", "values": rules}}
        if not colours:
            asked["rules"] = {rule: {"enabled": False} for rule in OF_COLOURS}
        if page.context not in brought:
            brought.append(page.context)
            page.context.add_init_script(source)
            if page.evaluate("window.axe === undefined"):
                page.evaluate(f"{source};null")  # else all of axe-core is the answer, and comes back
        # What passed is most of what axe has to say, and no one reads it: it stays in the browser.
        violations = page.evaluate(
            "asked => axe.run({...asked, resultTypes: ['violations']}).then(found => found.violations)", asked
        )
        return [f"{violation['id']}: {node['target'][0]}" for violation in violations for node in violation["nodes"]]

    return faults
