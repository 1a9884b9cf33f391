from servanda.sources.models.deadlines import Extension, ReplacedDeadline, Suspension
from servanda.sources.models.documents import (
    Document,
    DocumentReading,
    ReadBlock,
    ReadUnit,
    ReadUnitQuerySet,
    Review,
)
from servanda.sources.models.feeds import CalendarFeed
from servanda.sources.models.files import ObligationFile, StoredFile
from servanda.sources.models.obligations import Obligation, ObligationQuerySet, is_late
from servanda.sources.models.questions import Question, QuestionQuerySet, question_of_bodies
from servanda.sources.models.steps import ObligationStep, ObligationStepQuerySet, StepTemplate
from servanda.sources.models.submissions import ObligationLetter, Submission
from servanda.sources.models.treaties import (
    AcceptedProcedure,
    Objection,
    Reservation,
    Standing,
    TreatyStatus,
    TreatyStatusQuerySet,
)

__all__ = [
    "AcceptedProcedure",
    "CalendarFeed",
    "Document",
    "DocumentReading",
    "Extension",
    "Objection",
    "Obligation",
    "ObligationFile",
    "ObligationLetter",
    "ObligationQuerySet",
    "ObligationStep",
    "ObligationStepQuerySet",
    "Question",
    "QuestionQuerySet",
    "ReadBlock",
    "ReadUnit",
    "ReadUnitQuerySet",
    "ReplacedDeadline",
    "Reservation",
    "Review",
    "Standing",
    "StepTemplate",
    "StoredFile",
    "Submission",
    "Suspension",
    "TreatyStatus",
    "TreatyStatusQuerySet",
    "is_late",
    "question_of_bodies",
]
