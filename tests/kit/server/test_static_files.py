"""Style sheets of every page are one file, and names of static files have short hashes."""

import gzip
import re
from pathlib import Path
from unittest.mock import Mock

import brotli
import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import storages
from django.core.management import call_command

from servanda.kit.server.static_files import JOINED, SparingCompressor, joined


@pytest.fixture
def sources():
    return {path: (storage, path) for finder in get_finders() for path, storage in finder.list([])}


@pytest.mark.parametrize("name", JOINED)
def test_nothing_is_left_to_import(sources, name):
    text = joined(sources, name)
    assert "@import" not in text
    for part in ("tokens", "frame", "blocks", "lists", "palette", "help", "home", "desk", "status_bar"):
        storage, path = sources[f"css/{part}.css"]
        with storage.open(path) as file:
            assert file.read().decode() in text
    assert ("@media screen and (prefers-color-scheme: dark) {\n/*" in text) == (name == "css/site.css")
    assert "@media print {\n/*" in text


def test_a_medium_ends_where_its_style_sheet_ends(sources):
    text = joined(sources, "css/site.css")
    assert text.count("{") == text.count("}")


@pytest.fixture
def collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "servanda.kit.server.static_files.Storage", "OPTIONS": {"location": tmp_path}}
    }
    return tmp_path


def test_collected_files_have_short_hashes_and_import_nothing(collected):
    for _time in range(2):  # the second time, files are there already
        call_command("collectstatic", verbosity=0, interactive=False)
        name = storages["staticfiles"].stored_name("css/site.css")
        assert re.fullmatch(r"css/site\.[0-9a-f]{8}\.css", name)
        assert "@import" not in (collected / name).read_text()
        assert (collected / name).read_text() == (collected / "css" / "site.css").read_text()
        compressed = {file.name for file in (collected / "css").glob("site.*.br")}
        assert compressed == {f"{Path(name).name}.br"}


@pytest.mark.parametrize(
    ("ending", "damaged"),
    [(".br", b""), (".br", b"no brotli"), (".br", brotli.compress(b"older")), (".gz", b""), (".gz", b"\x1f\x8b\x08")],
    ids=["empty br", "no br", "older br", "empty gz", "broken gz"],
)
def test_what_is_compressed_already_is_left_unless_it_is_another_file(tmp_path, monkeypatch, ending, damaged):
    path = tmp_path / "long.js"
    path.write_text("let long = 1;\n" * 100)
    assert SparingCompressor(quiet=True).compress(str(path)) == [f"{path}.br", f"{path}.gz"]
    right = {name: Path(name).read_bytes() for name in (f"{path}.br", f"{path}.gz")}
    with monkeypatch.context() as watched:
        watched.setattr(SparingCompressor, "compress_brotli", Mock(side_effect=AssertionError("compressed again")))
        assert SparingCompressor(quiet=True).compress(str(path)) == [*right]
    Path(f"{path}{ending}").write_bytes(damaged)
    SparingCompressor(quiet=True).compress(str(path))
    assert {name: Path(name).read_bytes() for name in right} == right


def test_a_changed_file_is_compressed_anew(tmp_path):
    path = tmp_path / "long.js"
    for words in ("let long = 1;\n" * 100, "let long = 2;\n" * 100):
        path.write_text(words)
        SparingCompressor(quiet=True).compress(str(path))
        assert brotli.decompress(Path(f"{path}.br").read_bytes()).decode() == words
        assert gzip.decompress(Path(f"{path}.gz").read_bytes()).decode() == words
