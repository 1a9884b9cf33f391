"""Several people walk through one proceeding, each with a browser of their own."""

from urllib.parse import urljoin

import lxml.html
from django.conf import settings
from django.test import Client
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.models import User
from servanda.proceedings.models import Proceeding
from tests import make

KINDS_OF_FIELDS = "form => Object.fromEntries([...form.elements].map(field => [field.name, field.type]))"


def cookie_of(person: User, server: str) -> dict[str, str]:
    """That of a session of their own, which lasts when others log in."""
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return {"name": cookie.key, "value": cookie.value, "url": server}


class Walk:
    """Each person with a browser of their own, in one language; forms are found by the names of their fields."""

    def __init__(self, open_page, live_server, language: str):
        self.open_page, self.server, self.language = open_page, live_server.url, language
        self.place, self.beside = make.institution("moj", name="Justice"), make.institution("mof", name="Finance")
        self.coordinator, self.other = make.user(Role.COORDINATOR), make.user(Role.COORDINATOR)
        self.writer, self.authority = make.user(Role.FOCAL_POINT, self.place), make.user(Role.AUTHORITY, self.place)
        self.pages: dict = {}

    def open(self, person, path: str):
        if person in self.pages:
            self.pages[person].goto(path)
            return self.pages[person]
        known = cookie_of(person, self.server)
        self.pages[person] = self.open_page(path, cookies=(known,), language=self.language, width=360)
        return self.pages[person]

    def send(self, person, path: str, **fields):
        """Fill in a form by the names of its fields, and send it."""
        return self.fill(self.open(person, path), **fields)

    def fill(self, page, **fields):
        """Fill in the form of a page, and send it; buttons that only search in it are passed over."""
        form = page.locator("main form[method=post]").last
        kinds = form.evaluate(KINDS_OF_FIELDS) if fields else {}
        for name, value in fields.items():
            field = form.locator(f"[name='{name.replace('__', '-')}']")
            kind = kinds[name.replace("__", "-")]
            if value is True:
                field.check()
            elif kind == "select-one":
                field.select_option(value)
            elif kind == "file":
                field.set_input_files(value)
            else:
                field.fill(value)
        form.locator("button[type=submit]:not([formnovalidate], [tabindex='-1'])").click()
        page.wait_for_load_state()
        return page

    def faults(self, page, axe=None, languages: tuple[str, ...] = ("en", "ar")) -> list[str]:
        """What is wrong with a page in each language: it is too wide or, if asked, what axe finds. What was entered
        on the page is lost, and the next page is in the language of the walk."""
        found = []
        for language in sorted(languages, key=lambda code: code != self.language):
            if page.evaluate("document.documentElement.lang") != language:
                chosen = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": page.url}
                page.context.add_cookies([chosen])
                page.reload()
            shown, too_wide = page.evaluate(
                "(root => [root.lang, root.scrollWidth - window.innerWidth])(document.documentElement)"
            )
            assert shown == language
            if too_wide:
                found.append(f"{language}: {too_wide} px too wide")
            if axe:  # it measures no colours of Arabic letters
                found += [f"{language}: {fault}" for fault in axe(page, colours=language != "ar")]
        page.context.clear_cookies(name=settings.LANGUAGE_COOKIE_NAME)
        return found

    def post(self, person, path: str, *, action: str = "", button: dict | None = None, **fields) -> None:
        """Send a form, or the one with that action, as its page would, but without a browser: the page is shown by
        another journey in the same language. Fails if the form is refused, or does not have one of the fields."""
        client = Client(headers={"accept-language": self.language})
        client.force_login(person)
        page = lxml.html.fromstring(client.get(path).content)
        form = page.xpath(f"//main//form[@action='{action}']" if action else "//main//form[@method='post']")[-1]
        for name, value in fields.items():
            form.inputs[name.replace("__", "-")].value = value
        data: dict[str, list[str]] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        assert client.post(urljoin(path, form.get("action", "")), data | (button or {})).status_code == 302

    def push(self, person, path: str, deed: str, *arguments) -> None:
        """Press the button of a deed on a page, without a browser."""
        self.post(person, path, action=reverse(f"desk:{deed}", args=arguments))

    def press(self, person, path: str, deed: str, *arguments):
        """Press the button of a deed on a page."""
        page = self.open(person, path)
        page.locator(f"form[action='{reverse(f'desk:{deed}', args=arguments)}'] button").click()
        page.wait_for_load_state()
        return page


def url(deed: str, letter: Proceeding, *more) -> str:
    return reverse(f"desk:{deed}", args=[letter.key, *more])
