"""That documents and code say the same, and that each exception from a rule says why."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.environment import VARIABLES
from servanda.people.access import ROLES, Can, Role

pytestmark = pytest.mark.static

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
NOT_OURS = re.compile(r"\.(?!ci$).+|var|vendor|_build|bench-results|__pycache__")
WRITTEN = {".py", ".sh", ".md", ".toml", ".html", ".css", ".js", ".txt", ".csv", ".yml", ".yaml", ".po", ""}
REASONED = re.compile(r"# noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* -- \S|# type: ignore\[[a-z, -]+\] +(# )?-- \S")
EXCEPTION = re.compile(r"# *(noqa|type: *ignore|ruff: *noqa|mypy: *ignore|flake8:)")
HOME = re.compile(r"(?<!\w)/(home|root|Users|work)/[\w.]|[A-Z]:\\Users\\")
REGISTRY = re.compile(r"(pypi|pythonhosted)\.org|--(extra-)?index-url")


def cells(page: str) -> Iterator[list[str]]:
    for line in page.splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def variables_of(page: str) -> set[str]:
    """The names in the first column of the tables of a page."""
    return {name for row in cells(page) for name in re.findall(r"`([A-Z][A-Z_]+)`", row[0])}


def rooms_of(page: str) -> set[str]:
    """The rooms that a page puts on a floor: one or more names, right of the number of the floor."""
    return {room for row in cells(page) if re.fullmatch(r"\d+", row[0]) for room in re.findall(r"`([a-z]+)`", row[1])}


def roles_of(page: str) -> dict[str, set[str]]:
    """Who holds which permission, as the table says whose first column is headed so."""
    rows = [row for row in cells(page) if len(row) == len(Role) + 1]
    codes = rows[0][1:]
    return {role: {row[0] for row in rows[2:] if row[place] == "yes"} for place, role in enumerate(codes, start=1)}


def our_files() -> Iterator[Path]:
    for folder, folders, names in ROOT.walk():
        folders[:] = [name for name in folders if not NOT_OURS.fullmatch(name)]
        ours = (name for name in names if not NOT_OURS.fullmatch(name))  # a link to such a folder is a file here
        yield from (folder / name for name in ours if Path(name).suffix in WRITTEN)


def lines_where(pattern: re.Pattern, text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if pattern.search(line)]


def without_reason(source: str) -> list[str]:
    return [line for line in lines_where(EXCEPTION, source) if not REASONED.search(line)]


def test_the_settings_of_the_operator_are_those_that_are_read():
    assert variables_of((DOCS / "operate.md").read_text()) == set(VARIABLES)


def test_a_setting_that_is_missing_from_the_document_is_seen():
    page = "".join(f"| `{name}` | what it does |\n" for name in list(VARIABLES)[1:])
    assert set(VARIABLES) - variables_of(page) == {next(iter(VARIABLES))}


def test_the_table_of_access_is_the_one_that_is_asked():
    assert roles_of((DOCS / "access.md").read_text()) == {role: set(map(str, ROLES[role])) for role in Role}


def test_a_permission_that_the_table_of_access_gives_away_is_seen():
    page = (DOCS / "access.md").read_text().replace("| import | |", "| import | yes |")
    assert roles_of(page)[Role.PUBLIC] == {Can.READ_PUBLISHED, Can.IMPORT}


def test_the_map_names_each_room_on_its_floor():
    rooms = {path.parent.name for path in (ROOT / "servanda").glob("*/__init__.py")}
    assert rooms_of((DOCS / "map.md").read_text()) == rooms


def test_a_room_that_is_missing_from_the_map_is_seen():
    assert rooms_of("| floor | room |\n|---|---|\n| 0 | `kit` |\n| 1 | `trail`, `language` |\n") == {
        "kit",
        "trail",
        "language",
    }


def wings() -> set[tuple[str, str]]:
    """Each wing with its room; models, commands and the like are in every room."""
    folders = {path.parent for path in (ROOT / "servanda").glob("*/*/__init__.py")}
    everywhere = {"data", "management", "migrations", "models", "services", "templatetags"}
    return {(folder.parent.name, folder.name) for folder in folders if folder.name not in everywhere}


def wings_of(page: str) -> set[tuple[str, str]]:
    """The words in the last column of the row of each room; what is in brackets explains."""
    floors = {row[1].strip("`"): row[-1] for row in cells(page) if re.fullmatch(r"\d+", row[0])}
    return {
        (room, name) for room, named in floors.items() for name in re.findall(r"\w+", re.sub(r"\(.*?\)", "", named))
    }


def test_the_map_names_each_wing():
    assert wings_of((DOCS / "map.md").read_text()) == wings()


def test_a_wing_that_is_missing_from_the_map_is_seen():
    assert wings_of("| 0 | `kit` | what all use | files (tables), pages |\n") == {("kit", "files"), ("kit", "pages")}


# What a newcomer looks for, in words of the map, and the place that it must name.
ASKED_MOST = {
    "notified of a returned update": "progress/updates/services.py",
    "saved lists": "recommendations/register/saved_views.py",
    "security headers": "kit/server/middleware.py",
    "a record's page": "desk/record/views.py",
    "palette": "desk/search/commands.py",
    "paging": "kit/pages/listing.py",
    "autosave": "static/js/autosave.js",
    "throttling": "people/requests/throttling.py",
    "why a record is public": "recommendations/models/recommendation.py",
    "undo of a bulk change": "recommendations/bulk/services.py",
    "their schedules": "jobs/declare.py",
    "types of files that may be uploaded": "progress/evidence/file_kinds.py",
    "what an assessment needs to be published": "progress/assessments/services.py",
    "what the API publishes of a record": "api/schemas.py",
    "who needs two-step verification": "people/second_factor/rules.py",
    "who reads a note": "recommendations/models/by_hand.py",
    "permanent reference of a record": "recommendations/records/codes.py",
    "what moves a deadline": "sources/obligations/extensions.py",
}
PLACE = re.compile(r"`((?:\w+/)+\w+\.\w+)`")


def test_the_map_is_read_in_one_look_and_answers_what_is_asked_most():
    page = " ".join((DOCS / "map.md").read_text().split())
    assert [words for words, place in ASKED_MOST.items() if f"{words} `{place}`" not in page] == []
    assert len((DOCS / "map.md").read_text().splitlines()) <= 40


def test_every_place_on_the_map_exists():
    places = PLACE.findall((DOCS / "map.md").read_text())
    assert len(places) > len(ASKED_MOST)
    assert [place for place in places if not any((root / place).exists() for root in (ROOT, ROOT / "servanda"))] == []


def test_each_room_and_wing_says_what_it_is_for():
    rooms = {path.parent.name for path in (ROOT / "servanda").glob("*/__init__.py")}
    places = [*rooms, *(f"{room}/{wing}" for room, wing in wings())]
    docstrings = {place: (ROOT / "servanda" / place / "__init__.py").read_text() for place in places}
    assert [place for place, text in docstrings.items() if not text.startswith('"""')] == []


