"""Where the label of a vocabulary comes from in each language, and whether a speaker has confirmed it."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from i18nfield.strings import LazyI18nString

from servanda.vocab.models import Body, Confirmation, Country, Instrument, Taxonomy, Term
from servanda.vocab.services.loading import labels, rows_of, rows_stood_by

SOURCE = "en"  # translations are made from it, so it needs no speaker to confirm it
SOURCES = (  # of taxonomies that come with the program, for translators
    gettext_noop(
        "Universal Human Rights Index (OHCHR), English labels as of September 2026; other languages translated by"
        " Servanda, not confirmed"
    ),
    gettext_noop("United Nations; translations open-sdg/sdg-translations (MIT)"),
    gettext_noop(
        "Themes met in OHCHR thematic lists of UPR cycles 2 to 4; other languages translated by Servanda,"
        " not confirmed"
    ),
    gettext_noop("UPR Info database, labels only; other languages translated by Servanda, not confirmed"),
    gettext_noop(
        "UPR Info action categories 1-5, in our words; other languages translated by Servanda, not confirmed"
    ),
)
FIXED_LISTS = ("taxonomies", "bodies", "countries", "instruments", "rule_texts")


class Origin(models.TextChoices):
    OFFICIAL = "official", _("official")
    ADAPTED = "adapted", _("from the Unicode CLDR, adapted by Servanda")
    SERVANDA = "servanda", _("translation by Servanda")
    HERE = "here", _("entered locally")


@dataclass(frozen=True, slots=True)
class RuleText:
    """A sentence that rules share: what counts towards a limit, why a clock starts where it does, or a note."""

    code: str
    name: LazyI18nString


type Thing = Country | Body | Taxonomy | Term | Instrument | RuleText
type Key = tuple[str, str, str]  # list, code, language


@dataclass(frozen=True, slots=True)
class Label:
    """The words of one thing in one language."""

    thing: Thing
    file: str
    code: str
    language: str
    words: str
    english: str
    origin: Origin
    is_confirmed: bool

    @property
    def waits(self) -> bool:
        """Whether a speaker of its language still has to confirm it."""
        is_unofficial = self.origin in (Origin.SERVANDA, Origin.ADAPTED)
        return is_unofficial and self.language != SOURCE and not self.is_confirmed

    @property
    def value(self) -> str:
        """Its value in a form: which label it is, and a digest of the words that the person saw."""
        return "|".join([self.file, self.code, hashlib.md5(self.words.encode(), usedforsecurity=False).hexdigest()])


def file_of(thing: Thing) -> str:
    """The file that a thing comes from, or would come from."""
    match thing:
        case Term():
            return f"terms-{thing.taxonomy.code}"
        case Taxonomy():
            return "taxonomies"
        case Body():
            return "bodies"
        case Country():
            return "countries"
        case Instrument():
            return "instruments"
        case RuleText():
            return "rule_texts"


def labels_of(things: Iterable[Thing]) -> Iterator[Label]:
    """Every label of these things, with one query for the confirmations."""
    confirmed = {
        (row.file, row.code, row.language): row.words for row in Confirmation.objects.all().order_by().iterator()
    }
    for thing in things:
        yield from labels_with(thing, confirmed)


def labels_with(thing: Thing, confirmed: dict[Key, str]) -> Iterator[Label]:
    name, words = file_of(thing), words_of(thing)
    for language, text in words.items():
        key = name, thing.code, language
        yield Label(
            thing=thing,
            file=name,
            code=thing.code,
            language=language,
            words=text,
            english=words.get(SOURCE, ""),
            origin=origin_of(thing, key, text),
            is_confirmed=confirmed.get(key) == text,
        )


def words_of(thing: Thing) -> dict[str, str]:
    data = (thing.label if isinstance(thing, Term) else thing.name).data
    return {language: text for language, text in data.items() if text} if isinstance(data, dict) else {}


def origin_of(thing: Thing, key: Key, words: str) -> Origin:
    name, code, language = key
    shipped = shipped_words(name).get(code) if name in shipped_lists() else None
    if shipped is None or language not in shipped:
        return Origin.HERE
    if getattr(thing, "is_own", False) and shipped[language] != words:
        return Origin.HERE
    return declared(name, code, language)


@cache
def declared(name: str, code: str, language: str) -> Origin:
    """What `origins.csv` says: the first line that fits."""
    for row in origins():
        if row["list"] == name and language in row["languages"].split() and fnmatchcase(code, row["codes"]):
            return Origin(row["origin"])
    return Origin.SERVANDA


@cache
def origins() -> tuple[dict[str, str], ...]:
    return tuple(rows_of("origins"))


@cache
def shipped_lists() -> tuple[str, ...]:
    return (*FIXED_LISTS, *(f"terms-{row['code']}" for row in rows_of("taxonomies")))


@cache
def shipped_words(name: str) -> dict[str, dict[str, str]]:
    return {row["code"]: {key: text for key, text in row.items() if text} for row in rows_of(name)}


def things_of(name: str = "") -> list[Thing]:
    """The things of one list that comes with Servanda, or of all of them, in the order of the pages."""
    things: list[Thing] = []
    if name in ("", "taxonomies"):
        things += Taxonomy.objects.filter(code__in=shipped_words("taxonomies")).order_by("order", "code")
    if name in ("", "bodies"):
        things += Body.objects.all()
    if name in ("", "countries"):
        things += Country.objects.all()
    if name in ("", "instruments"):
        things += Instrument.objects.all()
    if name in ("", "rule_texts"):
        things += [RuleText(row["code"], LazyI18nString(labels(row))) for row in rows_stood_by("rule_texts")]
    terms = Term.objects.filter(taxonomy__code__in=shipped_words("taxonomies"), is_artefact=False)
    if name.startswith("terms-"):
        terms = terms.filter(taxonomy__code=name.removeprefix("terms-"))
    if not name or name.startswith("terms-"):
        things += terms.select_related("taxonomy").order_by("taxonomy__order", "taxonomy__code", "order", "code")
    return things


def waiting() -> list[Label]:
    """Every label of the vocabulary that no speaker of its language has confirmed."""
    return [label for label in labels_of(things_of()) if label.waits]
