"""Translations of reports: add, assign, remove, restore a language; write, review and restore translated sections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed, unread_conflict
from servanda.proceedings.clearance import services as clearing
from servanda.proceedings.models import ClearanceVerdict
from servanda.reporting.models import (
    Report,
    ReportSection,
    ReportTranslation,
    SectionTranslation,
    TemplateSection,
    TranslationVersion,
)
from servanda.reporting.reports.counting import words_of
from servanda.reporting.reports.services import LONGEST_TEXT, lock_report
from servanda.reporting.translations.aligning import Segment, aligned
from servanda.reporting.translations.memory import remember
from servanda.sources.printed.texts import typed_label, without_unseen
from servanda.trail.models import Event

State = SectionTranslation.State


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationValues:
    """Who translates the report, until when, and its title in that language."""

    language: str
    title: str = ""
    translator: User | None = None
    institution: Institution | None = None
    due_on: date | None = None


VALUES = ("title", "translator", "institution", "due_on")


@transaction.atomic
def add_report_translation(*, report: Report, values: TranslationValues, by: User) -> ReportTranslation:
    """Start a translation, or continue one that was removed. Headings come from the template, where it has them in
    that language.

    Raises `FieldRefused` if the report is in that language already.
    """
    locked = lock_report(report, by=by)
    into = ReportTranslation.objects.filter(report=locked, language=values.language).first()
    if values.language == locked.language or (into and not into.is_dropped):
        raise FieldRefused("language", _("The report is in this language already. Choose another one."))
    into = into or ReportTranslation(report=locked, language=values.language)
    into.is_dropped = False
    set_values(into, values)
    into.save()
    headings = template_headings(locked, values.language)
    for section in locked.sections.all():
        heading = headings.get(section.key, "")
        state = State.DRAFT if heading and not section.text else State.NONE  # only the heading to review
        usual = {"heading": heading, "state": state}
        SectionTranslation.objects.get_or_create(into=into, section=section, defaults=usual)
    reopen_clearance(locked)
    Event.record("report-translation-added", locked, by=by, difference={"language": ["", into.language]})
    return into


def template_headings(report: Report, language: str) -> dict[str, str]:
    """By key, for sections that still have the heading of the template."""
    own = dict(report.sections.values_list("key", "heading"))
    headings = {}
    for section in TemplateSection.objects.filter(template=report.template_id):
        labels = section.heading.data if isinstance(section.heading.data, dict) else {}
        if labels.get(language) and labels.get(report.language) == own.get(section.key):
            headings[section.key] = labels[language][:300]
    return headings


@transaction.atomic
def edit_report_translation(*, into: ReportTranslation, values: TranslationValues, seen: int, by: User) -> None:
    """Set title, translator and deadline. Raises `ChangedMeanwhile` if another user changed them since."""
    report = lock_report(into.report, by=by)
    locked = lock_translation(into)
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    before, title = facts_of(locked), locked.title
    set_values(locked, values)
    if difference := difference_of(before, facts_of(locked)):
        locked.version += 1
        locked.save()
        if locked.title != title:
            reopen_clearance(report)
        Event.record("report-translation-edited", report, by=by, difference=difference)


@transaction.atomic
def translate_title(*, into: ReportTranslation, title: str, by: User) -> ReportTranslation:
    """Set only the title. Raises `Refused` unless the person translates the report."""
    refuse_non_translators(into, by=by)
    locked = lock_translation(into)
    before, locked.title = locked.title, typed_label(title)[:300]
    if locked.title != before:
        locked.version += 1
        locked.save()
        reopen_clearance(into.report)
        difference = {"title": [before, locked.title]}
        Event.record("report-translation-edited", into.report, by=by, difference=difference)
    return locked


def set_values(into: ReportTranslation, values: TranslationValues) -> None:
    into.title = typed_label(values.title)[:300]
    into.translator, into.institution, into.due_on = values.translator, values.institution, values.due_on


def facts_of(into: ReportTranslation) -> dict[str, str]:
    return {name: str(getattr(into, name) or "") for name in VALUES}


@transaction.atomic
def remove_report_translation(*, into: ReportTranslation, by: User) -> None:
    """Remove the language; its texts are kept and return when the language is added again."""
    report = lock_report(into.report, by=by)
    set_dropped(into, is_dropped=True)
    reopen_clearance(report)
    Event.record("report-translation-removed", report, by=by, difference={"language": [into.language, ""]})


@transaction.atomic
def restore_report_translation(*, into: ReportTranslation, by: User) -> None:
    report = lock_report(into.report, by=by)
    set_dropped(into, is_dropped=False)
    reopen_clearance(report)
    Event.record("report-translation-added", report, by=by, difference={"language": ["", into.language]})


def set_dropped(into: ReportTranslation, *, is_dropped: bool) -> None:
    locked = lock_translation(into)
    if locked.is_dropped == is_dropped:
        raise Refused(_("Another user has just done this."))
    locked.is_dropped = is_dropped
    locked.version += 1
    locked.save(update_fields=["is_dropped", "version"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The translation as typed: one text for each paragraph shown, and the outdated paragraphs confirmed to fit the
    new text."""

    heading: str
    targets: Sequence[str]
    fitting: frozenset[int] = frozenset()
    source_seen: int  # version of the section


