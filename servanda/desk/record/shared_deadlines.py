"""The records that have their deadline from one obligation, and to how many of them a change applies."""

from django.db.models import QuerySet
from django.utils.translation import ngettext

from servanda.people.models import User
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.sources.models import Obligation


def records_of(obligation: Obligation, user: User) -> QuerySet[Recommendation]:
    """Those that this person may see."""
    record_ids = FollowUp.objects.current().filter(obligation=obligation).order_by().values("recommendation")
    records = Recommendation.every_kind.visible_to(user).filter(pk__in=record_ids)
    return records.order_by("order_key", "pk")


def applies_to(obligation: Obligation | None, user: User) -> str:
    if obligation is None or not obligation.has_records or not (number := records_of(obligation, user).count()):
        return ""
    sentence = ngettext(
        "%(count)d record has this deadline. What you save here applies to it.",
        "%(count)d records have this deadline. What you save here applies to all of them.",
        number,
    )
    return sentence % {"count": number}
