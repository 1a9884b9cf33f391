"""The interface in each of its languages: nothing left in English, nothing lost between the words."""

import ast
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.house.syntax import nodes_beside

pytestmark = pytest.mark.static

ROOT = Path(__file__).resolve().parents[2] / "servanda"
LANGUAGES = ["ar", "es", "fr", "pt"]
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
MARKS_IN_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
STRING = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
MARKED_IN_TEMPLATE = re.compile(rf"\b(?:n?gettext|_)\(u?{STRING}")
MARKED_IN_CONTEXT = re.compile(rf"\bn?pgettext\(u?{STRING},\s*u?{STRING}")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{[^}]*\}|<[^>]+>")
ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")
RUN_INTO_NUMBER = re.compile(r"[A-Za-z]{2} %\((?:count|counter|number|total|most|rows|words|times)\)")
TORN_ADDRESS = re.compile(r"https?://(?![\w\u200e])")
# In French; a field of a file that semicolons divide, such as `nom | catégorie; catégorie`, has no space.
LOOSE_SPACE = re.compile(r"« |\S [:;?!»](?!\w)|[\w)] %%(?!\})|\w(?:[:?!]|(?<!catégorie|...Femmes);)(?: |$)")
# Verbs in the imperative, which address a man; after the name of a person the same letters are the past tense.
TO_A_MAN = re.compile(
    r"(?:^|[.:؛!] |، |أو )(?:اختر|احذف|اطلب|افتح|اتركها?|اكتب|أدخِ?ل|أضِ?ف|صحح|أعد|تحقق|راجع|استخدم|قارن|اقرأ|حدد)"
    r"(?= )(?! %\(who)"
)

LINES = r'(?:"(?:[^"\\]|\\.)*"\n?)+'
ENTRY = re.compile(rf"^(?:msgctxt (?P<context>{LINES}))?msgid (?P<sentence>{LINES})", re.MULTILINE)

# Written alike in every language: names of formats, and sentences of placeholders only.
NAMES = {
    "API",
    "CSV",
    "JSON",
    "Excel (XLSX)",
    "SDMX-CSV",
    "Word",
    "%(voice)s, %(who)s: %(value)s",
    "%(number)s%%",
    "%(percent)s%%",
    "%(who)s: %(action)s, %(what)s",
    "%(mechanism)s, %(day)s",
    "%(weekday)s, %(day)s",
    "%(function)s, %(institution)s",
    "%(deed)s: %(what)s",
    "%(label)s:",
    "<bdi>%(column)s</bdi>:",
    '<a href="%(page)s">%(label)s</a>:',
    "%(review)s (%(day)s):",
    "– %(code)s, %(kind)s (%(body)s): %(when)s",
}
# Words that the language shares with English, in small letters.
SHARED_WORDS = {
    "ar": "",
    "es": "auditor, bilateral, multilateral, no, original, plan, similar, total",
    "fr": "annexes, article, articles, force, objections, instrument, instruments, obligation, obligations, "
    "ratification, succession, information, notes, page, "
    "note verbale, communication, communications, questions, "
    "page %(number)s, action, actions, budget, code, commission, contact, "
    "contacts, contribution, contributions, cycle, cycle %(cycle)s, date, description, document, "
    "documents, format, institution, institutions, menu, message, notifications, orange, original, pages, passage, "
    "destination, mission, missions, parties, "
    "participants, section, suggestion, sections, plan, plans, population, position, positions, "
    "publication, question, consultation, consultations, introduction, invitation, "
    "suspension, relation, session, session "
    "%(session)s, source, sources, taxonomies, total, type, verdict, version, versions",
    "pt": "auditor, bilateral, menu, multilateral, original, total",
}
# Sentences of such words and placeholders, with commas of their own.
SHARED_SENTENCES = {
    "fr": {
        "%(count)s institution,",
        "%(count)s institutions,",
        "%(count)s suggestion.",
        "%(count)s suggestions.",
        "{body}, cycle {cycle}",
        "page %(page)s, %(where)s",
        "%(total)s action",
        "%(total)s actions",
        "%(count)s obligation.",
        "%(count)s obligations.",
        "%(total)s obligation",
        "%(total)s question",
        "%(total)s questions",
        "%(total)s obligations",
    }
}
# Words in templates that no person reads, or that are the same in every language.
IN_BLOCKS = re.compile(
    r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|\{% blocktranslate.*?endblocktranslate %\}"
    r"|\{% block page_class %\}.*?\{% endblock.*?%\}|\{%.*?%\}|\{\{.*?\}\}|<style>.*?</style>",
    re.DOTALL,
)
READ_ALOUD = re.compile(r'\b(?:title|aria-label|placeholder|alt|data-label)="([^"]*)"')
MARKUP = re.compile(r"<[^>]*>|&\w+;")
WORD = re.compile(r"[^\W\d_]{2,}")
IN_DEVELOPMENT_ONLY = {"portal/parts.html"}
UNMARKED = {
    "desk/home/_system_state.html": {"FILE", "backup", "run"},
    "api/documentation.html": {"Authorization", "Bearer", "srv", "JSON"},
    "parts/shortcut_list.html": {"Alt", "Ctrl", "Enter", "Esc"},
    "plain_page.html": {"Servanda"},
}


