"""Names of persons concerned in texts that others read: without documented consent, none is published."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused
from servanda.language.words.lookalikes import without_lookalikes
from servanda.language.words.stems import fold
from servanda.proceedings.models import PersonConcerned, Proceeding, PublicLetter

LEAST_LETTERS = 4  # shorter parts of a name are words of some language
LEAST_OF_WHOLE = 3  # of a whole name that is a word of the text by itself
FINAL_VOWELS = frozenset("aeiouyаеиоуыэюяьй")
FINAL_SYLLABLES = ("as", "is", "os", "us", "ας", "ες", "ης", "ις", "ος")
# Of names in Slavic and Baltic languages and in Romanian, without accents: cases, and adjectives made of the name.
ENDINGS = re.compile(
    r"[aeiouys]|[aeiuo]m|i?[aeo]m[ai]?|[ai]mi|[oeiua]i|i[aeou]|ij[aeou]|j[aeiou]m?|[eo]j|ou|i?os|ios|e?go|emu|ymi?|a?ch|[iy]h|ich"
    r"|(?:ov|ev|ow|in)(?:[aeiouy]|ega|og|ega|oga|e?mu|[eio]m|i[hm]|ych|ou|ho|imi?)?|ului|lui|ei"
)
LONGEST_ENDING = 5  # in Greek and Cyrillic letters, where any ending counts
LEAST_OF_STEM, SHORT_STEM = 2, 3
MOST_PARTICLES = 3  # letters that scripts without capitals write together with the name
PUBLIC_TEXTS = ("title", "summary", "reply", "source")


def refuse_names(proceeding: Proceeding, texts: Iterable[tuple[str, str]], *, parts_checked: bool) -> None:
    """Raises `FieldRefused` for the first of these texts, by their fields, that contains the name of a person
    concerned who has not consented, or one part of it, unless a person has checked that such parts mean others.

    The sentence repeats no whole name, because the person who publishes may not be allowed to read identities; a part
    is quoted as written in the text.
    """
    names = names_without_consent(proceeding)
    for field, text in texts:
        found = spellings(text)
        if any(has_name(found, name) for name in names):
            sentence = _(
                "This text contains the name of a person concerned who has not consented to its publication. Remove "
                "the name, or enter the consent with its source."
            )
            raise FieldRefused(field, sentence)
        part = next(chain.from_iterable(parts_in(found, name) for name in names), None)
        if part and not parts_checked:
            sentence = _(
                "“%(word)s” is part of the name of a person concerned who has not consented to its publication. "
                "Remove it, or confirm that this word does not mean the person."
            )
            raise FieldRefused(field, sentence % {"word": part})


def names_without_consent(proceeding: Proceeding) -> list[str]:
    persons = proceeding.persons.filter(consents=False, erased_at=None).exclude(name="")
    return list(persons.order_by("name").values_list("name", flat=True))


def digest_of_parts(proceeding: Proceeding, texts: Iterable[tuple[str, str]]) -> str:
    """A digest of the texts and of the names of which they contain a part; empty if they contain none. As long as it
    is the same, what a person has confirmed of these parts stays confirmed."""
    pairs = list(texts)
    found = [spellings(text) for _field, text in pairs]
    names = [name for name in names_without_consent(proceeding) if any(any(parts_in(text, name)) for text in found)]
    if not names:
        return ""
    content = json.dumps([pairs, names], ensure_ascii=False)
    return salted_hmac("servanda.proceedings.naming", content, algorithm="sha256").hexdigest()


def refuse_published(person: PersonConcerned) -> None:
    """Raises `FieldRefused` if the version for the public contains the name of this person, or a part of it, without
    consent: it stays on the public pages until it is corrected or withdrawn."""
    letter = PublicLetter.objects.public().filter(proceeding=person.proceeding_id).first()
    if letter is None or person.consents:
        return
    texts = [spellings(getattr(letter, name)) for name in PUBLIC_TEXTS]
    if any(has_name(text, person.name) or has_exact_part(text, person.name) for text in texts):
        sentence = _(
            "The published version for the public contains this name, or a part of it. Correct or unpublish that "
            "version first, then save again."
        )
        raise FieldRefused("name", sentence)


def has_name(text: list[list[str]], name: str) -> bool:
    """The parts of the name beside each other, in any order; long ones also in an inflected form. In scripts without
    capitals, also inside a word."""
    for words in spellings(name):
        letters = len(" ".join(words))
        if letters < LEAST_OF_WHOLE:
            continue
        is_within = letters >= LEAST_LETTERS and is_uncased(words)
        if any(is_beside(found, words) or (is_within and " ".join(words) in " ".join(found)) for found in text):
            return True
    return False


def is_beside(text: list[str], words: list[str]) -> bool:
    """Whether words of the text that follow each other are these, in any order. Inflected forms count if no part is
    short: "les grands" is no form of Le Grand, and a person decides on such words, as on those of one part alone."""
    is_long = len(words) > 1 and all(len(word) >= LEAST_LETTERS for word in words)
    return any(places_beside(text, words, Forms.includes if is_long else Forms.is_same))


def places_beside(text: list[str], words: list[str], is_form: Callable[["Forms", str], bool]) -> Iterator[str]:
    """Words of the text that follow each other and are forms of all parts of the name, in any order."""
    forms = [Forms(word) for word in words]
    may_be = [any(is_form(form, word) for form in forms) for word in text]
    for at in range(len(text) - len(words) + 1):
        end = at + len(words)
        if all(may_be[at:end]) and is_pairing(text[at:end], forms, is_form):
            yield " ".join(text[at:end])


def is_pairing(found: list[str], forms: list["Forms"], is_form: Callable[["Forms", str], bool]) -> bool:
    """Whether each of the words found is a form of another part of the name."""
    left = list(forms)
    for word in found:
        form = next((form for form in left if is_form(form, word)), None)
        if form is None:
            return False
        left.remove(form)
    return True


class Forms:
    """One part of a name in all its forms. Languages add an ending, often in place of a final vowel, and some drop a
    vowel before the last consonant: Novak, Novakovega; Ana, Ane; Pavel, Pavla. Scripts without capitals do not."""

    def __init__(self, part: str) -> None:
        self.part = part
        stems = {part}
        if part[-1] in FINAL_VOWELS:
            stems.add(part[:-1])
        if part.endswith(FINAL_SYLLABLES):
            stems.add(part[:-2])
        if len(part) > LEAST_LETTERS and part[-2] in "eoео":
            stems.add(part[:-2] + part[-1])
        self.stems = () if is_uncased([part]) else tuple(stem for stem in stems if len(stem) >= LEAST_OF_STEM)

    def is_same(self, word: str) -> bool:
        return word == self.part

    def includes(self, word: str) -> bool:
        return word == self.part or any(
            word.startswith(stem) and is_ending(word[len(stem) :], stem) for stem in self.stems
        )


def is_ending(letters: str, stem: str) -> bool:
    if not letters or len(letters) > (LONGEST_ENDING if len(stem) > SHORT_STEM else LEAST_OF_STEM):
        return False
    return not letters.isascii() or ENDINGS.fullmatch(letters) is not None


def parts_in(text: list[list[str]], name: str) -> Iterator[str]:
    """The words of the text that are one part of the name, also inflected or with particles written together with it,
    or all of them in inflected forms."""
    for words in spellings(name):
        if len(words) > 1:
            yield from chain.from_iterable(places_beside(found, words, Forms.includes) for found in text)
    parts = {part for words in spellings(name) for part in words if len(part) >= LEAST_LETTERS}
    forms = [Forms(part) for part in parts]
    for word in chain.from_iterable(text):
        has_particle = any(is_uncased([part]) and has_particles(word, part) for part in parts)
        if has_particle or any(form.includes(word) for form in forms):
            yield word


def has_exact_part(text: list[list[str]], name: str) -> bool:
    """Whether a word of the text is a part of the name as it is; no one can confirm that such a word means others."""
    parts = {part for words in spellings(name) for part in words if len(part) >= LEAST_LETTERS}
    words = chain.from_iterable(text)
    return any(
        word in parts or any(is_uncased([part]) and has_particles(word, part) for part in parts) for word in words
    )


def has_particles(word: str, part: str) -> bool:
    return word.endswith(part) and len(word) - len(part) <= MOST_PARTICLES


def is_uncased(words: list[str]) -> bool:
    return all(word == word.upper() for word in words)


def spellings(text: str) -> list[list[str]]:
    """The words without case, accents, vowel signs and punctuation. Invisible characters are not letters, but may
    stand for a blank: both readings are compared, and so is the one in which look-alike letters are replaced."""
    text = unicodedata.normalize("NFKC", text)
    seen = "".join(char for char in text if not is_unseen(char))
    apart = "".join(" " if is_unseen(char) else char for char in text)
    joined = DIVIDED.sub("", seen)
    readings = [words_of(reading) for reading in dict.fromkeys([seen, apart, joined])]
    readings += [words_of(without_lookalikes(reading)) for reading in dict.fromkeys([seen, apart, joined])]
    return [words for place, words in enumerate(readings) if words not in readings[:place]]


DIVIDED = re.compile(r"(?<=\w)(?:\*+|[\u2010\u2011])(?=\w)")  # marks of bold text, and hyphens, inside a word
FILLERS = "\u115f\u1160\u3164\uffa0"  # letters of Korean that are not seen


def is_unseen(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or char in FILLERS


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(unicodedata.normalize("NFKC", text).casefold()))
