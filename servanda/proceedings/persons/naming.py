"""Names of persons concerned in texts for the public: without documented consent, none is published."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused
from servanda.language.words.stems import fold
from servanda.proceedings.models import Proceeding

LEAST_LETTERS = 4  # shorter names are words of some language


def refuse_names(proceeding: Proceeding, texts: Iterable[tuple[str, str]]) -> None:
    """Raises `FieldRefused` for the first of these texts, by their fields, that contains the name of a person
    concerned who has not consented. The sentence does not repeat the name: who publishes may not read identities."""
    names = list(names_without_consent(proceeding))
    for field, text in texts:
        if any(contains(plain(text), name) for name in names):
            sentence = _(
                "This text contains the name of a person concerned who has not consented to its publication. Remove "
                "the name, or enter the consent with its source."
            )
            raise FieldRefused(field, sentence)


def names_without_consent(proceeding: Proceeding) -> Iterator[str]:
    """Folded, also with the family name first."""
    persons = proceeding.persons.filter(consents=False, erased_at=None).exclude(name="")
    for name in persons.values_list("name", flat=True):
        if len(words := plain(name)) >= LEAST_LETTERS:
            yield words
            first, _blank, last = words.rpartition(" ")
            if first:
                yield f"{last} {first}"


def plain(text: str) -> str:
    """Without case, accents, vowel signs, signs of direction and punctuation; words with one blank between them."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return " ".join(re.findall(r"\w+", fold(unicodedata.normalize("NFKC", visible).casefold())))


def contains(text: str, name: str) -> bool:
    """Whole words; in scripts without capitals, particles are written together with the name."""
    if name == name.upper():
        return name in text
    return f" {name} " in f" {text} "
