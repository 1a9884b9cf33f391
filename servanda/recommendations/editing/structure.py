"""Links, splits, withdraws and restores records."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.versioning import attribute
from servanda.recommendations.editing.copying import copy_to_piece
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.editing.publicity import NO_EXPLANATION, Explanation
from servanda.recommendations.editing.services import described
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import Link, Recommendation, RecordObligation, TextVersion
from servanda.recommendations.records import codes
from servanda.recommendations.records.renaming import taken_numbers
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event
from servanda.vocab.models import Body

BY_HAND = {Link.Relation.REPEATS, Link.Relation.FOLLOWS_UP}


@transaction.atomic
def link_recommendations(*, recommendation: Recommendation, to: Recommendation, relation: str, by: User) -> Link:
    """Record that a recommendation repeats or follows up another one. Raises `Refused`."""
    record = lock(recommendation)
    if record.pk == to.pk:
        raise Refused(_("A record cannot be linked with itself. Enter the reference of another record."))
    if relation not in BY_HAND:
        raise Refused(_("Choose whether this record repeats or follows up the other record."))
    link, is_new = Link.objects.get_or_create(
        from_recommendation=record, to_recommendation=to, relation=relation, defaults={"said_by": by}
    )
    if not is_new:
        raise Refused(_("The link with record %(code)s already exists.") % {"code": to.code})
    save_version(record, "link-added", by=by, difference={"link": ["", in_words(link)]})
    return link


@transaction.atomic
def unlink_recommendations(*, link: Link, by: User) -> None:
    record = lock(link.from_recommendation)
    if link.relation not in BY_HAND:
        raise Refused(_("Links from a merge or split cannot be removed. A merge can be undone."))
    description = in_words(link)
    link.delete()
    save_version(record, "link-removed", by=by, difference={"link": [description, ""]})


def in_words(link: Link) -> str:
    return f"{link.relation} {link.to_recommendation.code}"


@transaction.atomic
def withdraw_recommendation(
    *, recommendation: Recommendation, reason: str, explanation: Explanation = NO_EXPLANATION, by: User
) -> None:
    """Remove a record from every list, with a reason; nothing is deleted. Raises `Refused`."""
    record = lock_kept(recommendation)
    if not (reason := clean(reason)):
        raise Refused(_("Enter the reason for withdrawing the record."))
    record.withdrawn_at, record.withdrawn_reason = timezone.now(), reason
    difference = {"withdrawn_reason": ["", reason]}
    save_version(record, "recommendation-withdrawn", by=by, difference=difference, explanation=explanation)


@transaction.atomic
def restore_recommendation(*, recommendation: Recommendation, by: User) -> None:
    """Restore a withdrawn record. Raises `Refused` where it is not withdrawn, or where an obligation has taken its
    place."""
    record = lock(recommendation)
    if record.withdrawn_at is None:
        raise Refused(_("This record is not withdrawn."))
    turned = RecordObligation.objects.current().filter(recommendation=record)
    if turned.filter(obligation__withdrawn_at=None).exists():
        raise Refused(_("This record was turned into an obligation. Turn it back on this page."))
    turned.update(ended_at=timezone.now())
    reason = record.withdrawn_reason
    record.withdrawn_at, record.withdrawn_reason = None, ""
    save_version(record, "recommendation-restored", by=by, difference={"withdrawn_reason": [reason, ""]})


def lock_kept(recommendation: Recommendation, *, version: int | None = None) -> Recommendation:
    record = lock(recommendation, version=version)
    if record.withdrawn_at or record.merged_into_id:
        raise Refused(_("%(code)s is no longer in the register. Restore it first.") % {"code": record.code})
    return record


@transaction.atomic
def split_recommendation(
    *,
    recommendation: Recommendation,
    texts: Sequence[str],
    explanation: Explanation = NO_EXPLANATION,
    by: User,
) -> list[Recommendation]:
    """Create a record from each text and withdraw the original; each piece is linked to it. Raises `Refused`."""
    record = lock_kept(recommendation)
    texts = [text for text in map(clean, texts) if text]
    if len(texts) < 2:
        raise Refused(_("Enter at least two texts, one for each new record."))
    Body.objects.select_for_update(no_key=True).get(pk=record.body_id)  # two at once must not get one number
    first = taken_numbers([record.code_stem])[record.code_stem] + 1
    pieces = [make_piece(record, text, number, by) for number, text in enumerate(texts, first)]
    reindex([piece.pk for piece in pieces])
    names = ", ".join(piece.code for piece in pieces)
    record.withdrawn_at, record.withdrawn_reason = timezone.now(), _("Split into %(codes)s.") % {"codes": names}
    difference = {"split": [record.code, names]}
    save_version(record, "recommendation-split", by=by, difference=difference, explanation=explanation)
    return pieces


def make_piece(original: Recommendation, text: str, number: int, by: User) -> Recommendation:
    """A new record with everything but the texts of the original, sorted right after it."""
    piece = Recommendation(
        code=codes.nth(original.code_stem, number),
        code_stem=original.code_stem,
        order_key=codes.order_key(codes.prefix_of(original.code_stem), original.paragraph, number),
        kind=original.kind,
        country_id=original.country_id,
        body_id=original.body_id,
        review_id=original.review_id,
        document_id=original.document_id,
        paragraph=original.paragraph,
        date=original.date,
        year=original.year,
        language=original.language,
        stand=original.stand,
        decide_by=original.decide_by,
        **{name: getattr(original, name) for name in Recommendation.NATIONAL},
        confidentiality=original.confidentiality,
        is_published=original.is_published,
    )
    attribute(piece, by=by)
    piece.save()
    piece.restricted_to.set(original.restricted_to.all())
    piece.also_concerns.set(original.also_concerns.all())
    copy_to_piece(original, piece)
    TextVersion.objects.create(recommendation=piece, language=original.language, text=text, is_original=True)
    Link.objects.create(
        from_recommendation=piece, to_recommendation=original, relation=Link.Relation.SPLIT_FROM, said_by=by
    )
    Event.record("recommendation-created", piece, by=by, difference={"text": ["", text]} | facts_of(piece))
    return piece


def facts_of(record: Recommendation) -> dict[str, list[str]]:
    return {name: ["", value] for name, value in described(record).items() if value}
