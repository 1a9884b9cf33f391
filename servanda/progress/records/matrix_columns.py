"""What the matrix shows of planning and follow-up, in words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial

from django.utils.formats import date_format

from servanda.people.models import User
from servanda.planning.models import Action, Assignment
from servanda.progress.models import Assessment, Common, Voice
from servanda.progress.records.countable import CountableRows, countable_rows
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.register.exports import Beside

COLUMNS = ("lead", "action", "indicator", "deadline", "status")
type Texts = dict[int, dict[str, str]]


def matrix_columns(audience: Audience, user: User) -> Beside:
    """The columns of the matrix that are not of the register, as far as its audience may see them."""
    rows = countable_rows(audience, None if audience.code else user)
    return Beside(COLUMNS, partial(read_texts, rows, with_leads=audience.is_inside), is_public=not audience.is_inside)


def read_texts(rows: CountableRows, pks: Sequence[int], *, with_leads: bool) -> Texts:
    texts: Texts = defaultdict(dict)
    if with_leads:
        add_leads(texts, pks)
    for name, lines in (("action", actions_of(rows, pks)), ("indicator", indicators_of(rows, pks))):
        for pk, line in lines:
            texts[pk][name] = joined(texts[pk].get(name, ""), line)
    latest = Assessment.objects.latest().filter(recommendation__in=pks).order_by("recommendation", "pk")
    for pk, voice, common in latest.values_list("recommendation", "voice", "common"):
        line = f"{Voice(voice).label}: {Common(common).label}"
        texts[pk]["status"] = joined(texts[pk].get("status", ""), line)
    return texts


def add_leads(texts: Texts, pks: Sequence[int]) -> None:
    leads = Assignment.objects.current().leading().filter(recommendation__in=pks).select_related("institution")
    for assignment in leads:
        row = texts[assignment.recommendation_id]
        row["lead"] = str(assignment.institution)
        row["deadline"] = date_format(assignment.due_on, "SHORT_DATE_FORMAT") if assignment.due_on else ""


def actions_of(rows: CountableRows, pks: Sequence[int]) -> Iterable[tuple[int, str]]:
    direct = rows.actions.filter(recommendation__in=pks).order_by().values_list("recommendation", "action")
    through = rows.actions_through.filter(recommendation__in=pks).order_by().values_list("recommendation", "answer")
    pairs = {*direct, *through}
    titles = dict(Action.objects.filter(pk__in={action for _pk, action in pairs}).values_list("pk", "title"))
    return sorted((pk, titles[action]) for pk, action in pairs)


def indicators_of(rows: CountableRows, pks: Sequence[int]) -> Iterable[tuple[int, str]]:
    return (
        rows.indicators.filter(recommendation__in=pks).order_by("pk").values_list("recommendation", "indicator__name")
    )


def joined(text: str, line: str) -> str:
    return f"{text}\n{line}" if text else line
