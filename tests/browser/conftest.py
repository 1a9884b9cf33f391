"""A live server and the system's chromium. When either cannot start, the test fails and does not skip."""

import os
import re
import shutil
import socket
import threading
from contextlib import suppress
from functools import cache
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connections
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Error, Locator, sync_playwright

from tests.browser.targets import ARE_APART
from tests.paths import AXE

AXE_ADDRESS = "/static/axe.min.js"  # where the server of the tests has it
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
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
    # What runs for a tenth of a second on a page, as axe-core does, takes longer to optimise than it gains.
    "--js-flags=--no-opt --no-maglev",
]
# What a page does by itself after some seconds, such as asking how far a job is, it does after a quarter of them.
HURRY = "((wait) => { window.setTimeout = (what, after, ...rest) => wait(what, after / 4, ...rest); })(setTimeout);"
# The first time on a page, axe is loaded. What passed is most of what it has to say, and no one reads it: it stays in
# the browser.
RUN_AXE = f"""async asked => {{
  if (!window.axe) {{
    const script = Object.assign(document.createElement("script"), {{ src: "{AXE_ADDRESS}" }});
    await new Promise((done, fail) => {{
      Object.assign(script, {{ onload: done, onerror: fail }});
      document.head.append(script);
    }});
    script.remove();
  }}
  const isAsked = asked.runOnly.type === "tag" && !({ARE_APART})();
  const rules = {{ "target-size": {{ enabled: isAsked }}, ...asked.rules }};
  return (await axe.run({{ ...asked, rules }})).violations;
}}"""
KEPT = re.compile(r"max-age=\d+")
AS_ANY_DEVICE = dict.fromkeys(("media", "reduced_motion", "forced_colors", "contrast"), "null")


def hold_connections_by_thread():
    """Playwright leaves its loop running in this thread, so Django would take every test for a coroutine of its own,
    and open a second connection that no one closes."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    by_thread = threading.local()
    for connection in connections.all(initialized_only=True):
        setattr(by_thread, connection.alias, connection)
    connections._connections = by_thread


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


@cache
def axe_core() -> str:
    return AXE.read_text()


@pytest.fixture(scope="session")
def live_server(live_server):
    """One request after the other: its threads share the connection to the database in memory, which breaks when two
    of them use it at once, and a page of charts asks for many pictures at once. The browser keeps styles and scripts,
    and nothing else: a picture of one test would be shown in the next."""
    server, lock = live_server.thread.httpd, threading.Lock()
    pages = server.get_app()

    def serve(environ, start_response):
        kept = [("Cache-Control", "max-age=86400")] if environ["PATH_INFO"].startswith("/static/") else []

        def start(status, headers, *rest):
            asked = [
                (name, KEPT.sub("no-cache", value) if name == "Cache-Control" else value) for name, value in headers
            ]
            return start_response(status, asked + kept, *rest)

        if environ["PATH_INFO"] == AXE_ADDRESS:
            start_response("200 OK", [("Content-Type", "text/javascript"), *kept])
            return [axe_core().encode()]
        with lock:
            return pages(environ, start)

    server.set_app(serve)
    server.open_handlers, server.RequestHandlerClass = set(), KnownHandler
    return live_server


class KnownHandler(QuietWSGIRequestHandler):
    """One for each connection, which the browser leaves open for its next request."""

    def setup(self):
        super().setup()
        self.server.open_handlers.add(self)

    def finish(self):
        self.server.open_handlers.discard(self)
        super().finish()


def wait_for_answers(live_server):
    """A page may be drawn before the server has closed its answer, which needs the database of this test. No request
    follows on a connection that is open: its thread ends with its answer."""
    for handler in tuple(live_server.thread.httpd.open_handlers):
        with suppress(OSError):
            handler.connection.shutdown(socket.SHUT_RD)
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(10)


class Pages:
    """The pages of this process. A new one costs a process of the browser, and all styles and scripts once more: two
    tenths of a second of processor. So a test gets a page that an earlier one gave back, which remembers nothing."""

    MOST = 6  # that no one uses

    def __init__(self, chromium, origin: str):
        self.chromium, self.origin, self.free = chromium, origin, []

    def take(self, *, language: str, script: bool):
        """A page of a browser in this language, and with a list of troubles that is empty."""
        for page in reversed(self.free):
            if page.runs_scripts == script:
                self.free.remove(page)
                break
        else:
            page = self.new(script=script)
        page.troubles = []
        # Not `locale`, which a context has for ever; no script of ours asks the browser for its language.
        page.context.set_extra_http_headers({"Accept-Language": language})
        return page

    def new(self, *, script: bool):
        context = self.chromium.new_context(java_script_enabled=script, base_url=self.origin)
        context.add_init_script(HURRY)
        page = context.new_page()
        page.runs_scripts = script
        page.set_default_timeout(60_000)  # in these tests, tasks of the worker run within the request
        page.on("console", lambda message: page.troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        return page

    def give_back(self, page) -> None:
        if page.is_closed() or len(page.context.pages) > 1 or not page.url.startswith(self.origin):
            page.context.close()
            return
        try:
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
        except Error:  # a page that may not reach them
            page.context.close()
            return
        page.context.clear_cookies()
        page.context.set_offline(False)
        page.mouse.move(-1, -1)
        page.goto("about:blank")
        self.free.append(page)
        if len(self.free) > self.MOST:
            self.free.pop(0).context.close()


@pytest.fixture(scope="session")
def pages(chromium, live_server):
    return Pages(chromium, live_server.url)


@pytest.fixture
def open_page(pages, live_server, monkeypatch):
    """`open_page("/desk/", width=360, language="ar", dark=True)`: a page of a browser that remembers nothing."""
    load_what_a_click_opens(monkeypatch)
    used = []

    def open_page(
        path: str = "/",
        *,
        width: int = 1366,
        language: str = "en",
        dark: bool = False,
        script: bool = True,
        cookies: tuple[dict, ...] = (),
    ):
        page = pages.take(language=language, script=script)
        used.append(page)
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if dark else "light", **AS_ANY_DEVICE)
        if cookies:
            page.context.add_cookies(cookies)
        page.goto(path)
        return page

    yield open_page
    for page in used:
        pages.give_back(page)
    wait_for_answers(live_server)
    violations = [trouble for page in used for trouble in page.troubles if "Content Security Policy" in trouble]
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
    """What axe-core finds against WCAG 2.2 A and AA on a page, one line each."""
    # Without style sheets: axe would copy them into the page, against its policy, for an experimental rule.
    data = {
        "resultTypes": ["violations"],
        "runOnly": {"type": "tag", "values": RULES},
        "preload": {"assets": ["media"]},
    }

    def faults(page, *, colours: bool = True, structure: bool = True) -> list[str]:
        asked = data if structure else data | {"runOnly": {"type": "rule", "values": OF_COLOURS}}
        rules = {} if colours else {rule: {"enabled": False} for rule in OF_COLOURS}
        violations = page.evaluate(RUN_AXE, asked | {"rules": rules})
        return [f"{violation['id']}: {node['target'][0]}" for violation in violations for node in violation["nodes"]]

    return faults