@transaction.atomic
def write_translation(
    *, translation: SectionTranslation, written: Written, seen: int, by: User, is_autosave: bool = False
) -> SectionTranslation:
    """Save the translation of a section as a draft, to be reviewed by another person.

    Raises `ChangedMeanwhile` if another user saved the translation or the section since, and `FieldRefused` if a text
    is too long.
    """
    locked = lock_section_translation(translation, by=by)
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    refuse_if_changed(
        locked.section.version, written.source_seen, _("The section was changed while you were translating it.")
    )
    rows = aligned(locked.section.text, locked.segments)
    for row, target in zip(rows, written.targets, strict=True):
        target = without_unseen(target.replace("\r\n", "\n")).strip("\n")
        if row.place in written.fitting or (not row.target.strip() and target.strip()):
            row.translated_from = row.source
        row.target = target
    return store_segments(locked, typed_label(written.heading)[:300], rows, by=by, is_autosave=is_autosave)


def store_segments(
    translation: SectionTranslation,
    heading: str,
    rows: Sequence[Segment],
    *,
    by: User,
    is_new_version: bool = False,
    is_autosave: bool = False,
) -> SectionTranslation:
    pairs = [[row.translated_from or row.source, row.target] for row in rows]
    if sum(len(target) for _source, target in pairs) > LONGEST_TEXT:
        raise FieldRefused(
            "heading", _("The text is too long: at most %(most)d characters.") % {"most": LONGEST_TEXT}
        )
    is_current = not any(row.is_changed for row in rows)
    source_text = translation.section.text if is_current else translation.source_text
    if (heading, pairs, source_text) == (translation.heading, translation.segments, translation.source_text):
        if not is_autosave and (newest := translation.versions.first()):
            newest.finish()
        return translation
    before, now = translation.words, timezone.now()
    translation.heading, translation.segments, translation.source_text = heading, pairs, source_text
    translation.words = words_of(translation.text)
    translation.state = State.DRAFT if is_begun(heading, rows) else State.NONE
    translation.changed_by, translation.changed_at = by, now
    translation.reviewed_by = translation.reviewed_at = None
    translation.version += 1
    translation.save()
    reopen_clearance(translation.section.report)
    if is_new_version or not continue_sitting(translation, by=by, now=now, is_autosave=is_autosave):
        add_version(translation, by=by, now=now, is_autosave=is_autosave)
        difference = {"language": ["", translation.into.language], "words": [before, translation.words]}
        Event.record("report-section-translated", translation.section, by=by, difference=difference)
    return translation


def is_begun(heading: str, rows: Sequence[Segment]) -> bool:
    return any(row.target.strip() for row in rows) or bool(heading and not rows)


def add_version(translation: SectionTranslation, *, by: User, now: datetime, is_autosave: bool = False) -> None:
    newest = translation.versions.first()
    TranslationVersion.objects.create(
        translation=translation,
        number=newest.number + 1 if newest else 1,
        heading=translation.heading,
        segments=translation.segments,
        words=translation.words,
        by=by,
        at=now,
        begun_at=now,
        is_autosaved=is_autosave,
    )


def continue_sitting(translation: SectionTranslation, *, by: User, now: datetime, is_autosave: bool) -> bool:
    """Update the last version if the same person autosaved it within the same sitting."""
    newest = translation.versions.first()
    if newest is None or not newest.continues(translation.text, former=newest.text, by=by, now=now):
        return False
    newest.heading, newest.segments = translation.heading, translation.segments
    newest.words, newest.at, newest.is_autosaved = translation.words, now, is_autosave
    newest.save(update_fields=["heading", "segments", "words", "at", "is_autosaved"])
    return True


@transaction.atomic
def restore_translation_version(*, translation: SectionTranslation, number: int, by: User) -> SectionTranslation:
    """Bring back an earlier version, as a new one, beside the section as it is now. Raises `Refused` if there is no
    such version."""
    locked = lock_section_translation(translation, by=by)
    version = locked.versions.filter(number=number).first()
    if version is None or (version.heading, version.segments) == (locked.heading, locked.segments):
        raise Refused(_("This version cannot be restored."))
    rows = aligned(locked.section.text, version.segments)
    return store_segments(locked, version.heading, rows, by=by, is_new_version=True)


