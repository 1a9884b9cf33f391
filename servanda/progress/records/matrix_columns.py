"""What the matrix shows of planning and follow-up, in words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.utils.formats import date_format

from servanda.people.models import User
from servanda.planning.earlier import as_they_were
from servanda.planning.models import Action, Assignment
from servanda.progress.models import Assessment, Common, Evidence, EvidenceRecommendation, Voice
from servanda.progress.records.countable import CountableRows, countable_rows
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.register.exports import AddedColumns

COLUMNS = ("lead", "action", "indicator", "deadline", "status", "evidence")
type Texts = dict[int, dict[str, str]]


def matrix_columns(audience: Audience, user: User, moment: datetime | None = None) -> AddedColumns:
    """The columns of the matrix that are not of the register, as far as its audience may see them: of today, or of a
    moment, with what was withdrawn or changed since."""
    reader = None if audience.code else user
    rows = countable_rows(audience, reader, moment=moment)
    read = partial(read_texts, rows, with_leads=audience.is_inside, moment=moment, reader=reader)
    return AddedColumns(COLUMNS, read, is_public=not audience.is_inside)


def read_texts(
    rows: CountableRows,
    pks: Sequence[int],
    *,
    with_leads: bool,
    moment: datetime | None = None,
    reader: User | None = None,
) -> Texts:
    texts: Texts = defaultdict(dict)
    if with_leads:
        add_leads(texts, pks, moment)
    columns = {
        "action": actions_of(rows, pks, moment, reader),
        "indicator": indicators_of(rows, pks, moment, reader),
        "evidence": evidence_of(pks, moment),
    }
    for name, lines in columns.items():
        for pk, line in lines:
            texts[pk][name] = joined(texts[pk].get(name, ""), line)
    rated = Assessment.objects.latest_at(moment) if moment else Assessment.objects.latest()
    latest = rated.filter(recommendation__in=pks).order_by("recommendation", "pk")
    for pk, voice, common in latest.values_list("recommendation", "voice", "common"):
        line = f"{Voice(voice).label}: {Common(common).label}"
        texts[pk]["status"] = joined(texts[pk].get("status", ""), line)
    return texts


def add_leads(texts: Texts, pks: Sequence[int], moment: datetime | None) -> None:
    leads = Assignment.objects.current_at(moment).leading().filter(recommendation__in=pks)
    for assignment in leads.select_related("institution"):
        row = texts[assignment.recommendation_id]
        row["lead"] = str(assignment.institution)
        row["deadline"] = date_format(assignment.due_on, "SHORT_DATE_FORMAT") if assignment.due_on else ""


def actions_of(
    rows: CountableRows, pks: Sequence[int], moment: datetime | None, reader: User | None
) -> Iterable[tuple[int, str]]:
    linked = rows.actions.filter(added_at__lte=moment) if moment else rows.actions
    direct = linked.filter(recommendation__in=pks).order_by().values_list("recommendation", "action")
    through = rows.actions_through.filter(recommendation__in=pks).order_by().values_list("recommendation", "answer")
    pairs = {*direct, *through}
    found = Action.objects.filter(pk__in={action for _pk, action in pairs})
    titles = {action.pk: action.title for action in as_they_were(list(found), moment, reader)}
    return sorted((pk, titles[action]) for pk, action in pairs)


def indicators_of(
    rows: CountableRows, pks: Sequence[int], moment: datetime | None, reader: User | None
) -> Iterable[tuple[int, str]]:
    links = list(rows.indicators.filter(recommendation__in=pks).order_by("pk").select_related("indicator"))
    known = list({link.indicator_id: link.indicator for link in links}.values())
    names = {indicator.pk: indicator.name for indicator in as_they_were(known, moment, reader)}
    return [(link.recommendation_id, names[link.indicator_id]) for link in links]


def evidence_of(pks: Sequence[int], moment: datetime | None) -> Iterable[tuple[int, str]]:
    """Only what is public: a matrix leaves the mechanism."""
    links = EvidenceRecommendation.objects.filter(recommendation__in=pks, evidence__in=Evidence.objects.public())
    if moment:
        links = links.filter(evidence__added_at__lte=moment)
    return links.order_by("pk").values_list("recommendation", "evidence__title")


def joined(text: str, line: str) -> str:
    return f"{text}\n{line}" if text else line
