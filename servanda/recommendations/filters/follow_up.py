"""The register narrowed to what a body asks to hear of before the next report, and by when."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from servanda.recommendations.filters.external_facets import ConditionFacet
from servanda.recommendations.filters.facets import WITHOUT, Option
from servanda.recommendations.models import FollowUp

KEY = "follow-up"
ASKED, DUE, PAST, NEAR, REPLIED, DISSEMINATION = "asked", "due", "past", "soon", "replied", "dissemination"
ANY = "any"  # counted, not offered
SOON = timedelta(days=90)


def follow_up_facet(*, on: date) -> ConditionFacet:
    """What the documents print, which everybody may know of a record that they see."""
    rows = FollowUp.objects.current()
    waiting = rows.outstanding()
    sets = {
        ASKED: named(rows.filter(kind=FollowUp.Kind.FOLLOW_UP)),
        DUE: due_now(on=on),
        PAST: named(waiting.filter(due_on__lt=on)),
        NEAR: named(waiting.filter(due_on__gte=on, due_on__lte=on + SOON)),
        REPLIED: named(rows.replied()),
        DISSEMINATION: named(rows.filter(kind=FollowUp.Kind.DISSEMINATION)),
        ANY: named(rows),
        WITHOUT: ~named(rows),
    }
    labels = {
        ASKED: FollowUp.Kind.FOLLOW_UP.label,
        DUE: _("Follow-up: due within 90 days, or past by as many"),
        PAST: _("Follow-up: the day is past"),
        NEAR: _("Follow-up: within 90 days"),
        REPLIED: _("Follow-up: reply sent"),
        DISSEMINATION: FollowUp.Kind.DISSEMINATION.label,
    }
    return ConditionFacet(
        key=KEY,
        title=_("Follow-up and dissemination"),
        options={value: Option(label, (value,)) for value, label in labels.items()},
        without=_("Neither is asked for"),
        sets=sets,
        rest={WITHOUT: ("", ANY)},
        in_order=True,
        day=on.isoformat(),
    )


def due_now(*, on: date) -> Q:
    """What somebody has to write soon, or has just missed; what is past for longer only the list tells."""
    return named(replies_due(on=on))


def replies_due(*, on: date) -> QuerySet[FollowUp]:
    waiting = FollowUp.objects.current().outstanding()
    return waiting.filter(due_on__gte=on - SOON, due_on__lte=on + SOON)


def named(rows: QuerySet) -> Q:
    return Q(pk__in=rows.order_by().values("recommendation"))
