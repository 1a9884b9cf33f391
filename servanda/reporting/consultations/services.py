"""Consultations: prepare, edit, open, extend, invite more people, withdraw, restore."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import Instance, Institution, User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed
from servanda.proceedings.models import Clearance, ClearanceVerdict
from servanda.progress.rounds.days import local_day
from servanda.reporting.consultations.letters import announce, invited_people
from servanda.reporting.models import (
    Consultation,
    ConsultationInstitution,
    ConsultationInvitation,
    ConsultedSection,
    Report,
    ReportSection,
    TemplateSection,
)
from servanda.reporting.reports.gaps import without_gaps
from servanda.reporting.reports.queries import gaps_in_words
from servanda.reporting.reports.services import lock_report, refuse_others
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import typed, typed_label
from servanda.trail.models import Event

Audience = Consultation.Audience
MOST_INVITED = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationValues:
    """Without sections, the whole report is consulted on."""

    title: str
    introduction: str
    audience: str
    ends_on: date
    sections: Sequence[ReportSection] = ()
    people: Sequence[User] = ()
    institutions: Sequence[Institution] = ()


@transaction.atomic
def add_consultation(*, report: Report, values: ConsultationValues, by: User) -> Consultation:
    """Prepare a consultation on a report. No one else sees it until it is opened.

    Raises `FieldRefused` for a day that is over, and if too many people are invited.
    """
    locked = lock_report(report, by=by)
    made = Consultation(report=locked, language=locked.language, created_by=by)
    store(made, values, by=by)
    Event.record("consultation-added", made, by=by, difference=difference_of({}, facts(made)))
    return made


@transaction.atomic
def edit_consultation(*, consultation: Consultation, values: ConsultationValues, seen: int, by: User) -> None:
    """Raises `Refused` once it is open or planned, and `ChangedMeanwhile` if another user changed it since."""
    locked = lock_consultation(consultation, by=by)
    refuse_planned(locked)
    if locked.opened_at is not None:
        raise Refused(_("This consultation was opened. Extend it, or withdraw it and prepare another one."))
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    before = facts(locked)
    locked.version += 1
    store(locked, values, by=by)
    if difference := difference_of(before, facts(locked)):
        Event.record("consultation-edited", locked, by=by, difference=difference)


def store(consultation: Consultation, values: ConsultationValues, *, by: User) -> None:
    if not (title := typed_label(values.title)):
        raise FieldRefused("title", _("Enter a title."))
    refuse_past(values.ends_on)
    consultation.title, consultation.introduction = title[:300], typed(values.introduction)
    consultation.audience, consultation.ends_on = values.audience, values.ends_on
    consultation.is_whole = not values.sections
    consultation.save()
    consultation.sections.all().delete()
    copies = [copy_of(section, consultation) for section in values.sections]
    ConsultedSection.objects.bulk_create(copies)
    consultation.invitations.exclude(person__in=values.people).delete()
    add_people(consultation, values.people, by=by)
    consultation.institutions.exclude(institution__in=values.institutions).delete()
    add_institutions(consultation, values.institutions, by=by)


def copy_of(section: ReportSection, consultation: Consultation) -> ConsultedSection:
    """Without the text, which is copied when the consultation is opened."""
    return ConsultedSection(
        consultation=consultation,
        section=section,
        place=section.place,
        depth=section.depth,
        heading=section.heading,
    )


@transaction.atomic
def open_consultation(*, consultation: Consultation, by: User, opens_at: datetime | None = None) -> None:
    """Copy the cleared texts, and invite the contributors by mail, now or at a later moment.

    Raises `Refused` if the report is not cleared, a section has no text, no one is invited, or the last day is over,
    and `FieldRefused` for a moment that is over or after the deadline for comments.
    """
    report = lock_report(consultation.report, by=by)
    sections = {section.pk: section for section in report.sections.select_for_update().order_by("pk")}
    locked = lock_consultation(consultation, by=by)
    if locked.opened_at is not None or locked.withdrawn_at is not None:
        raise Refused(_("Another user has just done this."))
    refuse_odd_moment(locked, opens_at)
    clearance = Clearance.objects.select_for_update().filter(pk=report.clearance_id or 0).first()
    if sentence := why_not_open(locked, clearance):
        raise Refused(sentence)
    if locked.is_whole:
        ConsultedSection.objects.bulk_create(copy_of(row, locked) for row in sections.values() if is_consulted(row))
    for place, copied in enumerate(sorted(locked.sections.all(), key=lambda row: place_of(sections, row)), 1):
        freeze(copied, sections[copied.section_id], place)
    locked.frozen_at = timezone.now()
    locked.opened_at = opens_at or locked.frozen_at
    save(locked)
    difference = {"until": ["", str(locked.ends_on)]}
    if opens_at:
        Event.record("consultation-planned", locked, by=by, difference={"opens": ["", str(opens_at)], **difference})
        return
    Event.record("consultation-opened", locked, by=by, difference=difference)
    announce(locked, by=by)


def refuse_odd_moment(consultation: Consultation, opens_at: datetime | None) -> None:
    if opens_at is None:
        return
    if opens_at <= timezone.now():
        raise FieldRefused("opens_at", _("Enter a time in the future, or leave the field empty to open it now."))
    if local_day(opens_at) > consultation.ends_on:
        raise FieldRefused("opens_at", _("Enter a time before the deadline for comments."))


@transaction.atomic
def cancel_opening(*, consultation: Consultation, by: User) -> None:
    """Cancel a planned opening, so that the consultation can be edited. Raises `Refused` once it is open."""
    locked = lock_consultation(consultation, by=by)
    if not locked.is_planned:
        raise Refused(_("This consultation is already open. Withdraw it instead."))
    before, locked.opened_at, locked.frozen_at = locked.opened_at, None, None
    if locked.is_whole:
        locked.sections.all().delete()
    else:
        locked.sections.update(text="", notes="")
    save(locked)
    Event.record("consultation-opening-cancelled", locked, by=by, difference={"opens": [str(before), ""]})


def refuse_planned(consultation: Consultation) -> None:
    if consultation.is_planned:
        raise Refused(_("The opening of this consultation is planned. Cancel the planned opening first."))


def is_consulted(section: ReportSection) -> bool:
    """Whether the section is part of the consultation: it has a text, or is a heading above such sections. A matrix
    has no text."""
    return bool(without_gaps(section.text).strip()) or section.content == TemplateSection.Content.TEXT


def place_of(sections: Mapping[int, ReportSection], copied: ConsultedSection) -> tuple[int, int]:
    return sections[copied.section_id].place, copied.section_id


def freeze(copied: ConsultedSection, section: ReportSection, place: int) -> None:
    """Copy the text without its gaps, which name institutions that have not answered."""
    copied.text, copied.number = without_gaps(section.text), section.version
    copied.heading, copied.place, copied.depth = section.heading, place, section.depth
    copied.notes = "\n".join(f"{row.mark} {typed_label(row.citation)}" for row in section.quotations.all())
    copied.save()


def why_not_open(consultation: Consultation, clearance: Clearance | None) -> str:
    """Why the consultation cannot be opened, as a sentence, or an empty text."""
    if not is_cleared(clearance):
        step = Instance.current().consultation_step
        needed = _("The step “%(step)s” of the clearance must be completed first.") % {"step": step}
        return needed if step else _("The report has not been cleared yet.")
    if consultation.ends_on < local_day(timezone.now()):
        return _("The deadline for comments is over. Enter a later one.")
    is_for_nobody = not (consultation.invitations.exists() or consultation.institutions.exists())
    if consultation.audience == Audience.INVITED and is_for_nobody:
        return _("No contributors are invited yet. Choose contributors.")
    if consultation.is_whole:
        is_any = any(without_gaps(row.text).strip() for row in consultation.report.sections.exclude(text=""))
        return "" if is_any else _("No section of the report has a text yet.")
    rows = consultation.sections.select_related("section")
    headings = [row.heading for row in rows if not without_gaps(row.section.text).strip()]
    return gaps_in_words(headings) if headings else ""


def is_cleared(clearance: Clearance | None) -> bool:
    """Whether the clearance is finished, or the step that the installation names for consultations is cleared."""
    if clearance is None or clearance.state == Clearance.State.CLEARED:
        return clearance is not None
    step = Instance.current().consultation_step
    cleared = clearance.verdicts.filter(title=step, verdict=ClearanceVerdict.Verdict.CLEARED)
    return bool(step) and clearance.state == Clearance.State.OPEN and cleared.exists()


@transaction.atomic
def extend_consultation(*, consultation: Consultation, ends_on: date, by: User) -> None:
    """Set a later deadline; this reopens a consultation that has closed. Raises `FieldRefused` for a day that is not
    later."""
    locked = lock_opened(consultation, by=by)
    refuse_past(ends_on)
    if ends_on <= locked.ends_on:
        raise FieldRefused("ends_on", _("Enter a date after the present deadline."))
    before, locked.ends_on, locked.reminded_at = locked.ends_on, ends_on, None
    save(locked)
    Event.record("consultation-extended", locked, by=by, difference={"until": [str(before), str(ends_on)]})


@transaction.atomic
def invite_to_consultation(
    *, consultation: Consultation, people: Sequence[User], institutions: Sequence[Institution] = (), by: User
) -> None:
    """Invite further contributors and institutions while it is open. Raises `Refused` when it is closed."""
    locked = lock_opened(consultation, by=by)
    refuse_planned(locked)
    if not locked.is_open_on(local_day(timezone.now())):
        raise Refused(_("This consultation is closed. Extend it first."))
    before = {person.pk for person in invited_people(locked)}
    added, places = add_people(locked, people, by=by), add_institutions(locked, institutions, by=by)
    if not (added or places):
        raise FieldRefused("people", _("Choose at least one contributor."))
    difference = {"people": ["", str(len(added))], "institutions": ["", ", ".join(place.code for place in places)]}
    Event.record("consultation-invited", locked, by=by, difference=difference)
    announce(locked, by=by, to=[person for person in invited_people(locked) if person.pk not in before])


def add_people(consultation: Consultation, people: Iterable[User], *, by: User) -> list[User]:
    """Those who had not been invited. Raises `FieldRefused` if they are too many."""
    invited = set(consultation.invitations.values_list("person", flat=True))
    added = [person for person in people if person.pk not in invited]
    if len(invited) + len(added) > MOST_INVITED:
        raise FieldRefused("people", _("Invite at most %(most)d people.") % {"most": MOST_INVITED})
    ConsultationInvitation.objects.bulk_create(
        ConsultationInvitation(consultation=consultation, person=person, by=by) for person in added
    )
    return added


def add_institutions(
    consultation: Consultation, institutions: Iterable[Institution], *, by: User
) -> list[Institution]:
    """Those that had not been invited."""
    invited = set(consultation.institutions.values_list("institution", flat=True))
    added = [place for place in institutions if place.pk not in invited]
    ConsultationInstitution.objects.bulk_create(
        ConsultationInstitution(consultation=consultation, institution=place, by=by) for place in added
    )
    return added


@transaction.atomic
def withdraw_consultation(*, consultation: Consultation, reason: str, by: User) -> None:
    """Stop the consultation and show the reason. The draft is no longer shown; comments and replies stay.

    Raises `Refused` if its opening is only planned or another user withdrew it, and `FieldRefused` without a reason.
    """
    locked = lock_consultation(consultation, by=by)
    refuse_planned(locked)
    if locked.withdrawn_at is not None:
        raise Refused(_("Another user has just done this."))
    locked.withdrawn_at, locked.withdrawn_reason = timezone.now(), required_reason(reason)
    save(locked)
    Event.record("consultation-withdrawn", locked, by=by, difference={"reason": ["", locked.withdrawn_reason]})


@transaction.atomic
def restore_consultation(*, consultation: Consultation, by: User) -> None:
    """Undo the withdrawal. Raises `Refused` if it is not withdrawn."""
    locked = lock_consultation(consultation, by=by)
    if locked.withdrawn_at is None:
        raise Refused(_("Another user has just done this."))
    reason = locked.withdrawn_reason
    locked.withdrawn_at, locked.withdrawn_reason = None, ""
    save(locked)
    Event.record("consultation-restored", locked, by=by, difference={"reason": [reason, ""]})


def lock_consultation(consultation: Consultation, *, by: User) -> Consultation:
    refuse_others(by)
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("report")
    return rows.get(pk=consultation.pk)


def lock_opened(consultation: Consultation, *, by: User) -> Consultation:
    locked = lock_consultation(consultation, by=by)
    if locked.opened_at is None or locked.withdrawn_at is not None:
        raise Refused(_("This consultation is not open. Reload the page."))
    return locked


def refuse_past(day: date) -> None:
    if day < local_day(timezone.now()):
        raise FieldRefused("ends_on", _("Enter a date that is not in the past."))


def facts(consultation: Consultation) -> dict[str, str]:
    sections = consultation.sections.values_list("heading", flat=True)
    return {
        "title": consultation.title,
        "audience": consultation.audience,
        "until": str(consultation.ends_on),
        "sections": ", ".join(sections),
        "people": str(consultation.invitations.count()),
        "institutions": ", ".join(consultation.institutions.values_list("institution__code", flat=True)),
    }


def save(consultation: Consultation) -> None:
    consultation.version += 1
    consultation.save()
