"""The level that an institution proposes in its update: the coordinator accepts it, or decides on another."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.progress.assessments.services import assess
from servanda.progress.models import Assessment, Grade, Update, Voice
from servanda.progress.updates.coverage import covered_records
from servanda.progress.updates.transitions import lock, refuse_unless, trail_label
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
    update = lock(update)
    refuse_unless(update, State.VALIDATED, State.PUBLISHED)
    if update.proposed_grade is None:
        raise Refused(_("This update does not propose a level. Add the assessment on the page of the record."))
    if update.assessments_made.standing().exists():
        raise Refused(_("The proposed level has already been decided. See the page of the record."))
    is_changed = grade != update.proposed_grade
    if is_changed and clean(reason) in ("", update.text):
        raise FieldRefused("reason", _("Enter the reason for choosing a different level."))
    records = [record for record in covered_records(update) if not (record.withdrawn_at or record.merged_into_id)]
    assessments = [
        assess(
            recommendation=record,
            voice=Voice.GOVERNMENT,
            grade=grade,
            reason=clean(reason) or update.text,
            confidence=Assessment.Confidence.MEDIUM,
            date=day_of(update, record),
            proposed_in=update,
            by=by,
        )
        for record in records
    ]
    difference = {"level": [str(update.proposed_grade), str(grade)]}
    Event.record("proposed-level-decided", update, by=by, label=trail_label(update), difference=difference)
    return assessments


def day_of(update: Update, record: Recommendation) -> date:
    """The end of the period of the update, if it is past and after the recommendation; otherwise today."""
    today = timezone.localdate()
    end = update.end
    return end if end and end <= today and not (record.date and end < record.date) else today
