"""Records of UHRI's search API: ids instead of labels, and up to six languages in one record.

Ids are left for `sources.resolve`: `countries`, `recommending` and `body` contain ids; labels have the schemes
uhri-theme-id, uhri-group-id and sdg-id. Session, cycle, position and kind are ids here as well, in labels with the
schemes upr-session-id, upr-cycle-id, upr-position-id and annotation-type-id; until those are resolved, the kind is
OTHER and cycle, session and position are empty.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from servanda.kit.database.sentences import gettext as _
from servanda.sources.candidates import Candidate, Kind, Label, Problem
from servanda.sources.printed.texts import lift_number
from servanda.sources.printed.values import is_id, kind_of, listed, ordinal, single, whole_date
from servanda.sources.uhri.json_export import add_problems, not_a_record, position, printed_text
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
        place = _("record %(number)s") % {"number": number}
        raw = json.dumps(record, ensure_ascii=False)
        yield candidate(record, place, raw) if isinstance(record, dict) else not_a_record(place, raw)


def candidate(record: Mapping[str, object], place: str, raw: str) -> Candidate:
    problems: list[Problem] = []
    paragraph, texts = numbered_texts(record, problems)
    order = record.get("numberInDocument")
    record_candidate = Candidate(
        place,
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
    read_words(record_candidate, record)
    if identity := single(record.get("annotationId")):
        record_candidate.external["uhri"] = identity
    add_problems(record_candidate)
    return record_candidate


def ids(record: Mapping[str, object], key: str) -> list[str]:
    return [entry for entry in listed(record.get(key)) if is_id(entry)]


def read_words(record_candidate: Candidate, record: Mapping[str, object]) -> None:
    """Read words instead of ids: some responses of the API are already resolved, like the export."""
    values = {key: record.get(key) for key, _scheme in LABEL_KEYS if not ids(record, key)}
    if values.get("annotationType"):
        record_candidate.kind = kind_of(values["annotationType"], "annotationType", record_candidate.problems)
    record_candidate.session = ordinal(values.get("uprSessionIds"), "uprSessionIds", record_candidate.problems)
    record_candidate.cycle = ordinal(values.get("uprCycle"), "uprCycle", record_candidate.problems)
    record_candidate.position = position(values.get("uprPositionIds"), "uprPositionIds", record_candidate.problems)


def numbered_texts(record: Mapping[str, object], problems: list[Problem]) -> tuple[str, dict[str, str]]:
    """The number that most languages have (Arabic texts may reverse it), and the texts without their numbers."""
    lifted = {language: lift_number(printed_text(record.get(language))) for language in LANGUAGES}
    numbers = Counter(number for number, _text in lifted.values() if number)
    paragraph = numbers.most_common(1)[0][0] if numbers else ""
    for language, (number, _text) in lifted.items():
        if number and number != paragraph:
            values = {"number": number, "other": paragraph}
            message = _("This text has number %(number)s; most other languages have %(other)s.") % values
            problems.append(Problem(language, message, fatal=False))
    return paragraph, {language: text for language, (_number, text) in lifted.items() if text}
