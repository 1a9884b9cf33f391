"""Facets of assignments, for readers who see the internal side of records."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Case, CharField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.planning.models import SOON, Assignment, AssignmentQuerySet
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.filters.external_facets import RowFacet, SetFacet
from servanda.recommendations.filters.facet_options import Names
from servanda.recommendations.filters.facets import Facet, Option
from servanda.recommendations.filters.registry import FacetContext
from servanda.recommendations.models import Recommendation

PAST, NEAR, LATER = "past", "soon", "later"
ASSIGNED, MINE, MINE_DUE, REFUSED, UNNAMED = "assigned", "mine", "mine-due", "refused", "none"
LEAD, DUE = "lead", "due"
KEYS = frozenset({LEAD, DUE, ASSIGNED})


def assignment_facets(context: FacetContext) -> list[Facet]:
    if context.user is None or not context.audience.is_inside:
        return []
    leads = _of_leads(context.audience, context.names, on=context.on)
    return [*leads, *_of_sets(context.user, on=context.on)]


def _of_leads(audience: Audience, names: Names, *, on: date) -> list[Facet]:
    """Readers limited to some bodies are not offered "without": they could not tell it from "not visible to me"."""
    rows, says_without = leads_with_due(on=on), audience.bodies is None
    if audience.bodies is not None:
        rows = rows.filter(recommendation__body__code__in=audience.bodies)
    institutions = {code: Option(name, (pk,)) for pk, code, name in names.institutions}
    days = {PAST: _("Overdue"), NEAR: _("Within 30 days"), LATER: _("Later")}
    dues = {key: Option(label, (key,)) for key, label in days.items()}
    return [
        RowFacet(
            key=LEAD,
            title=_("Lead institution"),
            options=institutions,
            without=str(_("No lead institution")) if says_without else "",
            column="institution_id",
            rows=rows,
        ),
        RowFacet(
            key=DUE,
            title=_("Due"),
            options=dues,
            without=str(_("No due date")) if says_without else "",
            column="due",
            rows=rows,
            in_order=True,
        ),
    ]


def leads_with_due(*, on: date) -> AssignmentQuerySet:
    """Current leads, annotated with how soon they are due."""
    when = [
        When(due_on__lt=on, then=Value(PAST)),
        When(due_on__lte=on + SOON, then=Value(NEAR)),
        When(due_on__isnull=False, then=Value(LATER)),
    ]
    return Assignment.objects.current().leading().order_by().annotate(due=Case(*when, output_field=CharField()))


def _of_sets(user: User, *, on: date) -> list[Facet]:
    sets = assigned_sets(user, on=on)
    labels = {
        MINE: _("To my institutions"),
        MINE_DUE: _("To my institutions, due within 30 days or overdue"),
        REFUSED: _("Refused by an institution"),
        UNNAMED: _("To no institution"),
    }
    options = {key: Option(labels[key], (key,)) for key in sets}
    facet = SetFacet(
        key=ASSIGNED, title=_("Assigned"), options=options, without="", column="", sets=sets, in_order=True
    )
    return [facet] if sets else []


def assigned_sets(user: User, *, on: date) -> Mapping[str, Q]:
    """The conditions of the lists behind the numbers on the desk, by their key in the address."""
    sets: dict[str, Q] = {}
    if scopes(user, Can.READ_INTERNAL):
        own = Assignment.objects.current().in_scope_of(user).order_by()
        sets[MINE] = named_on(own)
        sets[MINE_DUE] = named_on(own.due_by(on + SOON))
    if can(user, Can.ASSIGN):
        sets[REFUSED] = named_on(Assignment.objects.refused().order_by())
        sets[UNNAMED] = names_no_institution()
    return sets


def names_no_institution() -> Q:
    """Records that have no current assignment and are not restricted to named institutions."""
    restricted = Recommendation.Confidentiality.RESTRICTED
    named = Recommendation.restricted_to.through.objects.order_by().values("recommendation_id")
    return ~named_on(Assignment.objects.current().order_by()) & ~Q(confidentiality=restricted, pk__in=named)


def named_on(assignments: AssignmentQuerySet) -> Q:
    return Q(pk__in=assignments.values("recommendation_id"))
