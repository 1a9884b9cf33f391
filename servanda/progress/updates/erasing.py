"""Erase what institutions answered to questions whose letter or dialogue is erased: nothing of a text remains."""

from collections.abc import Mapping

from django.db import models
from django.db.models import QuerySet

from servanda.kit.database.traces import delete_after_commit
from servanda.progress.models import AnswerSheet, Evidence, InputRound, Update, UpdateStep
from servanda.sources.models import QuestionQuerySet

ERASED = "–"  # in place of a text that cannot be empty


def answers_about(questions: QuestionQuerySet) -> Mapping[type[models.Model], QuerySet]:
    """What has lines of the trail about these questions: the answers, and their evidence."""
    answers = Update.objects.filter(question__in=questions.order_by().values("pk"))
    return {Update: answers, Evidence: Evidence.objects.filter(updates__in=answers.order_by().values("pk"))}


def erase_answers(questions: QuestionQuerySet) -> tuple[int, int]:
    """Erase the answers to these questions, their evidence, and the spreadsheets in which they arrived; returns how
    many texts and files. Institution and state remain.

    The rounds must be about these questions only, as those on the questions of one letter are.
    """
    question_ids = questions.order_by().values("pk")
    answers = Update.objects.filter(question__in=question_ids)
    files = erase_evidence(answers) + erase_sheets(questions)
    UpdateStep.objects.filter(update__in=answers).exclude(reason="").update(reason=ERASED)
    InputRound.objects.filter(requests__items__question__in=question_ids).update(question=ERASED)
    answers.exclude(letter="").update(letter=ERASED)
    answers.exclude(return_reason="").update(return_reason=ERASED)
    answers.exclude(withdrawal_reason="").update(withdrawal_reason=ERASED)
    return answers.update(text="", obstacles="", figures=""), files


def erase_evidence(answers: QuerySet[Update]) -> int:
    """An answer to a question is about no record, so its evidence is nothing else's."""
    rows = list(Evidence.objects.filter(updates__in=answers.order_by().values("pk")).distinct())
    for row in rows:
        delete_after_commit(row.file.storage, str(row.file.name))
        row.delete()
    return len(rows)


def erase_sheets(questions: QuestionQuerySet) -> int:
    """Files with answers, and the cells and comments that were read from them."""
    sheets = AnswerSheet.objects.filter(request__items__question__in=questions.order_by().values("pk"))
    batches = {sheet.batch for sheet in sheets.select_related("batch")}
    for batch in batches:
        delete_after_commit(batch.file.storage, str(batch.file.name))
        batch.file, batch.name, batch.message = "", ERASED, ""
        batch.save()
        batch.rows.update(where="", summary="", reason="", difference="")
        batch.remarks.all().delete()
        batch.cells.all().delete()
        batch.cell_comments.all().delete()
    return len(batches)
