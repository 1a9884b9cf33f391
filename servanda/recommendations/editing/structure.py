"""Records that belong together, fall apart, become one, or leave the register with a reason."""

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
from servanda.recommendations.models import Link, Recommendation, TextVersion
from servanda.recommendations.records import codes
from servanda.recommendations.records.renaming import taken_numbers
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event
from servanda.vocab.models import Body

BY_HAND = {Link.Relation.REPEATS, Link.Relation.FOLLOWS_UP}


@transaction.atomic
def link_recommendations(*, recommendation: Recommendation, to: Recommendation, relation: str, by: User) -> Link:
    """Say that a recommendation repeats or follows up another one."""
    held = lock(recommendation)
    if held.pk == to.pk:
        raise Refused(_("A record cannot be linked with itself. Give the reference of another one."))
    if relation not in BY_HAND:
        raise Refused(_("Choose whether it repeats or follows up the other one."))
    link, is_new = Link.objects.get_or_create(
        from_recommendation=held, to_recommendation=to, relation=relation, defaults={"said_by": by}
    )
    if not is_new:
        raise Refused(_("This link is there already."))
    save_version(held, "link-added", by=by, difference={"link": ["", in_words(link)]})
    return link


@transaction.atomic
def unlink_recommendations(*, link: Link, by: User) -> None:
    held = lock(link.from_recommendation)
    if link.relation not in BY_HAND:
        raise Refused(_("This link tells how the records came about and stays. Undo the merge to be rid of it."))
    words = in_words(link)
    link.delete()
    save_version(held, "link-removed", by=by, difference={"link": [words, ""]})


def in_words(link: Link) -> str:
    return f"{link.relation} {link.to_recommendation.code}"


@transaction.atomic
def withdraw_recommendation(
    *, recommendation: Recommendation, reason: str, explanation: Explanation = NO_EXPLANATION, by: User
) -> None:
    """Take a record out of every list, with the reason; nothing is deleted."""
    held = hold_kept(recommendation)
    if not (reason := clean(reason)):
        raise Refused(_("Say why the record is withdrawn."))
    held.withdrawn_at, held.withdrawn_reason = timezone.now(), reason
    difference = {"withdrawn_reason": ["", reason]}
    save_version(held, "recommendation-withdrawn", by=by, difference=difference, explanation=explanation)


@transaction.atomic
def restore_recommendation(*, recommendation: Recommendation, by: User) -> None:
    """Bring a withdrawn record back as it was."""
    held = lock(recommendation)
    if held.withdrawn_at is None:
        raise Refused(_("This record is not withdrawn."))
    reason = held.withdrawn_reason
    held.withdrawn_at, held.withdrawn_reason = None, ""
    save_version(held, "recommendation-restored", by=by, difference={"withdrawn_reason": [reason, ""]})


def hold_kept(recommendation: Recommendation) -> Recommendation:
    held = lock(recommendation)
    if held.withdrawn_at or held.merged_into_id:
        raise Refused(_("%(code)s is no longer in the register. Restore it first.") % {"code": held.code})
    return held


@transaction.atomic
def split_recommendation(
    *,
    recommendation: Recommendation,
    texts: Sequence[str],
    explanation: Explanation = NO_EXPLANATION,
    by: User,
) -> list[Recommendation]:
    """Make one record of each text; the whole is withdrawn and each piece says where it comes from."""
    held = hold_kept(recommendation)
    texts = [text for text in map(clean, texts) if text]
    if len(texts) < 2:
        raise Refused(_("Give at least two texts, one for each new record."))
    Body.objects.select_for_update(no_key=True).get(pk=held.body_id)  # two at once must not get one number
    first = taken_numbers([held.code_stem])[held.code_stem] + 1
    pieces = [make_piece(held, text, number, by) for number, text in enumerate(texts, first)]
    reindex([piece.pk for piece in pieces])
    names = ", ".join(piece.code for piece in pieces)
    held.withdrawn_at, held.withdrawn_reason = timezone.now(), _("Split into %(codes)s.") % {"codes": names}
    difference = {"split": [held.code, names]}
    save_version(held, "recommendation-split", by=by, difference=difference, explanation=explanation)
    return pieces


def make_piece(whole: Recommendation, text: str, number: int, by: User) -> Recommendation:
    """A record of its own with everything but the texts of the whole, sorted right behind it."""
    piece = Recommendation(
        code=codes.nth(whole.code_stem, number),
        code_stem=whole.code_stem,
        order_key=codes.order_key(whole.code_stem.rsplit("-", 1)[0], whole.paragraph, number),
        kind=whole.kind,
        country_id=whole.country_id,
        body_id=whole.body_id,
        review_id=whole.review_id,
        document_id=whole.document_id,
        paragraph=whole.paragraph,
        date=whole.date,
        year=whole.year,
        language=whole.language,
        stand=whole.stand,
        decide_by=whole.decide_by,
        **{name: getattr(whole, name) for name in Recommendation.NATIONAL},
        confidentiality=whole.confidentiality,
        is_published=whole.is_published,
    )
    attribute(piece, by=by)
    piece.save()
    piece.restricted_to.set(whole.restricted_to.all())
    piece.also_concerns.set(whole.also_concerns.all())
    copy_to_piece(whole, piece)
    TextVersion.objects.create(recommendation=piece, language=whole.language, text=text, is_original=True)
    Link.objects.create(
        from_recommendation=piece, to_recommendation=whole, relation=Link.Relation.SPLIT_FROM, said_by=by
    )
    Event.record("recommendation-created", piece, by=by, difference={"text": ["", text]} | facts_of(piece))
    return piece


def facts_of(record: Recommendation) -> dict[str, list[str]]:
    return {name: ["", value] for name, value in described(record).items() if value}
