"""Where the voices differ on one record. They are compared on the common scale and never merged."""

from collections.abc import Iterable, Sequence

from django.db.models import Case, Exists, F, IntegerField, Max, Min, OuterRef, Q, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from servanda.progress.models import Assessment, AssessmentQuerySet, Common, Voice

# From worst to best; what cannot be assessed disagrees with nothing.
STEPS = [Common.REGRESSED, Common.NOT_STARTED, Common.STARTED, Common.PARTIAL, Common.SUBSTANTIAL, Common.FULL]
STEP = Case(
    *(When(common=common, then=Value(number)) for number, common in enumerate(STEPS)), output_field=IntegerField()
)
VOICE = Case(
    *(When(voice=voice, then=Value(place)) for place, voice in enumerate(Voice)), output_field=IntegerField()
)


class Disagreement(TextChoices):
    ANY = "any", _("The voices disagree")
    GOVERNMENT_HIGHER = "government-higher", _("The government says more than another voice")
    GOVERNMENT_LOWER = "government-lower", _("The government says less than another voice")
    BETWEEN_OTHERS = "between-others", _("The mechanism and an independent voice disagree")


GOVERNMENT, MECHANISM, INDEPENDENT = Voice
OTHERS = [MECHANISM, INDEPENDENT]


def where(kind: str) -> Q:
    """The condition on recommendations; for the register and its counts. It goes by what is published only, so the
    answer is the same for everybody who sees the record."""
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
    """Two voices or more, and two steps or more: then a step of one voice is another than one of another voice. Read
    in one go, where comparing each with each takes twice as long, and as numbers, because words are slow to sort."""
    of_record = (
        stepped(latest)
        .annotate(place=VOICE)
        .values("recommendation")
        .annotate(low=Min("step"), high=Max("step"), first=Min("place"), last=Max("place"))
    )
    return Q(pk__in=of_record.filter(high__gt=F("low"), last__gt=F("first")).values("recommendation"))


def differs(voice: str, others: Sequence[str], how: str = "") -> Q:
    """Whether one of the others stands on another step than this voice, or on one that is lower or higher."""
    there = stepped().filter(voice__in=others, recommendation=OuterRef("recommendation"))
    there = there.filter(**{how: OuterRef("step")}) if how else there.exclude(step=OuterRef("step"))
    return Q(Exists(stepped().filter(Exists(there), voice=voice, recommendation=OuterRef("pk"))))


def stepped(latest: AssessmentQuerySet | None = None) -> AssessmentQuerySet:
    latest = Assessment.objects.latest() if latest is None else latest
    return latest.filter(common__in=STEPS).annotate(step=STEP).order_by()


def kinds_of(latest: Iterable[Assessment]) -> list[Disagreement]:
    """The same for the assessments of one record that are at hand already."""
    steps: dict[str, set[int]] = {voice: set() for voice in Voice}
    for one in latest:
        if one.common in STEPS:
            steps[one.voice].add(STEPS.index(Common(one.common)))
    others = steps[MECHANISM] | steps[INDEPENDENT]
    found = {
        Disagreement.GOVERNMENT_HIGHER: any(mine > other for mine in steps[GOVERNMENT] for other in others),
        Disagreement.GOVERNMENT_LOWER: any(mine < other for mine in steps[GOVERNMENT] for other in others),
        Disagreement.BETWEEN_OTHERS: any(mine != other for mine in steps[MECHANISM] for other in steps[INDEPENDENT]),
    }
    return [kind for kind, is_so in found.items() if is_so]
