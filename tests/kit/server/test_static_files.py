"""Style sheets of every page are one file, and names of static files have short hashes."""

import re

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import storages
from django.core.management import call_command

from servanda.kit.server.static_files import JOINED, joined


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


def test_collected_files_have_short_hashes_and_import_nothing(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "servanda.kit.server.static_files.Storage", "OPTIONS": {"location": tmp_path}}
    }
    for _time in range(2):  # the second time, files are there already
        call_command("collectstatic", verbosity=0, interactive=False)
        name = storages["staticfiles"].stored_name("css/site.css")
        assert re.fullmatch(r"css/site\.[0-9a-f]{8}\.css", name)
        assert "@import" not in (tmp_path / name).read_text()
        assert (tmp_path / name).read_text() == (tmp_path / "css" / "site.css").read_text()
