"""The people of the demonstration, each at their own pages and before the doors of all others."""

from fnmatch import fnmatch

import lxml.html
import pytest
from django.urls import reverse

from servanda.demo import people
from servanda.people.demonstration import PASSWORD
from servanda.people.invitations.services import invite_person
from servanda.people.models import User
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
ENGLISH = {"width": 1366, "language": "en"}
ARABIC = {"width": 360, "language": "ar"}
# Each entry of the navigation: how it is called, and the heading of the page that it opens.
ENTRIES = {
    "portal:register": ("Recommendations", "Recommendations"),
    "portal:overview": ("Overview", "Overview"),
    "portal:calendar": ("Calendar", "Calendar of obligations"),
    "desk:home": ("My desk", "My desk"),
    "desk:register": ("Register", "Register"),
    "desk:overview": ("Overview", "Overview"),
    "desk:obligations": ("Obligations", "Obligations"),
    "desk:follow_up": ("Follow-up", "Follow-up"),
    "desk:proceedings": ("Communications", "Communications, visits, cases, dialogues"),
    "desk:reports": ("Reports", "Reports"),
    "desk:mechanisms": ("Network", "Mechanisms"),
    "desk:contribute": ("Contribute", "Contribute"),
    "desk:imports": ("Imports", "Imports"),
    "vocab:vocabulary": ("Vocabulary", "Vocabulary"),
    "people:people": ("People", "People"),
    "people:institutions": ("Institutions", "Institutions"),
    "people:trail": ("Audit trail", "Audit trail"),
}
DESK = ["desk:home", "desk:register", "desk:overview"]
ANSWERING = [*DESK, "desk:obligations", "desk:follow_up", "desk:proceedings", "desk:reports", "desk:mechanisms"]
OFFICE = [*ANSWERING, "desk:imports", "vocab:vocabulary", "people:people", "people:institutions", "people:trail"]
NAVIGATION = {
    "anonymous": ["portal:register", "portal:overview", "portal:calendar"],
    "focal": [*ANSWERING, "people:institutions"],
    "authority": [*ANSWERING, "people:institutions"],
    "contributor": [*DESK, "desk:contribute"],
    "coordinator": OFFICE,
    "admin": OFFICE,
}
# Who answers for one institution lands on its own page.
LANDS_BELOW = {(who, "desk:follow_up"): "*/" for who in ("focal", "authority")}
HEADINGS = {
    ("focal", "desk:follow_up"): "Ministry of Social Affairs (invented)",
    ("authority", "desk:follow_up"): "Social Services Agency (invented)",
}
EVERYBODY = set(NAVIGATION)
LOGGED_IN = EVERYBODY - {"anonymous"}
INSIDE = LOGGED_IN - {"contributor"}
MANAGING = {"coordinator", "admin"}
PAGES = {
    "portal:home": EVERYBODY,
    "portal:register": EVERYBODY,
    "portal:overview": EVERYBODY,
    "portal:calendar": EVERYBODY,
    "portal:about": EVERYBODY,
    "people:own_account": LOGGED_IN,
    "desk:home": LOGGED_IN,
    "desk:register": LOGGED_IN,
    "desk:overview": LOGGED_IN,
    "people:tokens": LOGGED_IN,
    "usersessions_list": LOGGED_IN,
    "vocab:vocabulary": LOGGED_IN,
    "people:institutions": INSIDE,
    "desk:obligations": INSIDE,
    "desk:follow_up": INSIDE,
    "desk:proceedings": INSIDE,
    "desk:whats_new": INSIDE,
    "desk:imports": MANAGING,
    "desk:create_recommendation": MANAGING,
    "vocab:add_taxonomy": MANAGING,
    "people:people": MANAGING,
    "people:invite_person": MANAGING,
    "people:create_institution": MANAGING,
    "people:trail": MANAGING,
    "desk:vacancies": MANAGING,
    "desk:send_sheet": MANAGING,
    "people:roles": {"admin"},
    "people:instance": {"admin"},
    "people:edit_instance": {"admin"},
}
ARGUMENTS = {"desk:send_sheet": ["people"]}


@pytest.fixture(autouse=True)
def demonstration(settings):
    settings.MODE = "demo"
    people.load()
    make.recommendation()


@pytest.fixture
def page_of(open_page):
    """The desk of one of the six after the log-in form; the home page for whoever is no one."""

    def page_of(who: str, **look):
        if who == "anonymous":
            return open_page("/", **look)
        page = open_page(f"{reverse('account_login')}?next={reverse('desk:home')}", **look)
        log_in(page, f"{who}@example.org", PASSWORD)
        return page

    return page_of


def log_in(page, email: str, password: str) -> None:
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(password)
    page.locator("main form button[type=submit]").click()


