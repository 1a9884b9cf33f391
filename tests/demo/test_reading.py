from pathlib import Path

from servanda import demo
from servanda.demo.loader import AFTER_DOCUMENTS
from servanda.demo.reading import DATA, read


def test_each_file_of_data_belongs_to_a_part_that_is_loaded():
    parts = {Path(part.__file__).stem for part in AFTER_DOCUMENTS} | {"people"}
    assert {path.stem for path in DATA.glob("*.yaml")} == parts
    assert [part for part in sorted(parts) if not read(part)] == []


def test_each_module_that_loads_a_part_is_in_the_loader():
    modules = [path for path in Path(demo.__file__).parent.glob("*.py") if "\ndef load(" in path.read_text()]
    assert {path.stem for path in modules} == {Path(part.__file__).stem for part in AFTER_DOCUMENTS} | {
        "documents",
        "people",
    }
