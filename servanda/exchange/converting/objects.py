"""Rows of a foreign table as objects of the exchange format, checked by the rules of every such file."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servanda.exchange.format.checking import FileChecks
from servanda.exchange.format.kinds import CONTEXT, KINDS, id_of
from servanda.language.words.identify import identify
from servanda.recommendations.filters.parameters import taxonomy_key
from servanda.recommendations.records import codes
from servanda.sources.candidates import Candidate, PrintedPosition
from servanda.sources.resolve import Resolved, make_resolver
from servanda.vocab.lookup import Lookup
from servanda.vocab.models import Term

# What is removed from texts as they are read.
REMOVED = {
    re.compile(r"(?i)(?:<|&lt;)\s*(?:script|style)\b"): _("Rows from which scripts or styles were removed"),
    re.compile("[\u202d\u202e]"): _("Rows from which marks that turn the direction of the text were removed"),
}
KNOWN_LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh", "pt")


@dataclass(frozen=True, slots=True)
class Origin:
    """Values that the table itself does not contain."""

    site: str  # the https address with which all ids begin
    country: str = ""  # code of the State of rows that name none
    language: str = "en"  # of texts whose language is not recognised


@dataclass(slots=True)
class Converted:
    """Objects in the order of the rows, and what could not be converted."""

    objects: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # a sentence for each, which begins with the place
    notes: Counter[str] = field(default_factory=Counter)  # what was left out by rule, with its number

    def as_file(self) -> str:
        graph = {"@context": CONTEXT, "@graph": self.objects}
        return json.dumps(graph, ensure_ascii=False, indent=1) + "\n"


def convert_rows(rows: Iterable[tuple[str, Candidate]], origin: Origin) -> Converted:
    """Each row with the code that its system gave it, or an empty one."""
    done, words, numbers = Converted(), Words(), Counter[str]()
    resolve = resolver(words.lookup, origin)
    for own_code, candidate in rows:
        done.notes.update(str(sentence) for pattern, sentence in REMOVED.items() if pattern.search(candidate.raw))
        row = resolve(candidate)
        if faults := [problem.message for problem in row.problems if problem.fatal]:
            done.faults += [f"{row.where}: {sentence}" for sentence in faults]
            continue
        done.notes.update(problem.message for problem in row.problems)
        done.objects.append(recommendation(row, own_code or code_of(row, numbers), origin, words))
    return done


class Words:
    """Words of the vocabulary by their keys, read once for all rows."""

    def __init__(self) -> None:
        self.lookup = Lookup()
        found = Term.objects.values_list("pk", "taxonomy__code", "code")
        self.labels = {pk: {"taxonomy": taxonomy_key(taxonomy), "code": code} for pk, taxonomy, code in found}

    def states(self, pks: Iterable[int]) -> list[str]:
        return [self.lookup.country_codes[pk] for pk in pks]


def resolver(lookup: Lookup, origin: Origin) -> Callable[[Candidate], Resolved]:
    country = lookup.country(origin.country) if origin.country else None

    def language_of(text: str) -> str:
        return identify(text, among=KNOWN_LANGUAGES, likely=(origin.language,)) or origin.language

    return make_resolver(lookup, identify=language_of, on=timezone.localdate(), default_country=country)


def code_of(row: Resolved, numbers: Counter[str]) -> str:
    """A reference made as the register makes its own; a second row with the same one gets a number."""
    stem = codes.stem(
        country=row.country_code,
        body=row.body_code,
        cycle=row.cycle or 0,
        year=row.year or 0,
        paragraph=row.paragraph,
    )
    numbers[stem] += 1
    return codes.nth(stem, numbers[stem])


def recommendation(row: Resolved, code: str, origin: Origin, words: Words) -> dict[str, Any]:
    """Only the keys that the row fills."""
    first = row.original or next(iter(row.texts))
    languages = sorted(row.texts, key=lambda language: language != first)
    values = {
        "country": row.country_code,
        "document": {"symbol": row.symbol} if row.symbol else None,
        "paragraph": row.paragraph,
        "date": row.published.isoformat() if row.published else None,
        "language": row.original,
        "recommending": words.states(row.recommending_ids),
        "stand": str(row.position.stand) if row.position else "",
        "positions": [position_of(row.position)] if row.position else [],
        "labels": [words.labels[pk] for pk in row.term_ids],
        "review": {"body": row.body_code, "cycle": row.cycle, "session": row.session} if row.cycle else None,
    }
    return {
        "id": id_of(KINDS["recommendation"], code, origin.site),
        "type": "Recommendation",
        "code": code,
        "kind": str(row.kind),
        "body": row.body_code,
        "texts": [{"language": language or origin.language, "text": row.texts[language]} for language in languages],
        **{key: value for key, value in values.items() if value},
    }


def position_of(printed: PrintedPosition) -> dict[str, str]:
    values = {
        "stand": str(printed.stand),
        "words": printed.words,
        "document": printed.symbol,
        "comment": printed.comment,
    }
    return {key: value for key, value in values.items() if value}


def keep_valid(done: Converted) -> None:
    """Check the objects as every file is checked, and take out those with faults."""
    checks, valid = FileChecks(), []
    for value in done.objects:
        faults = [f"{value['code']} {at}: {sentence}" for at, sentence in checks.faults_of(value)]
        done.faults += faults
        valid += [] if faults else [value]
    done.objects = valid