def sideways(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def entries(page) -> list[tuple[str, str]]:
    links = page.locator("nav.menu-wide a")
    return [(link.text_content(), link.get_attribute("href")) for link in links.all()]


def press_entry(page, number: int) -> None:
    """Some entries of people with many are folded."""
    link = page.locator("nav.menu-wide a").nth(number)
    if not link.is_visible():
        page.locator("nav.menu-wide summary").click()
    link.click()


def pressed_by(who: str) -> list[str]:
    """Entries that are pressed in the browser: each by the first who has it. The others' lead to the same page."""
    first = {name: person for person in reversed(NAVIGATION) for name in NAVIGATION[person]}
    return [name for name in NAVIGATION[who] if first[name] == who]


@pytest.mark.parametrize("who", NAVIGATION)
def test_the_navigation_shows_their_pages_and_each_opens(page_of, client, who):
    page = page_of(who, **ENGLISH)
    expected = NAVIGATION[who]
    assert entries(page) == [(ENTRIES[name][0], reverse(name)) for name in expected]
    pressed = pressed_by(who)
    for name in pressed:
        press_entry(page, expected.index(name))
        page.wait_for_url(f"**{landing(who, name)}", wait_until="domcontentloaded")
        assert page.locator("h1").all_inner_texts() == [heading(who, name)]
    assert page.troubles == []
    log_in_without_browser(client, who)
    for name in [name for name in expected if name not in pressed]:
        answer = client.get(reverse(name), follow=True)
        assert fnmatch(answer.request["PATH_INFO"], landing(who, name))
        found = lxml.html.fromstring(answer.content).xpath("//h1")
        assert [" ".join(element.text_content().split()) for element in found] == [heading(who, name)]


def landing(who: str, name: str) -> str:
    return f"{reverse(name)}{LANDS_BELOW.get((who, name), '')}"


def heading(who: str, name: str) -> str:
    return HEADINGS.get((who, name), ENTRIES[name][1])


def log_in_without_browser(client, who: str) -> None:
    if who != "anonymous":
        client.force_login(User.objects.get(email=f"{who}@example.org"))


# At these pages axe looks here: administrators and strangers are at all of theirs in test_every_address.py, and the
# pages of coordinators are those of administrators.
AXE_LOOKS_AT = set(NAVIGATION) - {"anonymous", "coordinator", "admin"}
LOOK = """() => [document.documentElement.dir, document.querySelectorAll("h1").length,
    document.documentElement.scrollWidth - window.innerWidth]"""


def looks_at(who: str) -> list[str]:
    """The pages in their navigation, and those that require their permissions. An administrator, for whom the
    navigation is that of a coordinator, sees each page on a telephone in test_every_address.py."""
    fewest_first = sorted(NAVIGATION, key=lambda person: sum(person in those for those in PAGES.values()))
    first = {name: next(person for person in fewest_first if person in those) for name, those in PAGES.items()}
    own = [] if who in MANAGING else NAVIGATION[who]
    return [name for name in PAGES if name in own or first[name] == who]


@pytest.mark.parametrize("who", NAVIGATION)
def test_in_arabic_on_a_phone_their_pages_fit_and_those_of_others_stay_shut(open_page, logged_in, axe, client, who):
    if who == "anonymous":
        page = open_page("/", **ARABIC)
    else:
        page = logged_in(User.objects.get(email=f"{who}@example.org"), reverse("desk:home"), **ARABIC)
    page.locator(".menu-narrow summary").click()
    links = page.locator(".menu-narrow .navigation a").all()
    assert [link.get_attribute("href") for link in links] == [reverse(name) for name in NAVIGATION[who]]
    assert all(link.is_visible() for link in links)
    looked_at = looks_at(who)
    for name in looked_at:
        address = reverse(name, args=ARGUMENTS.get(name))
        assert (name, page.goto(address, wait_until="domcontentloaded").status) == (name, 200)
        assert (name, page.evaluate(LOOK)) == (name, ["rtl", 1, 0])
        if name in NAVIGATION[who] and who in AXE_LOOKS_AT:
            assert (name, axe(page, colours=False)) == (name, [])  # axe measures none of Arabic letters
    assert page.troubles == []
    for name in [name for name in PAGES if name not in looked_at]:
        is_theirs = who in PAGES[name]
        answer = client.get(reverse(name, args=ARGUMENTS.get(name)), follow=is_theirs)
        to_log_in = answer.headers.get("location", "").split("?")[0] == reverse("account_login")
        expected = (200, False) if is_theirs else (302, True) if who == "anonymous" else (403, False)
        assert (name, answer.status_code, to_log_in) == (name, *expected)


def test_before_the_door_of_another_role_one_reads_why_and_where_to_go(page_of):
    page = page_of("focal", **ENGLISH)
    page.goto(reverse("people:trail"))
    assert page.locator("h1").inner_text() == "You do not have access to this page"
    page.get_by_role("link", name="Go to my desk").click()
    assert page.locator("h1").inner_text() == "My desk"


def test_without_script_a_person_logs_in_on_a_phone_in_arabic(page_of):
    page = page_of("focal", **ARABIC, script=False)
    assert page.url.endswith(reverse("desk:home"))
    assert page.locator(".menu-person").inner_text() == "Fran (focal point)"
    assert sideways(page) == 0


def test_without_script_an_invited_person_comes_in_on_a_phone_in_arabic(open_page, live_server):
    cora = User.objects.get(email="coordinator@example.org")
    invited = invite_person(email="layla@example.org", name="Layla", language="ar", by=cora, origin=live_server.url)
    page = open_page(invited.link, **ARABIC, script=False)
    page.locator("#id_name").fill("Layla Mithal")
    page.locator("#id_password").fill("qwertyuiop[]")
    page.locator("main form button[type=submit]").click()
    assert page.locator(".error-summary").is_visible()
    assert sideways(page) == 0
    page.locator("#id_password").fill("a long pass phrase of mine")
    page.locator("main form button[type=submit]").click()
    assert page.url.endswith(reverse("people:own_account"))  # without an appointment there is no desk
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator(".menu-person").inner_text() == "Layla Mithal"
    page.goto(invited.link)
    assert page.locator("#id_password").count() == 0
    assert User.objects.get(email="layla@example.org").roles == frozenset()
