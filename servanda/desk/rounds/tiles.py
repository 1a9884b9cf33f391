"""Tiles of rounds: requests to one's institutions, late answers, and institutions without updates."""

from datetime import date, timedelta

from django.db.models import Count, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Numbers, Supply, Tile
from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution, User
from servanda.progress.models import InputItem, InputRequest, InputRound, LastUpdate
from servanda.progress.records.facets import UPDATE
from servanda.progress.rounds.days import local_day
from servanda.progress.rounds.status import silent_institutions
from servanda.progress.updates.inactivity import HALF_A_YEAR, heard_since, heard_through, named
from servanda.recommendations.filters.facets import WITHOUT
from servanda.recommendations.models import Recommendation


def asked_tiles(user: User) -> Supply:
    institutions = [scope.institutions for scope in scopes(user, Can.WRITE_UPDATE)]
    if not institutions:
        return
    mine, today = frozenset().union(*institutions), local_day(timezone.now())
    counts = yield Ask("asked", lambda: counted_owed(user, mine, on=today))
    href, none = reverse("desk:asked"), _("No requests for your institutions.")
    note = _("overdue: %(count)d") % {"count": counts["late"]} if counts["late"] else ""
    yield Tile("asked", _("Requests to my institutions"), counts["owed"], href, none, note)


def counted_owed(user: User, institutions: frozenset[int], *, on: date) -> Numbers:
    owed = InputItem.objects.owed().readable_by(user).filter(request__institution__in=institutions)
    return owed, {"owed": Count("pk"), "late": Count("pk", filter=Q(request__due_on__lt=on))}


def round_tiles(user: User) -> Supply:
    if not can(user, Can.RUN_ROUNDS):
        return
    on, href = local_day(timezone.now()), reverse("desk:rounds")
    counts = yield Ask("rounds", lambda: counted_rounds(on=on))
    yield Tile(
        "late_answers",
        _("Overdue answers of institutions"),
        counts["late"],
        f"{href}?show=late",
        _("No overdue answers."),
    )
    yield Tile("open_rounds", _("Open rounds"), counts["rounds"], href, _("No open rounds."))
    label, none = (
        _("Institutions without a recent update"),
        _("All institutions have submitted an update in the last six months."),
    )
    yield Tile("silent", label, counts["silent"], f"{href}?show=silent", none, _("no update for six months"))


def counted_rounds(*, on: date) -> Numbers:
    open_rounds = (
        InputRound.objects.filter(closed_at=None).order_by().values("closed_at").annotate(number=Count("pk"))
    )
    late = InputRequest.objects.late(on=on).filter(institution=OuterRef("pk")).order_by().values("institution")
    late = late.annotate(number=Count("pk")).values("number")
    numbers = {
        "rounds": Coalesce(Max(Subquery(open_rounds.values("number"))), 0),
        "late": Coalesce(Sum(Subquery(late)), 0),
        "silent": Count("pk", filter=Q(pk__in=silent_institutions(on=on).order_by().values("pk"))),
    }
    return Institution.objects.all(), numbers


def silence_tiles(user: User) -> Supply:
    if not can(user, Can.RUN_ROUNDS):
        return
    since = timezone.localdate() - timedelta(days=HALF_A_YEAR)
    counts = yield Ask("silence", lambda: counted_silent(user, since=since))
    href = f"{reverse('desk:register')}?{UPDATE}={WITHOUT}&{UPDATE}=older-{HALF_A_YEAR}"
    label, none = _("Records without an update for six months"), _("Every record has a recent update.")
    yield Tile("silent_records", label, counts["silent"], href, none)


def counted_silent(user: User, *, since: date) -> Numbers:
    updated = named(heard_since(LastUpdate.objects.all(), since), heard_through(since=since))
    return Recommendation.objects.visible_to(user), {"silent": Count("pk", filter=~updated)}
