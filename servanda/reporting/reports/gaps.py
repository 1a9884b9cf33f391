"""Gaps that drafts leave in the text of a section. Each blocks clearance until a text is in its place, or a person
enters a reason; the files of a submission are without those that have one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.reporting.models import AcceptedGap, Report, ReportSection
from servanda.reporting.reports.quoting import GAP, GAP_BEGINS
from servanda.reporting.reports.services import lock_section, refuse_others
from servanda.reporting.reports.text_gaps import LONGEST_REASON, TextGap, found_in
from servanda.sources.models import Question
from servanda.sources.printed.reasons import required_reason
from servanda.trail.models import Event


def gaps_in(sections: Iterable[ReportSection]) -> dict[int, list[TextGap]]:
    """By section, the gaps of its text. The number of queries is constant."""
    with_gaps = [section for section in sections if GAP.search(section.text)]
    if with_gaps:
        questions = Prefetch("questions", Question.objects.select_related("document", "asked_by"))
        prefetch_related_objects(with_gaps, questions, "unanswered", "accepted_gaps")
    return {section.pk: list(gaps_of_text(section)) for section in with_gaps}


def gaps_of_text(section: ReportSection) -> Iterator[TextGap]:
    """Each with its own reason; the first without one below a question that goes without an answer has that of the
    question."""
    accepted = {row.key: row.reason for row in section.accepted_gaps.all()}
    unanswered = {row.question_id: row.reason for row in section.unanswered.all()}
    for gap in found_in(section.text, section.questions.all()):
        if gap.key in accepted:
            yield replace(gap, reason=accepted[gap.key])
        else:
            reason = unanswered.pop(gap.question, "") if gap.question else ""
            yield replace(gap, reason=reason, is_of_question=bool(reason))


def questions_with_reasons(gaps: Sequence[TextGap]) -> set[int]:
    """The questions below which there are gaps, each with a reason: they need no reason of their own."""
    without = {gap.question for gap in gaps if not gap.reason}
    return {gap.question for gap in gaps if gap.question and gap.question not in without}


def blocking_gaps(report: Report) -> dict[int, int]:
    """By section, how many gaps of its text block clearance."""
    found = gaps_in(report.sections.filter(text__contains=GAP_BEGINS))
    counts = {key: sum(not gap.reason for gap in gaps) for key, gaps in found.items()}
    return {key: count for key, count in counts.items() if count}


def without_gaps(text: str) -> str:
    """The text as it is submitted: all gaps that it has by then were accepted."""
    if GAP.search(text) is None:
        return text
    parts = ("".join(GAP.split(part)[::2]).strip() for part in text.split("\n\n"))
    return "\n\n".join(re.sub(r"(?<=\S) {2,}", " ", part) for part in parts if part)


@transaction.atomic
def accept_gap(*, section: ReportSection, key: str, reason: str, by: User) -> None:
    """The gap with this key does not block the clearance of the section any more, for this reason.

    Raises `FieldRefused` without a reason or for a long one, and `Refused` if the text has no such gap by now.
    """
    refuse_others(by)
    locked = lock_section(section, by=by)
    gap = next((gap for gap in gaps_in([locked]).get(locked.pk, []) if gap.key == key), None)
    if gap is None:
        raise Refused(_("The text no longer has this gap. Reload the page."))
    reason = required_reason(reason, most=LONGEST_REASON)
    AcceptedGap.objects.update_or_create(section=locked, key=key, defaults={"reason": reason, "by": by})
    named = {"gap": ["", gap.sentence], "reason": ["", reason]}
    Event.record("report-gap-accepted", locked, by=by, difference=named)


@transaction.atomic
def reopen_gap(*, section: ReportSection, key: str, by: User) -> None:
    """The gap blocks the clearance of the section again. Raises `Refused` if it does already."""
    refuse_others(by)
    locked = lock_section(section, by=by)
    accepted = AcceptedGap.objects.filter(section=locked, key=key).first()
    if accepted is None:
        raise Refused(_("Another user has just done this."))
    accepted.delete()
    Event.record("report-gap-reopened", locked, by=by, difference={"reason": [accepted.reason, ""]})
