"""The register narrowed to records with a label that the machine suggests and that no one has decided on."""

from collections.abc import Mapping
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from servanda.people.access import Can, can
from servanda.recommendations.filters.external_facets import ConditionFacet
from servanda.recommendations.filters.facets import WITHOUT, Option
from servanda.recommendations.filters.registry import FacetContext
from servanda.recommendations.models import Suggestion
from servanda.recommendations.records.id_sets import compiled

KEY, ANY = "suggested", "any"


def suggested_facets(context: FacetContext) -> list[ConditionFacet]:
    """For those who decide on suggestions; one value for each taxonomy."""
    if context.user is None or not context.audience.is_inside or not can(context.user, Can.EDIT_REGISTER):
        return []
    labels: dict[str, object] = {ANY: _("Any pending suggestion")}
    for facet in context.labels:
        labels[facet.key] = format_lazy(_("Pending: {taxonomy}"), taxonomy=facet.title)
    return [
        ConditionFacet(
            key=KEY,
            title=_("Suggested automatically"),
            options={key: Option(label, (key,)) for key, label in labels.items()},
            without=_("No pending suggestions"),
            sets=sets_of(tuple((facet.key, facet.taxonomy) for facet in context.labels)),
            rest={WITHOUT: ("", ANY)},
            in_order=True,
        )
    ]


@lru_cache(maxsize=8)
def sets_of(taxonomies: tuple[tuple[str, int], ...]) -> Mapping[str, Q]:
    """The same conditions whoever reads, as text for the database."""
    waiting = Suggestion.objects.waiting()
    sets = {ANY: named(waiting), WITHOUT: ~named(waiting)}
    sets |= {key: named(waiting.filter(term__taxonomy=taxonomy)) for key, taxonomy in taxonomies}
    return {value: compiled(condition) for value, condition in sets.items()}


def named(rows: QuerySet) -> Q:
    return Q(pk__in=rows.order_by().values("recommendation"))
