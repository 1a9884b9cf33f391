"""Disagreement between the voices on one record, on the common scale."""

from collections.abc import Iterable, Sequence

from django.db.models import Case, Exists, F, IntegerField, Max, Min, OuterRef, Q, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from servanda.progress.models import Assessment, AssessmentQuerySet, Common, Voice

# From worst to best; "cannot be assessed" disagrees with nothing.
STEPS = [Common.REGRESSED, Common.NOT_STARTED, Common.STARTED, Common.PARTIAL, Common.SUBSTANTIAL, Common.FULL]
STEP = Case(
    *(When(common=common, then=Value(number)) for number, common in enumerate(STEPS)), output_field=IntegerField()
)
VOICE = Case(
    *(When(voice=voice, then=Value(place)) for place, voice in enumerate(Voice)), output_field=IntegerField()
)


class Disagreement(TextChoices):
    ANY = "any", _("Assessments differ")
    GOVERNMENT_HIGHER = "government-higher", _("Government assessment is higher than another")
    GOVERNMENT_LOWER = "government-lower", _("Government assessment is lower than another")
    BETWEEN_OTHERS = "between-others", _("Mechanism and independent assessments differ")


GOVERNMENT, MECHANISM, INDEPENDENT = Voice
OTHERS = [MECHANISM, INDEPENDENT]


def condition_for(kind: str) -> Q:
    """The condition on recommendations, for lists and counts. It considers published assessments only, so everyone
    who sees a record gets the same answer. Raises `ValueError` for an unknown kind."""
    match kind:
        case Disagreement.GOVERNMENT_HIGHER:
            return differs(GOVERNMENT, OTHERS, "step__lt")
        case Disagreement.GOVERNMENT_LOWER:
            return differs(GOVERNMENT, OTHERS, "step__gt")
        case Disagreement.BETWEEN_OTHERS:
            return differs(MECHANISM, [INDEPENDENT])
        case Disagreement.ANY:
            return several_steps()
    raise ValueError(kind)


def several_steps(latest: AssessmentQuerySet | None = None) -> Q:
    """Records with at least two assessments and at least two steps, which means that two assessments differ.

    One grouped query takes half the time of comparing each pair, and numbers sort faster than texts.
    """
    of_record = (
        stepped(latest)
        .annotate(place=VOICE)
        .values("recommendation")
        .annotate(low=Min("step"), high=Max("step"), first=Min("place"), last=Max("place"))
    )
    return Q(pk__in=of_record.filter(high__gt=F("low"), last__gt=F("first")).values("recommendation"))


def differs(voice: str, others: Sequence[str], comparison: str = "") -> Q:
    """Records where one of the others has another step than this voice, or a lower or higher one (`comparison`)."""
    differing = stepped().filter(voice__in=others, recommendation=OuterRef("recommendation"))
    differing = (
        differing.filter(**{comparison: OuterRef("step")}) if comparison else differing.exclude(step=OuterRef("step"))
    )
    return Q(Exists(stepped().filter(Exists(differing), voice=voice, recommendation=OuterRef("pk"))))


def stepped(latest: AssessmentQuerySet | None = None) -> AssessmentQuerySet:
    latest = Assessment.objects.latest() if latest is None else latest
    return latest.filter(common__in=STEPS).annotate(step=STEP).order_by()


def kinds_of(latest: Iterable[Assessment]) -> list[Disagreement]:
    """The kinds of disagreement in assessments of one record that are loaded already."""
    steps: dict[str, set[int]] = {voice: set() for voice in Voice}
    for assessment in latest:
        if assessment.common in STEPS:
            steps[assessment.voice].add(STEPS.index(Common(assessment.common)))
    others = steps[MECHANISM] | steps[INDEPENDENT]
    results = {
        Disagreement.GOVERNMENT_HIGHER: any(step > other for step in steps[GOVERNMENT] for other in others),
        Disagreement.GOVERNMENT_LOWER: any(step < other for step in steps[GOVERNMENT] for other in others),
        Disagreement.BETWEEN_OTHERS: any(step != other for step in steps[MECHANISM] for other in steps[INDEPENDENT]),
    }
    return [kind for kind, is_so in results.items() if is_so]
