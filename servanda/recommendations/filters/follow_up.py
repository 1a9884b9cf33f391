"""The filter for records on which a body requests a reply before the next report, and for its deadline."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from servanda.recommendations.filters.external_facets import ConditionFacet
from servanda.recommendations.filters.facets import WITHOUT, Option
from servanda.recommendations.filters.registry import FacetContext
from servanda.recommendations.models import FollowUp
from servanda.recommendations.records.id_sets import compiled

KEY = "follow-up"
ASKED, DUE, PAST, NEAR, REPLIED, DISSEMINATION = "asked", "due", "past", "soon", "replied", "dissemination"
UNKNOWN = "unknown"
ANY = "any"  # counted, not offered
SOON = timedelta(days=90)


def follow_up_facets(context: FacetContext) -> list[ConditionFacet]:
    """What the documents print, which everyone may know of a record that they see."""
    labels = {
        ASKED: FollowUp.Kind.FOLLOW_UP.label,
        DUE: _("Follow-up: due within 90 days or up to 90 days overdue"),
        PAST: _("Follow-up: overdue"),
        NEAR: _("Follow-up: due within 90 days"),
        REPLIED: _("Follow-up: reply sent"),
        UNKNOWN: _("Follow-up: deadline passed before the import"),
        DISSEMINATION: FollowUp.Kind.DISSEMINATION.label,
    }
    facet = ConditionFacet(
        key=KEY,
        title=_("Follow-up and dissemination"),
        options={value: Option(label, (value,)) for value, label in labels.items()},
        without=_("No follow-up or dissemination requested"),
        sets=sets_of(context.on),
        rest={WITHOUT: ("", ANY)},
        in_order=True,
        day=context.on.isoformat(),
    )
    return [facet]


@lru_cache(maxsize=8)
def sets_of(on: date) -> Mapping[str, Q]:
    """The same conditions whoever reads, as text for the database: to put them together takes longer than to ask."""
    rows = FollowUp.objects.current()
    waiting = rows.outstanding()
    sets = {
        ASKED: named(rows.filter(kind=FollowUp.Kind.FOLLOW_UP)),
        DUE: due_now(on=on),
        PAST: named(waiting.filter(obligation__due_on__lt=on)),
        NEAR: named(waiting.filter(obligation__due_on__range=(on, on + SOON))),
        REPLIED: named(rows.replied()),
        UNKNOWN: named(rows.past_at_entry()),
        DISSEMINATION: named(rows.filter(kind=FollowUp.Kind.DISSEMINATION)),
        ANY: named(rows),
        WITHOUT: ~named(rows),
    }
    return {value: compiled(condition) for value, condition in sets.items()}


def due_now(*, on: date) -> Q:
    """Replies due within 90 days, or past by at most as many; those past for longer are found in the list only."""
    return named(replies_due(on=on))


def replies_due(*, on: date) -> QuerySet[FollowUp]:
    waiting = FollowUp.objects.current().outstanding()
    return waiting.filter(obligation__due_on__range=(on - SOON, on + SOON))


def named(rows: QuerySet) -> Q:
    return Q(pk__in=rows.order_by().values("recommendation"))
