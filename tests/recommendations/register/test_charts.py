"""Figures as pictures."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.utils import translation

import servanda
from servanda.kit import charts as drawing
from servanda.recommendations.register import charts
from servanda.recommendations.register.figures import Figure, Row

STYLES = Path(servanda.__file__).parent / "static" / "css"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def figure(*rows: tuple[str, str, int], key: str = "theme", over_time: bool = False) -> Figure:
    made = [Row(*row) for row in rows]
    return Figure(key=key, title="Title", heading="Theme", over_time=over_time, rows=made, left_out=0)


def texts(drawn: str) -> list[str]:
    return [element.text for element in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def bars(drawn: str) -> list[dict]:
    """Where each bar begins and ends, and its colour, from the path that draws it."""
    found = []
    for path in ElementTree.fromstring(drawn).iter(f"{SVG}path"):
        if path.get("aria-roledescription") == "bar":
            across = [float(x) for x in re.findall(r"([-\d.]+),[-\d.]+", path.get("d"))]
            found.append({"start": min(across), "end": max(across), "fill": path.get("fill")})
    return found


def test_labels_and_numbers_are_written_as_text():
    assert texts(charts.draw(figure(("a", "Health", 4), ("b", "Education", 2)))) == ["Health", "Education", "4", "2"]


def test_a_label_with_markup_stays_text():
    drawn = charts.draw(figure(("a", "<script>alert(1)</script> & co", 4)))
    assert "<script" not in drawn
    assert texts(drawn)[0] == "<script>alert(1)</script> & co"


def test_an_arabic_label_begins_at_the_right_and_so_does_its_bar():
    chart = figure(("16", "16 السلام", 4), ("1", "1 لا فقر", 1))
    with translation.override("ar"):
        spec, drawn = charts.specification(chart), charts.draw(chart)
    assert [layer["mark"].get("align") for layer in spec["layer"]] == [None, "right", "left"]
    assert texts(drawn)[:2] == ["\u206716 السلام\u2069", "\u20671 لا فقر\u2069"]
    assert [bar["end"] for bar in bars(drawn)] == [charts.WIDTH, charts.WIDTH]
    assert [bar["start"] for bar in bars(charts.draw(chart))] == [0, 0]
    assert "Noto Naskh Arabic" in drawn


def test_time_goes_in_the_direction_of_reading_and_an_empty_year_has_its_place():
    chart = figure(("2010", "2010", 4), ("2013", "2013", 2), ("-", "No year", 1), key="year", over_time=True)
    years = ["2010", "2011", "2012", "2013", "No year"]
    assert charts.specification(chart)["layer"][0]["encoding"]["x"]["sort"] == years
    with translation.override("ar"):
        sort = charts.specification(chart)["layer"][0]["encoding"]["x"]["sort"]
        assert sort == [drawing.directed(year) for year in reversed(years)]
    assert {"4", "2", "1"} <= set(texts(charts.draw(chart)))


def test_a_position_has_its_own_colour_and_what_is_without_is_grey():
    chart = figure(("supported", "Supported", 3), ("noted", "Noted", 2), ("-", "None", 1), key="stand")
    fills = [bar["fill"] for bar in bars(charts.draw(chart))]
    assert fills == [drawing.colour("good"), drawing.colour("noted"), drawing.colour("line-strong")]


def test_bars_are_as_long_as_their_numbers():
    drawn = bars(charts.draw(figure(("a", "A", 100), ("b", "B", 50), ("c", "C", 25))))
    assert [bar["end"] / charts.WIDTH for bar in drawn] == pytest.approx([1, 0.5, 0.25])


def test_records_that_are_not_assessed_are_a_number_and_no_bar_that_dwarfs_the_others():
    rows = [Row("full", "Fully implemented", 3), Row("started", "Started", 6), Row("-", "Not assessed", 245)]
    chart = Figure("government", "Title", "Government", over_time=False, rows=rows, left_out=0, without_apart=True)
    assert [bar["end"] / charts.WIDTH for bar in bars(charts.draw(chart))] == pytest.approx([0.5, 1])
    assert chart.description.startswith("Chart with 2 bars.")


@pytest.mark.parametrize("name", drawing.COLOURS)
def test_the_colours_are_those_of_the_style_sheet(name):
    sheets = [(STYLES / sheet).read_text() for sheet in ("tokens.css", "dark.css")]
    assert [re.findall(rf"--{name}: (#[0-9a-f]{{6}})", sheet)[0] for sheet in sheets] == list(drawing.COLOURS[name])


def test_every_colour_of_a_picture_has_its_dark_one():
    chart = figure(("2010", "2010", 4), ("-", "No year", 1), key="year", over_time=True)
    for drawn in (charts.draw(chart), charts.draw(figure(("supported", "Supported", 3), key="stand"))):
        used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]+)"', drawn))
        assert len(used) > 2
        assert used <= {light for light, _dark in drawing.COLOURS.values()}


def test_a_long_label_takes_two_lines_and_no_more():
    lines = charts.label_lines("By 2030, eradicate extreme poverty for all people everywhere, " * 3)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert charts.label_lines("Right to education") == ["Right to education"]


def test_the_same_figure_is_drawn_once():
    chart = figure(("a", "Health", 4))
    charts.draw(chart)
    cache_keys = list(cache._cache)
    charts.draw(figure(("a", "Health", 4)))
    assert list(cache._cache) == cache_keys
    charts.draw(figure(("a", "Health", 5)))
    assert len(cache._cache) == len(cache_keys) + 1


def test_a_picture_fetches_nothing():
    with pytest.raises(ValueError, match="External data url not allowed"):
        drawing.to_svg({"data": {"url": "http://localhost:9/data.json"}, "mark": "bar"})


def test_a_picture_reads_no_file(tmp_path):
    (tmp_path / "data.json").write_text('[{"a": "secret"}]')
    data = {"url": (tmp_path / "data.json").as_uri()}
    assert "secret" not in drawing.to_svg({"data": data, "mark": "bar", "encoding": {"y": {"field": "a"}}})
