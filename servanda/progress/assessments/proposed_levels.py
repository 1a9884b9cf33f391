"""The level that an institution proposes in its update: the coordinator takes it over, or decides on another."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.progress.assessments.services import assess
from servanda.progress.models import Assessment, Grade, Update, Voice
from servanda.progress.updates.coverage import spoken_of
from servanda.progress.updates.services import called, lock, refuse_unless
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

State = Update.State


@transaction.atomic
def take_over_level(*, update: Update, grade: Grade, reason: str, by: User) -> list[Assessment]:
    """Make the proposal, or another level with a reason of its own, the Government's assessment of its records.

    The assessments are not published. Raises `Refused` before the institution has approved its update, where it
    proposes nothing, or a second time.
    """
    held = lock(update)
    refuse_unless(held, State.VALIDATED, State.PUBLISHED)
    if held.proposed_grade is None:
        raise Refused(_("This update proposes no level. Assess on the page of the record."))
    if held.assessments_made.standing().exists():
        raise Refused(_("The proposed level was decided on already. Look at the page of the record."))
    is_changed = grade != held.proposed_grade
    if is_changed and clean(reason) in ("", held.text):
        raise FieldRefused("reason", _("Enter why the level differs from the one proposed."))
    records = [record for record in spoken_of(held) if not (record.withdrawn_at or record.merged_into_id)]
    made = [
        assess(
            recommendation=record,
            voice=Voice.GOVERNMENT,
            grade=grade,
            reason=clean(reason) or held.text,
            confidence=Assessment.Confidence.MEDIUM,
            date=day_of(held, record),
            proposed_in=held,
            by=by,
        )
        for record in records
    ]
    difference = {"level": [str(held.proposed_grade), str(grade)]}
    Event.record("proposed-level-decided", held, by=by, label=called(held), difference=difference)
    return made


def day_of(update: Update, record: Recommendation) -> date:
    """The end of the time that the update is about, if that is over and after the recommendation."""
    today = timezone.localdate()
    end = update.end
    return end if end and end <= today and not (record.date and end < record.date) else today
