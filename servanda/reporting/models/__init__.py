from servanda.reporting.models.assignments import SectionAssignment
from servanda.reporting.models.consultations import (
    CommentFile,
    CommentFileQuerySet,
    Consultation,
    ConsultationComment,
    ConsultationCommentQuerySet,
    ConsultationInstitution,
    ConsultationInvitation,
    ConsultationQuerySet,
    ConsultedSection,
)
from servanda.reporting.models.divisions import SectionDivision
from servanda.reporting.models.downloads import ReportDownload, ReportDownloadQuerySet
from servanda.reporting.models.notes import SectionNote, SectionNoteQuerySet
from servanda.reporting.models.outlines import CitedSource, OutlinedSection
from servanda.reporting.models.reports import (
    Quotation,
    Report,
    ReportQuerySet,
    ReportSection,
    ReportSectionQuerySet,
    ReportTranslation,
    ReportTranslationQuerySet,
    SectionVersion,
)
from servanda.reporting.models.returns import (
    ReturnedNote,
    ReturnedNoteQuerySet,
    ReturnedPart,
    ReturnedSection,
    SentCopy,
    SentSection,
    WordReturn,
    WordReturnQuerySet,
)
from servanda.reporting.models.snapshots import ReportSnapshot, ReportSnapshotQuerySet, SnapshotFile
from servanda.reporting.models.templates import ReportTemplate, ReportTemplateQuerySet, TemplateSection
from servanda.reporting.models.translation_tables import (
    ReturnedTable,
    ReturnedTableQuerySet,
    ReturnedTranslation,
    SentTable,
)
from servanda.reporting.models.translations import (
    MemorySegment,
    MemorySegmentQuerySet,
    SectionTranslation,
    SectionTranslationQuerySet,
    TranslationVersion,
)
from servanda.reporting.models.unanswered import AcceptedGap, UnansweredQuestion
from servanda.reporting.models.word_templates import WordTemplate, WordTemplateQuerySet

__all__ = [
    "AcceptedGap",
    "CitedSource",
    "CommentFile",
    "CommentFileQuerySet",
    "Consultation",
    "ConsultationComment",
    "ConsultationCommentQuerySet",
    "ConsultationInstitution",
    "ConsultationInvitation",
    "ConsultationQuerySet",
    "ConsultedSection",
    "MemorySegment",
    "MemorySegmentQuerySet",
    "OutlinedSection",
    "Quotation",
    "Report",
    "ReportDownload",
    "ReportDownloadQuerySet",
    "ReportQuerySet",
    "ReportSection",
    "ReportSectionQuerySet",
    "ReportSnapshot",
    "ReportSnapshotQuerySet",
    "ReportTemplate",
    "ReportTemplateQuerySet",
    "ReportTranslation",
    "ReportTranslationQuerySet",
    "ReturnedNote",
    "ReturnedNoteQuerySet",
    "ReturnedPart",
    "ReturnedSection",
    "ReturnedTable",
    "ReturnedTableQuerySet",
    "ReturnedTranslation",
    "SectionAssignment",
    "SectionDivision",
    "SectionNote",
    "SectionNoteQuerySet",
    "SectionTranslation",
    "SectionTranslationQuerySet",
    "SectionVersion",
    "SentCopy",
    "SentSection",
    "SentTable",
    "SnapshotFile",
    "TemplateSection",
    "TranslationVersion",
    "UnansweredQuestion",
    "WordReturn",
    "WordReturnQuerySet",
    "WordTemplate",
    "WordTemplateQuerySet",
]
