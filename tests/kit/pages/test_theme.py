"""Light, dark, high contrast: that what is chosen is shown, and that it can be read."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

import servanda
from tests.house.answers import source_of

STYLES = Path(servanda.__file__).parent / "static" / "css"
TOKEN = re.compile(r"--([a-z-]+): (#[0-9a-f]{3,6});")
MORE = "@media (prefers-contrast: more)"
WASHES = ["primary-wash", "good-wash", "part-wash", "noted-wash", "open-wash", "bad-wash"]
GROUNDS = ["paper", "surface", "sunken", *WASHES]
TEXT = {
    "ink": GROUNDS,
    "ink-soft": ["paper", "surface", "sunken", "primary-wash"],
    "primary": GROUNDS,
    "primary-hover": GROUNDS,
    "on-primary": ["primary", "primary-hover"],
    "warm": ["paper", "surface", "primary-wash"],
    "good": ["paper", "surface", "good-wash"],
    "part": ["paper", "surface", "part-wash"],
    "noted": ["paper", "surface", "noted-wash"],
    "open": ["paper", "surface", "open-wash"],
    "bad": ["paper", "surface", "bad-wash"],
    "surface": ["bad"],
    "on-deep": ["deep"],
    "deep": ["gold"],
}
DRAWN = {
    "line-strong": ["paper", "surface", "sunken"],
    "focus": GROUNDS,
    "primary": ["paper", "surface"],
    "gold": ["deep"],
    "deep-soft": ["deep"],
}


def tokens(name: str) -> tuple[dict[str, str], dict[str, str]]:
    """The colours that a style sheet gives to everyone, and to those who ask for more contrast."""
    usual, _media, more = (STYLES / name).read_text().partition(MORE)
    return dict(TOKEN.findall(usual)), dict(TOKEN.findall(more))


def looks() -> dict[str, dict[str, str]]:
    light, light_more = tokens("tokens.css")
    dark, dark_more = tokens("dark.css")
    return {
        "light": light,
        "dark": light | dark,
        "light, more contrast": light | light_more,
        "dark, more contrast": light | dark | light_more | dark_more,
    }


def brightness(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([brightness(one), brightness(other)])
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(look: dict[str, str], pairs: dict[str, list[str]], least: float) -> list[str]:
    found = [(f"{front} on {back}", contrast(look[front], look[back])) for front in pairs for back in pairs[front]]
    return [f"{pair}: {ratio:.2f}" for pair, ratio in found if ratio < least]


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", looks())
def test_every_text_and_every_line_can_be_seen(name):
    text, drawn = (7, 4.5) if "more" in name else (4.5, 3)
    assert too_faint(looks()[name], TEXT, text) == []
    assert too_faint(looks()[name], DRAWN, drawn) == []


def test_every_colour_of_the_dark_and_of_high_contrast_is_named_in_the_light_too():
    light, light_more = tokens("tokens.css")
    dark, dark_more = tokens("dark.css")
    assert set(light_more) | {"on-primary"} == set(dark) == set(dark_more) == set(light)


def beside_colours(sheet: str) -> list[str]:
    """What it declares that is no colour of a name, no shadow left out, and no picture that Bootstrap paints."""
    declared = re.findall(r"[{;]\s*([\w-]+):\s*([^;{}]+)(?=[;}])", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL))
    known = {"--shadow": "none", "color-scheme": "dark"}
    return [
        name
        for name, value in declared
        if known.get(name) != value
        and not (name.startswith("--bs-form-select-bg-img") or TOKEN.fullmatch(f"{name}: {value};"))
    ]


def test_the_dark_changes_colours_and_nothing_else():
    """So that whatever is no matter of colours is looked at by light alone (tests/browser/test_every_address.py)."""
    dark = (STYLES / "dark.css").read_text()
    assert beside_colours(dark) == []
    assert beside_colours(dark + ".panel { --ink: #fff;\n display: none; padding: 0; }") == ["display", "padding"]


def test_no_other_style_sheet_has_colours_of_its_own():
    others = [path for path in STYLES.glob("*.css") if path.name not in {"tokens.css", "dark.css", "print.css"}]
    # The head of a page is dark in every theme, and a chart is drawn on white.
    white = {"frame.css": ["#fff"], "lists.css": ["#fff"]}
    assert {path.name: re.findall(r"#[0-9a-f]{3,6}\b", path.read_text()) for path in others} == {
        path.name: white.get(path.name, []) for path in others
    }


def linked(page: str) -> list[str]:
    return re.findall(r'/(site|pages|dark)\.css"', page)


def test_a_device_that_wants_the_dark_has_it_on_screens():
    site = (STYLES / "site.css").read_text()
    assert re.findall(r'@import url\("(.+)"\)(.*);', site) == [
        ("pages.css", ""),
        ("dark.css", " screen and (prefers-color-scheme: dark)"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("theme", "sheets", "scheme"),
    [
        ("device", ["site"], "light dark"),
        ("light", ["pages"], "light"),
        ("dark", ["pages", "dark"], "dark"),
        ("<pink>", ["site"], "light dark"),
    ],
)
def test_a_page_shows_the_chosen_theme(client, theme, sheets, scheme):
    client.cookies["theme"] = theme
    page = client.get(reverse("portal:about")).content.decode()
    assert linked(page) == sheets
    assert page.count('dark.css" media="screen"') == (theme == "dark")
    assert f'<meta name="color-scheme" content="{scheme}">' in page


@pytest.mark.django_db
def test_choosing_a_theme_stays_on_the_page_and_says_which_is_chosen(client):
    answer = client.post(reverse("portal:choose_theme"), {"theme": "dark", "next": "/about/?from=1"})
    assert answer.url == "/about/?from=1"
    page = source_of(client.get("/about/"))
    assert re.findall(r'value="(\w+)" aria-pressed="true"', page) == ["dark"]
    client.post(reverse("portal:choose_theme"), {"theme": "device"})
    assert re.findall(r'value="(\w+)" aria-pressed="true"', source_of(client.get("/about/"))) == ["device"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"]
)
def test_a_theme_leads_to_no_other_site(client, target):
    assert client.post(reverse("portal:choose_theme"), {"theme": "dark", "next": target}).url == "/"


@pytest.mark.django_db
def test_an_unknown_theme_is_not_remembered(client):
    assert not client.post(reverse("portal:choose_theme"), {"theme": "pink"}).cookies
