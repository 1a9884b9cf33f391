"""Visits: set the answer, the dates and the programme, link the report; keep the standing invitation."""

from collections.abc import Sequence
from datetime import date, time
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import Institution, User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed
from servanda.proceedings.models import Meeting, Proceeding, StandingInvitation
from servanda.proceedings.rules import lock, lock_kept, refuse_unless_running, save_version
from servanda.sources.models import Document
from servanda.sources.printed.texts import clean, clean_label
from servanda.sources.units.withheld import release_report
from servanda.trail.models import Event

FACTS = ("answer", "answered_on", "starts_on", "ends_on", "authorised_on")


class MeetingValues(NamedTuple):
    """One row of the programme; `pk` is that of a row that exists."""

    on: date
    title: str
    at: time | None = None
    venue: str = ""
    institution: Institution | None = None
    note: str = ""
    pk: int | None = None


@transaction.atomic
def set_visit(
    *,
    proceeding: Proceeding,
    answer: str,
    answered_on: date | None,
    starts_on: date | None,
    ends_on: date | None,
    authorised_on: date | None,
    seen: int,
    by: User,
) -> None:
    """Set the answer of the State, the dates of the visit, and when the State authorised the publication.

    Raises `ChangedMeanwhile` if it was changed since `seen`, and `FieldRefused` for dates that contradict each other
    or lie in the future, or that would leave meetings outside the visit.
    """
    if not lock_kept(proceeding).kind_facts.pages & {"visit", "dialogue"}:
        raise Refused(_("This is not a visit."))
    proceeding = lock(proceeding, by=by, seen=seen)
    before = facts(proceeding)
    if answer and answer not in proceeding.answers:
        raise FieldRefused("answer", _("Choose a value from the list."))
    proceeding.answer, proceeding.answered_on = answer, answered_on
    proceeding.starts_on, proceeding.ends_on = starts_on, ends_on or starts_on
    proceeding.authorised_on = authorised_on
    refuse_impossible_dates(proceeding)
    if difference := difference_of(before, facts(proceeding)):
        save_version(proceeding, "visit-set", by=by, difference=difference)
    release_authorised(proceeding)


def refuse_impossible_dates(visit: Proceeding) -> None:
    today = timezone.localdate()
    for name in ("answered_on", "authorised_on"):
        value = getattr(visit, name)
        if value and value > today:
            raise FieldRefused(name, _("The date must be today or in the past."))
    if visit.answered_on and not visit.answer:
        raise FieldRefused("answer", _("Choose the answer, or clear its date."))
    if visit.ends_on and visit.starts_on is None:
        raise FieldRefused("starts_on", _("Enter the first day."))
    if visit.starts_on and visit.ends_on and visit.ends_on < visit.starts_on:
        raise FieldRefused("ends_on", _("The end date is before the start date. Correct one of the two dates."))
    if outside := visit.meetings.exclude(on__range=(visit.starts_on or date.max, visit.ends_on or date.min)).first():
        sentence = _("The meeting of %(day)s is outside these dates. Change the programme first.")
        raise FieldRefused("starts_on", sentence % {"day": outside.on})


@transaction.atomic
def set_programme(*, proceeding: Proceeding, meetings: Sequence[MeetingValues], seen: int, by: User) -> None:
    """Replace the programme. Institutions that take part see their own meetings.

    Raises `ChangedMeanwhile` if it was changed since `seen`, and `Refused` for a meeting outside the dates of the
    visit or of an institution that the visit does not name.
    """
    proceeding = lock_visit(proceeding, by=by, seen=seen)
    wanted = [row._replace(title=clean_label(row.title)) for row in meetings]
    refuse_impossible_meetings(proceeding, wanted)
    present = {row.pk: row for row in proceeding.meetings.all()}
    before = len(present)
    proceeding.meetings.exclude(pk__in=[row.pk for row in wanted if row.pk in present]).delete()
    for row in wanted:
        meeting = present.get(row.pk or 0) or Meeting(proceeding=proceeding)
        meeting.on, meeting.at, meeting.title, meeting.institution = row.on, row.at, row.title, row.institution
        meeting.venue, meeting.note = clean_label(row.venue), clean(row.note)
        meeting.save()
    save_version(proceeding, "programme-set", by=by, difference={"meetings": [before, len(wanted)]})


