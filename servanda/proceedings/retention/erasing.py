"""Erase the personal data of closed proceedings: all that were selected, or none. What remains names no person.

Erased: persons concerned, applicants, members of the delegation, files, questions, answers and drafts, the reply,
notes, reasons and outcomes, the letter as it was imported, and all earlier versions of these. Kept: reference,
subject (as a person leaves it), dates, bodies, institutions, steps, measures, and the version for the public.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.database.traces import delete_after_commit, wipe_after_commit
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import ChangedMeanwhile, attribute
from servanda.planning.models import Action
from servanda.proceedings.models import (
    CaseEntry,
    CaseFacts,
    ClearanceVerdict,
    LegalHold,
    Proceeding,
    ProceedingQuestion,
    PublicLetter,
    RetentionPeriod,
    TakenStep,
)
from servanda.proceedings.persons.services import forget_person, refuse_unless_reading
from servanda.proceedings.retention.queries import counted, over
from servanda.proceedings.retention.services import present_periods
from servanda.proceedings.rules import refuse_held, refuse_unless_running
from servanda.progress.models import Evidence, Update
from servanda.progress.updates.erasing import answers_about, erase_answers
from servanda.sources.models import Document, Extension, Obligation, ObligationLetter, Question, Suspension
from servanda.sources.printed.texts import clean_label
from servanda.sources.units.withheld import is_confidential
from servanda.trail.models import Event

ERASED = "–"  # in place of a text that cannot be empty
# Texts that may name a person, and so does each earlier version of them.
TEXTS = ("other_addressees", "note", "answers_to", "reply", "outcome", "reprisals_handling")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A proceeding as the person was shown it, with the subject that remains."""

    key: UUID
    version: int
    persons: int
    files: int
    title: str


@dataclass(slots=True)
class Erased:
    persons: int = 0
    files: int = 0
    texts: int = 0


@transaction.atomic
def erase_personal_data(*, selected: Sequence[Selected], on: date, by: User) -> int:
    """Erase the personal data of all selected proceedings, or of none; returns how many.

    Raises `ChangedMeanwhile` if one was changed since the person was shown it, and `Refused` if the period of one is
    not over, or one is under a legal hold. Files are deleted from the storage once everything else is saved.
    """
    refuse_unless_reading(by)
    refuse_unless_running(by)
    if not selected:
        raise Refused(_("Select at least one entry."))
    list(RetentionPeriod.objects.select_for_update().order_by("pk"))
    keys = [row.key for row in selected]
    list(Proceeding.objects.select_for_update(of=("self",)).filter(key__in=keys).order_by("pk"))
    present = {row.key: row for row in counted(over(present_periods(), on=on).filter(key__in=keys))}
    for row in selected:
        refuse_unless_as_shown(row, present.get(row.key))
    for row in selected:
        erase(present[row.key], clean_label(row.title), by=by)
    wipe_after_commit()
    return len(present)


def refuse_unless_as_shown(row: Selected, proceeding: Proceeding | None) -> None:
    if proceeding is None:
        raise ChangedMeanwhile(_("An entry is no longer due for erasure. Nothing was erased. Select again."))
    refuse_held(proceeding)
    if (proceeding.version, proceeding.person_count, proceeding.file_count) != (row.version, row.persons, row.files):
        sentence = _("%(what)s was changed while you were looking at it. Nothing was erased. Select again.")
        raise ChangedMeanwhile(sentence % {"what": proceeding})
    if not clean_label(row.title):
        raise FieldRefused(str(row.key), _("Enter the subject."))


def erase(proceeding: Proceeding, title: str, *, by: User) -> None:
    erased, names = Erased(), names_in(proceeding)
    lines = sorted(lines_about(proceeding, names))
    erase_labels(proceeding, names)
    erase_promised(proceeding, names)
    erase_persons(proceeding, erased)
    erase_contents(proceeding, erased)
    erase_files(proceeding, erased)
    erase_reasons(proceeding)
    erase_facts(proceeding, title, by=by)
    erase_imported_letter(proceeding, erased)
    Event.objects.filter(sequence__in=lines).update(object_label="", difference="", salt="")
    numbers = {name: [getattr(erased, name), 0] for name in ("persons", "files", "texts")}
    Event.record("personal-data-erased", proceeding, by=by, difference={"erased": [lines, []], **numbers})


