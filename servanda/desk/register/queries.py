"""The records that match the filters of the list, and the audience of a file."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, QueryDict

from servanda.people.access import Can, can
from servanda.recommendations.filters.audiences import Audience, audience_as, audience_of
from servanda.recommendations.filters.facets import Facet
from servanda.recommendations.filters.query import narrow, read_filter
from servanda.recommendations.filters.registry import facets_for


def facets_of(user) -> list[Facet]:
    return facets_for(user, audience_of(user))


def audience_for(request: HttpRequest) -> Audience:
    """The audience of a file: the reader; those who see everything may choose another audience."""
    if not (chosen := request.GET.get("as", "")):
        return audience_of(request.user)
    audience = audience_as(chosen) if can(request.user, Can.READ_EVERYTHING) else None
    if audience is None:
        raise Http404
    return audience


def filtered(user, query: str, audience: Audience) -> QuerySet:
    facets = facets_for(user, audience_of(user))
    return narrow(audience, read_filter(QueryDict(query), facets), facets)
