"""Every address of the table, with data in the page: accessible, and usable at 360 pixels."""

import pytest

from servanda.people.access import Role
from tests import make
from tests.browser.long_names import name_at_length
from tests.house.addresses import ADDRESSES
from tests.house.addressing import EVERYBODY
from tests.house.scene import set_scene

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


def faults(page, axe, url: str, *, colours: bool = False) -> list[str]:
    """What is wrong with a page in its structure and, if asked, its colours, and on a telephone. Those of the dark
    are other values of the same pairs, each measured in each theme (tests/kit/pages/test_theme.py). Every page in
    every language, and in the dark: every_look.py, which runs only when asked for."""
    answer = page.goto(url, wait_until="load")
    if answer is None or "text/html" not in answer.headers.get("content-type", ""):
        return []
    return faults_in_both_widths(page, axe, colours=colours)


def faults_in_both_widths(page, axe, *, colours: bool = False) -> list[str]:
    """First in the width that the window has, where the page before was looked at last: no script reads it."""
    if not page.query_selector("main"):  # a part that a script puts into a page
        return []
    found, now = [], page.viewport_size["width"]
    for width in sorted((DESKTOP, TELEPHONE), key=lambda one: one != now):
        if width != page.viewport_size["width"]:
            page.set_viewport_size({"width": width, "height": 800})
        found += width_faults(page) if width == TELEPHONE else axe(page, colours=colours)
    return found


def width_faults(page, sizes: tuple[str, ...] = ("100%", "200%")) -> list[str]:
    """Too wide with text as it is, or with text of double size. Nothing where an answer is no page with a frame."""
    widths = page.evaluate(
        """sizes => {
          const root = document.documentElement;
          const widths = document.querySelector("main") && sizes.map(size => {
            root.style.fontSize = size;
            return [size, root.scrollWidth - window.innerWidth];
          });
          root.style.fontSize = "";
          return widths;
        }""",
        sizes,
    )
    return [f"text at {size}: {too_wide} px too wide" for size, too_wide in widths or () if too_wide]


# The structure is that of one template in every language; the colours are those of the parts (test_parts.py), of
# which tests/kit/pages/test_theme.py measures each pair in each theme. Each language looks at its part of the
# addresses; test_scripts_in_fields.py is at all pages in Arabic, and looks at its part there.
LANGUAGES = ["en", "es", "fr", "pt", "ar"]
HERE = LANGUAGES[:-1]


def part_of(names: list[str], language: str) -> list[str]:
    return names[LANGUAGES.index(language) :: len(LANGUAGES)]


@pytest.mark.parametrize("language", HERE)
def test_every_page_is_accessible_and_fits_a_telephone(logged_in, axe, language):
    person = make.user(Role.ADMINISTRATOR)
    scene = set_scene(person)
    name_at_length()
    page = logged_in(person, "/about/", width=TELEPHONE, language=language)
    page.emulate_media(reduced_motion="reduce")  # no colours that pass into each other
    urls = {name: ADDRESSES[name].url(name, scene) for name in part_of(BEHIND_LOG_IN, language)}
    found = {name: faults(page, axe, url) for name, url in urls.items() if is_page(name, url)}
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize("language", HERE)
def test_every_public_page_is_accessible_to_a_stranger(open_page, axe, language):
    scene = set_scene()
    name_at_length()
    page = open_page("/about/", width=TELEPHONE, language=language)
    page.emulate_media(reduced_motion="reduce")
    public = {name: ADDRESSES[name].url(name, scene) for name in part_of(PUBLIC, language)}
    pages = {name: url for name, url in public.items() if is_page(name, url)}
    found = {name: faults(page, axe, url, colours=True) for name, url in pages.items()}
    assert {name: said for name, said in found.items() if said} == {}
