"""Help pages and docs use the words of docs/words.md, and name labels of the interface as they are on its pages."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house import words
from tests.house.test_translations import catalog_of
from tests.house.test_words import HELP, PHRASES, ROOT, texts_of_data_files

pytestmark = pytest.mark.static

WORDS = ROOT / "docs" / "words.md"  # lists the phrases
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")]
DOCS += [*(ROOT / "docs" / "exchange").glob("*.md"), *(ROOT / "docs" / "adr").glob("*.md")]
PAGES = {path.name: path for path in sorted(DOCS) if path != WORDS}

# Phrases that docs may use, because they have another meaning there.
OTHER_MEANINGS = {
    "give": "to result in, or to pass to another person; not “to enter”",
    "gives": "to result in, or to pass to another person; not “to enter”",
    "signs": "with a key; and marks within a text",
    "the machine": "the computer on which the program runs",
    "wait for": "people and programs that wait for an answer",
    "last day": "of a month or of a session, not a deadline",
}
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
LEAD_IN = re.compile(r"^\s*(?:- |\d+\. )?\*\*[^*\n]+\*\*", re.MULTILINE)  # begins a paragraph as a heading does
LABEL = re.compile(r"\*\*([^*\n]+)\*\*|(?<![*\w])\*([^*\n]+)\*(?![*\w])")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")

# Bold and italic words that begin with a capital letter and are no label of the interface.
NO_LABELS = {
    "A.B. v. Ruritania": "the name of an invented case",
    "In the usual way": "a row of a table on the same page",
    "Pacta sunt servanda": "the motto",
    "Report a vulnerability": "a button of the place where the project was found",
}


def text_of(path: Path) -> str:
    """The page without its code."""
    return CODE.sub("`…`", FENCED.sub("", path.read_text(encoding="utf-8")))


def phrases_in(text: str, allowed: dict[str, str]) -> list[str]:
    """The lines that have a phrase, with the phrase."""
    unwanted = words.pattern_of([phrase for phrase in PHRASES if phrase not in allowed])
    return [f"{hit[0]}: {line}" for line in text.splitlines() if (hit := unwanted.search(line))]


@pytest.mark.parametrize("path", sorted((HELP / "en").glob("*.md")), ids=lambda path: path.stem)
def test_no_help_page_has_a_phrase_that_is_not_to_be_used(path):
    assert phrases_in(text_of(path), {}) == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_document_has_a_phrase_that_is_not_to_be_used(path):
    assert phrases_in(text_of(path), OTHER_MEANINGS) == []


def test_each_other_meaning_is_still_used():
    texts = "\n".join(text_of(path) for path in PAGES.values())
    assert [phrase for phrase in OTHER_MEANINGS if not words.pattern_of([phrase]).search(texts)] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Each deadline says where it comes from.", 1),
        ("The parameter `stand` is a code.", 0),
        ("```sh\ncurl '?stand=noted'\n```", 0),
        ("This gives 90 records.", 0),
    ],
)
def test_phrases_are_found_outside_code(tmp_path, line, found):
    page = tmp_path / "page.md"
    page.write_text(line, encoding="utf-8")
    assert len(phrases_in(text_of(page), OTHER_MEANINGS)) == found


@cache
def known_labels() -> frozenset[str]:
    """Of messages, and of the data files."""
    messages = (english for message in catalog_of("es") for english in words.english_forms(message))
    return frozenset(map(as_label, [*messages, *texts_of_data_files()]))


def as_label(text: str) -> str:
    return PLACEHOLDER.sub("…", text).strip(words.AT_THE_END).replace("’", "'").casefold()


def labels_of(text: str) -> Iterator[str]:
    """What a page writes bold or italic with a capital letter; steps through pages are divided by arrows."""
    for bold, italic in LABEL.findall(LEAD_IN.sub("", text)):
        yield from (part.strip() for part in (bold or italic).split("→") if part.strip()[:1].isupper())


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_labels_that_a_document_names_exist(path):
    unknown = {label for label in labels_of(text_of(path)) if as_label(label) not in known_labels()}
    assert sorted(unknown - set(NO_LABELS)) == []


def test_each_word_that_is_no_label_is_still_used():
    named = {label for path in PAGES.values() for label in labels_of(text_of(path))}
    assert sorted(set(NO_LABELS) - named) == []
    assert sorted(label for label in NO_LABELS if as_label(label) in known_labels()) == []


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Select *Remind now*.", ["Remind now"]),
        ("Open *People → This instance*.", ["This instance"]),
        ("Select **Remove**, then *People → Settings*.", []),
        ("- **A rule of its own.** It is *replaced*.", []),
    ],
)
def test_a_label_that_does_not_exist_is_found(text, unknown):
    assert [label for label in labels_of(text) if as_label(label) not in known_labels()] == unknown
