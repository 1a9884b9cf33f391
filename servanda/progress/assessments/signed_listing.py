"""All assessments of one institution, whatever became of them or of their records: for its page and its files."""

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
    "state": gettext_lazy("State"),
    "withdrawn_at": gettext_lazy("Withdrawn at"),
    "withdrawal_reason": gettext_lazy("Reason for withdrawing"),
    "replies": gettext_lazy("Replies of the State"),
}


@dataclass(frozen=True, slots=True)
class Own:
    assessment: Assessment
    is_public: bool  # the record
    hidden: PublicReason | None  # why the record is not public

    @property
    def state(self) -> str:
        one = self.assessment
        if one.retracted_at:
            return pgettext("an assessment", "Withdrawn")
        if not one.is_published:
            return pgettext("an assessment", "Not published")
        return pgettext("an assessment", "Published") if one.is_latest else _("Published; a newer one counts")

    @property
    def record_state(self) -> str:
        if self.is_public:
            return pgettext("a record", "Public")
        return str(self.hidden.get_what_display()) if self.hidden else pgettext("a record", "Not public")


def own_assessments(institutions: Collection[int]) -> QuerySet[Assessment]:
    """Without the copies that merges made; the newest first."""
    public = Recommendation.objects.public().filter(pk=OuterRef("recommendation"))
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


def told(rows: QuerySet[Assessment]) -> list[Own]:
    found = []
    for one in rows:
        reasons = vars(one.recommendation)["open_reasons"]
        found.append(Own(one, vars(one)["record_is_public"], reasons[0] if reasons else None))
    return found


def as_dicts(rows: QuerySet[Assessment]) -> Iterator[dict]:
    """One for each assessment, under the keys of `KEYS`."""
    for own in told(rows):
        one, record = own.assessment, own.assessment.recommendation
        values = [
            *[record.code, record.body.code],
            *[record.document.symbol if record.document else "", record.paragraph, own.record_state],
            *[one.date.isoformat(), str(one.grade), str(one.grade.scale), str(one.get_common_display()), one.reason],
            *[str(one.get_confidence_display()), [shown.link for shown in one.evidence.all() if shown.link]],
            *[str(one.institution), accreditation_of(one), one.made_at.isoformat(), own.state],
            *[one.retracted_at.isoformat() if one.retracted_at else "", one.retraction_reason],
            [{"at": reply.at.isoformat(), "text": reply.text} for reply in one.replies.all()],
        ]
        yield dict(zip(KEYS, values, strict=True))


def accreditation_of(one: Assessment) -> str:
    return str(one.accreditation.get_status_display()) if one.accreditation else ""


def cells(rows: QuerySet[Assessment]) -> Iterator[list]:
    for row in as_dicts(rows):
        replies = "\n".join(f"{reply['at']}: {reply['text']}" for reply in row["replies"])
        yield list({**row, "links": "\n".join(row["links"]), "replies": replies}.values())


def header() -> list[str]:
    return [str(label) for label in KEYS.values()]
