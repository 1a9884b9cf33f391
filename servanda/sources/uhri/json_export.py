"""The full export of the Universal Human Rights Index: one JSON list of records with labels in words."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from servanda.kit.database.sentences import gettext as _
from servanda.sources.candidates import Candidate, Label, PrintedPosition, Problem
from servanda.sources.printed.texts import clean, lift_number
from servanda.sources.printed.values import kind_of, listed, ordinal, single, stand_of, whole_date
from servanda.sources.uhri.json_records import array_records

LABEL_KEYS = (("Themes", "uhri-theme"), ("AffectedPersons", "uhri-group"), ("Sdgs", "sdg"))
# The code of the State in a symbol: "CRC/C/PER/CO/6-7", "E/C.12/AUS/CO/6", "A/HRC/WG.6/48/SVN/1".
COUNTRY_IN_SYMBOL = re.compile(r"^(?:[A-Z]+/C(?:\.12)?|A/HRC/WG\.6/\d+|CAT/OP)/([A-Z]{3})(?:/|$)")


def read(path: Path) -> Iterator[Candidate]:
    """One candidate for each record, streamed. The language of texts is "", because the export does not state it."""
    for number, record in enumerate(array_records(path), 1):
        place = _("record %(number)s") % {"number": number}
        raw = json.dumps(record, ensure_ascii=False)
        if isinstance(record, dict):
            yield candidate(record, place, raw)
        else:
            yield not_a_record(place, raw)


def not_a_record(place: str, raw: str) -> Candidate:
    return Candidate(place, raw, problems=[Problem("record", _("This entry is not a record with named fields."))])


def candidate(record: Mapping[str, object], place: str, raw: str) -> Candidate:
    """The candidate for a record with the keys of the JSON export, from the export itself or from a spreadsheet."""
    problems: list[Problem] = []
    paragraph, text = lift_number(printed_text(record.get("Text")))
    record_candidate = Candidate(
        place,
        raw,
        kind=kind_of(record.get("AnnotationType"), "AnnotationType", problems),
        countries=listed(record.get("Countries")),
        body=single(record.get("Body")),
        symbol=single(record.get("Symbol")),
        document_id=single(record.get("DocumentId")),
        paragraph=paragraph,
        texts={"": text} if text else {},
        published=whole_date(record.get("PublicationDate"), "PublicationDate", problems),
        listed=whole_date(record.get("PublicationDateOnUhri"), "PublicationDateOnUhri", problems),
        cycle=ordinal(record.get("UprCycle"), "UprCycle", problems),
        session=ordinal(record.get("UprSession"), "UprSession", problems),
        recommending=listed(record.get("UprRecommendingCountry")),
        position=position(record.get("UprPositions"), "UprPositions", problems),
        labels=[Label(scheme, text) for key, scheme in LABEL_KEYS for text in listed(record.get(key))],
        problems=problems,
    )
    if identity := single(record.get("AnnotationId")):
        record_candidate.external["uhri"] = identity
    add_problems(record_candidate)
    return record_candidate


def printed_text(value: object) -> str:
    if isinstance(value, list):
        value = "\n".join(str(line) for line in value)
    return "" if value is None else clean(str(value))


def position(value: object, field: str, problems: list[Problem]) -> PrintedPosition | None:
    printed = single(value)
    if not printed:
        return None
    stand = stand_of(printed)
    if stand is None:
        message = _("The position “%(words)s” is unknown and was left out.") % {"words": printed}
        problems.append(Problem(field, message, fatal=False))
        return None
    return PrintedPosition(stand, printed)


def add_problems(record_candidate: Candidate) -> None:
    """Add problems for missing fields, and take a missing State from the symbol."""
    if not any(record_candidate.texts.values()):
        record_candidate.problems.append(Problem("Text", _("The record has no text.")))
    if not record_candidate.countries and (match := COUNTRY_IN_SYMBOL.match(record_candidate.symbol)):
        record_candidate.countries = [match[1]]
        message = _("No State is named; %(code)s was taken from the symbol.") % {"code": match[1]}
        record_candidate.problems.append(Problem("Countries", message, fatal=False))
    if not record_candidate.external:
        message = _("There is no AnnotationId. The record is identified by its symbol and text only.")
        record_candidate.problems.append(Problem("AnnotationId", message, fatal=False))
