"""Authentication of the API: a program has the key of a person, or sees what is public. Cookies are ignored."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from servanda.people.access import Can, can
from servanda.people.access_keys.services import token_of
from servanda.people.models import ApiToken, User
from servanda.recommendations.filters.audiences import Audience, audience_of, everybody
from servanda.recommendations.filters.facets import Facet
from servanda.recommendations.filters.registry import facets_for, facets_for_everybody
from servanda.recommendations.models import Recommendation, RecommendationQuerySet

SAFE = ("GET", "HEAD", "OPTIONS")


class ApiRequest(HttpRequest):
    """A request from `answers.published`: `token` and `user` are those of its key; without a key `token` is None."""

    user: User
    token: ApiToken | None


def token_sent(request: HttpRequest) -> ApiToken | None:
    """The access key of the Authorization header; None if it is no valid bearer token."""
    scheme, _space, key = request.headers["Authorization"].partition(" ")
    if scheme.lower() != "bearer":
        return None
    use = ApiToken.Scope.READ if request.method in SAFE else ApiToken.Scope.WRITE
    return token_of(key.strip(), on=timezone.now(), use=use)


def may_write(token: ApiToken) -> bool:
    return token.scope == ApiToken.Scope.WRITE and can(token.person, Can.EDIT_REGISTER)


@dataclass(frozen=True)
class ReaderScope:
    """What this person may see of the register; without a person, what is public."""

    person: User | None

    @property
    def is_inside(self) -> bool:
        return self.person is not None and can(self.person, Can.READ_INTERNAL)

    @property
    def sees_drafts(self) -> bool:
        return self.person is not None and can(self.person, Can.READ_DRAFT_POSITIONS)

    def audience(self) -> Audience:
        """Those who see the same list of the register."""
        return everybody() if self.person is None else audience_of(self.person)

    def records(self) -> RecommendationQuerySet:
        """What this person may open, of every kind."""
        if self.person is None:
            return Recommendation.every_kind.public()
        return Recommendation.every_kind.visible_to(self.person)

    def opened(self) -> QuerySet:
        """The records whose internal fields this person may read too."""
        return Recommendation.every_kind.opened_to(self.person)

    def facets(self) -> Sequence[Facet]:
        """The filters that this person has on the page of the register."""
        if self.person is None:
            return facets_for_everybody()
        return facets_for(self.person, self.audience())


def sight_of(request: ApiRequest) -> ReaderScope:
    return ReaderScope(request.token.person if request.token else None)
