"""The records that a person may open at the desk."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.assignments.for_record import with_lead
from servanda.progress.records.columns import BESIDE_PUBLIC, marks_of
from servanda.recommendations.models import Recommendation, within_scopes
from servanda.recommendations.pages.detail import heading_of, with_heading, with_source


class SignedIn(HttpRequest):
    """A request that has passed `requires`, so its user is logged in."""

    user: User


def former_for(user) -> QuerySet:
    """Merged and withdrawn records, as far as this person may know that they existed."""
    former = Recommendation.objects.live().exclude(withdrawn_at=None, merged_into=None)
    if can(user, Can.READ_EVERYTHING):
        return former
    return former.filter(within_scopes(user)).exclude(confidentiality=Recommendation.Confidentiality.RESTRICTED)


def known_to(user) -> list[QuerySet]:
    """The present and former records that this person may know."""
    return [Recommendation.every_kind.visible_to(user), former_for(user)]


def find(request: SignedIn, code: str) -> Recommendation:
    return get_object_or_404(with_source(Recommendation.every_kind.visible_to(request.user)), code=code)


def find_open(request: SignedIn, code: str) -> Recommendation:
    """A record whose internal side this person may read; 404 otherwise, also for public records."""
    return get_object_or_404(with_source(Recommendation.every_kind.opened_to(request.user)), code=code)


def find_known(request: SignedIn, code: str, *, read: Callable[[QuerySet], QuerySet] = with_source) -> Recommendation:
    """A present or former record whose internal side this person may read; `read` adds what the page shows of it.

    Raises Http404.
    """
    for records in (Recommendation.every_kind.opened_to(request.user), former_for(request.user)):
        if record := read(records).filter(code=code).first():
            return record
    raise Http404


def with_head(records: QuerySet, user: User) -> QuerySet:
    """Annotate each record with what the head of its pages shows to this reader, for `head_of`."""
    return with_heading(with_lead(with_source(records), user)).annotate(**BESIDE_PUBLIC)


def head_of(record: Recommendation) -> dict:
    return {"it": record, "heading_text": heading_of(record), "marks": marks_of(record)}
