"""The register narrowed to records for which a label that the machine suggests waits for a person."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from servanda.people.access import Can, can
from servanda.recommendations.filters.external_facets import ConditionFacet
from servanda.recommendations.filters.facets import WITHOUT, Facet, LabelFacet, Option
from servanda.recommendations.models import Suggestion

KEY, ANY = "suggested", "any"


def suggested_facets(user, facets: Sequence[Facet]) -> list[ConditionFacet]:
    """For those who decide on suggestions; by taxonomy for those among `facets`, which have read their names."""
    if not can(user, Can.EDIT_REGISTER):
        return []
    waiting = Suggestion.objects.waiting()
    labels: dict[str, object] = {ANY: _("A suggested label waits")}
    sets = {ANY: named(waiting)}
    for facet in facets:
        if isinstance(facet, LabelFacet):
            labels[facet.key] = format_lazy(_("Waiting: {taxonomy}"), taxonomy=facet.title)
            sets[facet.key] = named(waiting.filter(term__taxonomy=facet.taxonomy))
    return [
        ConditionFacet(
            key=KEY,
            title=_("Suggested by the machine"),
            options={key: Option(label, (key,)) for key, label in labels.items()},
            without=_("No suggestion waits"),
            sets={**sets, WITHOUT: ~sets[ANY]},
            rest={WITHOUT: ("", ANY)},
            in_order=True,
        )
    ]


def named(rows: QuerySet) -> Q:
    return Q(pk__in=rows.order_by().values("recommendation"))
