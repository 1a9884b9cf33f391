"""Terms and phrases of docs/words.md, and where a catalog differs from them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from babel.messages.catalog import Message

LANGUAGES = ("es", "fr", "pt", "ar")
IN_BRACKETS = re.compile(r"\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
ALLOWED_IN_BRACKETS = re.compile(r"\b(?:also|plural) ([^;,،]+)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|<[^>]+>")
QUOTED = re.compile(r"“([^”%{]+)”")
VOWEL_MARKS = re.compile(r"[\u064b-\u0652\u0640\u200e\u200f\u2066-\u2069]")
ARABIC_PREFIX = r"(?:و|ف)?(?:ب|ك|ل)?(?:ال|ل)?"  # and, with, for, the: written as one with the word
ACCENTS = str.maketrans("áàâãéêèëíîïóôõöúùûüçñœ’", "aaaaeeeeiiioooouuuucno'")
AT_THE_END = " .:…?\u00a0\u202f"


# Portuguese and Arabic keep one word for these institutions, and have another for those of the State.
# Each phrase is of an assessment or contribution that only such an institution can make.
ACCREDITED = re.compile(
    r"accredit|human rights institution|\bNHRI|independent institution|its own signature|signature of an institution"
    r"|assessment signed by|your institution (?:had published|published:|has assessed)"
    r"|institution that published this assessment|institution has withdrawn its assessment",
    re.IGNORECASE,
)
RESERVED = {"pt": re.compile(r"institui(?:ção|ções)", re.IGNORECASE), "ar": re.compile(r"مؤسس(?:ة|ات|ت)")}


class Term(NamedTuple):
    english: str
    forms: dict[str, list[str]]
    is_status: bool  # of implementation; within a sentence these words may be about something else


def rows(page: str, heading: str, cells: int) -> list[list[str]]:
    """The rows of all tables under a heading of the second level, without heads."""
    section = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    tables = [line for line in section.splitlines() if line.startswith("| ")]
    found = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in tables]
    return [row for row in found if len(row) == cells and row[0] not in {"English", "phrase"}]


def phrases(page: str) -> list[str]:
    cells = (IN_BRACKETS.sub("", row[0]) for row in rows(page, "Phrases not to be used", 2))
    return [phrase.strip() for cell in cells for phrase in cell.split(",")]


def terms(page: str) -> list[Term]:
    return [term for row in rows(page, "Terms", 7) for term in terms_of(row)]


def terms_of(row: list[str]) -> list[Term]:
    """The terms of one row; where the parts of a cell are as many as the terms, each has its own."""
    is_status = row[0].startswith("– ")
    english = parts(row[0].removeprefix("– "))
    by_language = {language: parts(cell) for language, cell in zip(LANGUAGES, row[2:6], strict=True)}
    return [
        Term(
            IN_BRACKETS.sub("", name).strip(),
            {
                language: forms_of(
                    cell_parts[place : place + 1] if len(cell_parts) == len(english) else cell_parts, name
                )
                for language, cell_parts in by_language.items()
            },
            is_status,
        )
        for place, name in enumerate(english)
    ]


def parts(cell: str) -> list[str]:
    """What semicolons divide, except in brackets."""
    found, depth, start = [], 0, 0
    for place, letter in enumerate(cell):
        depth += (letter == "(") - (letter == ")")
        if letter in ";؛" and not depth:
            found.append(cell[start:place])
            start = place + 1
    return [part.strip() for part in [*found, cell[start:]]]


def forms_of(cell_parts: list[str], english: str) -> list[str]:
    """Words that a translation may have: alternatives after a comma, and what brackets allow."""
    forms = []
    for part in cell_parts:
        for inside in IN_BRACKETS.findall(part):
            forms += [form.strip() for form in ALLOWED_IN_BRACKETS.findall(IN_BRACKETS.sub("", inside))]
        plain = IN_BRACKETS.sub("", part).strip()
        forms += [plain] if "," in english else re.split(r"[,،] ", plain)
    return forms


def plain(text: str) -> str:
    """For comparison: without accents, vowel marks, placeholders and what ends a label."""
    text = VOWEL_MARKS.sub("", PLACEHOLDER.sub(" ", text)).casefold().replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(text.translate(ACCENTS).strip(AT_THE_END).split())


@cache
def pattern(form: str) -> re.Pattern:
    """Finds a form, its feminine and its plural: most endings of these languages have one or two letters."""
    words = [re.escape(shortened(word.split("/")[0].removeprefix("ال"))) for word in plain(form).split()]
    return re.compile(r"\W+(?:\w+\W+){0,2}".join(rf"\b{ARABIC_PREFIX}{word}\w*" for word in words))


def shortened(word: str) -> str:
    ending = 2 if len(word) > 5 else 1 if len(word) > 4 or word.endswith("ة") else 0
    return word[: len(word) - ending]


def english_forms(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def translations(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def pattern_of(unwanted: list[str]) -> re.Pattern:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, unwanted))})\b", re.IGNORECASE)


def with_phrases(messages: Iterable[Message], unwanted: list[str]) -> list[tuple[str, str]]:
    """Each message that has a phrase, with the phrase."""
    phrase = pattern_of(unwanted)
    texts = [english for message in messages for english in english_forms(message)]
    found = [(english, phrase.search(PLACEHOLDER.sub("…", english))) for english in texts]
    return [(english, hit[0].casefold()) for english, hit in found if hit]


def plural_of(english: str) -> str:
    return f"{english[:-1]}ies" if re.search(r"[^aeiou]y$", english) else f"{english}s"


def by_name(known: list[Term]) -> dict[str, Term]:
    """Each term under its name and its plural; one that is in two rows may have the forms of both."""
    found: dict[str, Term] = {}
    for term in known:
        for name in (plain(term.english), plain(plural_of(term.english))):
            before = found[name].forms if name in found else {}
            forms = {key: before.get(key, []) + forms for key, forms in term.forms.items()}
            found[name] = term._replace(forms=forms)
    return found


def unlike_the_table(messages: Iterable[Message], language: str, known: list[Term]) -> list[tuple[str, str]]:
    """Messages that are one term, with a translation that has none of its forms."""
    names = by_name(known)
    found = []
    for message in messages:
        term = names.get(plain(english_forms(message)[0]))
        if term and not has_form(translations(message), term.forms[language]):
            found.append((english_forms(message)[0], translations(message)[0]))
    return found


def has_form(texts: Iterable[str], forms: list[str]) -> bool:
    return any(pattern(form).search(plain(text)) for text in texts for form in forms)


def sentences_unlike_the_table(
    messages: Iterable[Message], language: str, known: list[Term]
) -> list[tuple[str, str, str]]:
    """Sentences that have a term of two or more words, and none of its forms in the translation."""
    names = {name: term for name, term in by_name(known).items() if " " in name and not term.is_status}
    longest_first = sorted(names, key=len, reverse=True)
    a_name = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
    return [
        (name, english_forms(message)[0], translations(message)[0])
        for message in messages
        for name in sorted(set(a_name.findall(plain(" ".join(english_forms(message))))))
        if not has_form(translations(message), names[name].forms[language])
    ]


def reserved_words(messages: Iterable[Message], language: str) -> list[tuple[str, str]]:
    """Messages with the word for accredited institutions that are about others."""
    return [
        (english_forms(message)[0], translations(message)[0])
        for message in messages
        if not ACCREDITED.search(" ".join(english_forms(message)))
        and any(RESERVED[language].search(VOWEL_MARKS.sub("", text)) for text in translations(message))
    ]


def translated_in_two_ways(messages: Iterable[Message]) -> list[tuple[str, set[str]]]:
    """The same English, but for capitals and the mark at its end, with two translations; contexts divide meanings."""
    ways = defaultdict(set)
    for message in messages:
        key = (message.context or "", message.pluralizable, same(english_forms(message)[0]))
        ways[key].add(same(translations(message)[-1]))
    return sorted((key[-1], found) for key, found in ways.items() if len(found) > 1)


def same(text: str) -> str:
    """A message as it is compared with others: without capitals, vowel marks, and what ends a label."""
    return VOWEL_MARKS.sub("", text).casefold().strip(AT_THE_END).replace("\u00a0", " ")


def labels_unlike_the_table(entries: Iterable[dict[str, dict]], known: list[Term]) -> list[tuple[str, str, str]]:
    """Terms of the glossary, each by language, whose label has none of the forms that the table gives."""
    names = by_name(known)
    found = [(entry, names.get(plain(entry["en"]["label"]))) for entry in entries]
    return [
        (term.english, language, entry[language]["label"])
        for entry, term in found
        if term
        for language in LANGUAGES
        if language in entry and not has_form([entry[language]["label"]], term.forms[language])
    ]


def labels_quoted_otherwise(messages: list[Message]) -> list[tuple[str, str]]:
    """Messages that quote a label of the interface, whose translation does not quote the translation of the label."""
    labels = defaultdict(list)
    for message in messages:
        labels[english_forms(message)[0]].append(plain(translations(message)[0]))
    return [
        (label, translations(message)[0])
        for message in messages
        for label in QUOTED.findall(english_forms(message)[0])
        if label in labels and not any(words in plain(translations(message)[0]) for words in labels[label])
    ]
