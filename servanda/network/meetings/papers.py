"""Papers of a meeting: examined like evidence, out of reach of the web server, one file a language."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.network.files_in_languages import keep_file, restore_file, withdraw_file
from servanda.network.meetings.registration import lock_open
from servanda.network.models import AgendaPoint, Meeting, MeetingPaper
from servanda.people.models import User
from servanda.progress.evidence.services import Examined, examine

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
    if meeting.papers.filter(withdrawn_at=None).count() >= MOST_PAPERS:
        raise Refused(_("A meeting has at most %(most)d papers.") % {"most": MOST_PAPERS})
    row = MeetingPaper(meeting=meeting, title=title, language=language, point=point, added_by=by)
    return keep_file(row, examined, action="meeting-paper-added")


@transaction.atomic
def withdraw_paper(*, paper: MeetingPaper, reason: str, by: User) -> None:
    """No one can download it any more. Raises `Refused` without a reason."""
    withdraw_file(paper, reason=reason, action="meeting-paper-withdrawn", by=by)


@transaction.atomic
def restore_paper(*, paper: MeetingPaper, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    restore_file(paper, action="meeting-paper-restored", by=by)
