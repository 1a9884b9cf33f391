"""Papers of a meeting: examined like evidence, out of reach of the web server, one file a language."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.meetings.registration import lock_open
from servanda.network.models import AgendaPoint, Meeting, MeetingPaper
from servanda.people.models import User
from servanda.progress.evidence.services import Examined, examine
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event

MOST_PAPERS = 200


def add_paper(
    *, meeting: Meeting, file: File, name: str, title: str, language: str, point: AgendaPoint | None, by: User | None
) -> MeetingPaper:
    """Store a file under a generated name. It is examined before any row is locked. Raises `Refused` if it fails,
    and `FieldRefused` without a title."""
    examined = examine(file, name)
    return keep_paper(meeting, examined, title=title, language=language, point=point, by=by)


@transaction.atomic
def keep_paper(
    meeting: Meeting, examined: Examined, *, title: str, language: str, point: AgendaPoint | None, by: User | None
) -> MeetingPaper:
    meeting = lock_open(meeting)
    if not (title := clean_label(title)):
        raise FieldRefused("title", _("Required field."))
    if meeting.papers.filter(withdrawn_at=None).count() >= MOST_PAPERS:
        raise Refused(_("A meeting has at most %(most)d papers.") % {"most": MOST_PAPERS})
    row = MeetingPaper(meeting=meeting, title=title, language=language, point=point, added_by=by)
    Event.record("meeting-paper-added", meeting, by=by, difference={"title": ["", f"{title} ({language})"]})
    row.store(name=examined.name, mime=examined.mime, content=examined.content)
    return row


@transaction.atomic
def withdraw_paper(*, paper: MeetingPaper, reason: str, by: User) -> None:
    """No one can download it any more. Raises `Refused` without a reason."""
    locked = MeetingPaper.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=paper.pk)
    if locked.withdrawn_at is not None:
        raise Refused(_("This has already been done."))
    locked.withdraw(required_reason(reason))
    difference = {"title": ["", locked.title], "reason": ["", locked.withdrawn_reason]}
    Event.record("meeting-paper-withdrawn", locked.meeting, by=by, difference=difference)


@transaction.atomic
def restore_paper(*, paper: MeetingPaper, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    locked = MeetingPaper.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=paper.pk)
    if locked.withdrawn_at is None:
        raise Refused(_("It is not withdrawn."))
    locked.withdrawn_at, locked.withdrawn_reason = None, ""
    locked.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    Event.record("meeting-paper-restored", locked.meeting, by=by, difference={"title": ["", locked.title]})