@transaction.atomic
def review_translation(*, translation: SectionTranslation, seen: int | None, by: User) -> None:
    """Confirm a translation that another person wrote; its paragraphs are offered for later reports from then on.

    Raises `Refused` if something is not translated, the section has changed since, or the person wrote it.
    """
    locked = lock_section_translation(translation, by=by)
    refuse_if_changed(locked.version, seen, unread_conflict())
    if sentence := why_not_review(locked, by):
        raise Refused(sentence)
    confirm(locked, by=by)
    difference = {"language": ["", locked.into.language]}
    Event.record("report-translation-reviewed", locked.section, by=by, difference=difference)


def confirm(translation: SectionTranslation, *, by: User) -> None:
    """What was translated of paragraphs that are no longer in the section is left out, and kept in the versions."""
    rows = aligned(translation.section.text, translation.segments)
    translation.segments = [[row.source, row.target] for row in rows]
    translation.source_text, translation.words = translation.section.text, words_of(translation.text)
    translation.state, translation.reviewed_by, translation.reviewed_at = State.REVIEWED, by, timezone.now()
    translation.version += 1
    translation.save()
    remember(translation)


@transaction.atomic
def review_headings(*, into: ReportTranslation, by: User) -> int:
    """Confirm the headings of all sections that have no text, apart from those that this person wrote.

    Returns how many. Raises `Refused` for a person who does not translate this report.
    """
    refuse_non_translators(into, by=by)
    found = SectionTranslation.objects.visible_to(by).select_for_update(of=("self",)).unfinished()
    found = found.filter(into=into, section__text="", into__is_dropped=False).exclude(heading="")
    rows = [row for row in found.select_related("section__report", "into") if not why_not_review(row, by)]
    for row in rows:
        confirm(row, by=by)
    if rows:
        difference = {"language": ["", into.language], "sections": ["", len(rows)]}
        Event.record("report-headings-reviewed", into.report, by=by, difference=difference)
    return len(rows)


def why_not_review(translation: SectionTranslation, user: User) -> str:
    """Why this person cannot review the translation, as a sentence, or an empty text."""
    rows = aligned(translation.section.text, translation.segments)
    if translation.is_finished:
        return _("This translation has already been reviewed.")
    if not translation.heading:
        return _("Translate the heading first.")
    if not all(row.is_translated for row in rows):
        return _("First translate all paragraphs, and check those whose source text has changed.")
    if translation.changed_by_id == user.pk:
        return _("You translated this section, so another person must review it.")
    return ""


def step_of_translation(report: Report) -> ClearanceVerdict | None:
    """The step of the clearance by which all translations must have been reviewed: the chosen one, or the last."""
    if report.clearance is None:
        return None
    steps = list(report.clearance.verdicts.all())
    chosen = (step for step in steps if step.pk == report.translation_step_id)
    return next(chosen, steps[-1] if steps else None)


def reopen_clearance(report: Report) -> None:
    """A change of a translation reopens a clearance that has passed the step of translation."""
    step = step_of_translation(report)
    if step is not None and step.verdict == ClearanceVerdict.Verdict.CLEARED:
        clearing.reopen(report.clearance)


def may_translate(into: ReportTranslation, user: User) -> bool:
    """Those who edit reports, and those to whom the translation is assigned."""
    if can(user, Can.EDIT_REPORTS):
        return True
    return ReportTranslation.objects.assigned_to(user).filter(pk=into.pk).exists()


def refuse_non_translators(into: ReportTranslation, *, by: User) -> None:
    if not may_translate(into, by):
        raise Refused(_("You do not have permission to translate this report. Ask the coordinator to assign it."))


def lock_translation(into: ReportTranslation) -> ReportTranslation:
    return ReportTranslation.objects.select_for_update().get(pk=into.pk)


def lock_section_translation(translation: SectionTranslation, *, by: User) -> SectionTranslation:
    """Locked until the transaction ends. Raises `Refused` for those who do not translate the report."""
    refuse_non_translators(translation.into, by=by)
    rows = SectionTranslation.objects.visible_to(by).order_by().values("pk")
    locked = SectionTranslation.objects.select_for_update(of=("self",)).filter(pk=translation.pk, pk__in=rows)
    found = locked.select_related("into").first()
    if found is None:
        raise Refused(_("You do not have permission to translate this report. Ask the coordinator to assign it."))
    sections = ReportSection.objects.select_for_update(of=("self",)).select_related("report__clearance")
    found.section = sections.get(pk=found.section_id)
    return found
