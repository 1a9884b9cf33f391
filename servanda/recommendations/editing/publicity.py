"""What an accredited institution assessed on its own signature does not disappear: a public record leaves the public
only with a reason that the public reads at its address. `save_version` and `save_versions` ask here before every
save."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.pages.translations import listed
from servanda.kit.refusal import FieldRefused
from servanda.people.models import Institution, Notification, User
from servanda.people.notifications.services import house_address, notify
from servanda.recommendations.editing.signers import people_of, write_to_institution
from servanda.recommendations.models import PublicReason, Recommendation, Signature, TextVersion
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

Confidentiality = Recommendation.Confidentiality
What = PublicReason.What


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why records leave the public, in words for the public; `protects_person`: their texts are not shown either."""

    reason: str = ""
    protects_person: bool = False

    def __bool__(self) -> bool:
        return bool(clean(self.reason))


NO_EXPLANATION = Explanation()


def is_open(record: Recommendation) -> bool:
    """Whether the record as it is in memory is for everybody."""
    return record.merged_into_id is None and is_marked_public(record)


def is_marked_public(record: Recommendation) -> bool:
    """Whether the record as it is in memory is for everybody, or would be if it was not merged into another."""
    is_kept = record.withdrawn_at is None
    return is_kept and record.is_published and record.confidentiality == Confidentiality.PUBLIC


def signed_and_public(records: Iterable[Recommendation]) -> dict[int, list[Institution]]:
    """Which of these records carry signed assessments and are public in the database, and whose. One that was merged
    counts as well: its address leads to the record that took it in, and it comes back when the merge is undone."""
    pks = [record.pk for record in records]
    if not pks:
        return {}
    public = Recommendation.objects.marked_public().filter(pk__in=pks).order_by().values("pk")
    found: dict[int, list[Institution]] = {}
    rows = Signature.objects.filter(recommendation__in=public).select_related("institution")
    for one in rows.order_by("institution__code"):
        found.setdefault(one.recommendation_id, []).append(one.institution)
    return found


def is_signed_and_public(record: Recommendation) -> bool:
    return bool(signed_and_public([record]))


def settle_publicity(held: Sequence[Recommendation], explanation: Explanation, *, by: User | None) -> None:
    """Before these records are saved: those that leave the public and carry a signed assessment need an explanation,
    which is published; those that are public again need theirs no longer. Raises `Refused`."""
    leaving = [record for record in held if not is_open(record)]
    signers = signed_and_public(leaving)
    hidden = [record for record in leaving if record.pk in signers and not is_found(record)]
    if hidden and not explanation:
        refuse_without_reason(hidden[0], signers[hidden[0].pk])
    for record in hidden:
        publish_reason(record, explanation, by=by)
    tell_institutions(hidden, signers, explanation, by=by)
    shown = [record.pk for record in held if is_open(record)]
    PublicReason.objects.open().filter(recommendation__in=shown).update(ended_at=timezone.now())


def is_found(record: Recommendation) -> bool:
    """Whether its address leads to a record that everybody sees, or to the reason why that is not public: this took
    over the assessments."""
    if record.merged_into is None or not is_marked_public(record):
        return False
    survivor = survivor_of(record)
    is_explained = PublicReason.objects.open().filter(recommendation=survivor).exists()
    return is_explained or Recommendation.objects.public().filter(pk=survivor.pk).exists()


def survivor_of(record: Recommendation) -> Recommendation:
    """The record that took this one in, and is itself merged into no other; or the record itself."""
    while record.merged_into is not None:
        record = record.merged_into
    return record


def refuse_without_reason(record: Recommendation, institutions: Sequence[Institution]) -> None:
    sentence = _(
        "%(code)s carries an assessment that %(institutions)s published on its own signature. Enter a public reason:"
        " it is shown at the address of the record, and the institution is informed."
    )
    words = {"code": record.code, "institutions": listed([str(one) for one in institutions])}
    raise FieldRefused("public_reason", sentence % words)


def publish_reason(record: Recommendation, explanation: Explanation, *, by: User | None) -> None:
    before = Recommendation.objects.select_related("document").get(pk=record.pk)
    texts = list(TextVersion.objects.current().filter(recommendation=record, form=TextVersion.Form.FULL)[:1])
    shown = [] if explanation.protects_person else texts
    made = PublicReason(
        recommendation=before,
        what=what_was_done(record),
        reason=clean(explanation.reason),
        protects_person=explanation.protects_person,
        symbol=before.document.symbol if before.document else "",
        paragraph=before.paragraph,
        language=shown[0].language if shown else "",
        text=shown[0].text if shown else "",
        by=by,
    )
    PublicReason.objects.open().filter(recommendation=record).update(ended_at=timezone.now())
    made.save()
    Event.record("public-reason-given", before, by=by, difference={"reason": ["", made.reason]})


def what_was_done(record: Recommendation) -> str:
    if record.withdrawn_at:
        return What.WITHDRAWN
    if record.confidentiality == Confidentiality.PUBLIC:
        return What.UNPUBLISHED
    return What.RESTRICTED if record.is_restricted else What.INTERNAL


def tell_institutions(
    records: Sequence[Recommendation],
    signers: dict[int, list[Institution]],
    explanation: Explanation,
    *,
    by: User | None,
) -> None:
    """By notification and by mail, once for each institution."""
    by_institution: dict[Institution, list[Recommendation]] = {}
    for record in records:
        for institution in signers[record.pk]:
            by_institution.setdefault(institution, []).append(record)
    for institution, theirs in by_institution.items():
        codes = listed([record.code for record in theirs])
        people = people_of(institution)
        notify(people=people, kind=Notification.Kind.RECORD_CONCEALED, thing=theirs[0], by=by, label=codes)
        write_to_institution(institution, partial(letter_on_leaving, theirs, explanation))


def letter_on_leaving(records: Sequence[Recommendation], explanation: Explanation, name: str) -> tuple[str, str]:
    addresses = [house_address("") + reverse("portal:recommendation", args=[record.code]) for record in records]
    body = _(
        "Hello %(name)s,\n\n"
        "these records that you have assessed are no longer public:\n\n%(addresses)s\n\n"
        "The public reason is:\n\n%(reason)s\n\n%(shown)s\n"
    )
    shown = _("The reason and your assessment are shown at these addresses.")
    if explanation.protects_person:
        shown = _(
            "The coordinator has declared that this protects a person. The public reason and the value of your"
            " assessment are shown at these addresses; the text of the record, the reason you gave and your links"
            " are not. If you disagree, write to the coordinator, or publish your assessment elsewhere."
        )
    words = {"name": name, "addresses": "\n".join(addresses), "reason": clean(explanation.reason), "shown": shown}
    return _("Records that you have assessed are no longer public"), body % words
