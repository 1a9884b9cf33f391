"""What the matrix shows of planning and follow-up, in words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.utils.formats import date_format

from servanda.people.models import User
from servanda.planning.models import Action, Assignment, Indicator
from servanda.progress.models import Assessment, Common, Evidence, EvidenceRecommendation, Voice
from servanda.progress.records.countable import CountableRows, countable_rows
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.records.as_of import states_at
from servanda.recommendations.register.exports import AddedColumns

COLUMNS = ("lead", "action", "indicator", "deadline", "status", "evidence")
type Texts = dict[int, dict[str, str]]


def matrix_columns(audience: Audience, user: User, moment: datetime | None = None) -> AddedColumns:
    """The columns of the matrix that are not of the register, as far as its audience may see them: of today, or of a
    moment, with what was withdrawn or changed since."""
    rows = countable_rows(audience, None if audience.code else user, moment=moment)
    read = partial(read_texts, rows, with_leads=audience.is_inside, moment=moment)
    return AddedColumns(COLUMNS, read, is_public=not audience.is_inside)


def read_texts(rows: CountableRows, pks: Sequence[int], *, with_leads: bool, moment: datetime | None = None) -> Texts:
    texts: Texts = defaultdict(dict)
    if with_leads:
        add_leads(texts, pks, moment)
    columns = {"action": actions_of, "indicator": indicators_of, "evidence": evidence_of}
    for name, lines in ((name, lines_of(rows, pks, moment)) for name, lines_of in columns.items()):
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


def actions_of(rows: CountableRows, pks: Sequence[int], moment: datetime | None) -> Iterable[tuple[int, str]]:
    linked = rows.actions.filter(added_at__lte=moment) if moment else rows.actions
    direct = linked.filter(recommendation__in=pks).order_by().values_list("recommendation", "action")
    through = rows.actions_through.filter(recommendation__in=pks).order_by().values_list("recommendation", "answer")
    pairs = {*direct, *through}
    keys = {action for _pk, action in pairs}
    titles = dict(Action.objects.filter(pk__in=keys).values_list("pk", "title"))
    if moment:
        titles |= {pk: action.title for pk, action in states_at(Action, keys, moment).items()}
    return sorted((pk, titles[action]) for pk, action in pairs)


def indicators_of(rows: CountableRows, pks: Sequence[int], moment: datetime | None) -> Iterable[tuple[int, str]]:
    found = rows.indicators.filter(recommendation__in=pks).order_by("pk")
    links = list(found.values_list("recommendation", "indicator", "indicator__name"))
    names = {key: name for _pk, key, name in links}
    if moment:
        names |= {key: indicator.name for key, indicator in states_at(Indicator, names, moment).items()}
    return [(pk, names[key]) for pk, key, _name in links]


def evidence_of(_rows: CountableRows, pks: Sequence[int], moment: datetime | None) -> Iterable[tuple[int, str]]:
    """Only what is public: a matrix leaves the mechanism."""
    links = EvidenceRecommendation.objects.filter(recommendation__in=pks, evidence__in=Evidence.objects.public())
    if moment:
        links = links.filter(evidence__added_at__lte=moment)
    return links.order_by("pk").values_list("recommendation", "evidence__title")


def joined(text: str, line: str) -> str:
    return f"{text}\n{line}" if text else line