def names_in(proceeding: Proceeding) -> list[str]:
    names = {*proceeding.persons.values_list("name", flat=True), *proceeding.delegates.values_list("name", flat=True)}
    for pair in CaseFacts.objects.filter(proceeding=proceeding).values_list("applicants", "agent"):
        names |= set(pair)
    return sorted(names - {""}, key=len, reverse=True)


def without_names(text: str, names: Sequence[str]) -> str:
    """The text with a dash in place of each of these names."""
    for name in names:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", ERASED, text, flags=re.IGNORECASE)
    return text


def erase_labels(proceeding: Proceeding, names: Sequence[str]) -> None:
    """Short texts remain, without the names that were entered."""
    parts = ((proceeding.meetings, ("title", "venue")), (proceeding.points, ("title", "text")))
    for rows, fields in (*parts, (proceeding.entries, ("reference",))):
        for row in rows.all():
            for field in fields:
                setattr(row, field, without_names(getattr(row, field), names))
            row.save()


def erase_promised(proceeding: Proceeding, names: Sequence[str]) -> None:
    """Actions that were promised remain, as do their earlier versions, without the names that were entered."""
    actions = [row.action_id for row in proceeding.promised.all()]
    for rows in (Action.objects.filter(pk__in=actions), Action.history.filter(id__in=actions)):
        for action in rows:
            texts = {
                name: without_names(getattr(action, name), names) for name in ("title", "description", "obstacles")
            }
            rows.filter(pk=action.pk).update(**texts)


def erase_persons(proceeding: Proceeding, erased: Erased) -> None:
    for person in proceeding.persons.filter(erased_at=None):
        forget_person(person)
        erased.persons += 1
    erased.persons += proceeding.delegates.all().delete()[0]
    CaseFacts.objects.filter(proceeding=proceeding).update(applicants="", agent="")


def erase_contents(proceeding: Proceeding, erased: Erased) -> None:
    """Questions and answers go; of drafts, the institution and the state remain."""
    erase_questions(proceeding, erased)
    for draft in proceeding.drafts.all():
        draft.text = ""
        draft.return_reason = ERASED if draft.return_reason else ""
        draft.version += 1
        draft.save()
        erased.texts += 1
    proceeding.meetings.update(note="")
    CaseEntry.objects.filter(proceeding=proceeding).update(note="")
    PublicLetter.objects.filter(proceeding=proceeding, withdrawn_at__isnull=False).delete()


def erase_questions(proceeding: Proceeding, erased: Erased) -> None:
    """Of a question that institutions were asked about, its number remains, without a text and named to no one."""
    rows = list(ProceedingQuestion.objects.filter(proceeding=proceeding))
    questions = Question.objects.filter(pk__in=[row.question_id for row in rows])
    texts, files = erase_answers(questions)
    erased.texts += len(rows) + texts
    erased.files += files
    ProceedingQuestion.objects.filter(proceeding=proceeding).delete()
    questions.update(text=ERASED, withdrawn_at=timezone.now(), lead=None, share=None)
    for question in questions:
        question.institutions.clear()
    questions.filter(input_items=None, answers=None, record_links=None).delete()


def erase_files(proceeding: Proceeding, erased: Erased) -> None:
    for row in proceeding.files.all():
        delete_after_commit(row.file.storage, str(row.file.name))
        row.delete()
        erased.files += 1


def erase_reasons(proceeding: Proceeding) -> None:
    """Erase reasons, which are free texts. It remains visible that a reason was given."""
    TakenStep.objects.filter(proceeding=proceeding).exclude(reason="").update(reason=ERASED)
    LegalHold.objects.filter(proceeding=proceeding).update(reason=ERASED)
    LegalHold.objects.filter(proceeding=proceeding).exclude(release_reason="").update(release_reason=ERASED)
    clearances = {proceeding.clearance_id, *proceeding.earlier.values_list("clearance", flat=True)} - {None}
    ClearanceVerdict.objects.filter(clearance__in=clearances).exclude(reason="").update(reason=ERASED)