def refuse_impossible_meetings(visit: Proceeding, meetings: Sequence[MeetingValues]) -> None:
    if visit.starts_on is None or visit.ends_on is None:
        raise Refused(_("Enter the dates."))
    named = set(visit.named.values_list("institution_id", flat=True))
    for row in meetings:
        if not row.title:
            raise Refused(_("Enter a title for each meeting."))
        if not visit.starts_on <= row.on <= visit.ends_on:
            sentence = _("The meeting of %(day)s is not on a day of the visit.")
            raise Refused(sentence % {"day": row.on})
        if row.institution and row.institution.pk not in named:
            sentence = _("%(institution)s is not named here. Name it first.")
            raise Refused(sentence % {"institution": row.institution})


@transaction.atomic
def link_report(*, proceeding: Proceeding, symbol: str, seen: int, by: User) -> None:
    """Link the report whose recommendations are in the register; an empty symbol removes the link.

    Raises `ChangedMeanwhile` if it was changed since `seen`, and `FieldRefused` if no imported document has it.
    """
    if not lock_kept(proceeding).kind_facts.pages & {"visit", "case"}:
        raise Refused(_("This is not a visit."))
    proceeding = lock(proceeding, by=by, seen=seen)
    wanted = clean_label(symbol)
    document = Document.objects.filter(symbol__iexact=wanted).first() if wanted else None
    if wanted and document is None:
        raise FieldRefused("symbol", _("No imported document has this symbol. Import the document first."))
    before = str(proceeding.document or "")
    proceeding.document = document
    difference = {"document": [before, str(document or "")]}
    save_version(proceeding, "report-linked", by=by, difference=difference)
    release_authorised(proceeding)


def release_authorised(visit: Proceeding) -> None:
    """The records of a report of the SPT or the CPT can be published once the State has authorised it."""
    if visit.is_restricted and visit.authorised_on and visit.document:
        release_report(visit.document.symbol, on=visit.authorised_on)


@transaction.atomic
def set_standing_invitation(
    *, extended_on: date, source: str, withdrawn_on: date | None, seen: int, by: User
) -> StandingInvitation:
    """Record the standing invitation of the State, or its withdrawal; `seen` is 0 if there was none.

    Raises `ChangedMeanwhile` if it was changed since, and `FieldRefused` for impossible dates or without a source.
    """
    refuse_unless_running(by)
    invitation = StandingInvitation.objects.select_for_update().first() or StandingInvitation(version=0)
    refuse_if_changed(invitation.version, seen, overwriting_conflict(_("Standing invitation")))
    today = timezone.localdate()
    if extended_on > today:
        raise FieldRefused("extended_on", _("The date must be today or in the past."))
    if withdrawn_on and not extended_on <= withdrawn_on <= today:
        raise FieldRefused("withdrawn_on", _("Enter a date between the invitation and today."))
    if not clean_label(source):
        raise FieldRefused("source", _("Enter the source."))
    invitation.extended_on, invitation.withdrawn_on = extended_on, withdrawn_on
    invitation.source = clean_label(source)
    invitation.version += 1
    invitation.save()
    Event.record("standing-invitation-set", by=by, difference={"extended_on": ["", str(extended_on)]})
    return invitation


def lock_visit(proceeding: Proceeding, *, by: User, seen: int) -> Proceeding:
    if not lock_kept(proceeding).kind_facts.is_visit:
        raise Refused(_("This is not a visit."))
    return lock(proceeding, by=by, seen=seen)


def facts(visit: Proceeding) -> dict[str, str]:
    return {name: str(getattr(visit, name) or "") for name in FACTS}
