"""The changes of the register itself to many records: which records they affect, and how each is changed.

Labels and positions carry the batch and count from the moment it is applied; fields are changed record by record,
and their former values are kept.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch
from servanda.people.models import Institution
from servanda.recommendations.bulk.bases import VersionedChange, refresh_positions
from servanda.recommendations.bulk.registry import BULK
from servanda.recommendations.editing.publicity import (
    Explanation,
    is_marked_public,
    signed_and_public,
)
from servanda.recommendations.models import FieldChange, Position, Recommendation, Stand, Tagging, is_apart
from servanda.recommendations.records.stands import current_stand
from servanda.sources.units.withheld import withheld_symbols
from servanda.vocab.models import Term
from servanda.vocab.procedures import KINDS_WITH_POSITIONS

Confidentiality = Recommendation.Confidentiality
LAST = 2**63 - 1  # the id of a position that is newer than all others


class Deed(models.TextChoices):
    ADD_LABEL = "add-label", gettext_lazy("Add a label")
    REMOVE_LABEL = "remove-label", gettext_lazy("Remove a label")
    SET_CONFIDENTIALITY = "set-confidentiality", gettext_lazy("Set the confidentiality")
    PUBLISH = "publish", gettext_lazy("Publish")
    UNPUBLISH = "unpublish", gettext_lazy("Unpublish")
    SET_DEADLINE = "set-deadline", gettext_lazy("Set the deadline for the position")
    ADD_POSITION = "add-position", gettext_lazy("Add a position of the State")


FIELD_OF: dict[str, str] = {
    Deed.SET_CONFIDENTIALITY: "confidentiality",
    Deed.PUBLISH: "is_published",
    Deed.UNPUBLISH: "is_published",
    Deed.SET_DEADLINE: "decide_by",
}
HIDING_WHEN_UNDONE = (Deed.PUBLISH, Deed.SET_CONFIDENTIALITY)


@dataclass(slots=True, frozen=True)
class Change(VersionedChange):
    """One change of the register itself, with its values."""

    shape: ClassVar[str] = BULK

    deed: str
    term: int = 0
    confidentiality: str = ""
    institutions: list[int] = field(default_factory=list)
    decide_by: str = ""
    stand: str = ""
    words: str = ""
    date: str = ""
    symbol: str = ""
    comment: str = ""
    is_draft: bool = False
    public_reason: str = ""
    protects_person: bool = False

    @property
    def explanation(self) -> Explanation:
        return Explanation(self.public_reason, self.protects_person)

    @property
    def hides(self) -> bool:
        return self.deed == Deed.UNPUBLISH or self.confidentiality not in ("", Confidentiality.PUBLIC)

    @property
    def changed_fields(self) -> list[str]:
        return [FIELD_OF[self.deed]] if self.deed in FIELD_OF else []

    def title(self) -> str:
        deed, what = Deed(self.deed).label, chosen(self)
        return _("%(deed)s: %(what)s") % {"deed": deed, "what": what} if what else str(deed)

    def affected(self, rows: QuerySet) -> QuerySet:
        return affected(self, rows)

    def old_and_new(self, first: Sequence[Recommendation]) -> list[tuple[str, str]]:
        return [before_and_after(self, record) for record in first]

    def write_rows(self, batch: Batch, rows: Sequence[Recommendation]) -> None:
        WRITING[self.deed](batch, self, rows)

    def settle(self, pks: Sequence[int]) -> None:
        if self.deed == Deed.ADD_POSITION:
            refresh_positions(pks)

    def restore(self, batch: Batch, records: Sequence[Recommendation]) -> Sequence[Recommendation]:
        return restore_fields(batch, self, records) if self.changed_fields else records


def chosen(change: Change) -> str:
    """What was chosen in the form, in words; empty if there is nothing to choose."""
    if change.term:
        return str(Term.objects.get(pk=change.term))
    if change.confidentiality:
        return str(Confidentiality(change.confidentiality).label)
    if change.stand:
        return str(Stand(change.stand).label)
    return change.decide_by


def affected(change: Change, records: QuerySet) -> QuerySet:
    """The records among these that the change would change."""
    if change.deed in {Deed.SET_DEADLINE, Deed.ADD_POSITION}:
        records = records.filter(~is_apart(), body__kind__in=KINDS_WITH_POSITIONS)
    if change.deed in {Deed.ADD_LABEL, Deed.REMOVE_LABEL}:
        return labelled(change, records)
    if change.deed == Deed.PUBLISH:
        ready = records.filter(is_published=False, confidentiality=Confidentiality.PUBLIC)
        return ready.exclude(document__symbol__in=withheld_symbols())
    if change.deed == Deed.UNPUBLISH:
        return records.filter(is_published=True)
    if change.deed == Deed.SET_DEADLINE:
        return records.filter(~Q(decide_by=change.decide_by) | Q(decide_by=None))
    if change.deed == Deed.SET_CONFIDENTIALITY and change.confidentiality != Confidentiality.RESTRICTED:
        return records.exclude(confidentiality=change.confidentiality)
    return records


def labelled(change: Change, records: QuerySet) -> QuerySet:
    present = Tagging.objects.current().filter(term=change.term)
    if change.deed == Deed.REMOVE_LABEL:
        return records.filter(pk__in=present.values("recommendation"))
    confirmed = present.exclude(origin=Tagging.Origin.MACHINE)
    return records.exclude(pk__in=confirmed.values("recommendation"))


def position_of(change: Change, **owned: object) -> Position:
    return Position(
        stand=change.stand,
        words=change.words,
        date=date.fromisoformat(change.date) if change.date else None,
        symbol=change.symbol,
        comment=change.comment,
        is_draft=change.is_draft,
        **owned,
    )


def stored(record: Recommendation, deed: str) -> str:
    """The value of the field that the change is about, as text."""
    if deed == Deed.SET_CONFIDENTIALITY:
        institutions = sorted(record.restricted_to.values_list("pk", flat=True))
        return " ".join([record.confidentiality, *map(str, institutions)])
    if deed == Deed.SET_DEADLINE:
        return record.decide_by.isoformat() if record.decide_by else ""
    return str(record.is_published)


def new_value(change: Change) -> str:
    """The new value of the field, in the form of `stored`."""
    if change.deed == Deed.SET_CONFIDENTIALITY:
        return " ".join([change.confidentiality, *map(str, sorted(change.institutions))])
    if change.deed == Deed.SET_DEADLINE:
        return change.decide_by
    return str(change.deed == Deed.PUBLISH)


def apply_field(record: Recommendation, deed: str, value: str) -> None:
    if deed == Deed.SET_CONFIDENTIALITY:
        record.confidentiality, *institutions = value.split()
        record.restricted_to.set(Institution.objects.filter(pk__in=institutions))
    elif deed == Deed.SET_DEADLINE:
        record.decide_by = date.fromisoformat(value) if value else None
    else:
        record.is_published = value == "True"


def before_and_after(change: Change, record: Recommendation) -> tuple[str, str]:
    if change.deed == Deed.ADD_LABEL:
        return "", str(Term.objects.get(pk=change.term))
    if change.deed == Deed.REMOVE_LABEL:
        return str(Term.objects.get(pk=change.term)), ""
    if change.deed == Deed.ADD_POSITION:
        present = list(Position.objects.current().filter(recommendation=record))
        stands = current_stand(present), current_stand([*present, position_of(change, pk=LAST)])
        old, new = (str(Stand(stand).label) if stand else "" for stand in stands)
    else:
        old, new = (shown(change.deed, value) for value in (stored(record, change.deed), new_value(change)))
    return old, new


def shown(deed: str, value: str) -> str:
    """A stored value in words."""
    if deed == Deed.SET_CONFIDENTIALITY:
        confidentiality, *institutions = value.split()
        named = ", ".join(map(str, Institution.objects.filter(pk__in=institutions)))
        return " · ".join(filter(None, [str(Confidentiality(confidentiality).label), named]))
    if deed == Deed.SET_DEADLINE:
        return value
    return _("published") if value == "True" else _("not published")


def present_labels(change: Change, records: Sequence[Recommendation]) -> QuerySet:
    return Tagging.objects.current().filter(recommendation__in=records, term=change.term)


def add_label(batch: Batch, change: Change, records: Sequence[Recommendation]) -> None:
    """A suggestion of the machine that this confirms is ended by the batch."""
    present_labels(change, records).update(ended_by=batch)
    label_as_person(batch, [(record.pk, change.term) for record in records])


def label_as_person(batch: Batch, labels: Iterable[tuple[int, int]]) -> None:
    """Add these labels to records in the name of the person who started the change."""
    person = {"origin": Tagging.Origin.PERSON, "said_by": batch.created_by, "added_by": batch}
    Tagging.objects.bulk_create(Tagging(recommendation_id=record, term_id=term, **person) for record, term in labels)


def remove_label(batch: Batch, change: Change, records: Sequence[Recommendation]) -> None:
    present_labels(change, records).update(ended_by=batch)


def add_position(batch: Batch, change: Change, records: Sequence[Recommendation]) -> None:
    Position.objects.bulk_create(position_of(change, recommendation=record, added_by=batch) for record in records)


def change_fields(batch: Batch, change: Change, records: Sequence[Recommendation]) -> None:
    changes = []
    for record in records:
        old = stored(record, change.deed)
        apply_field(record, change.deed, new_value(change))
        new = stored(record, change.deed)
        changes.append(FieldChange(batch=batch, recommendation=record, field=FIELD_OF[change.deed], old=old, new=new))
    FieldChange.objects.bulk_create(changes)


WRITING: dict[str, Callable[[Batch, Change, Sequence[Recommendation]], None]] = {
    Deed.ADD_LABEL: add_label,
    Deed.REMOVE_LABEL: remove_label,
    Deed.ADD_POSITION: add_position,
    **dict.fromkeys(FIELD_OF, change_fields),
}


def restore_fields(batch: Batch, change: Change, records: Sequence[Recommendation]) -> list[Recommendation]:
    """Write the former values; records that were changed again since, or that stay public, are left out."""
    changes = FieldChange.objects.filter(batch=batch, recommendation__in=records)
    former = {change_made.recommendation_id: change_made for change_made in changes}
    unchanged = [record for record in records if stored(record, change.deed) == former[record.pk].new]
    staying = kept_public(change, unchanged)
    restored = [record for record in unchanged if record.pk not in staying]
    for record in restored:
        apply_field(record, change.deed, former[record.pk].old)
    changes.delete()
    return restored


def kept_public(change: Change, records: Iterable[Recommendation]) -> dict[int, list[Institution]]:
    """Records that the change made public and that have a signed assessment since: undoing it leaves them public."""
    if change.deed not in HIDING_WHEN_UNDONE:
        return {}
    return signed_and_public(record for record in records if is_marked_public(record))