type Said = tuple[str, str]  # the context, and the sentence in English


def path_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def catalog_of(language: str) -> list[Message]:
    with path_of(language).open("rb") as file:
        return messages_in(file, language)


def messages_in(file, language: str) -> list[Message]:
    return [message for message in read_po(file, locale=language) if message.id]


def written(message: Message) -> list[tuple[str, str]]:
    """Each form of a message in English beside the same form in the other language; Arabic has six for our two."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    singular, many = message.id
    return [
        (singular if number == 0 and len(message.string) == 2 else many, form)
        for number, form in enumerate(message.string)
    ]


def said_in_python(source: str) -> Iterator[Said]:
    for node in nodes_beside(["gettext", "_("], source):
        match node:
            case ast.Call(func=ast.Name(id=mark), args=[ast.Constant(value=str(text)), *_others]) if mark in MARKS:
                yield "", text
            case ast.Call(
                func=ast.Name(id=mark),
                args=[ast.Constant(value=str(context)), ast.Constant(value=str(text)), *_others],
            ) if mark in MARKS_IN_CONTEXT:
                yield context, text


def said_in_template(source: str) -> Iterator[Said]:
    code = templatize(source)
    for literal in MARKED_IN_TEMPLATE.findall(code):
        yield "", ast.literal_eval(literal)
    for context, literal in MARKED_IN_CONTEXT.findall(code):
        yield ast.literal_eval(context), ast.literal_eval(literal)


def templates() -> list[Path]:
    return sorted(path for path in ROOT.glob("templates/**/*") if path.suffix in {".html", ".txt"})


@pytest.fixture(scope="module")
def said() -> set[Said]:
    """All that the program can say, in English: pages, mails and documents alike."""
    modules = [path for path in ROOT.rglob("*.py") if "migrations" not in path.parts]
    return {message for path in modules for message in said_in_python(path.read_text())} | {
        message for path in templates() for message in said_in_template(path.read_text())
    }


def missing(messages: Iterable[Message], wanted: set[Said]) -> list[Said]:
    known = {
        (message.context or "", message.id if isinstance(message.id, str) else message.id[0]) for message in messages
    }
    return sorted(wanted - known)


def empty(messages: Iterable[Message]) -> list[object]:
    return [message.id for message in messages if not all(form for _english, form in written(message))]


def twice(catalog: str) -> list[tuple[str, str]]:
    """Other programs refuse a catalog that has a sentence twice; ours would take one of the two."""
    entries = Counter((entry["context"] or "", entry["sentence"]) for entry in ENTRY.finditer(catalog))
    return [entry for entry, number in entries.items() if number > 1]


def fuzzy(messages: Iterable[Message]) -> list[object]:
    return [message.id for message in messages if message.fuzzy]


def with_odd_forms(messages: Iterable[Message], language: str) -> list[object]:
    forms = 6 if language == "ar" else 2
    return [message.id for message in messages if message.pluralizable and len(message.string) != forms]


def with_lost_placeholders(messages: Iterable[Message]) -> list[str]:
    return [
        form
        for message in messages
        for english, form in written(message)
        if not same_placeholders(english, form, counted=message.pluralizable)
    ]


def same_placeholders(english: str, form: str, *, counted: bool) -> bool:
    """A form for one or for two may say the number in words; nothing else may go."""
    wanted, found = sorted(PLACEHOLDER.findall(english)), sorted(PLACEHOLDER.findall(form))
    return wanted == found or (counted and set(found) < set(wanted) and len(wanted) - len(found) == 1)


def left_in_english(messages: Iterable[Message], language: str) -> list[str]:
    same = {english for message in messages for english, form in written(message) if form == english}
    shared = set(SHARED_WORDS[language].split(", "))
    left = same - NAMES - SHARED_SENTENCES.get(language, set())
    return sorted(english for english in left if english.lower() not in shared)


def without_arabic_letters(messages: Iterable[Message]) -> list[str]:
    forms = (form for message in messages for english, form in written(message) if english not in NAMES)
    return [form for form in forms if not ARABIC_LETTER.search(form)]


def led_by_a_quotation(messages: Iterable[Message]) -> list[str]:
    """A sentence whose first letter may be a Latin one would be set from left to right; U+200F before it says no."""
    return [form for message in messages for _english, form in written(message) if form.startswith(("«%(", "«{"))]


def run_into_numbers(messages: Iterable[Message]) -> list[str]:
    """A number after a Latin word would be read as part of it, and stand before it; U+2068 and U+2069 say no."""
    return [form for message in messages for _english, form in written(message) if RUN_INTO_NUMBER.search(form)]


def addresses_torn_apart(messages: Iterable[Message]) -> list[str]:
    """The slashes that end an address would stand before it; U+200E after them says no."""
    return [form for message in messages for _english, form in written(message) if TORN_ADDRESS.search(form)]


def with_loose_spaces(messages: Iterable[Message]) -> list[str]:
    """French sentences that a line may break before a mark, and those with no space there."""
    return [form for message in messages for _english, form in written(message) if LOOSE_SPACE.search(form)]


def said_to_a_man(messages: Iterable[Message]) -> list[str]:
    """Arabic instructions in the imperative instead of يُرجى and a verbal noun."""
    return [form for message in messages for _english, form in written(message) if TO_A_MAN.search(form)]


def unmarked(source: str) -> list[str]:
    """Words of a template that no reader of another language would get in theirs."""
    rest = IN_BLOCKS.sub("", source)
    said_aloud = [text for text in READ_ALOUD.findall(rest) if WORD.search(text)]
    return said_aloud + WORD.findall(MARKUP.sub("", rest))


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def messages(language) -> list[Message]:
    return catalog_of(language)


def test_whatever_the_program_says_is_in_the_catalog(messages, said):
    assert missing(messages, said) == []


def test_no_message_is_left_untranslated_or_unsure(messages):
    assert empty(messages) == []
    assert fuzzy(messages) == []


def test_no_sentence_is_in_the_catalog_twice(language):
    assert twice(path_of(language).read_text(encoding="utf-8")) == []


def test_a_sentence_that_is_there_twice_is_found():
    once = GOOD + '\nmsgctxt "role"\nmsgid "Nobody"\nmsgstr "Ninguno"\n'
    assert twice(once) == []
    assert twice(once + '\nmsgid "Nobody"\nmsgstr "Ninguna persona"\n') == [("", '"Nobody"\n')]


def test_every_plural_has_as_many_forms_as_its_language(language, messages):
    assert with_odd_forms(messages, language) == []


def test_placeholders_and_marks_survive_translation(messages):
    assert with_lost_placeholders(messages) == []


def test_only_names_and_shared_words_are_the_same_in_both_languages(language, messages):
    assert left_in_english(messages, language) == []


def test_arabic_is_written_in_arabic_letters():
    assert without_arabic_letters(catalog_of("ar")) == []


def test_arabic_runs_from_the_right_where_a_quotation_leads():
    assert led_by_a_quotation(catalog_of("ar")) == []


def test_a_number_in_arabic_stays_behind_the_latin_word_before_it():
    assert run_into_numbers(catalog_of("ar")) == []


def test_an_address_in_arabic_ends_with_its_slashes():
    assert addresses_torn_apart(catalog_of("ar")) == []


def test_french_has_fixed_spaces_before_its_marks():
    assert with_loose_spaces(catalog_of("fr")) == []


def test_arabic_instructions_address_no_man():
    assert said_to_a_man(catalog_of("ar")) == []


@pytest.mark.parametrize("template", templates(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_of_a_page_mail_or_document_says_nothing_that_is_not_marked(template):
    name = str(template.relative_to(ROOT / "templates"))
    found = set() if name in IN_DEVELOPMENT_ONLY else set(unmarked(template.read_text()))
    assert sorted(found - UNMARKED.get(name, set())) == []


GOOD = """
#, python-format
msgid "%(count)d record"
msgid_plural "%(count)d records"
msgstr[0] "%(count)d ficha"
msgstr[1] "%(count)d fichas"

