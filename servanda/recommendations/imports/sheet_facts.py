"""What a State says of a recommendation in its own list: code, priority, term, treaty articles, territory.

An import fills what is empty and changes what an import has written; what a person has set stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched, groupby
from typing import cast

from django.db.models import CharField, QuerySet
from django.utils.translation import gettext_lazy

from servanda.intake.columns.kinds import Cell, Choices, Column, Outcome, SheetContext, SheetRow, folded
from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.people.models import User
from servanda.recommendations.counting import counts
from servanda.recommendations.editing.versioning import save_versions, write_baselines
from servanda.recommendations.models import FieldChange, Recommendation
from servanda.sources.printed.texts import clean_label

AT_ONCE = 500
FIELDS = {
    "national code": "national_code",
    "priority": "priority",
    "term": "horizon",
    "articles": "articles",
    "territory": "territory",
}
PRIORITIES = {
    "high": ("high", "urgent", "haute", "elevee", "forte", "prioritaire", "alta", "elevada", "عالية", "مرتفعة",
             "قصوى", "1"),
    "medium": ("medium", "moderate", "moyenne", "media", "intermedia", "متوسطة", "2"),
    "low": ("low", "basse", "faible", "baja", "baixa", "منخفضة", "ضعيفة", "3"),
}  # fmt: skip
TERMS = {
    "short": ("short", "immediate", "court", "immediat", "corto", "curto", "قصير", "قريب"),
    "medium": ("medium", "mid", "moyen", "mediano", "medio", "متوسط"),
    "long": ("long", "largo", "longo", "طويل", "بعيد"),
}
WORDS = {
    name: {folded(word): code for code, words in meanings.items() for word in words}
    for name, meanings in (("priority", PRIORITIES), ("term", TERMS))
}


@dataclass(slots=True)
class Fact:
    """One cell: the field and value that it states, and what becomes of it."""

    cell: Cell
    field: str
    value: str = ""
    old: str = ""


@dataclass(slots=True)
class Present:
    """The current values of some records, and what the newest import wrote to each field."""

    values: Mapping[int, Mapping[str, str]]
    imported: Mapping[tuple[int, str], str]

    def is_open(self, record: int, field: str) -> bool:
        """Whether the field is empty or as an import wrote it: no person has changed it."""
        return self.values[record][field] == self.imported.get((record, field), "")


class NationalFacts:
    """The columns of the list of a State that become facts of the record."""

    code = "national"

    def columns(self) -> Sequence[Column]:
        return [
            Column(
                "national code",
                gettext_lazy("National code"),
                ("national code", "national number", "national reference", "national_code", "code national",
                 "numero national", "codigo nacional", "numero nacional", "الرمز الوطني", "الرقم الوطني",
                 "رمز التوصية"),
            ),
            Column(
                "priority",
                gettext_lazy("Priority"),
                ("priority", "priority level", "priorite", "niveau de priorite", "prioridad", "prioridade",
                 "الأولوية", "درجة الأولوية"),
                choices=lambda: [(code, str(label)) for code, label in Recommendation.Priority.choices],
                propose=lambda printed, choices: proposed("priority", printed, choices),
            ),
            Column(
                "term",
                gettext_lazy("Time frame"),
                ("term", "time frame", "timeframe", "terme", "horizon", "plazo", "prazo", "المدى", "الأجل"),
                choices=lambda: [(code, str(label)) for code, label in Recommendation.Horizon.choices],
                propose=lambda printed, choices: proposed("term", printed, choices),
                looks_like=lambda values: all(" " in value and proposed("term", value, ()) for value in values),
            ),
            Column(
                "articles",
                gettext_lazy("Treaty articles"),
                ("articles", "article", "treaty articles", "articles of the treaty", "articles du traite",
                 "articulos", "articulos del tratado", "artigos", "artigos do tratado",
                 "المواد", "مواد الاتفاقية", "المادة"),
            ),
            Column(
                "territory",
                gettext_lazy("Territory"),
                ("territory", "region", "province", "territoire", "territorio", "provincia", "regiao", "regioes",
                 "المنطقة", "الجهة", "الإقليم"),
            ),
        ]  # fmt: skip

    def judge(self, rows: Sequence[SheetRow], context: SheetContext) -> list[Cell]:
        return [fact.cell for fact in facts_of(rows, context)]

    def write(self, rows: Sequence[SheetRow], context: SheetContext) -> None:
        context.memory.pop(self.code, None)
        facts = [fact for some in batched(rows, AT_ONCE) for fact in facts_of(some, context)]
        imported = [fact for fact in facts if fact.cell.outcome == Outcome.IMPORTED]
        by_record = groupby(sorted(imported, key=record_of), key=record_of)
        for some in batched([(pk, list(facts)) for pk, facts in by_record], AT_ONCE):
            write_facts(dict(some), context.batch)
        if imported:
            counts.invalidate_counts()

    def why_not_undone(self, batch: Batch) -> list[str]:
        changed = [
            change.recommendation.code
            for change in changes_of(batch).select_related("recommendation").order_by("recommendation__order_key")
            if getattr(change.recommendation, change.field) != change.new
        ]
        if not changed:
            return []
        sentence = _("National data of these records were changed after the import: %(codes)s.")
        return [sentence % {"codes": ", ".join(dict.fromkeys(changed))}]

    def undo(self, batch: Batch, *, by: User | None) -> None:
        """Records of the import are deleted elsewhere as a whole; others get their former values back."""
        changes = changes_of(batch).exclude(recommendation__added_by=batch).order_by("recommendation", "pk")
        for some in batched(changes.iterator(AT_ONCE), AT_ONCE):
            records = Recommendation.objects.in_bulk([change.recommendation_id for change in some])
            write_baselines(records.values())
            for change in some:
                setattr(records[change.recommendation_id], change.field, change.old)
            save_versions(list(records.values()), Recommendation.NATIONAL, "import-undone", by=None)
        if changes:
            counts.invalidate_counts()


def changes_of(batch: Batch) -> QuerySet[FieldChange]:
    return FieldChange.objects.filter(batch=batch, field__in=Recommendation.NATIONAL)


def record_of(fact: Fact) -> int:
    return fact.cell.row.record or 0


def facts_of(rows: Sequence[SheetRow], context: SheetContext) -> list[Fact]:
    """What becomes of the cells of these rows that are not empty; two queries for all of them."""
    present = read_present([row.record for row in rows if row.record])
    return [fact for row in rows for fact in facts_of_row(row, present, context)]


def read_present(records: Sequence[int]) -> Present:
    fields = Recommendation.NATIONAL
    values = Recommendation.objects.filter(pk__in=records).order_by().values("pk", *fields)
    changes = FieldChange.objects.filter(
        recommendation__in=records, field__in=fields, batch__state=Batch.State.APPLIED
    ).order_by("pk")
    return Present(
        {row["pk"]: row for row in values},
        {(record, field): new for record, field, new in changes.values_list("recommendation", "field", "new")},
    )


def facts_of_row(row: SheetRow, present: Present, context: SheetContext) -> Iterator[Fact]:
    earlier = context.memory.setdefault(NationalFacts.code, {})
    for column, field in FIELDS.items():
        if not row.says(column):
            continue
        fact = Fact(Cell(row, column, Outcome.LEFT_OUT), field)
        fact.value, fact.cell.message = value_of(row, column, context)
        if fact.value:
            settle(fact, present, earlier.get((row.about, field)))
        if fact.cell.outcome != Outcome.LEFT_OUT:
            earlier.setdefault((row.about, field), (fact.value, row.where))
        yield fact


def settle(fact: Fact, present: Present, earlier: tuple[str, str] | None) -> None:
    """Compare the cell with an earlier row about the record, and with the record."""
    cell, record = fact.cell, record_of(fact)
    if earlier:
        is_same = earlier[0] == fact.value
        cell.outcome = Outcome.UNCHANGED if is_same else Outcome.LEFT_OUT
        sentence = (
            _("%(where)s has the same value.")
            if is_same
            else _("The file has “%(value)s” for this record in %(where)s.")
        )
        cell.message = sentence % {"where": earlier[1], "value": in_words(fact.field, earlier[0])}
        return
    fact.old = present.values[record][fact.field] if record in present.values else ""
    values = {"value": in_words(fact.field, fact.old)}
    if fact.old == fact.value:
        cell.outcome = Outcome.UNCHANGED
    elif record in present.values and not present.is_open(record, fact.field):
        sentence = _(
            "A user has set this value to “%(value)s”. If the file is right, change the value on the record."
        )
        cell.message = (sentence if fact.old else _("A user has removed this value from the record.")) % values
    else:
        cell.outcome = Outcome.IMPORTED
        cell.message = _("Replaces “%(value)s”.") % values if fact.old else ""


def in_words(field: str, value: str) -> str:
    return str(dict(field_of(field).flatchoices).get(value, value))


def field_of(name: str) -> CharField:
    return cast(CharField, Recommendation._meta.get_field(name))


def value_of(row: SheetRow, column: str, context: SheetContext) -> tuple[str, str]:
    """The value of a cell, or "" and why it cannot be used."""
    printed = row.says(column)
    if column in WORDS:
        meaning = context.meaning(column, printed)
        if meaning is None:
            meaning = proposed(column, printed, ())
            reason = _("The meaning of “%(value)s” is not known. Choose it on the page of values.")
        else:
            reason = _("“%(value)s” is not imported, as chosen on the page of values.")
        known = {code for code, _words in (PRIORITIES if column == "priority" else TERMS).items()}
        return (meaning, "") if meaning in known else ("", reason % {"value": printed})
    value = clean_label("; ".join(context.entries(row.cells[column])) if column == "articles" else printed)
    longest = field_of(FIELDS[column]).max_length or 0
    if not value:
        return "", _("This cell contains no readable text.")
    if len(value) > longest:
        return "", _("Shorten this text to at most %(count)d characters.") % {"count": longest}
    return value, ""


def proposed(column: str, printed: str, choices: Choices) -> str:
    """What a word for a priority or a term probably means, in five languages; "" if that is not clear."""
    codes = {code for word in folded(printed).split() for name, code in WORDS[column].items() if word_is(word, name)}
    return codes.pop() if len(codes) == 1 else ""


def word_is(word: str, name: str) -> bool:
    """Compare words; Arabic ones may carry their article."""
    return word == name or word == f"ال{name}"


def write_facts(by_record: Mapping[int, Sequence[Fact]], batch: Batch) -> None:
    """Set the fields of some records. Records of the import itself get no history, as for their other fields."""
    records = Recommendation.objects.select_for_update().in_bulk(list(by_record))
    own = [record for record in records.values() if record.added_by_id == batch.pk]
    others = [record for record in records.values() if record.added_by_id != batch.pk]
    write_baselines(others)
    FieldChange.objects.bulk_create(
        FieldChange(batch=batch, recommendation_id=pk, field=fact.field, old=fact.old, new=fact.value)
        for pk, facts in by_record.items()
        for fact in facts
    )
    for pk, facts in by_record.items():
        for fact in facts:
            setattr(records[pk], fact.field, fact.value)
    if own:
        Recommendation.objects.bulk_update(own, Recommendation.NATIONAL)
    if others:
        save_versions(others, Recommendation.NATIONAL, "import-applied", by=None)
