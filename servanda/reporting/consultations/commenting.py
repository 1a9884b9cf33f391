"""Comments on drafts: send, edit, withdraw. Closing, extending and commenting lock the consultation, so they run one
after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.people.versioning import overwriting_conflict, refuse_if_changed
from servanda.progress.assessments.signing import may_sign
from servanda.progress.assessments.speaking import contributing_institution, remember_institution
from servanda.progress.contributions.visitors import AN_HOUR, Visitor, refuse_hasty_or_flooding
from servanda.progress.evidence.services import Examined
from servanda.progress.rounds.days import local_day
from servanda.progress.updates.permissions import refuse_other_sender
from servanda.reporting.consultations.attachments import keep_files, remove_files
from servanda.reporting.models import CommentFile, Consultation, ConsultationComment, ConsultedSection
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

State = ConsultationComment.State
MOST_OF_A_PERSON = 500  # on one consultation
MOST_OF_VISITORS = 20_000  # on one consultation


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentValues:
    """Without a section, the comment is on the whole text."""

    text: str
    language: str
    section: ConsultedSection | None = None
    organisation: str = ""
    files: Sequence[Examined] = ()
    removed: Sequence[CommentFile] = ()
    institution: Institution | None = None  # chosen by a person who contributes for several


def add_consultation_comment(
    *,
    consultation: Consultation,
    values: CommentValues,
    form_key: UUID,
    by: User | None,
    visitor: Visitor | None = None,
) -> ConsultationComment:
    """Send a comment from an account, or from a visitor through the public page. A form sent twice makes one row.

    Raises `Refused` if this person or visitor may not comment or the consultation is closed, and `FieldRefused` if
    the text is missing.
    """
    if existing := ConsultationComment.objects.filter(form_key=form_key).first():
        refuse_other_sender(existing.author, by)
        return existing
    try:
        return store_comment(consultation, values, form_key=form_key, by=by, visitor=visitor)
    except IntegrityError:  # the same form arrived twice at the same moment
        first = ConsultationComment.objects.filter(form_key=form_key).first()
        if first is None:
            raise
        refuse_other_sender(first.author, by)
        return first


@transaction.atomic
def store_comment(
    consultation: Consultation, values: CommentValues, *, form_key: UUID, by: User | None, visitor: Visitor | None
) -> ConsultationComment:
    if visitor:
        lately = ConsultationComment.objects.filter(author=None, sent_at__gt=timezone.now() - AN_HOUR).count()
        refuse_hasty_or_flooding(visitor, on=timezone.now(), besides=lately)
    locked = lock_open(consultation, by=by)
    refuse_too_many(locked, by)
    if values.section is not None and values.section.consultation_id != locked.pk:
        raise FieldRefused("section", _("Choose a section of this draft."))
    institution = contributing_institution(by, values.institution)
    comment = ConsultationComment.objects.create(
        consultation=locked,
        section=values.section,
        text=required_text(values.text),
        language=values.language,
        author=by,
        organisation=name_in(locked, institution) if institution else clean_label(values.organisation)[:200],
        institution=institution,
        state=state_of_new(locked, by, institution),
        is_signed=by is not None and may_sign(by, institution),
        form_key=form_key,
    )
    keep_files(comment, values.files)
    if by is None:
        Event.record("consultation-comment-without-name", comment, label=locked.title)
    else:
        remember_institution(by, values.institution)
        Event.record("consultation-comment-added", comment, by=by, label=locked.title)
    return comment


def name_in(consultation: Consultation, institution: Institution) -> str:
    """In the language of the draft, whatever language the page had on which the comment was written."""
    with translation.override(consultation.language):
        return str(institution)[:200]


def state_of_new(consultation: Consultation, by: User | None, institution: Institution | None) -> str:
    """The state of a new comment. Invited readers see it at once. On a public consultation, the comment of an
    accredited institution is published at once; all others await publication."""
    if consultation.audience == Consultation.Audience.INVITED or (by is not None and may_sign(by, institution)):
        return State.SHOWN
    return State.WAITING


def lock_open(consultation: Consultation, *, by: User | None) -> Consultation:
    """Lock the consultation. Raises `Refused` if the person may not comment, or after the deadline."""
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("report")
    locked = rows.get(pk=consultation.pk)
    if by is None and not locked.is_public:
        raise Refused(_("Only people with an invitation can comment on this draft."))
    if by is not None and not may_comment(locked, by):
        raise Refused(_("You do not have permission to comment on this draft. Contact the coordinator."))
    if not locked.is_open_on(local_day(timezone.now())):
        raise Refused(_("This consultation is closed. Comments can no longer be sent or changed."))
    return locked


def may_comment(consultation: Consultation, user: User) -> bool:
    """Whether the person is a contributor who can read the draft. People of the mechanism do not comment on their own
    draft."""
    if not can(user, Can.CONTRIBUTE) or can(user, Can.EDIT_REPORTS):
        return False
    return Consultation.objects.visible_to(user).filter(pk=consultation.pk).exists()


def refuse_too_many(consultation: Consultation, by: User | None) -> None:
    number = ConsultationComment.objects.filter(consultation=consultation, author=by).count()
    if number >= (MOST_OF_A_PERSON if by else MOST_OF_VISITORS):
        raise Refused(
            _("The maximum number of comments on this draft has been reached. Combine several points in one comment.")
        )


def required_text(text: str) -> str:
    if not (cleaned := clean(text)):
        raise FieldRefused("text", _("Enter the text of your comment."))
    return cleaned


@transaction.atomic
def edit_consultation_comment(
    *, comment: ConsultationComment, values: CommentValues, seen: int, by: User | None
) -> ConsultationComment:
    """Change one's own comment until the consultation closes. A visitor is known by the secret key of the comment.

    Raises `Refused` for others, after closing, and once there is a reply; `ChangedMeanwhile` if it changed since.
    """
    locked = lock_own(comment, by=by)
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    if values.section is not None and values.section.consultation_id != locked.consultation_id:
        raise FieldRefused("section", _("Choose a section of this draft."))
    locked.text, locked.language, locked.section = required_text(values.text), values.language, values.section
    locked.state, locked.changed_at = state_of_new(locked.consultation, by, locked.institution), timezone.now()
    locked.version += 1
    locked.save()
    remove_files(locked, values.removed)
    keep_files(locked, values.files)
    Event.record("consultation-comment-edited", locked, by=by, label=locked.consultation.title)
    return locked


@transaction.atomic
def withdraw_consultation_comment(*, comment: ConsultationComment, by: User | None) -> ConsultationComment:
    """Withdraw one's own comment until the consultation closes; the row stays. Raises the same errors as
    `edit_consultation_comment`."""
    locked = lock_own(comment, by=by)
    locked.state, locked.withdrawn_at = State.WITHDRAWN, timezone.now()
    locked.version += 1
    locked.save()
    Event.record("consultation-comment-withdrawn", locked, by=by, label=locked.consultation.title)
    return locked


def lock_own(comment: ConsultationComment, *, by: User | None) -> ConsultationComment:
    consultation = lock_open(comment.consultation, by=by)
    rows = ConsultationComment.objects.select_for_update(of=("self",)).filter(author=by, pk=comment.pk)
    locked = rows.first()
    if locked is None:
        raise Refused(_("Only its author can change or withdraw a comment."))
    if locked.state == State.WITHDRAWN:
        raise Refused(_("This comment has already been withdrawn."))
    if locked.state == State.WITHHELD or locked.verdict:
        raise Refused(_("This comment has a reply and can no longer be changed. Send another one."))
    locked.consultation = consultation
    return locked
