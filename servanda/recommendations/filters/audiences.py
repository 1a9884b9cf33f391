"""Those who may see the same records of the register, and what of it they may read."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import md5

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can, Scope, can, scopes
from servanda.people.models import Institution, answering_for
from servanda.recommendations.models import EveryKindQuerySet, Recommendation, RecommendationQuerySet

PUBLIC = "public"


@dataclass(frozen=True)
class Audience:
    """Those who may see the same records: they share kept counts, and no one else does.

    `hidden` are all other records, where that is a short query. `bodies` are those whose records they may read from
    inside too, None for all. `code` and `whom` name those for whom a file is made that its maker will pass on; they
    are empty when it is the maker's own.
    """

    name: str
    visible: QuerySet
    hidden: tuple[QuerySet, ...] | None = None
    bodies: frozenset[str] | None = frozenset()
    drafts: bool = False
    notes: bool = False
    code: str = ""
    whom: object = ""
    of_every_kind: "Callable[[], Audience] | None" = field(default=None, compare=False)

    def asking_for(self, chosen: Mapping[str, Sequence[str]]) -> "Audience":
        """The same readers; with the kinds apart among what they see if one of them is chosen in the filters."""
        apart = set(Recommendation.Kind.apart())
        if self.of_every_kind is None or apart.isdisjoint(chosen.get("kind", ())):
            return self
        return self.with_every_kind()

    def with_every_kind(self) -> "Audience":
        if self.of_every_kind is None:
            return self
        return replace(self.of_every_kind(), code=self.code, whom=self.whom)

    @property
    def is_inside(self) -> bool:
        return self.bodies is None or bool(self.bodies)

    def opens(self, record: Recommendation) -> bool:
        """Whether the internal side of a visible record is theirs to read."""
        return self.bodies is None or record.body.code in self.bodies


def everybody() -> Audience:
    return replace(
        _everybody(Recommendation.objects.all()), of_every_kind=lambda: _everybody(Recommendation.every_kind.all())
    )


def _everybody(records: RecommendationQuerySet) -> Audience:
    visible, hidden = _public_queries(every_kind=isinstance(records, EveryKindQuerySet))
    return Audience(_named(PUBLIC, records), visible.all(), tuple(part.all() for part in hidden))


@lru_cache
def _public_queries(*, every_kind: bool) -> tuple[QuerySet, tuple[QuerySet, ...]]:
    """Never evaluated, only copied: every public page asks for them, and putting them together takes 3 ms."""
    records = (Recommendation.every_kind if every_kind else Recommendation.objects).all()
    return records.public(), records.not_public()


def audience_of(user) -> Audience:
    """The audience of a person at the desk; it follows the cases of `visible_to`."""
    audience = _audience_of(user, Recommendation.objects.all())
    return replace(audience, of_every_kind=lambda: _audience_of(user, Recommendation.every_kind.all()))


def _audience_of(user, records: RecommendationQuerySet) -> Audience:
    reads = {"drafts": can(user, Can.READ_DRAFT_POSITIONS), "notes": can(user, Can.READ_NOTES)}
    visible = records.visible_to(user)
    if can(user, Can.READ_EVERYTHING):
        return Audience(_named("everything", records), visible, records.not_kept(), bodies=None, **reads)
    if within := scopes(user, Can.READ_INTERNAL):
        return Audience(_named(name_of(within), records), visible, bodies=bodies_of(within), **reads)
    return _everybody(records)


def _named(name: str, records: RecommendationQuerySet) -> str:
    """Counts are kept by name, and those with the kinds apart are other ones."""
    return f"{name}-every-kind" if isinstance(records, EveryKindQuerySet) else name


def name_of(within: Sequence[Scope]) -> str:
    where = sorted((sorted(scope.bodies), sorted(scope.institutions)) for scope in within)
    return md5(json.dumps(where).encode(), usedforsecurity=False).hexdigest()


def bodies_of(within: Sequence[Scope]) -> frozenset[str] | None:
    """The bodies whose internal side these scopes open; None when one of them is open to all."""
    if any(not scope.bodies for scope in within):
        return None
    return frozenset().union(*(scope.bodies for scope in within))


def audience_as(code: str) -> Audience | None:
    """For a file that is passed on: the public, or those who read for an institution; None for an unknown one."""
    if code == PUBLIC:
        return replace(everybody(), code=PUBLIC, whom=_("the public"))
    institution = None if "\0" in code else Institution.objects.filter(code=code).first()
    if institution is None:
        return None
    within = [Scope(answering_for({institution.pk}))]

    def made(records: RecommendationQuerySet) -> Audience:
        return Audience(_named(name_of(within), records), records.open_in(within), bodies=None)

    return replace(
        made(Recommendation.objects.all()),
        code=institution.code,
        whom=institution.name,
        of_every_kind=lambda: made(Recommendation.every_kind.all()),
    )
