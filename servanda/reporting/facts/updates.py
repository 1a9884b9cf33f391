"""Approved updates of institutions as facts."""

from collections.abc import Iterable
from functools import partial

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.progress.models import Update, UpdateCluster, UpdateRecommendation, UpdateStep
from servanda.recommendations.models import ClusterMember
from servanda.reporting.facts.citing import (
    cited,
    day_of,
    days_in,
    days_of_withdrawal,
    in_words,
    keys_of,
    withdrawn_since,
)
from servanda.reporting.facts.record_numbers import numbers_of_facts
from servanda.reporting.facts.registry import Fact, FactContext, FactSource

APPROVED = (Update.State.VALIDATED, Update.State.PUBLISHED)


def with_approval(rows: QuerySet) -> QuerySet:
    """Each with `approved_at`: its last approval; for one that was entered from a letter, when that was published."""
    steps = UpdateStep.objects.filter(update=OuterRef("pk"), state=Update.State.VALIDATED).order_by("-at", "-pk")
    return rows.annotate(approved_at=Coalesce(Subquery(steps.values("at")[:1]), "published_at", "changed_at"))


def updates(context: FactContext) -> QuerySet:
    visible = Update.objects.visible_to(context.user)
    if context.as_of:
        gone = withdrawn_since(Update, context.as_of, context.user).order_by().values("pk")
        visible = Update.objects.filter(Q(pk__in=visible.order_by().values("pk")) | Q(pk__in=gone))
    visible = visible.filter(state__in=APPROVED)
    about = UpdateRecommendation.objects.filter(recommendation__in=keys_of(context.records)).order_by()
    through = UpdateCluster.objects.reaching(context.records).order_by()
    rows = visible.filter(Q(pk__in=about.values("update")) | Q(pk__in=through.values("update")))
    if context.as_of:
        rows = with_approval(rows).filter(approved_at__lte=context.as_of)
    day = TruncDate(Coalesce("published_at", "changed_at"))
    begins, ends = Coalesce("start", "end", day), Coalesce("end", "start", day)
    rows = rows.filter(days_in(context.start, context.end, begins=begins, ends=ends))
    return rows.select_related("institution").order_by(F("published_at").desc(nulls_last=True), "-changed_at", "-pk")


def update_facts(rows: Iterable[Update], context: FactContext) -> list[Fact]:
    rows = list(rows)
    keys = [row.pk for row in rows]
    through = (ClusterMember.objects.reached(), "cluster__update_abouts__update")
    links = [(UpdateRecommendation.objects.all(), "update"), through]
    about = numbers_of_facts(links, keys, context.records)
    return [
        Fact(
            key=str(row.pk),
            title=str(row.institution),
            text="\n\n".join(filter(None, [row.text, row.figures])),
            citation=cited(
                _("Update"),
                row.institution,
                in_words(row.published_at or row.changed_at),
                about=about.get(row.pk, ()),
            ),
            address=reverse("desk:update", args=[row.pk]),
            day=(row.published_at or row.changed_at).date(),
            language=row.language,
            withdrawn_on=day_of(row.withdrawn_at),
            lead=_("%(institution)s reported on %(day)s")
            % {"institution": row.institution, "day": in_words(row.published_at or row.changed_at)},
            about=about.get(row.pk, ()),
        )
        for row in rows
    ]


def with_update(context: FactContext) -> QuerySet:
    """The records covered by an update, directly or through their cluster."""
    visible = updates(context).order_by().values("pk")
    about = UpdateRecommendation.objects.filter(update__in=visible).order_by()
    through = ClusterMember.objects.reached().filter(cluster__update_abouts__update__in=visible).order_by()
    named = Q(pk__in=about.values("recommendation")) | Q(pk__in=through.values("recommendation"))
    return context.records.filter(named).order_by().values("pk")


SOURCE = FactSource(
    "updates",
    gettext_lazy("Updates"),
    updates,
    update_facts,
    with_update,
    is_drafted=True,
    withdrawn=partial(days_of_withdrawal, Update),
    gap=gettext_lazy("No approved update on: %(numbers)s."),
)
