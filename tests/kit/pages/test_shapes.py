"""Icons and shapes are in one file, to which pages refer."""

from pathlib import Path

from lxml import etree

import servanda
from servanda.kit.pages.shapes import SHAPES
from servanda.kit.templatetags.pages import shape

ROOT = Path(servanda.__file__).parent
ICONS = {node.get("id") for node in etree.parse(ROOT / "static" / "img" / "icons.svg").getroot() if node.get("id")}


def test_each_shape_is_in_the_file_of_icons():
    assert set(SHAPES.values()) <= ICONS


def test_each_icon_that_a_template_names_is_there_and_each_icon_is_named():
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    named = {part.partition('"')[0] for part in templates.split("{{ icons }}#")[1:]}
    assert named | set(SHAPES.values()) == ICONS


def test_a_code_without_a_shape_is_shown_without_one():
    assert (shape("invented"), shape("")) == ("", "")
    assert shape("full") == '<svg class="shape" aria-hidden="true"><use href="/static/img/icons.svg#check"/></svg>'
