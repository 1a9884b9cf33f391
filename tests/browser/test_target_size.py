"""What is pressed is at least 24 px high and wide (WCAG 2.5.8), and it is seen where the focus is."""

import pytest
from django.urls import reverse

from servanda.people.access import Role
from tests import make
from tests.browser.targets import ARE_APART

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = ["portal:home", "portal:register", "portal:overview", "portal:search", "portal:glossary", "portal:languages"]
DESK = [
    "desk:home",
    "desk:register",
    "desk:imports",
    "desk:vacancies",
    "people:people",
    "people:trail",
    "vocab:bodies",
]

# A target that is too small may stand where no other is within a circle of 24 px around its middle. Links in a
# sentence are as high as their line.
SMALL = """() => {
  const shown = (one) => one.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true });
  const named = "a[href], button, summary, input:not([type=hidden]), select, textarea, [role=button]";
  const targets = [...document.querySelectorAll(named)].filter((one) => shown(one) && !one.closest(".skip-link"));
  const hasWords = (around) => [...around.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const inSentence = (one) =>
    getComputedStyle(one).display === "inline" && hasWords(one.closest("p, li, td, dd") ?? one);
  const box = (one) => one.getBoundingClientRect();
  const boxes = targets.map((one) => [one, box(one.labels?.[0] ?? one), box(one)]);
  const small = ([, around, own]) =>
    Math.max(around.width, own.width) < 24 || Math.max(around.height, own.height) < 24;
  const apart = ([one, , own]) => {
    const x = own.x + own.width / 2, y = own.y + own.height / 2;
    return boxes.every(([other, , box]) => {
      if (other === one || other.contains(one) || one.contains(other)) return true;
      const dx = Math.max(box.left - x, 0, x - box.right), dy = Math.max(box.top - y, 0, y - box.bottom);
      return Math.hypot(dx, dy) >= 12;
    });
  };
  return boxes
    .filter((box) => small(box) && !inSentence(box[0]) && !apart(box))
    .map(([one, , own]) => `${one.outerHTML.slice(0, 90)} ${Math.round(own.width)}x${Math.round(own.height)}`);
}"""

# What has the focus has an outline, or its neighbourhood has. A browser shows where a script puts the focus as it was
# shown before, so a key is pressed first.
UNSEEN = """() => {
  const reached = "a[href], button, input, select, textarea, summary, [tabindex]";
  const unseen = [...document.querySelectorAll(reached)].filter((one) => {
    if (one.tabIndex < 0) return false;
    one.focus({ preventScroll: true });
    if (document.activeElement !== one) return false;
    const style = getComputedStyle(one);
    return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2;
  });
  return [...new Set(unseen.map((one) => one.outerHTML.slice(0, 90)))];
}"""


def unseen(page) -> list[str]:
    page.keyboard.press("Tab")
    return page.evaluate(UNSEEN)


def faults(page, names: list[str]) -> dict[str, list[str]]:
    found = {}
    for name in names:
        page.goto(reverse(name))
        found[name] = page.evaluate(SMALL) + [f"focus unseen: {element}" for element in unseen(page)]
    return {name: wrong for name, wrong in found.items() if wrong}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_public_pages_have_targets_that_a_thumb_meets(open_page, language):
    make.recommendation(stand="supported")
    page = open_page("/account/login/", width=360, language=language)
    assert page.evaluate(SMALL) == []
    assert faults(page, PUBLIC) == {}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_the_desk_have_targets_that_a_thumb_meets(logged_in, language):
    record = make.recommendation(stand="noted")
    page = logged_in(
        make.user(Role.ADMINISTRATOR), reverse("desk:record", args=[record.code]), width=360, language=language
    )
    assert page.evaluate(SMALL) == []
    assert faults(page, DESK) == {}


def test_a_small_target_is_seen(open_page, axe):
    page = open_page("/about/", width=360)
    page.evaluate("""document.querySelector("main").innerHTML =
        "<ul><li><button id='a'>a</button><button id='b'>b</button></li></ul>";
        for (const one of document.querySelectorAll("main button"))
            Object.assign(one.style, {width: "12px", height: "12px", padding: 0, border: 0})""")
    assert [target[:14] for target in page.evaluate(SMALL)] == ['<button id="a"', '<button id="b"']
    assert {"target-size: #a", "target-size: #b"} <= set(axe(page))


# Two targets of all sizes and distances; where one covers the other or is too close, axe has something to say.
TWO_TARGETS = f"""async () => {{
  document.querySelector("main").innerHTML =
    "<h1>Two</h1><ul><li><button id='a'>a</button><button id='b'>b</button></li></ul>";
  const [one, other] = document.querySelectorAll("main button"), found = [];
  for (const width of [16, 23, 24]) for (const height of [12, 24]) for (const beside of [20, 40])
    for (const gap of [-9, -1, 0, 3, 7, 13]) {{
      const common = "position: relative; inset: 0; padding: 0; border: 0; float: left; min-width: 0; min-height: 0;";
      one.style.cssText = `${{common}} width: ${{width}}px; height: ${{height}}px;`;
      other.style.cssText = `${{common}} width: ${{beside}}px; height: 24px; margin-left: ${{gap}}px`;
      const areApart = ({ARE_APART})();
      const told = await axe.run({{ runOnly: ["target-size"], resultTypes: ["violations"] }});
      found.push([areApart, told.violations.length > 0, `${{width}}x${{height}} ${{gap}} ${{beside}}x24`]);
    }}
  return found;
}}"""


def test_targets_that_are_called_apart_are_so_for_axe(open_page, axe):
    page = open_page("/about/")
    axe(page)  # it is loaded
    found = page.evaluate(TWO_TARGETS)
    assert [sizes for are_apart, has_fault, sizes in found if are_apart and has_fault] == []
    assert sum(are_apart for are_apart, _has_fault, _sizes in found) > len(found) / 4
    assert sum(has_fault for _are_apart, has_fault, _sizes in found) > len(found) / 4


def test_a_focus_without_an_outline_is_seen(open_page):
    page = open_page("/about/", width=360)
    page.evaluate("document.querySelector('.brand').style.outline = '0'")
    assert [element[:16] for element in unseen(page)] == ['<a class="brand"']
