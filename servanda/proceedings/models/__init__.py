from servanda.proceedings.models.cases import CaseEntry, CaseFacts, CaseMeasure, measures_open_to
from servanda.proceedings.models.clearances import Clearance, ClearanceStep, ClearanceVerdict, TextInClearance
from servanda.proceedings.models.contents import Draft, ProceedingFile, PublicLetter
from servanda.proceedings.models.dialogues import Delegate, SpeakingPoint
from servanda.proceedings.models.persons import PersonConcerned
from servanda.proceedings.models.proceedings import (
    NamedInstitution,
    Proceeding,
    ProceedingQuerySet,
    TakenStep,
)
from servanda.proceedings.models.promises import PromisedMeasure, PromisedMeasureQuerySet
from servanda.proceedings.models.questions import ProceedingQuestion, ProceedingQuestionQuerySet
from servanda.proceedings.models.replies import StateReply
from servanda.proceedings.models.retention import LegalHold, RetentionPeriod
from servanda.proceedings.models.submissions import EarlierSubmission
from servanda.proceedings.models.visits import Meeting, StandingInvitation

__all__ = [
    "CaseEntry",
    "CaseFacts",
    "CaseMeasure",
    "Clearance",
    "ClearanceStep",
    "ClearanceVerdict",
    "Delegate",
    "Draft",
    "EarlierSubmission",
    "LegalHold",
    "Meeting",
    "NamedInstitution",
    "PersonConcerned",
    "Proceeding",
    "ProceedingFile",
    "ProceedingQuerySet",
    "ProceedingQuestion",
    "ProceedingQuestionQuerySet",
    "PromisedMeasure",
    "PromisedMeasureQuerySet",
    "PublicLetter",
    "RetentionPeriod",
    "SpeakingPoint",
    "StandingInvitation",
    "StateReply",
    "TakenStep",
    "TextInClearance",
    "measures_open_to",
]
