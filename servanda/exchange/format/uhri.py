"""The published register in the shape of exports of the Universal Human Rights Index, as JSON and as spreadsheet.

The shape has one language, one position and the labels of three taxonomies; what else is published has no place in
it. Only ids that UHRI gave are in `AnnotationId`: an id of ours would look like one of OHCHR's.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from servanda.api import resources, schemas
from servanda.recommendations.models import Recommendation, Stand
from servanda.sources.printed.values import is_id
from servanda.vocab.models import Body, Country, Term

AT_ONCE = 200
ENGLISH = "en"  # the names in which UHRI's export is printed; our importer reads them in every language
KINDS = {
    Recommendation.Kind.RECOMMENDATION: "Recommendations",
    Recommendation.Kind.OBSERVATION: "Concerns/Observations",
    Recommendation.Kind.PLEDGE: "Voluntary pledges",
    Recommendation.Kind.OTHER: "Other",
}
POSITIONS = {
    Stand.SUPPORTED: "Supported",
    Stand.PARTLY: "Supported/Noted",
    Stand.NOTED: "Noted",
    Stand.PENDING: "Pending",
}
CYCLES = ("", "First cycle", "Second cycle", "Third cycle", "Fourth cycle", "Fifth cycle", "Sixth cycle")
LABELS = {"Themes": "theme", "AffectedPersons": "group", "Sdgs": "sdg"}
TAXONOMIES = ("uhri-theme", "uhri-group", "sdg")
# The columns of the spreadsheet in its order, spelt as published, with the keys of the JSON export.
COLUMNS = {
    "Text": "Text",
    "Countries Concerned": "Countries",
    "Reccomending Body": "Body",
    "Document Symbol": "Symbol",
    "Themes": "Themes",
    "Affected Persons": "AffectedPersons",
    "Sdgs": "Sdgs",
    "Document Publication Date": "PublicationDate",
    "UPR Reccomending States": "UprRecommendingCountry",
    "UPR Position": "UprPositions",
    "Type": "AnnotationType",
    "OHCHR Annotation Id": "AnnotationId",
    "UPR Session": "UprSession",
    "Regions Concerned": "Regions",
    "Recommending Regions": "UprRecommendingRegions",
    "Date of publication on UHRI": "PublicationDateOnUhri",
}
WITH_DASH = {*LABELS, "Countries", "UprRecommendingCountry", "UprPositions", "UprSession"}


@dataclass(frozen=True)
class Names:
    """Printed names by code."""

    countries: Mapping[str, str]
    upr: frozenset[str]  # codes of bodies of the UPR
    terms: Mapping[tuple[str, str], str]


def names() -> Names:
    return Names(
        countries={code: name.localize(ENGLISH) for code, name in Country.objects.values_list("code", "name")},
        upr=frozenset(Body.objects.filter(kind=Body.Kind.UPR).values_list("code", flat=True)),
        terms={
            (term.taxonomy.code, term.code): printed(term)
            for term in Term.objects.filter(taxonomy__code__in=TAXONOMIES).select_related("taxonomy")
        },
    )


def printed(term: Term) -> str:
    """The label as UHRI prints it: goals and targets with their number, which is among our synonyms."""
    numbered = (line for line in term.synonyms.splitlines() if line.startswith(f"{term.code} - "))
    return next(numbered, term.label.localize(ENGLISH))


def records(language: str) -> Iterator[dict[str, Any]]:
    """All published records; the text is in this language, or else the original, or the first one there is."""
    known, rows = names(), resources.with_published(Recommendation.objects.public())
    ordered = rows.order_by("order_key", "pk").iterator(chunk_size=AT_ONCE)
    for some in batched(ordered, AT_ONCE):
        for shape in resources.recommendations(some, ""):
            yield record(shape, language, known)


def record(shape: schemas.Recommendation, language: str, known: Names) -> dict[str, Any]:
    is_upr, review = shape.body in known.upr, shape.review
    text = text_in(shape.texts, language)
    return {
        "AnnotationId": next(
            (source.id for source in shape.sources if source.scheme == "uhri" and is_id(source.id)), ""
        ),
        "DocumentId": "",
        "Symbol": shape.document.symbol if shape.document else "",
        "Text": numbered(shape.paragraph, text),
        "AnnotationType": f"- {KINDS[Recommendation.Kind(shape.kind)]}",
        "Body": f"- {shape.body}",
        "Countries": states([shape.country, *shape.also_concerns], known),
        "Regions": [],
        **{key: labels(shape, taxonomy, known) for key, taxonomy in LABELS.items()},
        "PublicationDate": f"{shape.date}T00:00:00" if shape.date else "",
        "PublicationDateOnUhri": "",
        "UprCycle": CYCLES[review.cycle or 0] if is_upr and review and (review.cycle or 0) < len(CYCLES) else "",
        "UprSession": [f"{ordinal(review.session)} Session"] if is_upr and review and review.session else [],
        "UprPositions": [POSITIONS[Stand(shape.stand)]] if shape.stand else [],
        "UprRecommendingCountry": states(shape.recommending, known),
        "UprRecommendingRegions": [],
    }


def numbered(paragraph: str, text: str) -> str:
    """The text behind its paragraph, with a full stop where our reader needs one to tell the two apart."""
    needs_stop = paragraph.isdecimal() or paragraph.endswith(")")
    return f"{paragraph}. {text}" if needs_stop else f"{paragraph} {text}".strip()


def text_in(texts: Sequence[schemas.Text], language: str) -> str:
    full = [text for text in texts if text.form == "full"]
    order: list[Callable[[schemas.Text], bool]] = [
        lambda text: text.language == language,
        lambda text: text.is_original,
        lambda _text: True,
    ]
    return next((text.text for fits in order for text in full if fits(text)), "")


def states(codes: Sequence[str | None], known: Names) -> list[str]:
    return [known.countries.get(code, code) for code in codes if code]


def labels(shape: schemas.Recommendation, taxonomy: str, known: Names) -> list[str]:
    code_of = dict(zip(LABELS.values(), TAXONOMIES, strict=True))
    found = (label for label in shape.labels if label.taxonomy == taxonomy)
    return [known.terms.get((code_of[taxonomy], label.code), label.code) for label in found]


def ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def json_list(language: str) -> Iterator[str]:
    """A list of records, in pieces."""
    yield "["
    separator = "\n"
    for some in batched(records(language), AT_ONCE):
        yield separator + ",\n".join(json.dumps(row, ensure_ascii=False) for row in some)
        separator = ",\n"
    yield "\n]\n"


def table(language: str) -> tuple[list[str], Iterator[list[str]]]:
    """The header and the rows of the spreadsheet."""
    return [*COLUMNS], ([cell(row, key) for key in COLUMNS.values()] for row in records(language))


def cell(row: Mapping[str, Any], key: str) -> str:
    value = row[key]
    lines = value if isinstance(value, list) else [value]
    return "\n".join(f"- {line}" if key in WITH_DASH else str(line) for line in lines)
