from servanda.proceedings.models.clearances import Clearance, ClearanceStep, ClearanceVerdict
from servanda.proceedings.models.contents import Draft, ProceedingFile, PublicLetter, Question
from servanda.proceedings.models.persons import PersonConcerned
from servanda.proceedings.models.proceedings import (
    NamedInstitution,
    Proceeding,
    ProceedingQuerySet,
    TakenStep,
)

__all__ = [
    "Clearance",
    "ClearanceStep",
    "ClearanceVerdict",
    "Draft",
    "NamedInstitution",
    "PersonConcerned",
    "Proceeding",
    "ProceedingFile",
    "ProceedingQuerySet",
    "PublicLetter",
    "Question",
    "TakenStep",
]
