"""What is due to whom: the real deadlines of the universal periodic review, and invented ones of every state."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from servanda.demo.reading import coordinator, day, read
from servanda.people.models import Institution, User
from servanda.sources.models import Document, Obligation, ObligationStep
from servanda.sources.obligations import extensions, services, submissions
from servanda.sources.obligations.by_rules import add_by_rules
from servanda.sources.obligations.steps import Step, add_usual_steps, complete_step, set_steps
from servanda.sources.obligations.submissions import SubmissionValues
from servanda.sources.obligations.values import ObligationValues
from servanda.vocab.models import Body

Row = dict[str, Any]
ENTERED = ("kind", "title", "combined", "paragraph", "words", "force", "word_limit", "note", "confidentiality")
PROOF = ("note_verbale", "channel", "mission", "language", "words", "annexes")
LINKED = ("body", "instrument", "rule", "review", "document", "owner")


def load() -> None:
    """Idempotent."""
    if Obligation.objects.filter(is_derived=False).exists():
        return
    data, by = read("obligations"), coordinator()
    bodies = {body.code: body for body in Body.objects.all()}
    for row in data["rules"]:
        add_those_of_rules(row, bodies[row["body"]], by=by)
    for row in data["entered"]:
        values = entered_values(row, bodies[row["body"]])
        continue_from(services.add_obligation(values=values, by=by), row, by=by)


def add_those_of_rules(row: Row, body: Body, *, by: User) -> None:
    """Add by the rules of a body, then enter what the rules leave open: owner, title, document, note."""
    starts = {name: as_day(start) for name, start in row["starts"].items()}
    rows = {added["rule"]: added for added in row["added"]}
    rules = {rule.pk: rule.code for rule in body.rules.filter(code__in=rows)}
    batch = add_by_rules(body=body, starts=starts, chosen=list(rows), by=by)
    for obligation in Obligation.objects.filter(added_by=batch).select_related(*LINKED):
        added = rows[rules[obligation.rule_id or 0]]
        values = ObligationValues(
            **{name: getattr(obligation, name) for name in ObligationValues.__dataclass_fields__}
        )
        values = replace(values, **entered(added), **links(added))
        seen = obligation.version
        edited = services.edit_obligation(obligation=obligation, values=values, seen=seen, by=by)
        continue_from(edited, added, by=by)


def entered_values(row: Row, body: Body) -> ObligationValues:
    day_from = Obligation.DayFrom.DOCUMENT if "document" in row else Obligation.DayFrom.HAND
    clock_on = as_day(row["clock"]) if "clock" in row else None
    values = entered(row) | links(row)
    return ObligationValues(body=body, day_from=day_from, due_on=as_day(row["due"]), clock_on=clock_on, **values)


def entered(row: Row) -> Row:
    return {name: row[name] for name in ENTERED if name in row}


def links(row: Row) -> Row:
    """The responsible institution and the document; of a document of a review also the review."""
    linked: Row = {}
    if "owner" in row:
        linked["owner"] = Institution.objects.get(code=row["owner"])
    if "document" in row:
        document = Document.objects.select_related("review").get(symbol=row["document"])
        linked |= {"document": document, "review": document.review}
    return linked


def continue_from(obligation: Obligation, row: Row, *, by: User) -> None:
    """What happened since the obligation was entered, until today."""
    for letter in row.get("letters", []):
        facts = {"kind": letter["kind"], "reference": letter["reference"]}
        submissions.add_letter(obligation=obligation, on=day(letter["date"]), **facts, by=by)
    if "extension" in row:
        extend(obligation, row["extension"], by=by)
    if "steps" in row:
        give_steps(obligation, row, by=by)
    if "submission" in row:
        submit(obligation, row["submission"], by=by)
    if "state" in row:
        state = {"state": row["state"], "reason": row.get("reason", "")}
        services.set_obligation_state(obligation=obligation, **state, seen=None, by=by)
    if row.get("published"):
        services.publish_obligation(obligation=obligation, by=by)


def extend(obligation: Obligation, row: Row, *, by: User) -> None:
    values = {"asked_on": day(row["asked"]), "asked_until": day(row["until"]), "ground": row["ground"]}
    extension = extensions.ask_extension(obligation=obligation, **values, by=by)
    if "granted" in row:
        answer = {"answered_on": day(row["answered"]), "granted_until": day(row["granted"])}
        extensions.answer_extension(extension=extension, **answer, by=by)


def give_steps(obligation: Obligation, row: Row, *, by: User) -> None:
    """The usual steps, each with an institution; those in the past are done, except for the last `open` ones."""
    add_usual_steps(obligation=obligation, by=by)
    institutions = [Institution.objects.get(code=code) for code in row["steps"]]
    rows = list(obligation.steps.all())
    steps = [
        Step(step.title, institutions[number % len(institutions)], step.due_on, step.pk)
        for number, step in enumerate(rows)
    ]
    seen = Obligation.objects.get(pk=obligation.pk).version
    set_steps(obligation=obligation, steps=steps, seen=seen, by=by)
    past = list(ObligationStep.objects.filter(obligation=obligation, due_on__lt=timezone.localdate()))
    for step in past[: len(past) - row.get("open", 0)]:
        complete_step(step=step, by=by)


def submit(obligation: Obligation, row: Row, *, by: User) -> None:
    proof = {name: row[name] for name in PROOF if name in row}
    acknowledged_on = as_day(row["acknowledged"]) if "acknowledged" in row else None
    values = SubmissionValues(submitted_on=as_day(row["submitted"]), acknowledged_on=acknowledged_on, **proof)
    seen = Obligation.objects.get(pk=obligation.pk).version
    submissions.record_submission(obligation=obligation, values=values, seen=seen, by=by)


def as_day(value: date | int) -> date:
    """A day as it is, or counted from today."""
    return day(value) if isinstance(value, int) else value
