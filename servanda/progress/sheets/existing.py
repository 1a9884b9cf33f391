"""What is already recorded on the records of some rows, and the institution that reports in each row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from django.db.models import Q

from servanda.intake.columns.kinds import SheetContext, SheetRow
from servanda.intake.models import Batch
from servanda.people.models import Institution, answering_for
from servanda.planning.models import Assignment
from servanda.planning.sheets.institutions import Directory
from servanda.progress.models import Assessment, Grade, UpdateRecommendation, Voice
from servanda.progress.sheets.cells import grades
from servanda.recommendations.models import Note, Recommendation

LEAD, RESPONSIBLE = "lead", "responsible"  # columns of the room of plans


@dataclass(slots=True)
class Status:
    """The status of an earlier row of the file about the same recommendation."""

    grade: int
    date: date
    own: str
    where: str


@dataclass(slots=True)
class Memory:
    """What earlier rows of the file have about each recommendation."""

    statuses: dict[int, list[Status]] = field(default_factory=dict)
    measures: dict[tuple[int, str, str], str] = field(default_factory=dict)  # to the row that says so
    notes: dict[tuple[int, str], str] = field(default_factory=dict)  # to the row that says so
    leads: dict[int, str] = field(default_factory=dict)
    beneath: dict[int, frozenset[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Speaker:
    """An institution that reports; `institution` is None until the import has created it."""

    name: str
    institution: Institution | None = None

    @property
    def key(self) -> str:
        return str(self.institution.pk) if self.institution else self.name


def speaker_meant(directory: Directory, printed: str, context: SheetContext, column: str = LEAD) -> Speaker | None:
    """Read the name as planning does, which creates new institutions before progress is written."""
    institution, _reason = directory.meant(printed, column, context)
    return Speaker(str(institution), institution.existing) if institution else None


def sender_of(directory: Directory, batch: Batch) -> Speaker | None:
    """The institution whose name is that of the sender of the file."""
    code = directory.propose(batch.mapping.sender) if batch.mapping else ""
    institution = directory.current.get(code)
    return Speaker(str(institution), institution) if institution else None


@dataclass(slots=True)
class Present:
    """Read for some rows at once, in a fixed number of queries."""

    grades: dict[str, Grade]
    latest: dict[int, Assessment]
    updates: set[tuple[int, str, str]]  # record, institution, text
    notes: set[tuple[int, str]]  # record, text
    leads: dict[int, Speaker]
    institutions: Directory
    restricted: dict[int, set[int]]

    @classmethod
    def read(cls, rows: Sequence[SheetRow], context: SheetContext) -> Self:
        """Leaves out what this import itself has written so far, which is in `Memory`."""
        batch = context.batch
        records = [row.record for row in rows if row.record]
        standing = Assessment.objects.standing().filter(recommendation__in=records, voice=Voice.GOVERNMENT)
        before = standing.filter(Q(brought_by=None) | ~Q(brought_by=batch)).order_by("date", "pk")
        latest = {assessment.recommendation_id: assessment for assessment in before}
        abouts = UpdateRecommendation.objects.filter(recommendation__in=records, update__withdrawn_at=None)
        abouts = abouts.filter(Q(brought_by=None) | ~Q(brought_by=batch))
        written = abouts.values_list("recommendation", "update__institution", "update__text")
        notes = Note.objects.standing().filter(recommendation__in=records)
        notes = notes.filter(Q(brought_by=None) | ~Q(brought_by=batch)).values_list("recommendation", "text")
        leading = Assignment.objects.current().leading().filter(recommendation__in=records)
        leads = leading.select_related("institution")
        restricted: dict[int, set[int]] = {}
        closed = Recommendation.objects.filter(
            pk__in=records, confidentiality=Recommendation.Confidentiality.RESTRICTED
        )
        for record, institution in closed.order_by().values_list("pk", "restricted_to"):
            restricted.setdefault(record, set()).add(institution)
        return cls(
            grades(),
            latest,
            {(record, str(institution), text) for record, institution, text in written},
            set(notes),
            {lead.recommendation_id: Speaker(str(lead.institution), lead.institution) for lead in leads},
            Directory(context),
            restricted,
        )

    def speaker(self, row: SheetRow, context: SheetContext, memory: Memory) -> Speaker | None:
        """The lead of the record, this or an earlier row; else the only institution responsible; else the sender."""
        if entries := self.institutions.entries(row.cells.get(LEAD, ""), LEAD, context):
            memory.leads.setdefault(row.about, entries[0])
        if row.record and (lead := self.leads.get(row.record)):
            return lead
        if (printed := memory.leads.get(row.about)) and (lead := speaker_meant(self.institutions, printed, context)):
            return lead
        responsible = self.institutions.entries(row.cells.get(RESPONSIBLE, ""), RESPONSIBLE, context)
        if len(responsible) == 1 and (only := speaker_meant(self.institutions, responsible[0], context, RESPONSIBLE)):
            return only
        return sender_of(self.institutions, context.batch)

    def may_read(self, institution: Institution | None, record: int | None, memory: Memory) -> bool:
        if record is None or record not in self.restricted:
            return True
        if institution is None:
            return False
        if institution.pk not in memory.beneath:
            memory.beneath[institution.pk] = answering_for({institution.pk})
        return bool(self.restricted[record] & memory.beneath[institution.pk])
