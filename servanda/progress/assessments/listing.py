"""The list of assessments by record: filters, rows of a page, and the file for other programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Self

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from servanda.kit.pages.listing import ListFilter, choice_in, page_number
from servanda.kit.pages.translations import listed
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.progress.assessments.disagreement import Disagreement, condition_for, kinds_of
from servanda.progress.assessments.voices import who
from servanda.progress.models import Assessment, Common, Voice, voices_of
from servanda.recommendations.models import Recommendation, TextVersion, by_language

ANY = "any"
LONGEST_CODE = 40
AT_ONCE = 200  # records read together for a file


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentFilter(ListFilter):
    voice: str = ""
    value: str = ""
    without: str = ""
    disagreement: str = ""
    body: str = ""
    waiting: str = ""  # not empty: with an unpublished assessment

    @classmethod
    def read(cls, params: QueryDict, user: User) -> Self:
        return cls(
            voice=choice_in(params, "voice", Voice.values),
            value=choice_in(params, "value", Common.values),
            without=choice_in(params, "without", (*Voice.values, ANY)),
            disagreement=choice_in(params, "disagreement", Disagreement.values),
            body=params.get("body", "").replace("\0", "")[:LONGEST_CODE],
            waiting="1" if "waiting" in params and can(user, Can.READ_EVERYTHING) else "",
            number=page_number(params),
        )


def narrow(records: QuerySet, filters: AssessmentFilter) -> QuerySet:
    """Apply the filters. They consider published assessments, so all who see the same records find the same."""
    conditions = []
    if filters.voice or filters.value:
        conditions.append(has_assessment(voice=filters.voice, common=filters.value))
    if filters.without:
        conditions.append(~has_assessment(voice="" if filters.without == ANY else filters.without))
    if filters.without == Voice.MECHANISM:
        conditions.append(Q(body__assesses=True))
    if filters.disagreement:
        conditions.append(condition_for(filters.disagreement))
    if filters.body:
        conditions.append(Q(body__code=filters.body))
    if filters.waiting:
        unpublished = Assessment.objects.standing().filter(is_published=False, recommendation=OuterRef("pk"))
        conditions.append(Q(Exists(unpublished)))
    return records.filter(*conditions)


def has_assessment(**fields: str) -> Q:
    narrowed = {name: value for name, value in fields.items() if value}
    return Q(Exists(Assessment.objects.latest().filter(recommendation=OuterRef("pk"), **narrowed)))


@dataclass(slots=True)
class Row:
    """One record with the latest assessments of each voice; None if its body does not assess."""

    record: Recommendation
    text: TextVersion | None
    voices: list[tuple[Voice, list[Assessment] | None]]
    disagreements: list[Disagreement]


def rows_of(records: Sequence[Recommendation]) -> list[Row]:
    """The rows of these records, in two queries."""
    keys = [record.pk for record in records]
    latest: dict[int, list[Assessment]] = {}
    facts = ("grade__scale", "institution", "recommendation__body")
    for assessment in (
        Assessment.objects.latest().filter(recommendation__in=keys).select_related(*facts).order_by("pk")
    ):
        latest.setdefault(assessment.recommendation_id, []).append(assessment)
    texts: dict[int, TextVersion] = {}
    full = TextVersion.objects.current().filter(recommendation__in=keys, form=TextVersion.Form.FULL)
    for text in by_language(full):
        texts.setdefault(text.recommendation_id, text)
    return [row_of(record, texts.get(record.pk), latest.get(record.pk, [])) for record in records]


def row_of(record: Recommendation, text: TextVersion | None, latest: list[Assessment]) -> Row:
    by_voice = {voice: [assessment for assessment in latest if assessment.voice == voice] for voice in Voice}
    may_assess = voices_of(record.body)
    voices = [(voice, said_now if said_now or voice in may_assess else None) for voice, said_now in by_voice.items()]
    return Row(record, text, voices, kinds_of(latest))


def voices_in(rows: Sequence[Row]) -> list[Voice]:
    """The voices that need a column in a table of these rows."""
    return [voice for voice in Voice if any(dict(row.voices)[voice] is not None for row in rows)]


def columns() -> list[str]:
    """The header of the file: not translated, because programs read it."""
    of_voices = [f"{voice}_{name}" for voice in Voice for name in ("value", "common", "date", "who")]
    return ["code", "body", *of_voices, "disagreement"]


def cells(records: QuerySet) -> Iterator[list[str]]:
    for batch in batched(records.iterator(chunk_size=AT_ONCE), AT_ONCE, strict=False):
        for row in rows_of(batch):
            of_voices = [cell for _voice, said_now in row.voices for cell in in_cells(said_now or [])]
            yield [row.record.code, row.record.body.code, *of_voices, " ".join(row.disagreements)]


def in_cells(latest: Sequence[Assessment]) -> list[str]:
    """Value, common value, date and author; several authors share a cell, in the same order in each."""
    return [
        listed(assessment.grade for assessment in latest),
        " ".join(assessment.common for assessment in latest),
        " ".join(assessment.date.isoformat() for assessment in latest),
        listed(who(assessment) for assessment in latest),
    ]


def without_choices() -> list[tuple[str, str]]:
    voices = {
        Voice.GOVERNMENT: _("No Government assessment"),
        Voice.MECHANISM: _("No mechanism assessment"),
        Voice.INDEPENDENT: _("No independent assessment"),
    }
    return [(ANY, _("No assessment")), *((str(voice), str(label)) for voice, label in voices.items())]
