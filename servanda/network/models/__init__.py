from servanda.network.models.agreements import (
    Agreement,
    AgreementDuty,
    AgreementDutyQuerySet,
    AgreementQuerySet,
)
from servanda.network.models.assistance import (
    Assistance,
    AssistanceQuerySet,
    Cooperation,
    CooperationEvaluation,
    CooperationQuerySet,
    ReceivedEvaluation,
)
from servanda.network.models.commitments import Commitment, CommitmentQuerySet
from servanda.network.models.exercises import ExerciseOffer, ExerciseStart
from servanda.network.models.legal_texts import LegalText, LegalTextQuerySet
from servanda.network.models.meetings import (
    AgendaPoint,
    Meeting,
    MeetingDecision,
    MeetingInvitation,
    MeetingMinutes,
    MeetingPaper,
    MeetingParticipant,
    MeetingQuerySet,
)
from servanda.network.models.members import (
    MemberContact,
    MembershipStep,
    NetworkRule,
)
from servanda.network.models.missions import Mission, MissionQuerySet
from servanda.network.models.peer_answers import PeerAction, PeerActionRecord, PeerAnswer, PeerAnswerQuerySet
from servanda.network.models.peer_entries import PeerEntry, PeerEntryQuerySet
from servanda.network.models.practices import (
    Endorsement,
    EndorsementQuerySet,
    Practice,
    PracticeEvidence,
    PracticeLink,
    PracticeQuerySet,
    PracticeVector,
    ReceivedEndorsement,
)
from servanda.network.models.profiles import (
    MechanismProfile,
    MechanismProfileQuerySet,
    ProfileFact,
    ProfileFactQuerySet,
)
from servanda.network.models.releases import Release, ReleaseQuerySet
from servanda.network.models.self_assessments import SelfAssessment, SelfAssessmentAnswer, SelfAssessmentQuerySet
from servanda.network.models.training import (
    Course,
    CourseMaterial,
    CourseQuerySet,
    CourseRegistration,
    CourseSession,
    CourseSessionQuerySet,
)

__all__ = [
    "AgendaPoint",
    "Agreement",
    "AgreementDuty",
    "AgreementDutyQuerySet",
    "AgreementQuerySet",
    "Assistance",
    "AssistanceQuerySet",
    "Cooperation",
    "CooperationEvaluation",
    "CooperationQuerySet",
    "Commitment",
    "CommitmentQuerySet",
    "Course",
    "CourseMaterial",
    "CourseQuerySet",
    "CourseRegistration",
    "CourseSession",
    "CourseSessionQuerySet",
    "Endorsement",
    "EndorsementQuerySet",
    "ExerciseOffer",
    "ExerciseStart",
    "LegalText",
    "LegalTextQuerySet",
    "MechanismProfile",
    "MechanismProfileQuerySet",
    "Meeting",
    "MeetingDecision",
    "MeetingInvitation",
    "MeetingMinutes",
    "MeetingPaper",
    "MeetingParticipant",
    "MeetingQuerySet",
    "MemberContact",
    "MembershipStep",
    "Mission",
    "MissionQuerySet",
    "NetworkRule",
    "PeerAction",
    "PeerActionRecord",
    "PeerAnswer",
    "PeerAnswerQuerySet",
    "PeerEntry",
    "PeerEntryQuerySet",
    "Practice",
    "PracticeEvidence",
    "PracticeLink",
    "PracticeQuerySet",
    "PracticeVector",
    "ProfileFact",
    "ProfileFactQuerySet",
    "ReceivedEndorsement",
    "ReceivedEvaluation",
    "Release",
    "ReleaseQuerySet",
    "SelfAssessment",
    "SelfAssessmentAnswer",
    "SelfAssessmentQuerySet",
]
