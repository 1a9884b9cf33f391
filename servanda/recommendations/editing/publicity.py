"""Records that an accredited institution has assessed on its own signature cannot silently stop being public: a
public reason is required, which is shown at their address. `save_version` and `save_versions` enforce this."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.pages.translations import listed
from servanda.kit.refusal import FieldRefused
from servanda.people.models import Institution, Notification, User
from servanda.people.notifications.services import notify, origin_for_links
from servanda.recommendations.editing.signers import people_of, write_to_institution
from servanda.recommendations.models import PublicReason, Recommendation, Signature, TextVersion
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

Confidentiality = Recommendation.Confidentiality
Concealment = PublicReason.Concealment


@dataclass(frozen=True, slots=True)
class Explanation:
    """The public reason why records are no longer public; with `protects_person` their texts are hidden as well."""

    reason: str = ""
    protects_person: bool = False

    def __bool__(self) -> bool:
        return bool(clean(self.reason))


NO_EXPLANATION = Explanation()


def is_open(record: Recommendation) -> bool:
    """Whether the record, as it is in memory, is public."""
    return record.merged_into_id is None and is_marked_public(record)


def is_marked_public(record: Recommendation) -> bool:
    """Whether the record, as it is in memory, is public or would be if it was not merged into another."""
    is_kept = record.withdrawn_at is None
    return is_kept and record.is_published and record.confidentiality == Confidentiality.PUBLIC


def signed_and_public(records: Iterable[Recommendation]) -> dict[int, list[Institution]]:
    """The institutions with signed assessments, by id of those of these records that are public in the database.

    Merged records count as well: their address redirects to the survivor, and they return when the merge is undone.
    """
    pks = [record.pk for record in records]
    if not pks:
        return {}
    public = Recommendation.objects.marked_public().filter(pk__in=pks).order_by().values("pk")
    institutions: dict[int, list[Institution]] = {}
    rows = Signature.objects.filter(recommendation__in=public).select_related("institution")
    for signature in rows.order_by("institution__code"):
        institutions.setdefault(signature.recommendation_id, []).append(signature.institution)
    return institutions


def is_signed_and_public(record: Recommendation) -> bool:
    return bool(signed_and_public([record]))


def explain_publicity(records: Sequence[Recommendation], explanation: Explanation, *, by: User | None) -> None:
    """Call this before these records are saved: publish the explanation for those with a signed assessment that stop
    being public, and end the explanations of those that are public again.

    Raises `Refused` where an explanation is needed and missing.
    """
    leaving = [record for record in records if not is_open(record)]
    signers = signed_and_public(leaving)
    hidden = [record for record in leaving if record.pk in signers and not is_still_reachable(record)]
    if hidden and not explanation:
        refuse_without_reason(hidden[0], signers[hidden[0].pk])
    for record in hidden:
        publish_reason(record, explanation, by=by)
    tell_institutions(hidden, signers, explanation, by=by)
    shown = [record.pk for record in records if is_open(record)]
    PublicReason.objects.open().filter(recommendation__in=shown).update(ended_at=timezone.now())


def is_still_reachable(record: Recommendation) -> bool:
    """Whether its address redirects to a survivor that is public, or whose public reason is shown; the assessments
    were moved to the survivor."""
    if record.merged_into is None or not is_marked_public(record):
        return False
    survivor = survivor_of(record)
    is_explained = PublicReason.objects.open().filter(recommendation=survivor).exists()
    return is_explained or Recommendation.every_kind.public().filter(pk=survivor.pk).exists()


def survivor_of(record: Recommendation) -> Recommendation:
    """The record into which this one was finally merged, or the record itself."""
    while record.merged_into is not None:
        record = record.merged_into
    return record


def refuse_without_reason(record: Recommendation, institutions: Sequence[Institution]) -> None:
    sentence = _(
        "%(code)s has a published assessment signed by %(institutions)s. Enter a public reason: it is shown at "
        "the address of the record, and the institution is informed."
    )
    values = {"code": record.code, "institutions": listed([str(institution) for institution in institutions])}
    raise FieldRefused("public_reason", sentence % values)


def publish_reason(record: Recommendation, explanation: Explanation, *, by: User | None) -> None:
    record_before = Recommendation.objects.select_related("document").get(pk=record.pk)
    texts = list(TextVersion.objects.current().filter(recommendation=record, form=TextVersion.Form.FULL)[:1])
    shown = [] if explanation.protects_person else texts
    public_reason = PublicReason(
        recommendation=record_before,
        what=what_was_done(record),
        reason=clean(explanation.reason),
        protects_person=explanation.protects_person,
        symbol=record_before.document.symbol if record_before.document else "",
        paragraph=record_before.paragraph,
        language=shown[0].language if shown else "",
        text=shown[0].text if shown else "",
        by=by,
    )
    PublicReason.objects.open().filter(recommendation=record).update(ended_at=timezone.now())
    public_reason.save()
    Event.record("public-reason-given", record_before, by=by, difference={"reason": ["", public_reason.reason]})


def what_was_done(record: Recommendation) -> str:
    if record.withdrawn_at:
        return Concealment.WITHDRAWN
    if record.confidentiality == Confidentiality.PUBLIC:
        return Concealment.UNPUBLISHED
    return Concealment.RESTRICTED if record.is_restricted else Concealment.INTERNAL


def tell_institutions(
    records: Sequence[Recommendation],
    signers: dict[int, list[Institution]],
    explanation: Explanation,
    *,
    by: User | None,
) -> None:
    """Notify the institutions and send them mails, one for all records of each."""
    by_institution: dict[Institution, list[Recommendation]] = {}
    for record in records:
        for institution in signers[record.pk]:
            by_institution.setdefault(institution, []).append(record)
    for institution, their_records in by_institution.items():
        codes = listed([record.code for record in their_records])
        people = people_of(institution)
        notify(people=people, kind=Notification.Kind.RECORD_CONCEALED, thing=their_records[0], by=by, label=codes)
        write_to_institution(institution, partial(letter_on_leaving, their_records, explanation))


def letter_on_leaving(records: Sequence[Recommendation], explanation: Explanation, name: str) -> tuple[str, str]:
    addresses = [origin_for_links("") + reverse("portal:recommendation", args=[record.code]) for record in records]
    body = _(
        "Hello %(name)s,\n\nThese records that you have assessed are no longer public:\n\n%(addresses)s\n\nPublic "
        "reason:\n\n%(reason)s\n\n%(shown)s\n"
    )
    shown = _("The reason and your assessment are shown at these addresses.")
    if explanation.protects_person:
        shown = _(
            "The coordinator has stated that this protects a person. The public reason and your rating are "
            "shown at these addresses. The text of the record, your reasons and your links are not shown. If "
            "you disagree, write to the coordinator or publish your assessment elsewhere."
        )
    values = {"name": name, "addresses": "\n".join(addresses), "reason": clean(explanation.reason), "shown": shown}
    return _("Records that you have assessed are no longer public"), body % values
