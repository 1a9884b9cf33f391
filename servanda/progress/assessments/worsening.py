"""Assessments that are lower than the one before by the same author: what got worse."""

from datetime import date

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from servanda.progress.assessments.disagreement import STEPS, stepped
from servanda.progress.models import Assessment, Voice

NOWHERE = 0  # the number of no institution
STEP_BEFORE = Case(
    *(When(before=common, then=Value(number)) for number, common in enumerate(STEPS)), output_field=IntegerField()
)


def worsened(visible: QuerySet, *, since: date, until: date) -> QuerySet:
    """The latest assessments on these records that were made in this time and are lower than the one before, the
    newest first. `before` is the earlier value on the common scale."""
    latest = stepped(Assessment.objects.latest()).filter(
        recommendation__in=visible.order_by().values("pk"), date__gte=since, date__lte=until
    )
    lower = latest.annotate(before=Subquery(earlier_ones().values("common")[:1])).annotate(step_before=STEP_BEFORE)
    return lower.filter(step_before__gt=F("step")).order_by("-date", "-pk")


def earlier_ones() -> QuerySet:
    """Earlier assessments of the same record by the same author (`Assessment.speaker`), the newest first."""
    same = Q(recommendation=OuterRef("recommendation"), voice=OuterRef("voice"), common__in=STEPS)
    same_place = Q(place=Coalesce(OuterRef("institution"), NOWHERE))
    same_person = Q(place__gt=NOWHERE) | Q(made_by=OuterRef("made_by"))
    author = ~Q(voice=Voice.INDEPENDENT) | (same_place & same_person)
    before = Q(date__lt=OuterRef("date")) | Q(date=OuterRef("date"), pk__lt=OuterRef("pk"))
    earlier = Assessment.objects.standing().annotate(place=Coalesce("institution", NOWHERE))
    return earlier.filter(same, author, before, is_published=True).order_by("-date", "-pk")
