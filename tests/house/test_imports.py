"""The floors of the house (docs/map.md): that the contract sees each way in which a room could break them."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.syntax import nodes_beside

ROOT = Path(__file__).resolve().parents[2]
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
LOADERS = {"get_model", "import_module", "__import__", "import_string"}
OF_MIGRATIONS = {"to_state.apps.get_model", "from_state.apps.get_model"}  # in the room of the migration


@pytest.fixture
def house(tmp_path) -> Path:
    """A copy of the product's modules, to break."""
    shutil.copytree(ROOT / "servanda", tmp_path / "servanda", ignore=only_modules)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def only_modules(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()]


def contract(house: Path) -> subprocess.CompletedProcess:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([lint_imports, "--no-cache"], cwd=house, capture_output=True, text=True)


def test_the_house_as_it_is_keeps_the_contract(house):
    done = contract(house)
    assert done.returncode == 0, done.stdout


PLANTED = {
    "kit/planted": "from servanda.people import models",
    "kit/of_settings": "from servanda import settings",
    "sources/planted": "from servanda.recommendations.models import Recommendation",
    "trail/planted": "import servanda.language.words.tokens",
    "portal/planted": "from servanda.desk import views",
    "portal/of_demo": "from servanda.demo import loader",
    "vocab/planted": "def late():\n    from servanda.api import urls",
    "desk/record/planted": "from servanda.desk.bulk import selection",
    "desk/plans/planted": "from servanda.desk.updates import views",
}


def test_each_import_upwards_sideways_or_of_the_settings_breaks_the_contract(house):
    for name, line in PLANTED.items():
        (house / "servanda" / f"{name}.py").write_text(f"{line}\n")
    done = contract(house)
    assert done.returncode == 1
    assert [name for name in PLANTED if f"servanda.{name.replace('/', '.')} -> " not in done.stdout] == []
    assert "servanda.kit.of_settings -> servanda.settings" in done.stdout


def test_a_room_without_a_floor_breaks_the_contract(house):
    (house / "servanda" / "attic").mkdir()
    (house / "servanda" / "attic" / "__init__.py").touch()
    done = contract(house)
    assert done.returncode == 1
    assert "servanda.attic" in done.stdout


def test_the_contract_has_no_exceptions():
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text()


def ways_around(source: str) -> Iterator[str]:
    """What reaches another room without an import that the contract could see."""
    for node in nodes_beside(RELATIONS | LOADERS, source):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) in OF_MIGRATIONS:
            continue
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        first = node.args[0] if node.args else None
        names_a_room = isinstance(first, ast.Constant) and "." in str(first.value)
        if called in LOADERS or (called in RELATIONS and names_a_room):
            yield ast.unparse(node)[:80]


def test_no_room_goes_around_the_floors():
    rooms = [path for path in (ROOT / "servanda").rglob("*.py") if "migrations" not in path.parts]
    found = [f"{path.relative_to(ROOT)}: {way}" for path in rooms for way in ways_around(path.read_text())]
    assert len(rooms) > 100
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "models.ForeignKey('recommendations.Recommendation', models.PROTECT)",
        "apps.get_model('recommendations', 'Recommendation')",
        "import_module('servanda.desk.home.views')",
    ],
)
def test_a_way_around_the_floors_is_seen(line):
    assert list(ways_around(line)) != []
