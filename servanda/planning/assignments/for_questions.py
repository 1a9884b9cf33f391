"""Institutions suggested for questions put to the State: the lead institutions of the linked records."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from servanda.people.models import Institution, User
from servanda.planning.models import Assignment
from servanda.recommendations.models import RecordQuestion
from servanda.sources.models import Question
from servanda.sources.questions.services import name_institutions


@dataclass(slots=True)
class SuggestedInstitution:
    """An institution with the references of the records for which it is suggested."""

    institution: Institution
    codes: list[str] = field(default_factory=list)


def suggested_institutions(
    questions: Iterable[Question], user: User, *, on: date
) -> dict[int, list[SuggestedInstitution]]:
    """By question: the lead institutions of its linked records that the person sees, without those named already and
    those that have closed."""
    shown = list(questions)
    links = RecordQuestion.objects.visible_to(user).filter(question__in=shown)
    pairs = list(links.values_list("question", "recommendation", "recommendation__code"))
    leads = Assignment.objects.current().leading().filter(recommendation__in={record for _q, record, _code in pairs})
    by_record: defaultdict[int, list[Institution]] = defaultdict(list)
    for assignment in leads.select_related("institution").order_by("institution__code"):
        if assignment.institution.is_active(on=on):
            by_record[assignment.recommendation_id].append(assignment.institution)
    named = {question.pk: {institution.pk for institution in question.institutions.all()} for question in shown}
    found: defaultdict[int, dict[int, SuggestedInstitution]] = defaultdict(dict)
    for question, record, code in pairs:
        for institution in by_record[record]:
            if institution.pk not in named[question]:
                found[question].setdefault(institution.pk, SuggestedInstitution(institution)).codes.append(code)
    return {question: list(suggested.values()) for question, suggested in found.items()}


@transaction.atomic
def name_suggested(*, questions: Iterable[Question], on: date, by: User) -> int:
    """Name the suggested institutions for these questions; returns for how many questions there were any."""
    shown = list(questions)
    suggested = suggested_institutions(shown, by, on=on)
    for question in shown:
        if found := suggested.get(question.pk):
            institutions = [suggestion.institution for suggestion in found]
            name_institutions(question=question, institutions=institutions, by=by)
    return len(suggested)
