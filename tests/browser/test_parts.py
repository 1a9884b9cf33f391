"""The page of parts: each is accessible and fits a telephone, in both directions and both themes."""

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.house.test_parts"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_part_is_accessible_and_fits_a_telephone(open_page, axe, language, theme):
    page = open_page(f"/parts/?language={language}&theme={theme}")
    # Themes have the same structure, and languages the same colours; axe measures none of Arabic letters.
    colours, structure = language == "en", theme == "light"
    if colours or structure:
        assert axe(page, colours=colours, structure=structure) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0


def test_where_colours_are_few_what_is_chosen_has_a_line_of_its_own(open_page):
    page = open_page("/parts/?language=en")
    page.emulate_media(forced_colors="active")
    lines = "one => getComputedStyle(one).borderInlineStartWidth"
    assert page.locator(".facet-option[aria-current]").first.evaluate(lines) != "0px"
    assert page.locator(".bell-count").first.evaluate(lines) != "0px"
