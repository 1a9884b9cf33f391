"""Clear a report step by step. A change of its texts or its scope opens the clearance again."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.kit.templatetags.pages import language_name
from servanda.people.access import Can, can, scopes
from servanda.people.models import Instance, Notification, User
from servanda.people.notifications.services import notify
from servanda.proceedings.clearance import services as clearing
from servanda.proceedings.clearance.services import StepValues
from servanda.proceedings.models import Clearance, ClearanceStep, ClearanceVerdict, TextInClearance
from servanda.progress.updates.separation import is_published_apart
from servanda.reporting.documents.contents import is_gap
from servanda.reporting.inputs.queries import pending_in
from servanda.reporting.models import Report, ReportSection, SectionVersion
from servanda.reporting.reports.gaps import blocking_gaps
from servanda.reporting.reports.queries import gaps_in_words
from servanda.reporting.reports.services import lock_report
from servanda.reporting.submissions.fingerprint import scope_of
from servanda.reporting.submissions.lengths import confirm_length
from servanda.reporting.translations.queries import unfinished_of, untitled_of
from servanda.reporting.translations.services import step_of_translation
from servanda.sources.models import Question
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event

Kind = Notification.Kind
State, Verdict = Clearance.State, ClearanceVerdict.Verdict
MOST_STEPS = 12


def usual_steps() -> list[str]:
    """Those of the installation, or else the four that most States have."""
    steps = [str(step) for step in ClearanceStep.objects.all() if step.title]
    return steps or [_("Authorities"), _("Legal service"), _("Minister"), _("Translation")]


def usual_translation_step(steps: Sequence[str]) -> str:
    """The step named “Translation” in any language of the interface; empty if there is none."""
    names = set()
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            names.add(gettext("Translation").casefold())
    return next((step for step in steps if step.casefold() in names), "")


def proposed_steps(report: Report) -> tuple[list[str], str]:
    """The steps of its last clearance, or else the usual ones, and the one by which it is translated."""
    if report.clearance is None:
        steps = usual_steps()
        return steps, usual_translation_step(steps)
    step = report.translation_step
    return list(
        report.clearance.verdicts.order_by("place", "pk").values_list("title", flat=True)
    ), step.title if step else ""


def gaps_of(report: Report) -> list[ReportSection]:
    """The sections that have no text and need one."""
    sections = list(report.sections.all())
    return [section for place, section in enumerate(sections) if is_gap(section, sections[place + 1 : place + 2])]


def refuse_gaps(report: Report, by: User) -> None:
    if gaps := gaps_of(report):
        raise Refused(gaps_in_words([section.heading for section in gaps]))
    pending = pending_in(report, by)
    questions = {row.question.pk: row.question for rows in pending.values() for row in rows if row.question.document}
    if questions:
        raise Refused(questions_in_words(list(questions.values())))
    if pending:
        headings = ", ".join(f"“{section.heading}”" for section in list(pending)[:3])
        sentence = _(
            "Answers are pending in these sections: %(sections)s. Remind the institutions or close the round."
        )
        raise Refused(sentence % {"sections": headings})
    if left := blocking_gaps(report):
        named = report.sections.filter(pk__in=left).values_list("heading", flat=True)[:3]
        raise Refused(text_gaps_in_words(sum(left.values()), named))


def text_gaps_in_words(count: int, headings: Iterable[str]) -> str:
    sentence = ngettext(
        "%(count)d gap is left in the text: %(sections)s. Write a text in its place, or enter a reason there.",
        "%(count)d gaps are left in the texts, beginning with %(sections)s. Write a text in the place of each, or"
        " enter a reason there.",
        count,
    )
    return sentence % {"count": count, "sections": ", ".join(f"“{heading}”" for heading in headings)}


def questions_in_words(questions: Sequence[Question]) -> str:
    sentence = ngettext(
        "%(count)d question has no approved answer: %(questions)s. Approve one, write a text below the question, or"
        " enter a reason.",
        "%(count)d questions have no approved answer, beginning with %(questions)s. Approve answers, write texts"
        " below the questions, or enter a reason for each.",
        len(questions),
    )
    named = "; ".join(question.reference for question in questions[:3])
    return sentence % {"count": len(questions), "questions": named}


def refuse_untranslated(report: Report) -> None:
    """Every section must be translated to all languages of the report, and reviewed since it was changed last."""
    if untitled := untitled_of(report):
        languages = ", ".join(language_name(into.language) for into in untitled)
        raise Refused(_("Translate the title of the report first: %(languages)s.") % {"languages": languages})
    if unfinished := unfinished_of(report):
        rows = [f"“{row.section.heading}” ({language_name(row.into.language)})" for row in unfinished[:3]]
        sentence = ngettext(
            "%(count)d translated section is to be finished and reviewed first: %(sections)s.",
            "%(count)d translated sections are to be finished and reviewed first, beginning with %(sections)s.",
            len(unfinished),
        )
        raise Refused(sentence % {"count": len(unfinished), "sections": ", ".join(rows)})


def writers_of(report: Report) -> set[int]:
    """Everyone who wrote a version of one of its sections, also if another person changed the text after them."""
    versions = SectionVersion.objects.filter(section__report=report).exclude(by=None)
    return set(versions.order_by().values_list("by", flat=True).distinct())


def text_in_clearance(report: Report) -> TextInClearance:
    """A report without an obligation is of no body: only appointments for all bodies cover it."""
    bodies = {report.obligation.body.code} if report.obligation is not None else set()
    return TextInClearance(bodies, writers_of(report))


@transaction.atomic
def start_report_clearance(
    *, report: Report, steps: Sequence[str], translated_by: str = "", over_limit: bool = False, by: User
) -> None:
    """Send the report through these steps. The step named `translated_by`, or else the last one, is not cleared
    before all translations are reviewed. Raises `Refused` if it is in clearance or a section has no text, and
    `FieldRefused` above the word limit unless `over_limit` confirms that."""
    locked = lock_report(report, by=by)
    if locked.clearance is not None and locked.clearance.state == State.OPEN:
        raise Refused(_("The report is already in clearance."))
    refuse_gaps(locked, by)
    confirm_length(locked, is_confirmed=over_limit, by=by)
    institutions = {step.title: step.institution for step in ClearanceStep.objects.select_related("institution")}
    titles = [title for title in map(clean_label, steps) if title][:MOST_STEPS]
    values = [StepValues(title[:120], institutions.get(title)) for title in titles]
    locked.clearance = clearing.start(by=by, steps=values)
    locked.translation_step = locked.clearance.verdicts.filter(title=clean_label(translated_by)[:120]).first()
    locked.cleared_scope = scope_of(locked, by)
    locked.save(update_fields=["clearance", "translation_step", "cleared_scope"])
    Event.record("report-clearance-started", locked, by=by, difference={"steps": ["", ", ".join(titles)]})
    notify_of_step(locked, by=by)


@transaction.atomic
def clear_report(*, report: Report, seen: int | None = None, by: User) -> None:
    """Clear the step that is to be decided; `seen` is the one that the person was shown.

    Raises `Refused` for all but those who decide it, or at the step of translation while a translation is to be
    finished or reviewed, and `ChangedMeanwhile` if another step is next by now.
    """
    locked = decide(report, Verdict.CLEARED, seen=seen, by=by)
    Event.record("report-cleared", locked, by=by)
    notify_of_step(locked, by=by)


@transaction.atomic
def return_report(*, report: Report, reason: str, seen: int | None = None, by: User) -> None:
    """Return the report with a reason; it is cleared again from the first step. Raises as `clear_report`."""
    locked = decide(report, Verdict.RETURNED, seen=seen, by=by, reason=reason)
    Event.record("report-returned", locked, by=by, difference={"reason": ["", clean_label(reason)]})
    notify(people=people_of(locked), kind=Kind.REPORT_RETURNED, thing=locked, by=by, label=locked.title)


def reports_to_clear(user: User) -> QuerySet[Report]:
    """Those whose next step this person decides: for an institution for which they validate, or as a coordinator, who
    wrote nothing of it if duties are separated."""
    pending = ClearanceVerdict.objects.filter(verdict=Verdict.PENDING)
    following = pending.filter(clearance=OuterRef("clearance")).order_by("place", "pk")
    rows = Report.objects.kept().filter(clearance__state=State.OPEN)
    rows = rows.annotate(
        step=Subquery(following.values("pk")[:1]), place_of_step=Subquery(following.values("institution")[:1])
    )
    condition = Q(pk__in=[])
    for scope in scopes(user, Can.VALIDATE_UPDATE):
        of_bodies = Q(obligation__body__code__in=scope.bodies) if scope.bodies else Q()
        condition |= Q(place_of_step__in=scope.institutions) & of_bodies
    if can(user, Can.RUN_PROCEEDINGS):
        written = SectionVersion.objects.filter(by=user).order_by().values("section__report")
        apart = ~Q(pk__in=written) if is_published_apart(Instance.current()) else Q()
        condition |= Q(step__isnull=False, place_of_step=None) & apart
    return rows.filter(condition)


def notify_of_step(report: Report, *, by: User) -> None:
    """Those who can decide the next step; after the last one, those who wrote the report."""
    if step := clearing.next_verdict(report.clearance):
        deciders = clearing.deciders(step, of=text_in_clearance(report))
        notify(people=deciders, kind=Kind.REPORT_TO_CLEAR, thing=report, by=by, label=report.title)
    else:
        notify(people=people_of(report), kind=Kind.REPORT_CLEARED, thing=report, by=by, label=report.title)


def people_of(report: Report) -> list[User]:
    """Those who wrote it, and the person who sent it for clearance."""
    writers = User.objects.filter(pk__in=writers_of(report), is_active=True)
    sender = report.clearance.started_by if report.clearance else None
    return [*writers, *([sender] if sender else [])]


def awaits_translation(report: Report) -> bool:
    """Whether the step that is to be decided now is the one by which all translations must be reviewed."""
    step, pending = step_of_translation(report), clearing.next_verdict(report.clearance)
    return step is not None and step == pending


def decide(report: Report, verdict: str, *, seen: int | None, by: User, reason: str = "") -> Report:
    locked = Report.objects.select_for_update(of=("self",)).select_related("clearance").get(pk=report.pk)
    if locked.clearance is None or locked.withdrawn_at is not None:
        raise Refused(_("Nothing is awaiting clearance. Reload the page."))
    if verdict == Verdict.CLEARED and awaits_translation(locked):
        refuse_untranslated(locked)
    of = text_in_clearance(locked)
    locked.clearance = clearing.decide(locked.clearance, verdict=verdict, by=by, of=of, seen=seen, reason=reason)
    return locked
