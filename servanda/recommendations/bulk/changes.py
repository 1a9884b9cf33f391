"""What can be done to many records at once: which of them it concerns, and what it makes of each."""

from dataclasses import asdict, dataclass, field
from datetime import date

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.people.models import Institution
from servanda.recommendations.editing.publicity import Explanation
from servanda.recommendations.models import Position, Recommendation, Stand, Tagging
from servanda.recommendations.records.stands import current_stand
from servanda.vocab.models import Term
from servanda.vocab.procedures import KINDS_WITH_POSITIONS

Confidentiality = Recommendation.Confidentiality
FIRST_DIFFERENCES = 20
LAST = 2**63 - 1  # as if it were the newest row


class Deed(models.TextChoices):
    ADD_LABEL = "add-label", gettext_lazy("Add a label")
    REMOVE_LABEL = "remove-label", gettext_lazy("Take a label off")
    SET_CONFIDENTIALITY = "set-confidentiality", gettext_lazy("Set the confidentiality")
    PUBLISH = "publish", gettext_lazy("Publish")
    UNPUBLISH = "unpublish", gettext_lazy("Take from the public pages")
    SET_DEADLINE = "set-deadline", gettext_lazy("Set the day by which the position is decided")
    ADD_POSITION = "add-position", gettext_lazy("Add a position of the State")


FIELD_OF: dict[str, str] = {
    Deed.SET_CONFIDENTIALITY: "confidentiality",
    Deed.PUBLISH: "is_published",
    Deed.UNPUBLISH: "is_published",
    Deed.SET_DEADLINE: "decide_by",
}


@dataclass(slots=True, frozen=True)
class Change:
    """One deed with what it needs, in plain values that a job can carry."""

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
        """Whether it takes records from the public."""
        return self.deed == Deed.UNPUBLISH or self.confidentiality not in ("", Confidentiality.PUBLIC)

    def as_json(self) -> dict:
        return {name: value for name, value in asdict(self).items() if value not in ("", [], 0, False)}

    def new_value(self) -> str:
        """The field of the deed as it is to be, in the form of `stored`."""
        if self.deed == Deed.SET_CONFIDENTIALITY:
            return " ".join([self.confidentiality, *map(str, sorted(self.institutions))])
        if self.deed == Deed.SET_DEADLINE:
            return self.decide_by
        return str(self.deed == Deed.PUBLISH)

    def position(self, **owned: object) -> Position:
        return Position(
            stand=self.stand,
            words=self.words,
            date=date.fromisoformat(self.date) if self.date else None,
            symbol=self.symbol,
            comment=self.comment,
            is_draft=self.is_draft,
            **owned,
        )


def title(change: Change) -> str:
    """What the change does, in one line."""
    deed, what = Deed(change.deed).label, chosen(change)
    return _("%(deed)s: %(what)s") % {"deed": deed, "what": what} if what else str(deed)


def chosen(change: Change) -> str:
    """What was chosen for it in the form; nothing if the deed needs no choice."""
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
        records = records.filter(body__kind__in=KINDS_WITH_POSITIONS)
    if change.deed in {Deed.ADD_LABEL, Deed.REMOVE_LABEL}:
        return labelled(change, records)
    if change.deed == Deed.PUBLISH:
        return records.filter(is_published=False, confidentiality=Confidentiality.PUBLIC)
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
    said = present.exclude(origin=Tagging.Origin.MACHINE)
    return records.exclude(pk__in=said.values("recommendation"))


def stored(record: Recommendation, deed: str) -> str:
    """The field that a deed is about, as text."""
    if deed == Deed.SET_CONFIDENTIALITY:
        institutions = sorted(record.restricted_to.values_list("pk", flat=True))
        return " ".join([record.confidentiality, *map(str, institutions)])
    if deed == Deed.SET_DEADLINE:
        return record.decide_by.isoformat() if record.decide_by else ""
    return str(record.is_published)


def apply_field(record: Recommendation, deed: str, value: str) -> None:
    if deed == Deed.SET_CONFIDENTIALITY:
        record.confidentiality, *institutions = value.split()
        record.restricted_to.set(Institution.objects.filter(pk__in=institutions))
    elif deed == Deed.SET_DEADLINE:
        record.decide_by = date.fromisoformat(value) if value else None
    else:
        record.is_published = value == "True"


def first_differences(change: Change, records: QuerySet) -> list[dict[str, object]]:
    """The first records with what they say now and what they would say then."""
    first = affected(change, records).order_by("order_key", "pk")[:FIRST_DIFFERENCES]
    return [{"label": record.code} | before_and_after(change, record) for record in first]


def before_and_after(change: Change, record: Recommendation) -> dict[str, object]:
    if change.deed == Deed.ADD_LABEL:
        return {"old": "", "new": str(Term.objects.get(pk=change.term))}
    if change.deed == Deed.REMOVE_LABEL:
        return {"old": str(Term.objects.get(pk=change.term)), "new": ""}
    if change.deed == Deed.ADD_POSITION:
        return positions_before_and_after(change, record)
    before, after = stored(record, change.deed), change.new_value()
    return {"old": shown(change.deed, before), "new": shown(change.deed, after)}


def positions_before_and_after(change: Change, record: Recommendation) -> dict[str, object]:
    present = list(Position.objects.current().filter(recommendation=record))
    now, then = current_stand(present), current_stand([*present, change.position(pk=LAST)])
    return {"old": Stand(now).label if now else "", "new": Stand(then).label if then else ""}


def shown(deed: str, value: str) -> str:
    """A stored value in words."""
    if deed == Deed.SET_CONFIDENTIALITY:
        confidentiality, *institutions = value.split()
        named = ", ".join(map(str, Institution.objects.filter(pk__in=institutions)))
        return " · ".join(filter(None, [str(Confidentiality(confidentiality).label), named]))
    if deed == Deed.SET_DEADLINE:
        return value
    return _("published") if value == "True" else _("not published")
