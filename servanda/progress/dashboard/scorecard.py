"""The scorecard: for each institution what it was asked, what it answered, what is late, silent and regressed.

It counts on records that the reader sees, and is sorted and paged by the database.
"""

from datetime import date, timedelta

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution, User
from servanda.planning.models import Assignment
from servanda.progress.dashboard.figures import leads_open_to
from servanda.progress.models import Assessment, Common, InputItem, InputRequest
from servanda.progress.updates.inactivity import HALF_A_YEAR, in_rows
from servanda.progress.updates.last_updates import begin_of, heard_through
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.models import Recommendation

NUMBERS = ("asked", "answered", "late", "silent", "regressed")


def scored_for(user: User) -> QuerySet[Institution]:
    """The institutions whose scorecard this person reads: all for offices, otherwise those of their appointments."""
    if can(user, Can.READ_EVERYTHING):
        return Institution.objects.all()
    own = (scope.institutions for scope in scopes(user, Can.READ_INTERNAL))
    return Institution.objects.filter(pk__in=frozenset().union(*own))


def scorecard(audience: Audience, user: User, *, on: date) -> QuerySet[Institution]:
    """Institutions that were asked or that lead, with the five numbers, those with the most late answers first."""
    items, led = items_for(audience, user), led_by(audience)
    known = Q(pk__in=items.values("request__institution")) | Q(pk__in=led.values("institution"))
    rows = scored_for(user).filter(known)
    asked = items.filter(request__institution=OuterRef("pk"))
    leads = led.filter(institution=OuterRef("pk"))
    rows = rows.annotate(
        asked=number_of(asked),
        answered=number_of(answered(asked)),
        late=number_of(late(asked, on=on)),
        led=number_of(leads),
        silent=number_of(silent(leads, on=on)),
        regressed=number_of(regressed(leads)),
    )
    return rows.order_by("-late", "-silent", "-regressed", "code")


def number_of(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().annotate(group=Value(1)).values("group").annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def items_for(audience: Audience, user: User) -> QuerySet[InputItem]:
    """What rounds have asked, open and closed, on records that this audience sees."""
    requests = InputRequest.objects.visible_to(user).order_by().values("pk")
    return InputItem.objects.order_by().filter(request__in=requests, recommendation__in=ids_of(audience))


def ids_of(audience: Audience) -> QuerySet:
    return audience.visible.order_by().values("pk")


def answered(items: QuerySet[InputItem]) -> QuerySet[InputItem]:
    return items.filter(answered_at__isnull=False)


def late(items: QuerySet[InputItem], *, on: date) -> QuerySet[InputItem]:
    """Not answered in open rounds, past the deadline."""
    return items.filter(answered_at=None, request__round__closed_at=None, request__due_on__lt=on)


def led_by(audience: Audience) -> QuerySet[Assignment]:
    return leads_open_to(audience).filter(recommendation__in=ids_of(audience))


def silent(led: QuerySet[Assignment], *, on: date) -> QuerySet[Assignment]:
    """On records without a published update within half a year."""
    since = on - timedelta(days=HALF_A_YEAR)
    recent = Q(recommendation__last_update_kept__published_at__gte=begin_of(since))
    return led.exclude(recent | in_rows(heard_through(since=since)))


def regressed(led: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """On records that are regressed in the latest assessment of at least one assessor."""
    assessments = Assessment.objects.latest().filter(common=Common.REGRESSED)
    return led.filter(recommendation__in=assessments.order_by().values("recommendation"))


def records_regressed(institution: Institution, audience: Audience) -> QuerySet[Recommendation]:
    led = regressed(led_by(audience).filter(institution=institution))
    return audience.visible.filter(pk__in=led.values("recommendation"))
