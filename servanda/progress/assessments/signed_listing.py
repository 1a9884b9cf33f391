"""All assessments of an institution, in every state, for its own page and files."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from servanda.progress.models import Assessment, AssessmentReply, Evidence
from servanda.recommendations.models import PublicReason, Recommendation

KEYS = {
    "recommendation": gettext_lazy("Recommendation"),
    "body": gettext_lazy("Body"),
    "document": gettext_lazy("Document"),
    "paragraph": gettext_lazy("Paragraph"),
    "record": gettext_lazy("Record"),
    "date": gettext_lazy("Date"),
    "value": gettext_lazy("Value"),
    "scale": gettext_lazy("Scale"),
    "common": gettext_lazy("On the common scale"),
    "reason": gettext_lazy("Reason"),
    "confidence": gettext_lazy("Confidence"),
    "links": gettext_lazy("Links"),
    "institution": gettext_lazy("Institution"),
    "accreditation": gettext_lazy("Accreditation"),
    "entered_at": gettext_lazy("Entered at"),
    "state": gettext_lazy("Status"),
    "withdrawn_at": gettext_lazy("Withdrawn at"),
    "withdrawal_reason": gettext_lazy("Reason for withdrawal"),
    "replies": gettext_lazy("Replies of the State"),
}


@dataclass(frozen=True, slots=True)
class OwnAssessment:
    assessment: Assessment
    is_public: bool  # whether the record is
    hidden: PublicReason | None  # why the record is not public

    @property
    def state(self) -> str:
        assessment = self.assessment
        if assessment.retracted_at:
            return pgettext("an assessment", "Withdrawn")
        if not assessment.is_published:
            return pgettext("an assessment", "Not published")
        return (
            pgettext("an assessment", "Published")
            if assessment.is_latest
            else _("Published; replaced by a newer one")
        )

    @property
    def record_state(self) -> str:
        if self.is_public:
            return pgettext("a record", "Public")
        return str(self.hidden.get_what_display()) if self.hidden else pgettext("a record", "Not public")


def own_assessments(institutions: Collection[int]) -> QuerySet[Assessment]:
    """The assessments of these institutions, newest first, without copies from merges."""
    public = Recommendation.every_kind.public().filter(pk=OuterRef("recommendation"))
    rows = Assessment.objects.filter(institution__in=institutions, copied_from=None)
    facts = ("recommendation__body", "recommendation__document", "grade__scale", "institution", "accreditation")
    reasons = Prefetch("recommendation__public_reasons", PublicReason.objects.open(), to_attr="open_reasons")
    return (
        rows.select_related(*facts)
        .annotate(record_is_public=Exists(public))
        .prefetch_related(
            reasons, Prefetch("replies", AssessmentReply.objects.all()), Prefetch("evidence", Evidence.objects.kept())
        )
        .order_by("-date", "-pk")
    )


def own_lines(rows: QuerySet[Assessment]) -> list[OwnAssessment]:
    lines = []
    for assessment in rows:
        reasons = vars(assessment.recommendation)["open_reasons"]
        lines.append(OwnAssessment(assessment, vars(assessment)["record_is_public"], reasons[0] if reasons else None))
    return lines


def as_dicts(rows: QuerySet[Assessment]) -> Iterator[dict]:
    """A dict with the keys of `KEYS` for each assessment."""
    for own in own_lines(rows):
        assessment, record = own.assessment, own.assessment.recommendation
        values = [
            *[record.code, record.body.code],
            *[record.document.symbol if record.document else "", record.paragraph, own.record_state],
            *[
                assessment.date.isoformat(),
                str(assessment.grade),
                str(assessment.grade.scale),
                str(assessment.get_common_display()),
                assessment.reason,
            ],
            *[
                str(assessment.get_confidence_display()),
                [evidence.link for evidence in assessment.evidence.all() if evidence.link],
            ],
            *[str(assessment.institution), accreditation_of(assessment), assessment.made_at.isoformat(), own.state],
            *[assessment.retracted_at.isoformat() if assessment.retracted_at else "", assessment.retraction_reason],
            [{"at": reply.at.isoformat(), "text": reply.text} for reply in assessment.replies.all()],
        ]
        yield dict(zip(KEYS, values, strict=True))


def accreditation_of(assessment: Assessment) -> str:
    return str(assessment.accreditation.get_status_display()) if assessment.accreditation else ""


def cells(rows: QuerySet[Assessment]) -> Iterator[list]:
    for row in as_dicts(rows):
        replies = "\n".join(f"{reply['at']}: {reply['text']}" for reply in row["replies"])
        yield list({**row, "links": "\n".join(row["links"]), "replies": replies}.values())


def header() -> list[str]:
    return [str(label) for label in KEYS.values()]
