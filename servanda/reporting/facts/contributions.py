"""Contributions of national human-rights institutions and civil society that were accepted and are public."""

from collections.abc import Iterable
from functools import partial

from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.progress.contributions.queries import author_of, named_author
from servanda.progress.models import Contribution, ContributionRecommendation
from servanda.recommendations.models import Recommendation
from servanda.reporting.facts.citing import cited, days_in, days_of_withdrawal, in_words, keys_of
from servanda.reporting.facts.record_numbers import numbers_of_facts
from servanda.reporting.facts.registry import Fact, FactContext, FactSource


def contributions(context: FactContext) -> QuerySet:
    """Contributions on public records, as the public reads them: a hidden identity stays hidden even from readers who
    know it."""
    rows = Contribution.objects.public().filter(pk__in=links(context).values("contribution"))
    if context.as_of:
        rows = rows.filter(answered_at__lte=context.as_of)
    day = TruncDate("received_at")
    rows = rows.filter(days_in(context.start, context.end, begins=day, ends=day))
    return rows.order_by(F("received_at").desc(), "-pk")


def links(context: FactContext) -> QuerySet:
    public = Recommendation.every_kind.public().order_by().values("pk")
    inside = ContributionRecommendation.objects.filter(recommendation__in=keys_of(context.records))
    return inside.filter(recommendation__in=public).order_by()


def contribution_facts(rows: Iterable[Contribution], context: FactContext) -> list[Fact]:
    rows = list(rows)
    about = numbers_of_facts([(links(context), "contribution")], [row.pk for row in rows], context.records)
    return [fact_of(row, about.get(row.pk, ())) for row in rows]


def fact_of(row: Contribution, about: tuple) -> Fact:
    author, day = named_author(row), timezone.localdate(row.received_at)
    values = {"author": author, "day": in_words(day)}
    return Fact(
        key=str(row.pk),
        title=author_of(row),
        text=row.text,
        citation=cited(_("Contribution"), author, in_words(day), about=about),
        address=reverse("desk:contribution", args=[row.pk]),
        day=day,
        language=row.language,
        lead=(_("%(author)s wrote on %(day)s") if author else _("A contribution of %(day)s reads")) % values,
        about=about,
    )


def with_contribution(context: FactContext) -> QuerySet:
    visible = contributions(context).order_by().values("pk")
    return links(context).filter(contribution__in=visible).values("recommendation")


SOURCE = FactSource(
    "contributions",
    gettext_lazy("Contributions"),
    contributions,
    contribution_facts,
    with_contribution,
    is_drafted=True,
    withdrawn=partial(days_of_withdrawal, Contribution),
)
