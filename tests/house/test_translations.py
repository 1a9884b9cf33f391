"""The interface in each of its languages: nothing left in English, nothing lost between the words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2] / "servanda"
LANGUAGES = ["ar", "es", "fr", "pt"]
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
MARKED_IN_TEMPLATE = re.compile(r"""\b(?:n?gettext|_)\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{[^}]*\}|<[^>]+>")
ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")

# Written alike in every language: names of formats, and sentences of placeholders only.
NAMES = {"API", "CSV", "JSON", "Excel (XLSX)", "%(who)s: %(action)s, %(what)s"}
# Words that the language shares with English, in small letters.
SHARED_WORDS = {
    "ar": "",
    "es": "auditor, no, original",
    "fr": "action, code, commission, contact, cycle, cycle %(cycle)s, date, document, format, institution, menu, "
    "message, original, pages, position, publication, relation, session, session %(session)s, source, sources, "
    "taxonomies, type, verdict, version",
    "pt": "original",
}
# Sentences of such words and placeholders, with commas of their own.
SHARED_SENTENCES = {"fr": {"{body}, cycle {cycle}", "page %(page)s, %(where)s"}}


def catalog_of(language: str) -> Catalog:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def written(message: Message) -> list[tuple[str, str]]:
    """Each form of a message in English beside the same form in the other language; Arabic has six for our two."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    one, many = message.id
    return [
        (one if number == 0 and len(message.string) == 2 else many, form)
        for number, form in enumerate(message.string)
    ]


def said_in_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=mark), args=[ast.Constant(value=str(text)), *_others]) if mark in MARKS:
                yield text


def said_in_template(source: str) -> Iterator[str]:
    return (ast.literal_eval(literal) for literal in MARKED_IN_TEMPLATE.findall(templatize(source)))


def said() -> set[str]:
    """All that the program can say, in English."""
    modules = [path for path in ROOT.rglob("*.py") if "migrations" not in path.parts]
    templates = [path for path in ROOT.glob("templates/**/*") if path.suffix in {".html", ".txt"}]
    return {text for path in modules for text in said_in_python(path.read_text())} | {
        text for path in templates for text in said_in_template(path.read_text())
    }


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def messages(language) -> list[Message]:
    return [message for message in catalog_of(language) if message.id]


def test_whatever_the_program_says_is_in_the_catalog(messages):
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in messages}
    assert sorted(said() - known) == []


def test_no_message_is_left_untranslated_or_unsure(messages):
    empty = [message.id for message in messages if not all(form for _english, form in written(message))]
    assert empty == []
    assert [message.id for message in messages if message.fuzzy] == []


def test_every_plural_has_as_many_forms_as_its_language(language, messages):
    forms = {len(message.string) for message in messages if message.pluralizable}
    assert forms == {6 if language == "ar" else 2}


def test_placeholders_and_marks_survive_translation(messages):
    lost = [
        form
        for message in messages
        for english, form in written(message)
        if not same_placeholders(english, form, counted=message.pluralizable)
    ]
    assert lost == []


def same_placeholders(english: str, form: str, *, counted: bool) -> bool:
    """A form for one or for two may say the number in words; nothing else may go."""
    wanted, there = sorted(PLACEHOLDER.findall(english)), sorted(PLACEHOLDER.findall(form))
    return wanted == there or (counted and set(there) < set(wanted) and len(wanted) - len(there) == 1)


def test_only_names_and_shared_words_are_the_same_in_both_languages(language, messages):
    same = {english for message in messages for english, form in written(message) if form == english}
    shared = set(SHARED_WORDS[language].split(", "))
    left = same - NAMES - SHARED_SENTENCES.get(language, set())
    assert [english for english in left if english.lower() not in shared] == []


def test_arabic_is_written_in_arabic_letters():
    forms = [
        form
        for message in catalog_of("ar")
        if message.id
        for english, form in written(message)
        if english not in NAMES
    ]
    assert [form for form in forms if not ARABIC_LETTER.search(form)] == []
