"""What is overdue, and what is due this week, of everything that has a deadline."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Case, Exists, OuterRef, Q, When

from servanda.desk.home.items import (
    ACTION,
    ANSWER,
    LETTER,
    OBLIGATION,
    PART,
    POSITION,
    RECORD,
    REPLY,
    SECTION,
    STEP,
    TRANSLATION,
    Columns,
    Item,
    Source,
    first_by_deadline,
)
from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.planning.models import Action, Assignment
from servanda.proceedings.life.listing import awaiting_answers
from servanda.proceedings.models import Proceeding
from servanda.progress.models import InputItem, InputRequest
from servanda.recommendations.filters.follow_up import SOON as REPLY_WINDOW
from servanda.recommendations.models import FollowUp, Recommendation, Stand
from servanda.reporting.models import ReportSection
from servanda.reporting.translations.queries import assigned_translations
from servanda.sources.models import Obligation, is_late
from servanda.sources.obligations.steps import steps_completed_by


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    is_today: bool
    items: list[Item]


def by_day(items: list[Item], *, on: date) -> list[Day]:
    return [Day(day, day == on, list(rows)) for day, rows in groupby(items, key=lambda item: item.day)]


def deadlines_of(user: User, *, on: date) -> Iterator[Source]:
    """Everything that is overdue or due this week. Replies that are overdue for long are left out, as in the list of
    follow-up."""
    yield from requests_due(user, on)
    yield from records_due(user, on)
    yield from actions_due(user, on)
    yield from positions_due(user, on)
    yield from replies_due(user, on)
    yield from obligations_due(user, on)
    yield from steps_due(user, on)
    yield from communications_due(user, on)
    yield from sections_due(user, on)
    yield from translations_due(user, on)


def requests_due(user: User, on: date) -> Iterator[Source]:
    """Requests of open rounds, for those who remind; institutions have their own list."""
    if can(user, Can.RUN_ROUNDS):
        owed = InputItem.objects.owed().filter(request=OuterRef("pk"))
        requests = InputRequest.objects.open().filter(Exists(owed))
        columns = Columns(key="round_id", at="due_on", title="round__title", institution="institution__name")
        yield first_by_deadline(ANSWER, requests, on, columns)


def records_due(user: User, on: date) -> Iterator[Source]:
    assignments = Assignment.objects.current().leading()
    if not can(user, Can.ASSIGN):
        if not scopes(user, Can.READ_INTERNAL):
            return
        assignments = Assignment.objects.current().in_scope_of(user)
    opened = Recommendation.every_kind.opened_to(user).order_by().values("pk")
    due = assignments.filter(recommendation__in=opened)
    columns = Columns(key="recommendation__code", at="due_on", institution="institution__name")
    yield first_by_deadline(RECORD, due, on, columns)


def actions_due(user: User, on: date) -> Iterator[Source]:
    if can(user, Can.EDIT_PLAN):
        actions = Action.objects.visible_to(user)
    elif scopes(user, Can.EDIT_OWN_ACTIONS):
        actions = Action.objects.editable_by(user)
    else:
        return
    yield first_by_deadline(ACTION, actions.open(), on, Columns(key="code", at="due_on", title="title"))


def positions_due(user: User, on: date) -> Iterator[Source]:
    if can(user, Can.EDIT_REGISTER):
        pending = Recommendation.objects.opened_to(user).filter(stand=Stand.PENDING)
        yield first_by_deadline(POSITION, pending, on, Columns(key="code", at="decide_by"))


def replies_due(user: User, on: date) -> Iterator[Source]:
    """Records of the user's institutions with a reply due, unless the obligation itself is listed."""
    if can(user, Can.EDIT_OBLIGATIONS):
        return
    own = Assignment.objects.current().in_scope_of(user).order_by().values("recommendation_id")
    records = Recommendation.objects.opened_to(user).order_by().filter(pk__in=own)
    listed = Obligation.objects.visible_to(user).of_institutions_of(user).order_by()
    waiting = FollowUp.objects.current().outstanding().filter(obligation__due_on__gte=on - REPLY_WINDOW)
    waiting = waiting.exclude(obligation__in=listed.values("pk"))
    due = waiting.filter(recommendation__in=records.values("pk"))
    yield first_by_deadline(REPLY, due, on, Columns(key="recommendation__code", at="obligation__due_on"))


def obligations_due(user: User, on: date) -> Iterator[Source]:
    """All for those who edit them; for others, those of their institutions. Only what can be late is overdue.

    Deadlines of communications are listed as such."""
    obligations = Obligation.objects.visible_to(user).unfinished().filter(is_derived=False)
    if not can(user, Can.EDIT_OBLIGATIONS):
        if not scopes(user, Can.READ_INTERNAL):
            return
        obligations = obligations.filter(pk__in=Obligation.objects.of_institutions_of(user).order_by().values("pk"))
    due = obligations.filter(is_late(on) | Q(due_on__gte=on))
    title = Case(When(title="", then="kind"), default="title")
    yield first_by_deadline(OBLIGATION, due, on, Columns(key="code", at="due_on", title=title))


def steps_due(user: User, on: date) -> Iterator[Source]:
    """Steps of their institutions, for the people who mark them as done."""
    if scopes(user, Can.COMPLETE_STEPS):
        unfinished = Obligation.objects.visible_to(user).unfinished().filter(is_derived=False)
        waiting = unfinished.order_by().values("pk")
        steps = steps_completed_by(user).filter(done_on=None, obligation__in=waiting)
        yield first_by_deadline(STEP, steps, on, Columns(key="obligation__code", at="due_on", title="title"))


def communications_due(user: User, on: date) -> Iterator[Source]:
    """Communications to be replied to, for the mechanism; for institutions, by their internal deadline."""
    if can(user, Can.RUN_PROCEEDINGS):
        unanswered = Proceeding.objects.unanswered()
        yield first_by_deadline(LETTER, unanswered, on, Columns(key="key", at="due_on", title="title"))
    if scopes(user, Can.WRITE_UPDATE):
        columns = Columns(
            key="proceeding__key", at="due_on", title="proceeding__title", institution="institution__name"
        )
        yield first_by_deadline(PART, awaiting_answers(user), on, columns)


def sections_due(user: User, on: date) -> Iterator[Source]:
    """Sections of reports without a text: all for those who edit reports, for others those of their institutions."""
    if can(user, Can.EDIT_REPORTS) or scopes(user, Can.WRITE_UPDATE):
        empty = ReportSection.objects.visible_to(user).to_be_written()
        columns = Columns(key="report__key", at="due_on", title="heading", institution="institution__name")
        yield first_by_deadline(SECTION, empty, on, columns)


def translations_due(user: User, on: date) -> Iterator[Source]:
    """What this person, or an institution for which they write, is to translate."""
    if can(user, Can.READ_INTERNAL):
        due = assigned_translations(user)
        columns = Columns(key="report__key", at="due_on", title="report__title", institution="institution__name")
        yield first_by_deadline(TRANSLATION, due, on, columns)
