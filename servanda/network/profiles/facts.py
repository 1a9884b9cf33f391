"""The profile of our own mechanism as facts of reports: its legal basis, mandate, organisation and focal points."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.network.models import MechanismProfile, ProfileFact
from servanda.network.profiles.fields import fields_by_code, groups
from servanda.network.profiles.queries import institution_names, lines_of
from servanda.reporting.facts.citing import cited, in_words
from servanda.reporting.facts.registry import Fact, FactContext, FactSource
from servanda.reporting.facts.treaties import labelled

GROUPS = ("basis", "mandate", "organisation", "focal-points", "participation")


def profile_rows(context: FactContext) -> QuerySet:
    """The entered values of the groups that describe the mechanism; none that are counted, and no contacts."""
    own = MechanismProfile.objects.visible_to(context.user).filter(is_own=True).order_by().values("pk")
    described = [field.code for code in GROUPS for field in groups()[code].fields]
    rows = ProfileFact.objects.filter(profile__in=own, field__in=described).exclude(value="")
    if context.as_of is None:
        rows = rows.current()
    else:
        still = Q(replaced_at=None) | Q(replaced_at__gt=context.as_of)
        rows = rows.filter(still, at__lte=context.as_of)
    return rows.select_related("profile").order_by("pk")


def profile_facts(rows: Iterable[ProfileFact], _context: FactContext) -> list[Fact]:
    places = {code: place for place, code in enumerate(fields_by_code())}
    return [fact_of(row) for row in sorted(rows, key=lambda row: places[row.field])]


def fact_of(row: ProfileFact) -> Fact:
    field = fields_by_code()[row.field]
    names = institution_names(row.value) if field.kind == "institutions" else {}
    value = "; ".join(str(line) for line in lines_of(field, row.value, names))
    return Fact(
        key=str(row.pk),
        title=str(field.label),
        text=labelled(field.label, value),
        citation=cited(_("Profile of the mechanism"), row.profile, field.label, row.source, in_words(row.since)),
        address=row.profile.get_absolute_url(),
        day=row.since,
    )


SOURCE = FactSource(
    code="mechanism",
    label=gettext_lazy("Profile of our mechanism"),
    rows=profile_rows,
    facts=profile_facts,
    covered=None,
    is_drafted=True,
)
