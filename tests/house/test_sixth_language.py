"""A further language of the pages is a folder and a line: no migration, no other file."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.urls import reverse

from servanda.environment import ROOT
from servanda.kit.pages import translations
from servanda.people.access import Role
from tests import make
from tests.house.answers import source_of
from tools.translations import compile_translations

CATALOG = """
msgid ""
msgstr ""
"Language: sl\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);\\n"

msgid "Recommendations"
msgstr "Priporočila"

msgid "%(total)s record"
msgid_plural "%(total)s records"
msgstr[0] "%(total)s zapis"
msgstr[1] "%(total)s zapisa"
msgstr[2] "%(total)s zapisi"
msgstr[3] "%(total)s zapisov"
"""


DESK = ["desk:home", "desk:register", "people:own_account", "vocab:add_taxonomy", "people:trail"]
ASKED = """
import json
from django.conf import settings
from django.core.management import call_command
print(json.dumps([[code, str(name)] for code, name in settings.LANGUAGES]), flush=True)
call_command("makemigrations", check_changes=True, dry_run=True)
"""


def write_catalog(locale) -> None:
    folder = locale / "sl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(CATALOG, encoding="utf-8")


@pytest.fixture
def slovene(tmp_path, settings):
    """The folder, compiled as `./run` does, and the line."""
    write_catalog(tmp_path)
    assert compile_translations(tmp_path) == ["sl"]
    settings.LOCALE_PATHS = [tmp_path, *settings.LOCALE_PATHS]
    settings.LANGUAGES = [*settings.LANGUAGES, ("sl", "Slovenian")]
    translations.count_sentences.cache_clear()
    yield "sl"
    translations.count_sentences.cache_clear()


def page(client, name: str, *arguments: str) -> str:
    answer = client.get(reverse(name, args=arguments), headers={"accept-language": "sl"})
    assert answer.status_code == 200
    return source_of(answer)


@pytest.mark.django_db
def test_pages_are_in_the_new_language_and_in_english_where_it_has_no_words(client, slovene):
    for number in range(3):
        make.recommendation(paragraph=str(number))
    shown = page(client, "portal:register")
    assert '<html lang="sl" dir="ltr"' in shown
    assert "Priporočila" in shown
    assert "3 zapisi" in shown
    assert "Filters" in shown


@pytest.mark.django_db
def test_the_switch_offers_it_and_the_page_of_languages_counts_its_sentences(client, slovene):
    shown = page(client, "portal:languages")
    assert 'name="language" value="sl" lang="sl"' in shown
    assert "Slovenščina" in shown
    [mine] = [language for language in translations.page_languages() if language.code == "sl"]
    assert (mine.sentences, mine.is_confirmed) == (2, False)
    assert client.post("/language/", {"language": "sl", "next": "/about/"}).url == "/about/"
    assert '<html lang="sl"' in client.get("/about/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["desk:home", "desk:register", "people:own_account", "vocab:add_taxonomy", "people:trail"]
)
def test_pages_of_the_desk_stand_in_it(client, slovene, name):
    client.force_login(make.user(Role.ADMINISTRATOR))
    assert '<html lang="sl"' in page(client, name)


@pytest.mark.django_db
def test_forms_ask_for_labels_in_it_and_no_migration_is_wanted(client, slovene):
    client.force_login(make.user(Role.COORDINATOR))
    assert "sl" in page_locales(client)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def page_locales(client) -> list[str]:
    return client.get(reverse("vocab:add_taxonomy")).context["form"]["name"].field.widget.locales


def test_the_line_is_enough_for_the_settings_and_for_the_migrations(tmp_path):
    shutil.copytree(
        ROOT / "servanda", tmp_path / "servanda", ignore=shutil.ignore_patterns("static", "*.pdf", "*.docx")
    )
    shutil.copy(ROOT / "manage.py", tmp_path)
    write_catalog(tmp_path / "servanda" / "locale")
    environment = {
        **os.environ,
        "PYTHONPATH": "",
        "DJANGO_SETTINGS_MODULE": "servanda.settings",
        "SERVANDA_DATA_DIR": str(tmp_path / "var"),
        "SERVANDA_LANGUAGES": "en,sl",
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", ASKED],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    offered, wanted = done.stdout.splitlines()
    assert json.loads(offered) == [["en", "English"], ["sl", "Slovenian"]]
    assert wanted == "No changes detected"
