"""Who asks: a program with a person's key, or one that sees what everybody sees. A cookie says nothing here."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from servanda.people.access import Can, can
from servanda.people.access_keys.services import token_of
from servanda.people.models import ApiToken, User
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.facets import Facet
from servanda.recommendations.filters.registry import facets_for, facets_for_everybody
from servanda.recommendations.models import Recommendation, RecommendationQuerySet

SAFE = ("GET", "HEAD", "OPTIONS")


class ApiRequest(HttpRequest):
    """A request that `answers.published` has looked at; only with a key does it come from its user."""

    user: User
    token: ApiToken | None


def token_sent(request: HttpRequest) -> ApiToken | None:
    """The key that came along, if it works."""
    scheme, _space, key = request.headers["Authorization"].partition(" ")
    if scheme.lower() != "bearer":
        return None
    use = ApiToken.Scope.READ if request.method in SAFE else ApiToken.Scope.WRITE
    return token_of(key.strip(), on=timezone.now(), use=use)


def may_write(token: ApiToken) -> bool:
    return token.scope == ApiToken.Scope.WRITE and can(token.person, Can.EDIT_REGISTER)


@dataclass(frozen=True)
class Sight:
    """What of the register the one who asks may see; nobody in particular sees what is public."""

    person: User | None

    @property
    def is_inside(self) -> bool:
        return self.person is not None and can(self.person, Can.READ_INTERNAL)

    @property
    def sees_drafts(self) -> bool:
        return self.person is not None and can(self.person, Can.READ_DRAFT_POSITIONS)

    def records(self) -> RecommendationQuerySet:
        if self.person is None:
            return Recommendation.objects.public()
        return Recommendation.objects.visible_to(self.person)

    def opened(self) -> QuerySet:
        """Of those records the ones whose internal side is theirs to read."""
        return Recommendation.objects.opened_to(self.person)

    def facets(self) -> Sequence[Facet]:
        """Those of the list on the pages: of follow-up, too, only what this person may see."""
        if self.person is None:
            return facets_for_everybody()
        return facets_for(self.person, audience_of(self.person))


def sight_of(request: ApiRequest) -> Sight:
    return Sight(request.token.person if request.token else None)
