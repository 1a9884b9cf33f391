"""Every address of the table, with data in the page, and scripts in every word of it: accessible, usable at 360
pixels, and nothing that is stored is run."""

from functools import partial

import pytest

from servanda.people.access import Role
from servanda.people.models import User
from tests import make
from tests.browser.long_names import name_at_length
from tests.browser.planted_scripts import plant_scripts
from tests.house.addresses import ADDRESSES
from tests.house.addressing import EVERYBODY
from tests.house.once import set_once
from tests.house.scene import Scene, set_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

DESKTOP, TELEPHONE = 1366, 360
# At the end of an address that is no page:
FILES = ("png", "json", "jsonld", "csv", "pdf", "docx", "xlsx", "svg", "ics", "zip", "personal-data")
PAGES = [name for name, address in ADDRESSES.items() if "GET" in address.methods and not name.startswith("api:rec")]
PUBLIC = [name for name in PAGES if ADDRESSES[name].who == EVERYBODY]  # a stranger looks at these
BEHIND_LOG_IN = [name for name in PAGES if name not in PUBLIC]

# Pages that answer with a file, whatever their address ends with.
FILE_VIEWS = (
    "evidence_file",
    "proceeding_file",
    "obligation_file",
    "meeting_paper",
    "course_material",
    "legal_text",
    "legal_text_file",
    "published_object",
    "downloaded_report",
    "word_template_file",
    "comment_file",
)


def is_page(name: str, url: str) -> bool:
    return not (name.endswith(FILE_VIEWS) or url.rstrip("/").endswith(FILES))


# What is stored was run, or became more than words.
RAN = """() => [
  document.querySelector("main") !== null,
  typeof window.ran !== "undefined",
  document.querySelector("[onerror], [onload], [href^='javascript:'], [src=x]") !== null,
]"""
# Too wide with text as it is, or with text of double size. Nothing where an answer is no page with a frame.
WIDTHS = """sizes => {
  const root = document.documentElement;
  const widths = document.querySelector("main") && sizes.map(size => {
    root.style.fontSize = size;
    return [size, root.scrollWidth - window.innerWidth];
  });
  root.style.fontSize = "";
  return widths;
}"""
# The page of an address is put into this one with its styles, and without running its scripts: a third of the time.
PUT_PAGE = """async url => {
  const answer = await fetch(url), words = await answer.text();
  if (answer.status >= 500) return `answers ${answer.status}`;
  if (!answer.headers.get("content-type")?.startsWith("text/html")) return "";
  const page = new DOMParser().parseFromString(words, "text/html");
  const styles = [...page.querySelectorAll("link[rel=stylesheet]")];
  const loaded = (link) => new Promise((done, fail) => Object.assign(link, {onload: done, onerror: fail}));
  const all = Promise.all(styles.map(loaded));
  document.documentElement.replaceWith(page.documentElement);
  await all;
  return "";
}"""


def faults(page, axe, url: str, *, colours: bool = False) -> list[str]:
    """What is wrong with a page: what is stored was run, its structure and, if asked, its colours, and how it fits a
    telephone. Colours of the dark are other values of the same pairs, each measured in each theme
    (tests/kit/pages/test_theme.py). Every page in every language, and in the dark: every_look.py, which runs only
    when asked for."""
    answer = page.goto(url, wait_until="load")
    found = [f"answers {answer.status}"] if answer.status >= 500 else []
    is_whole, ran, became_part = page.evaluate(RAN)
    found += ["a script ran"] * ran + ["a script became part of the page"] * became_part
    return found + faults_in_both_widths(page, axe, colours=colours) if is_whole else found


def faults_in_both_widths(page, axe, *, colours: bool) -> list[str]:
    """First in the width that the window has, where the page before was looked at last: no script reads it."""
    found, now = [], page.viewport_size["width"]
    for width in sorted((DESKTOP, TELEPHONE), key=lambda size: size != now):
        if width != page.viewport_size["width"]:
            page.set_viewport_size({"width": width, "height": 800})
        found += width_faults(page) if width == TELEPHONE else axe(page, colours=colours)
    return found


def width_faults(page, sizes: tuple[str, ...] = ("100%", "200%")) -> list[str]:
    widths = page.evaluate(WIDTHS, sizes)
    return [f"text at {size}: {too_wide} px too wide" for size, too_wide in widths or () if too_wide]


def faults_in_arabic(telephone, url: str) -> list[str]:
    """Where an answer is no page, it is the one before that fits."""
    trouble = telephone.evaluate(PUT_PAGE, url)
    return [f"Arabic: {fault}" for fault in ([trouble] if trouble else width_faults(telephone, ("100%",)))]


# The structure is that of one template in every language; the colours are those of the parts (test_parts.py), of
# which tests/kit/pages/test_theme.py measures each pair in each theme. Each language looks at its part of the
# addresses, and all fit a telephone in Arabic.
LANGUAGES = ["en", "es", "fr", "pt", "ar"]


def scene_with_tasks(owner: User) -> Scene:
    """Unlike in tests that do not commit, it has what tasks of the worker write."""
    return set_scene(owner)


def part_of(names: list[str], language: str) -> list[str]:
    return names[LANGUAGES.index(language) :: len(LANGUAGES)]


def faults_of_part(open_at, axe, scene, names: list[str], language: str, *, colours: bool = False) -> dict:
    """What is wrong with the pages that this language looks at, by the names of their addresses."""
    page = open_at("/about/", width=TELEPHONE, language=language)
    page.emulate_media(reduced_motion="reduce")  # no colours that pass into each other
    telephone = open_at("/about/", width=TELEPHONE, language="ar") if language != "ar" else None
    found = {}
    for name in part_of(names, language):
        url = ADDRESSES[name].url(name, scene)
        if is_page(name, url):
            found[name] = faults(page, axe, url, colours=colours)
            found[name] += faults_in_arabic(telephone, url) if telephone else []
    return {name: wrong for name, wrong in found.items() if wrong}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_runs_nothing_that_is_stored_and_fits_a_telephone(
    open_page, logged_in, axe, language
):
    scene_once = set_once(scene_with_tasks)
    person = make.user(Role.ADMINISTRATOR)
    scene = scene_once.handed_to(person)
    plant_scripts()
    name_at_length()
    behind = faults_of_part(partial(logged_in, person), axe, scene, BEHIND_LOG_IN, language)
    public = faults_of_part(open_page, axe, scene, PUBLIC, language, colours=True)
    assert behind | public == {}
