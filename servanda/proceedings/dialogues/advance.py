"""Advance questions of documents that were imported, taken over into a dialogue: each once, with undo."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.proceedings.contents.questions import MOST_OF_DIALOGUE, remove, set_deadline_of_room
from servanda.proceedings.dialogues.services import lock_dialogue
from servanda.proceedings.models import Proceeding, ProceedingQuestion
from servanda.proceedings.rules import facts_of_questions, save_version
from servanda.recommendations.models import RecordQuestion
from servanda.sources.models import Document, DocumentReading, Question

FAMILY = "advance-questions"


def advance_questions(proceeding: Proceeding) -> QuerySet[Question]:
    """Those that States sent in advance to a body of the dialogue, in documents that were imported."""
    batches = DocumentReading.objects.filter(family=FAMILY).order_by().values("batch")
    found = Question.objects.listed().filter(added_by__in=batches)
    return found.filter(document__body__in=proceeding.bodies.order_by().values("pk"))


def not_taken(proceeding: Proceeding) -> QuerySet[Question]:
    taken = ProceedingQuestion.objects.filter(proceeding=proceeding, taken_from=OuterRef("pk"))
    return advance_questions(proceeding).filter(~Exists(taken))


def documents_offered(proceeding: Proceeding) -> QuerySet[Document]:
    """Documents with advance questions for this dialogue, each with how many are still to be taken over, and how many
    were."""
    waiting = Count("questions", filter=Q(questions__in=not_taken(proceeding).order_by().values("pk")))
    taken = ProceedingQuestion.objects.filter(proceeding=proceeding).exclude(taken_from=None).order_by()
    were = Count("questions", filter=Q(questions__in=taken.values("taken_from")))
    found = Document.objects.filter(pk__in=advance_questions(proceeding).order_by().values("document"))
    return found.annotate(waiting=waiting, taken=were).order_by("-date", "symbol")


@transaction.atomic
def take_advance_questions(*, proceeding: Proceeding, document: Document, by: User) -> int:
    """Copy the questions of the document that the dialogue does not have yet, and return how many.

    A copy is restricted like the dialogue, and goes to those institutions of the original that the dialogue names.
    Raises `Refused` if there is none, or if the dialogue would have too many questions.
    """
    proceeding = lock_dialogue(proceeding, by=by)
    found = list(not_taken(proceeding).filter(document=document).order_by("place").prefetch_related("institutions"))
    if not found:
        raise Refused(_("All advance questions of this document are in the dialogue already."))
    named = set(proceeding.named.values_list("institution_id", flat=True))
    before = proceeding.questions.count()
    if before + len(found) > MOST_OF_DIALOGUE:
        sentence = _("A dialogue has at most %(most)d questions. Remove some, then copy these.")
        raise Refused(sentence % {"most": MOST_OF_DIALOGUE})
    last = max((row.number for row in proceeding.questions.all()), default=0)
    for number, original in enumerate(found, last + 1):
        question = copied(original, number, facts_of_questions(proceeding))
        question.institutions.set(place for place in original.institutions.all() if place.pk in named)
        origin = ProceedingQuestion.Origin.ADVANCE
        ProceedingQuestion.objects.create(
            proceeding=proceeding, question=question, origin=origin, taken_from=original
        )
    difference = {"questions": [before, before + len(found)]}
    save_version(proceeding, "proceeding-questions-set", by=by, difference=difference)
    return len(found)


def copied(original: Question, number: int, common: dict[str, object]) -> Question:
    kept = {name: getattr(original, name) for name in ("text", "language", "articles", "asked_by")}
    return Question.objects.create(**common, **kept, place=number, number=str(number))


@transaction.atomic
def undo_advance_questions(*, proceeding: Proceeding, document: Document, by: User) -> int:
    """Remove the questions that were taken over from the document, and return how many.

    Raises `Refused` if there is none, if one was worked on since, or if institutions were asked about one.
    """
    proceeding = lock_dialogue(proceeding, by=by)
    rows = list(
        proceeding.questions.filter(taken_from__document=document)
        .select_related("taken_from")
        .prefetch_related("question__institutions", "taken_from__institutions")
    )
    if not rows:
        raise Refused(_("No question of this document is in the dialogue."))
    refuse_changed(rows, set(proceeding.named.values_list("institution_id", flat=True)))
    before = proceeding.questions.count()
    remove(rows)
    set_deadline_of_room(proceeding)
    difference = {"questions": [before, before - len(rows)]}
    save_version(proceeding, "proceeding-questions-set", by=by, difference=difference)
    return len(rows)


def refuse_changed(rows: Sequence[ProceedingQuestion], named: Collection[int]) -> None:
    """`named` are the keys of the institutions of the dialogue."""
    linked = set(
        RecordQuestion.objects.filter(question__in=[row.question_id for row in rows]).values_list(
            "question", flat=True
        )
    )
    for row in rows:
        if row.question_id in linked or is_changed(row, named):
            sentence = _("Question %(number)s was changed or answered since. Remove it on the page of the questions.")
            raise Refused(sentence % {"number": row.number})


def is_changed(row: ProceedingQuestion, named: Collection[int]) -> bool:
    """Whether it has another text, origin or other institutions than it was taken over with, or an answer."""
    if row.answer or row.question.version > 1 or row.origin != ProceedingQuestion.Origin.ADVANCE:
        return True
    places = {place.pk for place in row.question.institutions.all()}
    taken = {place.pk for place in row.taken_from.institutions.all()} if row.taken_from else set()
    return places != taken & set(named)
