"""Terms of the field that occur in a paragraph, with their words in the language of the translation."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from servanda.kit.pages.glossary import entries
from servanda.language.words.tokens import tokens
from servanda.vocab.models import Body, Term

LONGEST = 12  # words of a term
MOST_TERMS = 8  # of a paragraph


@dataclass(frozen=True, slots=True)
class OfferedTerm:
    source: str
    target: str


class TermFinder:
    """Finds terms by the stems of their words, the longest first."""

    def __init__(self, terms: Iterable[OfferedTerm], language: str):
        self.language = language
        self.by_words: dict[tuple[str, ...], OfferedTerm] = {}
        for term in terms:
            words = tuple(tokens(term.source, language))
            if 0 < len(words) <= LONGEST:
                self.by_words.setdefault(words, term)
        self.longest: defaultdict[str, int] = defaultdict(int)  # by the first word
        for words in self.by_words:
            self.longest[words[0]] = max(self.longest[words[0]], len(words))

    def found_in(self, text: str) -> list[OfferedTerm]:
        """Each once, in the order of the text."""
        words = tokens(text, self.language)
        found: dict[OfferedTerm, None] = {}
        place = 0
        while place < len(words) and len(found) < MOST_TERMS:
            size, term = self.longest_at(words, place)
            if term is not None:
                found[term] = None
            place += size
        return list(found)

    def longest_at(self, words: Sequence[str], place: int) -> tuple[int, OfferedTerm | None]:
        most = self.longest.get(words[place], 0)
        for size in range(min(most, len(words) - place), 0, -1):
            if term := self.by_words.get(tuple(words[place : place + size])):
                return size, term
        return 1, None


def finder_of(source_language: str, language: str) -> TermFinder:
    """Of the glossary, the labels of taxonomies, and the names of bodies."""
    return TermFinder(offered_terms(source_language, language), source_language)


def offered_terms(source_language: str, language: str) -> Iterator[OfferedTerm]:
    yield from of_glossary(source_language, language)
    yield from of_vocabulary(source_language, language)


def of_vocabulary(source_language: str, language: str) -> Iterator[OfferedTerm]:
    """Labels such as "police / prison officials" also part by part, where both languages have as many."""
    labels = Term.objects.filter(is_artefact=False).order_by("pk").values_list("label", flat=True)
    names = Body.objects.order_by("pk").values_list("name", flat=True)
    for label in [*labels, *names]:
        words: Mapping[str, str] = label.data if isinstance(label.data, dict) else {}
        source, target = words.get(source_language, ""), words.get(language, "")
        if source and target:
            yield OfferedTerm(source.replace("&", "and"), target)
            parts, others = source.split("/"), target.split("/")
            if 1 < len(parts) == len(others):
                yield from (
                    OfferedTerm(part.strip(), other.strip()) for part, other in zip(parts, others, strict=True)
                )


def of_glossary(source_language: str, language: str) -> Iterator[OfferedTerm]:
    """Only where the glossary has both languages; a short form leads to the label."""
    for entry in entries(source_language):
        target = dict(entry.others).get(language)
        if target and entry.language == source_language:
            for form in (entry.label, *entry.forms):
                yield OfferedTerm(form, target)