def test_each_exception_from_a_rule_has_a_code_and_a_reason():
    sources = [path for path in our_files() if path.suffix == ".py" and path != Path(__file__)]
    found = [f"{path.relative_to(ROOT)}: {line}" for path in sources for line in without_reason(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    ("line", "is_seen"),
    [
        ("import os  # noqa", True),
        ("import os  # noqa: F401", True),
        ("import os  # noqa: F401 - because", True),
        ("import os  # noqa: F401 -- registers the checks", False),
        ("x = y  # type: ignore", True),
        ("x = y  # type: ignore[attr-defined]", True),
        ("x = y  # type: ignore[attr-defined]  # -- the library brings no types", False),
        ("# ruff: noqa: E501", True),
    ],
)
def test_an_exception_without_code_or_reason_is_seen(line, is_seen):
    assert bool(without_reason(line)) == is_seen


def test_no_file_names_a_place_on_somebodys_machine():
    found = [
        f"{path.relative_to(ROOT)}: {line[:100]}"
        for path in our_files()
        if path != Path(__file__)
        for pattern in (HOME, REGISTRY)
        for line in lines_where(pattern, path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize("line", ["cd /home/ana/servanda", "C:\\Users\\ana", "--index-url x"])
def test_a_place_on_a_machine_is_seen(line):
    assert lines_where(HOME, line) + lines_where(REGISTRY, line) == [line]


def test_an_ordinary_address_is_no_place_on_a_machine():
    assert lines_where(HOME, "https://example.org/homework/ and ../shared/data") == []