def erase_facts(proceeding: Proceeding, title: str, *, by: User) -> None:
    """The facts and their earlier versions, which would otherwise keep what was erased."""
    for name in TEXTS:
        setattr(proceeding, name, "")
    proceeding.title, proceeding.erased_at = title, timezone.now()
    proceeding.withdrawn_reason = ERASED if proceeding.withdrawn_at else ""
    proceeding.version += 1
    attribute(proceeding, by=by, reason="personal-data-erased")
    proceeding.save()
    proceeding.earlier.update(answers_to="", reply="")
    for grounds in (Extension, Suspension):
        grounds.objects.filter(obligation__in=obligations_of(proceeding)).update(ground=ERASED)
    ObligationLetter.objects.filter(obligation__in=obligations_of(proceeding)).update(note="")
    for obligation in obligations_of(proceeding):  # an import may have given one a title of its own
        Obligation.history.filter(id=obligation.pk).update(title=obligation.title)
    earlier = Proceeding.history.filter(id=proceeding.pk)
    earlier.update(title=title, **dict.fromkeys(TEXTS, ""))
    earlier.exclude(withdrawn_reason="").update(withdrawn_reason=ERASED)


def obligations_of(proceeding: Proceeding) -> models.QuerySet[Obligation]:
    """The deadlines of all its submissions, and of its referral."""
    earlier = proceeding.earlier.exclude(obligation=None).order_by().values("obligation")
    referral = CaseFacts.objects.filter(proceeding=proceeding).exclude(referral=None).values("referral")
    beside = Q(pk__in=earlier) | Q(pk__in=referral)
    return Obligation.objects.filter(Q(pk=proceeding.obligation_id or 0) | beside)


def erase_imported_letter(proceeding: Proceeding, erased: Erased) -> None:
    """The letter as it was uploaded and read, with the questions that it asked. A judgment is a public document."""
    reading = proceeding.reading
    if reading is None or not is_confidential(reading):
        return
    batch: Batch = reading.batch
    erased.files += bool(batch.file)
    erased.texts += 1
    reading.blocks.all().delete()
    reading.units.all().delete()
    reading.title, reading.notes = "", ""
    reading.save()
    batch.rows.update(summary="", reason="", difference="")
    batch.remarks.all().delete()
    batch.cells.all().delete()
    batch.cell_comments.all().delete()
    delete_after_commit(batch.file.storage, str(batch.file.name))
    batch.file, batch.name, batch.message = "", reading.symbol or ERASED, ""
    batch.save()
    Question.objects.filter(added_by=batch).update(text=ERASED, heading="")
    Document.objects.filter(symbol=reading.symbol).exclude(symbol="").update(title=reading.symbol)


def lines_about(proceeding: Proceeding, names: Sequence[str]) -> Iterator[int]:
    """Events of the trail to be erased: those with a free text (subject, reason) or a name in their label, and all on
    questions and evidence, whose labels are texts. Events with dates and numbers only stay."""
    question_ids = ProceedingQuestion.objects.filter(proceeding=proceeding).order_by().values("question")
    questions = Question.objects.filter(pk__in=question_ids)
    if proceeding.reading is not None:
        questions |= Question.objects.filter(added_by=proceeding.reading.batch_id)
    answers = answers_about(questions)
    worded = of_rows(
        Proceeding.objects.filter(pk=proceeding.pk),
        proceeding.drafts.all(),
        Action.objects.filter(pk__in=proceeding.promised.values("action")),
        obligations_of(proceeding),
        answers[Update],
    )
    texts = Q(pk__in=[])
    for key in ("title", "reason", "extension", "suspension", "letter"):
        texts |= Q(difference__contains=f'"{key}"')
    for name in names:
        texts |= Q(object_label__icontains=name)
    lines = Event.objects.filter((worded & texts) | of_rows(questions, answers[Evidence]))
    yield from lines.exclude(salt="").values_list("sequence", flat=True)


def of_rows(*sets: models.QuerySet) -> Q:
    condition = Q(pk__in=[])
    for rows in sets:
        keys = [str(key) for key in rows.values_list("pk", flat=True)]
        condition |= Q(object_type=rows.model._meta.label_lower, object_id__in=keys)
    return condition
