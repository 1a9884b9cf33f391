"""Contributions as one reader may know them: who is behind each, what it shows, on which records."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.kit.pages.translations import listed
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.progress.models import Contribution, ContributionRecommendation, Evidence
from servanda.recommendations.models import Recommendation

DeclineReason = Contribution.DeclineReason
FACTS = ("contributor", "grade", "answered_by")


@dataclass(slots=True)
class ContributionLine:
    contribution: Contribution
    who: str
    is_own: bool = False
    is_known_to_few: bool = False  # the reader is told who it is, and most are not
    records: list[Recommendation] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


def told_to(user: User, contributions: QuerySet) -> list[ContributionLine]:
    """Three questions, however many contributions."""
    told = [one_told(one, user) for one in contributions.select_related(*FACTS)]
    by_key = {one.contribution.pk: one for one in told}
    seen = Recommendation.objects.visible_to(user).order_by().values("pk")
    abouts = ContributionRecommendation.objects.filter(contribution__in=by_key, recommendation__in=seen)
    for about in abouts.select_related("recommendation").order_by("recommendation__order_key", "pk"):
        by_key[about.contribution_id].records.append(about.recommendation)
    own = [key for key, one in by_key.items() if one.is_own]
    add_evidence(by_key, Evidence.objects.visible_to(user), own)
    return told


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What was contributed on one record: what is shown, and how much was not published, and why."""

    told: list[ContributionLine]
    not_published: str


def contributions_on(recommendation: Recommendation, user: User) -> OnRecord:
    """For its page at the desk."""
    shown, unpublished = on_record(recommendation, Contribution.objects.visible_to(user))
    told = [one_told(one, user) for one in shown]
    add_evidence_shown(told, Evidence.objects.visible_to(user))
    return OnRecord(told, not_published(unpublished))


def public_contributions(recommendation: Recommendation) -> OnRecord:
    """On a public record, with what everybody may see."""
    shown, unpublished = on_record(recommendation, Contribution.objects.public())
    told = [ContributionLine(one, author_of(one)) for one in shown]
    add_evidence_shown(told, Evidence.objects.public())
    return OnRecord(told, not_published(unpublished))


def on_record(recommendation: Recommendation, seen: QuerySet) -> tuple[list[Contribution], list[Contribution]]:
    """The accepted ones among those seen, and those that were not published; both in one question."""
    accepted = Q(state=Contribution.State.ACCEPTED, pk__in=seen.order_by().values("pk"))
    unpublished = Q(pk__in=Contribution.objects.unpublished().order_by().values("pk"))
    rows = shown_by_evidence(Contribution.objects.filter(accepted | unpublished, recommendations=recommendation))
    found = list(rows.select_related("contributor"))
    shown = [one for one in found if one.state == Contribution.State.ACCEPTED]
    return shown, [one for one in found if one.state != Contribution.State.ACCEPTED]


def all_not_published() -> str:
    """On all public records together."""
    return not_published(Contribution.objects.unpublished().only("state", "decline_reason"))


def not_published(unpublished: Iterable[Contribution]) -> str:
    """How many contributions were not published, and why: the same sentence for everybody, or nothing."""
    counts = Counter(one.decline_reason for one in unpublished)
    merged = counts.pop("", 0)
    declined = counts.total()
    sentences = []
    if declined:
        parts = listed(in_words(reason, counts[reason]) for reason in DeclineReason.values if reason in counts)
        sentence = ngettext(
            "%(count)d contribution was not published: %(reasons)s.",
            "%(count)d contributions were not published: %(reasons)s.",
            declined,
        )
        sentences.append(sentence % {"count": declined, "reasons": parts})
    if merged:
        sentence = ngettext(
            "%(count)d contribution was merged with another that is published.",
            "%(count)d contributions were merged with others that are published.",
            merged,
        )
        sentences.append(sentence % {"count": merged})
    return " ".join(sentences)


def in_words(reason: str, count: int) -> str:
    words = {
        DeclineReason.OFF_TOPIC: ngettext("%(count)d off topic", "%(count)d off topic", count),
        DeclineReason.IDENTIFIES_PERSON: ngettext(
            "%(count)d identifies a person", "%(count)d identify a person", count
        ),
        DeclineReason.UNLAWFUL: ngettext(
            "%(count)d with offensive or unlawful content", "%(count)d with offensive or unlawful content", count
        ),
        DeclineReason.DUPLICATE: ngettext("%(count)d duplicate", "%(count)d duplicates", count),
        DeclineReason.NO_SOURCE: ngettext(
            "%(count)d without a source for a factual claim", "%(count)d without a source for a factual claim", count
        ),
        DeclineReason.ADVERTISING: ngettext(
            "%(count)d with advertising or spam", "%(count)d with advertising or spam", count
        ),
        DeclineReason.TEST: ngettext("%(count)d test or empty message", "%(count)d test or empty messages", count),
        DeclineReason.NOT_RECORDED: ngettext(
            "%(count)d for a reason that was not recorded", "%(count)d for reasons that were not recorded", count
        ),
    }
    return words[DeclineReason(reason)] % {"count": count}


def shown_by_evidence(rows: QuerySet) -> QuerySet:
    """Told with each is whether it has any, so that nothing is asked where there is nothing."""
    return rows.annotate(
        has_evidence=Exists(Contribution.evidence.through.objects.filter(contribution=OuterRef("pk")))
    )


def add_evidence_shown(told: Sequence[ContributionLine], seen: QuerySet) -> None:
    if asked := {one.contribution.pk: one for one in told if vars(one.contribution)["has_evidence"]}:
        add_evidence(asked, seen, [])


def add_evidence(by_key: dict[int, ContributionLine], seen: QuerySet, own: Sequence[int]) -> None:
    """What the reader may see, and to contributors what they sent themselves."""
    through = Contribution.evidence.through.objects
    ticks = through.filter(contribution__in=by_key, evidence__in=seen.order_by().values("pk"))
    if own:
        ticks = ticks | through.filter(contribution__in=own, evidence__withdrawn_at=None)
    for tick in ticks.select_related("evidence").order_by("pk"):
        by_key[tick.contribution_id].evidence.append(tick.evidence)


def one_told(one: Contribution, user: User) -> ContributionLine:
    is_own = one.contributor_id is not None and one.contributor_id == user.pk
    if is_own or can(user, Can.SEE_CONTRIBUTORS):
        return ContributionLine(one, fully(one), is_own=is_own, is_known_to_few=one.hides_identity)
    return ContributionLine(one, author_of(one))


def fully(one: Contribution) -> str:
    """For those who may know: the person, and what else they said of themselves."""
    parts = [str(one.contributor) if one.contributor else "", one.organisation, one.email]
    return " · ".join(part for part in parts if part) or _("Not named")


def author_of(one: Contribution) -> str:
    """The organisation; a person only where they may be known."""
    return ("" if one.hides_identity else one.organisation) or _("Not named")