msgid "Nobody"
msgstr "Nadie"
"""


def planted(text: str, language: str = "es") -> list[Message]:
    """A small catalog as a person might have left it."""
    head = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    return messages_in(io.BytesIO((head + text).encode()), language)


FLAWS = {
    "nothing in its place": (empty, GOOD.replace('"Nadie"', '""')),
    "one form of a plural empty": (empty, GOOD.replace("%(count)d fichas", "")),
    "unsure": (fuzzy, GOOD.replace("#, python-format", "#, fuzzy, python-format")),
    "a placeholder lost": (with_lost_placeholders, 'msgid "Hello %(who)s"\nmsgstr "Hola"\n'),
    "a placeholder misspelt": (with_lost_placeholders, 'msgid "Hello %(who)s"\nmsgstr "Hola %(quien)s"\n'),
    "a mark lost": (with_lost_placeholders, 'msgid "<b>No</b>"\nmsgstr "No"\n'),
    "both placeholders of a plural lost": (
        with_lost_placeholders,
        'msgid "%(n)d of %(all)d"\nmsgid_plural "%(n)d of %(all)d"\nmsgstr[0] "uno"\nmsgstr[1] "%(n)d de %(all)d"\n',
    ),
    "left in English": (lambda messages: left_in_english(messages, "es"), 'msgid "Withdrawn"\nmsgstr "Withdrawn"\n'),
    "a form too few": (lambda messages: with_odd_forms(messages, "ar"), GOOD),
    "Arabic in Latin letters": (without_arabic_letters, 'msgid "Yes"\nmsgstr "Naam"\n'),
    "Arabic set from left to right": (led_by_a_quotation, 'msgid "“%(n)s” is new"\nmsgstr "«%(n)s» جديد"\n'),
    "a number run into a Latin word": (run_into_numbers, 'msgid "XLSX: %(count)d"\nmsgstr "ملف XLSX %(count)d"\n'),
    "a French mark after a plain space": (with_loose_spaces, 'msgid "No date:"\nmsgstr "Sans date :"\n'),
    "a French mark without a space": (with_loose_spaces, 'msgid "No date:"\nmsgstr "Sans date:"\n'),
    "an Arabic imperative": (said_to_a_man, 'msgid "Choose another."\nmsgstr "اختر شخصاً آخر."\n'),
    "an address torn apart in Arabic": (addresses_torn_apart, 'msgid "As https://."\nmsgstr "مثل https://."\n'),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_each_check_finds_a_flaw_that_was_planted(flaw):
    check, text = FLAWS[flaw]
    assert len(check(planted(text))) == 1


def test_the_checks_are_content_with_a_sound_catalog():
    messages = planted(GOOD)
    found = [empty(messages), fuzzy(messages), with_lost_placeholders(messages), left_in_english(messages, "es")]
    assert found == [[], [], [], []]
    assert with_odd_forms(messages, "es") == []


@pytest.mark.parametrize(
    ("in_python", "in_template", "wanted"),
    [
        ('_("Nobody here")', '{% translate "Nobody here" %}', ("", "Nobody here")),
        ('pgettext("key", "Nobody")', '{% translate "Nobody" context "key" %}', ("key", "Nobody")),
        (
            'ngettext("%(n)s key", "%(n)s keys", n)',
            "{% blocktranslate count n=1 %}{{ n }} key{% plural %}{{ n }} keys{% endblocktranslate %}",
            ("", "%(n)s key"),
        ),
    ],
)
def test_a_sentence_that_no_catalog_has_is_found_wherever_it_is_said(in_python, in_template, wanted):
    assert list(said_in_python(in_python)) == [wanted]
    assert list(said_in_template("{% load i18n %}" + in_template)) == [wanted]
    assert missing(planted(GOOD), {wanted, ("", "Nobody")}) == [wanted]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello {{ name }}</p>", ["Hello"]),
        ('<input aria-label="Search here">{% translate "Hello" %}', ["Search here"]),
        ('<p class="soft">{% blocktranslate %}Hello{% endblocktranslate %} {# note #}·</p>', []),
    ],
)
def test_words_that_nobody_marked_are_found_in_a_template(source, found):
    assert unmarked(source) == found
