"""Contributions as far as one reader may see them: the author, the evidence and the records."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.kit.pages.translations import listed
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.progress.models import Contribution, ContributionRecommendation, Evidence
from servanda.recommendations.labels.queries import texts_of
from servanda.recommendations.models import Recommendation, TextVersion

DeclineReason = Contribution.DeclineReason
FACTS = ("contributor", "grade", "answered_by")


@dataclass(slots=True)
class ContributionLine:
    contribution: Contribution
    who: str
    is_own: bool = False
    is_known_to_few: bool = False  # this reader sees the identity, which is hidden from most
    records: list[Recommendation] = field(default_factory=list)
    about: list[tuple[Recommendation, TextVersion | None]] = field(default_factory=list)  # on its own page
    evidence: list[Evidence] = field(default_factory=list)
    withdrawn: list[Evidence] = field(default_factory=list)  # without its title, which may be the reason


def contribution_lines(user: User, contributions: QuerySet) -> list[ContributionLine]:
    """The contributions with records and evidence, in three queries."""
    lines = [line_for(contribution, user) for contribution in contributions.select_related(*FACTS)]
    by_key = {line.contribution.pk: line for line in lines}
    visible = Recommendation.every_kind.visible_to(user).order_by().values("pk")
    abouts = ContributionRecommendation.objects.filter(contribution__in=by_key, recommendation__in=visible)
    for about in abouts.select_related("recommendation").order_by("recommendation__order_key", "pk"):
        by_key[about.contribution_id].records.append(about.recommendation)
    own = [key for key, line in by_key.items() if line.is_own]
    add_evidence(by_key, Evidence.objects.visible_to(user), own)
    return lines


def whole_contribution(user: User, contribution: Contribution) -> ContributionLine:
    """One contribution with the texts of its records."""
    (line,) = contribution_lines(user, Contribution.objects.filter(pk=contribution.pk))
    texts = texts_of(record.pk for record in line.records)
    line.about = [(record, texts.get(record.pk)) for record in line.records]
    return line


@dataclass(frozen=True, slots=True)
class OnRecord:
    """The contributions on one record, and a sentence on how many were not published, and why."""

    lines: list[ContributionLine]
    not_published: str


def contributions_on(recommendation: Recommendation, user: User) -> OnRecord:
    """For the page of the record at the desk."""
    shown, unpublished = on_record(recommendation, Contribution.objects.visible_to(user))
    lines = [line_for(contribution, user) for contribution in shown]
    add_evidence_shown(lines, Evidence.objects.visible_to(user))
    return OnRecord(lines, not_published(unpublished))


def public_contributions(recommendation: Recommendation) -> OnRecord:
    """For the public page of a record."""
    shown, unpublished = on_record(recommendation, Contribution.objects.public())
    lines = [ContributionLine(contribution, author_of(contribution)) for contribution in shown]
    add_evidence_shown(lines, Evidence.objects.public())
    return OnRecord(lines, not_published(unpublished))


def on_record(recommendation: Recommendation, visible: QuerySet) -> tuple[list[Contribution], list[Contribution]]:
    """Visible accepted contributions, and those that were not published, in one query."""
    accepted = Q(state=Contribution.State.ACCEPTED, pk__in=visible.order_by().values("pk"))
    unpublished = Q(pk__in=Contribution.objects.unpublished().order_by().values("pk"))
    rows = shown_by_evidence(Contribution.objects.filter(accepted | unpublished, recommendations=recommendation))
    contributions = list(rows.select_related("contributor"))
    shown = [contribution for contribution in contributions if contribution.state == Contribution.State.ACCEPTED]
    return shown, [
        contribution for contribution in contributions if contribution.state != Contribution.State.ACCEPTED
    ]


def all_not_published() -> str:
    """The sentence for all public records together."""
    received = Q(state=Contribution.State.RECEIVED)
    unpublished = Contribution.objects.unpublished().order_by()
    by_reason = unpublished.exclude(received).values("decline_reason").annotate(number=Count("pk"))
    waiting = unpublished.filter(received).aggregate(number=Count("pk"), oldest=Min("received_at"))
    counts = Counter({row["decline_reason"]: row["number"] for row in by_reason})
    return sentence_on(counts, waiting["number"], waiting["oldest"])


def not_published(unpublished: Iterable[Contribution]) -> str:
    rows = list(unpublished)
    received = [row.received_at for row in rows if row.state == Contribution.State.RECEIVED]
    counts = Counter(row.decline_reason for row in rows if row.state != Contribution.State.RECEIVED)
    return sentence_on(counts, len(received), min(received, default=None))


def sentence_on(counts: Counter[str], waiting: int, oldest: datetime | None) -> str:
    """How many contributions were not published, for each reason, and how many await an answer since when; an empty
    text if there are none. The same for all readers."""
    counts = Counter(counts)
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
    return " ".join([*sentences, *awaiting_answer(waiting, oldest)])


def awaiting_answer(waiting: int, oldest: datetime | None) -> list[str]:
    """How many await an answer, and since which day the oldest does."""
    sentence = ngettext(
        "%(count)d contribution awaits an answer since %(day)s.",
        "%(count)d contributions await an answer, the oldest since %(day)s.",
        waiting,
    )
    return [sentence % {"count": waiting, "day": date_of(oldest)}] if oldest else []


def date_of(moment: datetime) -> str:
    return date_format(timezone.localdate(moment), "DATE_FORMAT")


def in_words(reason: str, count: int) -> str:
    phrases = {
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
    return phrases[DeclineReason(reason)] % {"count": count}


def shown_by_evidence(rows: QuerySet) -> QuerySet:
    """Annotate whether there is evidence, so that it is only queried if there is any."""
    return rows.annotate(
        has_evidence=Exists(Contribution.evidence.through.objects.filter(contribution=OuterRef("pk")))
    )


def add_evidence_shown(lines: Sequence[ContributionLine], visible: QuerySet) -> None:
    if with_evidence := {line.contribution.pk: line for line in lines if vars(line.contribution)["has_evidence"]}:
        add_evidence(with_evidence, visible, [])


def add_evidence(by_key: dict[int, ContributionLine], visible: QuerySet, own: Sequence[int]) -> None:
    """Add the evidence that the reader may see; contributors also see the titles of what they sent themselves. Files
    that they sent without their name are not delivered to them."""
    through = Contribution.evidence.through.objects
    is_withdrawn = Q(evidence__is_public=True) & ~Q(evidence__withdrawn_at=None)
    shown = Q(evidence__in=visible.order_by().values("pk")) | is_withdrawn
    ticks = through.filter(shown, contribution__in=by_key)
    if own:
        ticks = ticks | through.filter(contribution__in=own)
    delivered = Exists(visible.order_by().filter(pk=OuterRef("evidence")))
    for tick in ticks.select_related("evidence").annotate(is_delivered=delivered).order_by("pk"):
        line = by_key[tick.contribution_id]
        vars(tick.evidence)["is_title_only"] = not vars(tick)["is_delivered"]
        (line.withdrawn if tick.evidence.withdrawn_at else line.evidence).append(tick.evidence)


def line_for(contribution: Contribution, user: User) -> ContributionLine:
    is_own = contribution.contributor_id is not None and contribution.contributor_id == user.pk
    if is_own or can(user, Can.SEE_CONTRIBUTORS):
        return ContributionLine(
            contribution, full_identity(contribution), is_own=is_own, is_known_to_few=contribution.hides_identity
        )
    return ContributionLine(contribution, author_of(contribution))


def full_identity(contribution: Contribution) -> str:
    """Person, organisation and address, for those who may know them."""
    parts = [
        str(contribution.contributor) if contribution.contributor else "",
        contribution.organisation,
        contribution.email,
    ]
    return " · ".join(part for part in parts if part) or _("Not named")


def author_of(contribution: Contribution) -> str:
    """The organisation, unless the identity is hidden; never the person."""
    return named_author(contribution) or _("Not named")


def named_author(contribution: Contribution) -> str:
    """The organisation, or nothing if the identity is hidden or there is none."""
    return "" if contribution.hides_identity else contribution.organisation
