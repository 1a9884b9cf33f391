"""The draft of answers to questions: each question verbatim, what institutions answered with its source, and the gap
where nothing was answered. What is in the text already stays in its place; nothing is invented."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.versioning import refuse_if_changed, unread_conflict
from servanda.recommendations.models import RecordQuestion
from servanda.reporting.facts.answers import ANSWERS, SOURCE, answers
from servanda.reporting.facts.record_numbers import RecordNumber
from servanda.reporting.facts.registry import Fact
from servanda.reporting.inputs.queries import RequestedQuestion, input_of
from servanda.reporting.models import ReportSection
from servanda.reporting.reports.answers import places_of, with_details
from servanda.reporting.reports.quoting import add_quotations, as_gap, as_paragraph, is_gap_paragraph
from servanda.reporting.reports.scope import context_of, end_of_facts
from servanda.reporting.reports.services import lock_section, store_text


@transaction.atomic
def draft_answers(*, section: ReportSection, seen: int, by: User) -> ReportSection:
    """Put the questions of the section and their approved answers into its text, in the order of the questions, each
    below its question; gaps that have been answered since are replaced. Where a person wrote a text
    without a gap, none is added.

    Raises `Refused` if there is nothing to add, and `ChangedMeanwhile` if another user saved the section since.
    """
    locked = lock_section(section, by=by)
    refuse_if_changed(locked.version, seen, unread_conflict())
    with translation.override(locked.report.language):
        text = with_answers(locked, by)
    if text == locked.text.rstrip():
        raise Refused(_("There is no draft for this section."))
    return store_text(locked, text, by=by, is_new_version=True)


def with_answers(section: ReportSection, by: User) -> str:
    given = input_of(section.report, [section], by).get(section.pk)
    rows = given.questions if given else []
    facts = answers_to_draft(section, by)
    records = records_of([row.question.pk for row in rows], by)
    parts = [part for part in section.text.rstrip().split("\n\n") if part]
    for row in rows:
        key = row.question.pk
        paragraphs = quoted(section, facts[key], by)
        place = places_of(parts, [other.question for other in rows]).get(key)
        if place is not None:
            start, end = place
            below = [part for part in parts[start + 1 : end] if not is_gap_paragraph(part.strip())]
            is_written = bool(below) and len(below) == end - start - 1
            parts[start + 1 : end] = [*below, *paragraphs, *([] if is_written else gaps_below(row))]
        elif paragraphs or row.question.document:
            parts += [with_details(row.question, records[key]), *paragraphs, *gaps_below(row)]
    return "\n\n".join(parts)


def gaps_below(row: RequestedQuestion) -> list[str]:
    if row.is_without_anybody:
        return [as_gap(_("No institution was asked."))]
    sentence = _("No information received from %(institution)s.")
    missing = dict.fromkeys(str(request.institution) for request in row.requests if not request.is_approved)
    return [as_gap(sentence % {"institution": institution}) for institution in missing]


def answers_to_draft(section: ReportSection, by: User) -> defaultdict[int, list[Fact]]:
    """By question, the approved answers that the section does not quote yet."""
    quoted = section.quotations.filter(source=ANSWERS).values_list("object_id", flat=True)
    context = context_of(section, by, as_of=end_of_facts(section.report))
    rows = list(answers(context).exclude(pk__in=[int(key) for key in quoted]).order_by("institution__code", "pk"))
    facts = {fact.key: fact for fact in SOURCE.facts(rows, context)}
    found: defaultdict[int, list[Fact]] = defaultdict(list)
    for row in rows:
        found[row.question_id].append(facts[str(row.pk)])
    return found


def quoted(section: ReportSection, facts: Sequence[Fact], by: User) -> list[str]:
    rows = add_quotations(section, [(ANSWERS, fact) for fact in facts], by=by) if facts else []
    return [as_paragraph(row.text, row.mark) for row in rows]


def records_of(questions: Sequence[int], user: User) -> defaultdict[int, list[RecordNumber]]:
    """By question, the records that are linked with it, as far as this person sees them."""
    links = RecordQuestion.objects.visible_to(user).filter(question__in=questions)
    found: defaultdict[int, list[RecordNumber]] = defaultdict(list)
    for link in links.select_related("recommendation__document", "recommendation__body").order_by(
        "recommendation__order_key", "pk"
    ):
        found[link.question_id].append(RecordNumber.of(link.recommendation))
    return found
