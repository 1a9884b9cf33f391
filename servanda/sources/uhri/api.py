"""Records of UHRI's search and interface: ids instead of labels, and up to six languages in one record.

Ids stay as printed, for `sources.resolve`: `countries`, `recommending` and `body` hold ids; labels have the schemes
uhri-theme-id, uhri-group-id, sdg-id, and, since a session, a cycle, a position and a kind are ids here too,
upr-session-id, upr-cycle-id, upr-position-id and annotation-type-id. Until those are resolved the kind is OTHER
and cycle, session and position are empty.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from servanda.sources.candidates import Candidate, Kind, Label, Problem
from servanda.sources.printed.texts import lift_number
from servanda.sources.printed.values import is_id, kind_of, listed, ordinal, single, whole_date
from servanda.sources.uhri.json_export import complain, not_a_record, position, printed_text
from servanda.sources.uhri.json_records import records

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
LABEL_KEYS = (
    ("themesIds", "uhri-theme-id"),
    ("affectedPersonIds", "uhri-group-id"),
    ("sdgsIds", "sdg-id"),
    ("uprSessionIds", "upr-session-id"),
    ("uprCycle", "upr-cycle-id"),
    ("uprPositionIds", "upr-position-id"),
    ("annotationType", "annotation-type-id"),
)


def read(path: Path) -> Iterator[Candidate]:
    """One candidate for each record of a JSON list or of JSON lines, with a text for each language."""
    for number, record in enumerate(records(path), 1):
        where = _("record %(number)s") % {"number": f"{number:,}"}
        raw = json.dumps(record, ensure_ascii=False)
        yield candidate(record, where, raw) if isinstance(record, dict) else not_a_record(where, raw)


def candidate(record: Mapping[str, object], where: str, raw: str) -> Candidate:
    problems: list[Problem] = []
    paragraph, texts = numbered_texts(record, problems)
    order = record.get("numberInDocument")
    found = Candidate(
        where,
        raw,
        kind=Kind.OTHER,
        countries=listed(record.get("countryIds")),
        body=single(record.get("bodyId")),
        symbol=single(record.get("symbol")),
        document_id=single(record.get("documentId")),
        paragraph=paragraph,
        order=order if isinstance(order, int) else None,
        texts=texts,
        published=whole_date(record.get("publicationDate"), "publicationDate", problems),
        listed=whole_date(record.get("dateFrontEndPublished"), "dateFrontEndPublished", problems),
        recommending=listed(record.get("uprRecommendingCountryIds")),
        labels=[Label(scheme, entry) for key, scheme in LABEL_KEYS for entry in ids(record, key)],
        problems=problems,
    )
    words_instead_of_ids(found, record)
    if identity := single(record.get("annotationId")):
        found.external["uhri"] = identity
    complain(found)
    return found


def ids(record: Mapping[str, object], key: str) -> list[str]:
    return [entry for entry in listed(record.get(key)) if is_id(entry)]


def words_instead_of_ids(found: Candidate, record: Mapping[str, object]) -> None:
    """Some answers of the interface are already resolved: their words are read as those of the export."""
    words = {key: record.get(key) for key, _scheme in LABEL_KEYS if not ids(record, key)}
    if words.get("annotationType"):
        found.kind = kind_of(words["annotationType"], "annotationType", found.problems)
    found.session = ordinal(words.get("uprSessionIds"), "uprSessionIds", found.problems)
    found.cycle = ordinal(words.get("uprCycle"), "uprCycle", found.problems)
    found.position = position(words.get("uprPositionIds"), "uprPositionIds", found.problems)


def numbered_texts(record: Mapping[str, object], problems: list[Problem]) -> tuple[str, dict[str, str]]:
    """The texts without their numbers, and the number that most languages print (Arabic may reverse it)."""
    lifted = {language: lift_number(printed_text(record.get(language))) for language in LANGUAGES}
    numbers = Counter(number for number, _text in lifted.values() if number)
    paragraph = numbers.most_common(1)[0][0] if numbers else ""
    for language, (number, _text) in lifted.items():
        if number and number != paragraph:
            values = {"number": number, "other": paragraph}
            message = _("This text is numbered %(number)s, most other languages say %(other)s.") % values
            problems.append(Problem(language, message, fatal=False))
    return paragraph, {language: text for language, (_number, text) in lifted.items() if text}
