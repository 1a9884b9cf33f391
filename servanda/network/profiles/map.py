"""The directory as a schematic map: one dot for each State, a larger one for each State with a mechanism.

There are no outlines of States. A dot is at the town after which the time zone of the State is named, not always its
capital; source: zone.tab of the IANA time zone database, which is in the public domain (`data/places.csv`).
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from servanda.kit.charts import cached_svg, colour, layered
from servanda.network.profiles.fields import DATA

WIDTH, HEIGHT = 560, 290
NORTH, SOUTH = 80, -60  # degrees; no State is beyond
LABEL_WIDTH, LABEL_HEIGHT = 28, 15  # of a code of three letters
ABOVE, BELOW = -14, 15

type Place = tuple[float, float]


@cache
def places() -> Mapping[str, Place]:
    """Latitude and longitude by the code of the State."""
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as file:
        return {row["state"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}


def draw_map(states: Iterable[str]) -> str:
    """SVG with the States that have a mechanism; those without a known place are left out."""
    return cached_svg(layered(list(layers(sorted(places().keys() & set(states)))), width=WIDTH, height=HEIGHT))


def layers(states: Sequence[str]) -> Iterator[dict]:
    yield line_at([(0, -180), (0, 180)])
    yield dots(sorted(places().keys() - set(states)), size=18, fill=colour("line-strong"))
    yield dots(states, size=150, fill=colour("primary"))
    for dy, named in labelled(states).items():
        # A halo, so that no dot crosses a label.
        yield labels(named, dy=dy, stroke=colour("surface"), strokeWidth=4, strokeJoin="round")
        yield labels(named, dy=dy)


def labelled(states: Sequence[str]) -> dict[int, list[str]]:
    """States by the side of their dot on which their code has room; the others are only in the table."""
    taken: list[Place] = []
    found: dict[int, list[str]] = {ABOVE: [], BELOW: []}
    for state in states:
        latitude, longitude = places()[state]
        x, y = (longitude + 180) / 360 * WIDTH, (NORTH - latitude) / (NORTH - SOUTH) * HEIGHT
        for dy, named in found.items():
            if all(abs(x - left) >= LABEL_WIDTH or abs(y + dy - top) >= LABEL_HEIGHT for left, top in taken):
                taken.append((x, y + dy))
                named.append(state)
                break
    return found


def dots(states: Sequence[str], *, size: int, fill: str) -> dict:
    mark = {"type": "circle", "size": size, "fill": fill, "opacity": 1}
    return {"data": {"values": points(states)}, "mark": mark, "encoding": axes()}


def labels(states: Sequence[str], **mark_of: object) -> dict:
    mark = {"type": "text", "fontSize": 13, "fill": colour("ink"), **mark_of}
    return {"data": {"values": points(states)}, "mark": mark, "encoding": {**axes(), "text": {"field": "state"}}}


def points(states: Sequence[str]) -> list[dict]:
    return [{"state": state, "y": places()[state][0], "x": places()[state][1]} for state in states]


def line_at(ends: Sequence[Place]) -> dict:
    values = [{"y": latitude, "x": longitude} for latitude, longitude in ends]
    mark = {"type": "line", "stroke": colour("line"), "strokeWidth": 1}
    return {"data": {"values": values}, "mark": mark, "encoding": axes()}


def axes() -> dict:
    domains = {"x": [-180, 180], "y": [SOUTH, NORTH]}
    return {
        name: {"field": name, "type": "quantitative", "scale": {"domain": domain}, "axis": None}
        for name, domain in domains.items()
    }
