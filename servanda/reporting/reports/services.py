"""Reports: add, edit, withdraw, restore; write sections, quote facts, restore earlier versions."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.kit.templatetags.pages import language_name
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed, unread_conflict
from servanda.proceedings.clearance import services as clearing
from servanda.proceedings.models import Proceeding
from servanda.progress.rounds.days import local_day
from servanda.recommendations.models import Cluster
from servanda.reporting.facts.registry import Fact, FactSource
from servanda.reporting.models import Report, ReportSection, ReportTemplate, SectionVersion, WordTemplate
from servanda.reporting.reports.addendum import can_be_drafted, draft_of
from servanda.reporting.reports.comments import draft_of_comments
from servanda.reporting.reports.counting import words_of
from servanda.reporting.reports.fact_drafts import DraftChoice, draft_of_facts
from servanda.reporting.reports.outline_history import record_outline
from servanda.reporting.reports.quoting import add_quotation, as_quotation
from servanda.reporting.reports.text_gaps import keep_reasons
from servanda.sources.models import Obligation, Review
from servanda.sources.obligations.services import set_obligation_state
from servanda.sources.printed.reasons import refuse_longer, required_reason
from servanda.sources.printed.texts import typed_label, without_unseen
from servanda.trail.models import Event
from servanda.vocab.models import ObligationRule

PAGE_BREAKS = re.compile(r"[ \t]*\f[ \t]*")
LONGEST_TEXT = 200_000  # characters of a section
STARTED = (Obligation.State.EXPECTED, Obligation.State.OPEN)
# From a section of a template to that of a report, beside its heading.
COPIED = ("key", "place", "depth", "guidance", "share", "content", "facts", "is_counted")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportValues:
    """Everything about a report that a person may set, beside its sections. Without a title or a limit, those of the
    obligation and the template are used."""

    title: str
    obligation: Obligation | None
    template: ReportTemplate
    language: str
    start: date | None
    end: date | None
    word_limit: int | None
    review: Review | None
    cluster: Cluster | None
    query: str
    case: Proceeding | None = None
    facts_on: date | None = None
    word_template: WordTemplate | None = None


VALUES = list(ReportValues.__dataclass_fields__)


@transaction.atomic
def add_report(*, values: ReportValues, by: User) -> Report:
    """Start a report with the sections of its template. Its obligation is in preparation from then on.

    Raises `FieldRefused` if the template has no section, the period ends before it begins, or the obligation is the
    deadline of a communication.
    """
    refuse_others(by)
    values = checked(values)
    report = Report(created_by=by)
    for name in VALUES:
        setattr(report, name, getattr(values, name))
    if report.word_limit is None:
        report.word_limit = usual_limit(values)
    report.save()
    with translation.override(report.language):
        add_sections(report)
    record_outline(report)
    start_obligation(report, by=by)
    Event.record("report-added", report, by=by, difference=difference_of({}, facts(report)))
    return report


def add_sections(report: Report) -> None:
    """Add the sections of the template, with headings in the language of the report.

    Raises `FieldRefused` if the template has none.
    """
    outline = report.template.outline
    if not outline:
        raise FieldRefused("template", _("This template has no sections yet. Choose another one."))
    for section in outline:
        copied = {name: getattr(section, name) for name in COPIED}
        ReportSection.objects.create(report=report, heading=str(section.heading)[:300], **copied)


def start_obligation(report: Report, *, by: User) -> None:
    obligation = report.obligation
    if obligation is None or not can(by, Can.EDIT_OBLIGATIONS):
        return
    if Obligation.objects.filter(pk=obligation.pk, state__in=STARTED).exists():  # another report may have started it
        state = Obligation.State.IN_PREPARATION
        set_obligation_state(obligation=obligation, state=state, reason="", seen=None, by=by)


def usual_limit(values: ReportValues) -> int | None:
    due = values.obligation
    return (due and (due.word_limit or limit_by_rule(due))) or values.template.word_limit


def limit_by_rule(obligation: Obligation) -> int | None:
    """The limit that the rules in force have for such a report to the body, or if they have none, to any treaty body;
    None if they differ."""
    rules = ObligationRule.objects.in_force().filter(kind=obligation.kind).exclude(word_limit=None).order_by()
    of_body, of_any = rules.filter(body=obligation.body_id), rules.filter(body=None)
    if obligation.instrument_id:
        of_body = of_body.filter(instrument=obligation.instrument_id)
    for rows in (of_body, of_any):
        if limits := set(rows.values_list("word_limit", flat=True)):
            return limits.pop() if len(limits) == 1 else None
    return None


@transaction.atomic
def edit_report(*, report: Report, values: ReportValues, seen: int, by: User) -> None:
    """Edit everything but template and language. Raises `ChangedMeanwhile` if another user changed it since, and
    `FieldRefused` if the period ends before it begins."""
    locked = lock_report(report, by=by)
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    values = checked(values)
    before = facts(locked)
    for name in VALUES:
        if name not in ("template", "language"):
            setattr(locked, name, getattr(values, name))
    if difference := difference_of(before, facts(locked)):
        clearing.reopen(locked.clearance)
        save(locked)
        Event.record("report-edited", locked, by=by, difference=difference)


@transaction.atomic
def withdraw_report(*, report: Report, reason: str, by: User) -> None:
    """Withdraw with a reason; nothing is deleted. Raises `Refused` while a consultation on it is open or planned."""
    locked = lock_report(report, by=by)
    refuse_while_consulted(locked)
    locked.withdrawn_reason, locked.withdrawn_at = required_reason(reason), timezone.now()
    save(locked)
    Event.record("report-withdrawn", locked, by=by, difference={"reason": ["", locked.withdrawn_reason]})


def refuse_while_consulted(report: Report) -> None:
    """A consultation ends with a reason of its own, which its readers see."""
    for consultation in report.consultations.unfinished(on=local_day(timezone.now()))[:1]:
        sentence = _("The consultation “%(title)s” is open. Withdraw it first, with a reason.")
        if consultation.is_planned:
            sentence = _("The opening of the consultation “%(title)s” is planned. Cancel the planned opening first.")
        raise Refused(sentence % {"title": consultation.title})


@transaction.atomic
def restore_report(*, report: Report, by: User) -> None:
    """Raises `Refused` if the report is not withdrawn."""
    refuse_others(by)
    locked = Report.objects.select_for_update().get(pk=report.pk)
    if locked.withdrawn_at is None:
        raise Refused(_("Another user has just done this."))
    reason = locked.withdrawn_reason
    locked.withdrawn_at, locked.withdrawn_reason = None, ""
    save(locked)
    Event.record("report-restored", locked, by=by, difference={"reason": [reason, ""]})


@transaction.atomic
def write_section(
    *, section: ReportSection, text: str, seen: int, by: User, is_autosave: bool = False
) -> ReportSection:
    """Save the text of a section, and count its words. Autosaves within ten minutes are one version.

    Raises `ChangedMeanwhile` if another user saved it since, and `FieldRefused` if the text is too long.
    """
    locked = lock_section(section, by=by)
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    return store_text(locked, text, by=by, is_autosave=is_autosave)


@transaction.atomic
def quote_fact(
    *, section: ReportSection, source: FactSource, fact: Fact, text: str, seen: int, by: User
) -> ReportSection:
    """Save the text with the fact as a quotation at its end, and keep where it is from.

    Raises `ChangedMeanwhile` if another user saved the section since, and `FieldRefused` if the text is too long.
    """
    locked = lock_section(section, by=by)
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    quotation = add_quotation(locked, source.code, fact, by=by)
    quoted = as_quotation(quotation.text, quotation.mark)
    return store_text(locked, f"{text.rstrip()}\n\n{quoted}\n".lstrip("\n"), by=by)


@transaction.atomic
def draft_section(*, section: ReportSection, seen: int, by: User, choice: DraftChoice | None = None) -> ReportSection:
    """Put the draft made from decided positions, comments or facts below the text, or in the place
    of an earlier draft from decided positions; with a choice, the draft made from these facts.

    Raises `Refused` if this section has none or its draft was edited, and `ChangedMeanwhile` if another user saved it
    since.
    """
    locked = lock_section(section, by=by)
    refuse_if_changed(locked.version, seen, unread_conflict())
    if can_be_drafted(locked):
        draft = draft_of(locked, by)
        text = in_place_of_earlier(locked, draft) or "\n\n".join(filter(None, [locked.text.rstrip(), draft]))
        return store_text(locked, text, by=by, is_new_version=True, drafted=draft)
    text, gaps = locked.text, ""
    draft = "" if choice else draft_of_comments(locked, by)
    if not draft:
        made = draft_of_facts(locked, by, choice or DraftChoice())
        text, draft, gaps = without_earlier_gaps(locked), made.text, "\n\n".join(made.gaps)
    if not draft:
        raise Refused(_("There is no draft for this section."))
    text = "\n\n".join(filter(None, [text.rstrip(), draft]))
    return store_text(locked, text, by=by, is_new_version=True, drafted=gaps)


def without_earlier_gaps(section: ReportSection) -> str:
    """The text without the gaps that an earlier draft named: the next draft names those of today."""
    gaps = {gap for version in section.versions.exclude(drafted="") for gap in version.drafted.split("\n\n")}
    if not gaps:
        return section.text
    return "\n\n".join(part for part in section.text.split("\n\n") if part.strip() not in gaps)


def in_place_of_earlier(section: ReportSection, draft: str) -> str:
    """The text with the earlier draft replaced by this one; empty if it contains no earlier draft.

    Raises `Refused` if the text has the same draft already, or what remains of an earlier one that was edited.
    """
    if draft in section.text:
        raise Refused(_("The section has this draft already."))
    version = section.versions.exclude(drafted="").first()
    earlier = version.drafted if version else ""
    if earlier and earlier in section.text:
        return section.text.replace(earlier, draft, 1)
    if {*earlier.split("\n\n"), *draft.split("\n\n")} & set(section.text.split("\n\n")) - {""}:
        raise Refused(_("An earlier draft in this section was edited. Delete what remains of it, then draft again."))
    return ""


@transaction.atomic
def restore_section_version(*, section: ReportSection, number: int, by: User) -> ReportSection:
    """Bring back the text of an earlier version, as a new one. Raises `Refused` if there is no such version."""
    locked = lock_section(section, by=by)
    version = locked.versions.filter(number=number).first()
    if version is None or version.text == locked.text:
        raise Refused(_("This version cannot be restored."))
    return store_text(locked, version.text, by=by, is_new_version=True)


def store_text(
    section: ReportSection,
    text: str,
    *,
    by: User,
    is_new_version: bool = False,
    is_autosave: bool = False,
    drafted: str = "",
) -> ReportSection:
    text = without_unseen(PAGE_BREAKS.sub("\n\n", text.replace("\r\n", "\n")))
    refuse_longer("text", text, LONGEST_TEXT)
    if text == section.text:
        if not is_autosave and (newest := section.versions.first()):
            newest.finish()
        return section
    before, former, now = section.words, section.text, timezone.now()
    section.text, section.words = text, words_of(text)
    section.changed_by, section.changed_at = by, now
    section.version += 1
    section.save(update_fields=["text", "words", "changed_by", "changed_at", "version"])
    keep_reasons(section, former)
    clearing.reopen(section.report.clearance)
    if is_new_version or not continue_sitting(section, by=by, now=now, is_autosave=is_autosave):
        newest = section.versions.first()
        SectionVersion.objects.create(
            section=section,
            number=newest.number + 1 if newest else 1,
            text=text,
            words=section.words,
            by=by,
            at=now,
            begun_at=now,
            is_autosaved=is_autosave,
            drafted=drafted,
        )
        Event.record("report-section-written", section, by=by, difference={"words": [before, section.words]})
    return section


def continue_sitting(section: ReportSection, *, by: User, now: datetime, is_autosave: bool) -> bool:
    """Update the last version if the same person autosaved it within the same sitting."""
    newest = section.versions.first()
    if newest is None or not newest.continues(section.text, former=newest.text, by=by, now=now):
        return False
    newest.text, newest.words, newest.at = section.text, section.words, now
    newest.is_autosaved = is_autosave
    newest.save(update_fields=["text", "words", "at", "is_autosaved"])
    return True


def lock_report(report: Report, *, by: User) -> Report:
    refuse_others(by)
    locked = Report.objects.select_for_update().get(pk=report.pk)
    if locked.withdrawn_at is not None:
        raise Refused(_("This report was withdrawn. Restore it first."))
    return locked


def lock_section(section: ReportSection, *, by: User) -> ReportSection:
    rows = ReportSection.objects.visible_to(by).order_by()
    locked = ReportSection.objects.select_for_update().filter(pk=section.pk, pk__in=rows.values("pk")).first()
    if locked is None:
        raise Refused(_("You do not have permission to write this section. Ask the coordinator to assign it."))
    return locked


def refuse_others(by: User) -> None:
    if not can(by, Can.EDIT_REPORTS):
        raise Refused(_("You do not have permission to edit reports. Contact the coordinator."))


def checked(values: ReportValues) -> ReportValues:
    """With its title as a label. Raises `FieldRefused` for values that are impossible."""
    if not (title := typed_label(values.title)):
        raise FieldRefused("title", _("Enter a title."))
    if values.obligation is not None and values.obligation.is_derived:
        sentence = _("This is the deadline of a communication. Write the reply on the page of the communication.")
        raise FieldRefused("obligation", sentence)
    if values.case is not None and values.query:
        raise FieldRefused("view", _("Choose a case or a saved list, not both."))
    if values.start and values.end and values.end < values.start:
        raise FieldRefused("end", _("Enter an end date that is not before the start date."))
    if values.word_template and values.word_template.language not in ("", values.language):
        sentence = _("This Word template is for reports in another language. Choose one for “%(language)s”.")
        raise FieldRefused("word_template", sentence % {"language": language_name(values.language)})
    return replace(values, title=title[:300])


def facts(report: Report) -> dict[str, str]:
    return {name: "" if getattr(report, name) is None else str(getattr(report, name)) for name in VALUES}


def save(report: Report) -> None:
    report.version += 1
    report.save()
