"""Questions in the text of a section: each verbatim, with its articles and records, then what is written below it."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from servanda.kit.pages.markdown import escaped
from servanda.reporting.facts.record_numbers import RecordNumber, in_words
from servanda.reporting.reports.counting import words_of
from servanda.reporting.reports.quoting import is_gap_paragraph
from servanda.sources.models import Question


def heading_of(question: Question) -> str:
    return f"**{escaped(numbered(question))}**"


def numbered(question: Question) -> str:
    """On one line: emphasis ends with its paragraph."""
    text = " ".join(question.text.split())
    return f"{question.label}. {text}" if question.document and question.label else text


def with_details(question: Question, records: Sequence[RecordNumber]) -> str:
    """The heading with the articles and the linked records below it, in one paragraph."""
    details = []
    if question.articles:
        details.append(_("Articles: %(articles)s.") % {"articles": question.articles})
    if records:
        details.append(_("Recommendations: %(numbers)s.") % {"numbers": in_words(records)})
    heading = heading_of(question)
    return f"{heading}\n*{escaped(' '.join(details))}*" if details else heading


def places_of(parts: Sequence[str], questions: Iterable[Question]) -> dict[int, tuple[int, int]]:
    """By question: where its heading is among the paragraphs, and where the paragraphs below it end."""
    headings = {heading_of(question): question.pk for question in questions}
    starts: dict[int, int] = {}
    for place, part in enumerate(parts):
        found = headings.get(part.partition("\n")[0].strip())
        if found is not None and found not in starts.values():
            starts[place] = found
    ends = sorted({*starts, len(parts), *(place for place, part in enumerate(parts) if part.startswith("#"))})
    return {key: (place, next(end for end in ends if end > place)) for place, key in starts.items()}


def words_below(text: str, questions: Iterable[Question]) -> dict[int, int]:
    """The number of words below each question in the text."""
    parts = text.split("\n\n")
    places = places_of(parts, questions)
    return {key: words_of("\n\n".join(parts[start + 1 : end])) for key, (start, end) in places.items()}


def word_limits(limit: int | None, questions: Sequence[Question]) -> dict[int, int]:
    """By question, its share of the words of the reply; those without one share the rest equally."""
    if not limit:
        return {}
    limits = {question.pk: round(limit * question.share / 100) for question in questions if question.share}
    others = [question.pk for question in questions if not question.share]
    rest = max(limit - sum(limits.values()), 0)
    return limits | {key: rest // len(others) for key in others}


def written_questions(text: str, questions: Iterable[Question]) -> set[int]:
    """The questions below which something is written, and no gap is left."""
    parts = text.split("\n\n")
    written = set()
    for key, (start, end) in places_of(parts, questions).items():
        below = [part.strip() for part in parts[start + 1 : end] if part.strip()]
        if below and not any(is_gap_paragraph(part) for part in below):
            written.add(key)
    return written
