"""An invented case before the invented committee: a payment that was made, a general measure that is open."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from servanda.demo.assignments import assign_record
from servanda.demo.reading import coordinator, day, read
from servanda.demo.updates import report_on
from servanda.people.models import Institution, Notification, User
from servanda.planning.actions.rules import ActionValues
from servanda.planning.actions.services import add_action
from servanda.planning.models import Action
from servanda.proceedings.cases.measures import MeasureValues, add_measures
from servanda.proceedings.cases.services import EntryValues, set_case, set_course
from servanda.proceedings.contents.institutions import Named, set_named_institutions
from servanda.proceedings.life.services import ProceedingValues, add_proceeding
from servanda.proceedings.life.steps import take_step
from servanda.proceedings.models import Proceeding
from servanda.progress.assessments.scales import load_scales
from servanda.progress.assessments.services import assess, publish_assessment
from servanda.progress.models import Grade, Voice
from servanda.recommendations.editing.measure_facts import MeasureFacts, set_measure_facts
from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Body, Country

STEPS = ("admissible", "decided", "shared")

type Row = dict[str, Any]


@transaction.atomic
def load() -> None:
    """Idempotent."""
    load_scales()
    by, data = coordinator(), read("cases")
    for row in data["cases"]:
        if not Proceeding.objects.filter(kind=row["kind"], reference=row["reference"]).exists():
            enter(row, data["note"], by=by)
    Notification.objects.filter(object_type="proceedings.proceeding").delete()


def enter(row: Row, note: str, *, by: User) -> None:
    values = ProceedingValues(
        kind=row["kind"],
        reference=row["reference"],
        sort=row["sort"],
        title=row["title"],
        bodies=[Body.objects.get(code="demo-committee")],
        sent_on=None,
        received_on=day(row["received"]),
        due_on=day(row["due"]),
        note=note,
    )
    case = add_proceeding(values=values, by=by)
    places = {place.code: place for place in Institution.objects.filter(code__in=row["institutions"])}
    named = [Named(place) for place in places.values()]
    set_named_institutions(proceeding=case, named=named, seen=version_of(case), by=by)
    facts = {name: row[name] for name in ("applicants", "articles")}
    facts |= {f"{name}_on": day(row[name]) for name in ("decided", "notified")}
    set_case(proceeding=case, **facts, seen=version_of(case), by=by)
    course = [EntryValues(entry["type"], day(entry["day"]), note=entry["note"]) for entry in row["course"]]
    set_course(proceeding=case, entries=course, seen=version_of(case), by=by)
    add_its_measures(case, row, places, by=by)
    for step, on in zip(STEPS, (row["course"][0]["day"], row["decided"], row["notified"]), strict=True):
        take_step(proceeding=case, step=step, on=day(on), seen=version_of(case), by=by)


def version_of(proceeding: Proceeding) -> int:
    return Proceeding.objects.get(pk=proceeding.pk).version


def add_its_measures(case: Proceeding, row: Row, places: dict[str, Institution], *, by: User) -> None:
    """Each with the lead institution, the committee's own status, and the plan and the update of the State."""
    rows = row["measures"]
    values = [measure_of(measure) for measure in rows]
    given: Row = {"country": Country.objects.get(code="SVN"), "language": "en", "measures": values}
    records = add_measures(proceeding=case, **given, seen=version_of(case), by=by)
    for record, measure in zip(records, rows, strict=True):
        if "paid" in measure:
            pay(record, measure, by=by)
        lead = places[measure["lead"]]
        assign_record(record, lead, since=row["notified"], by=by)
        assess_measure(record, measure, by=by)
        if "plan" in measure:
            add_action(values=plan_of(measure["plan"], lead), answering=[record], by=by)
        if "update" in measure:
            report_on(record, lead, measure["update"], by=by)


def measure_of(row: Row) -> MeasureValues:
    amount = Decimal(row["amount"]) if "amount" in row else None
    return MeasureValues(row["paragraph"], row["text"], row["type"], day(row["due"]), amount, row.get("currency", ""))


def plan_of(row: Row, lead: Institution) -> ActionValues:
    status, start, due_on = Action.Status.IN_PROGRESS, day(row["start"]), day(row["due"])
    return ActionValues(title=row["title"], status=status, lead=lead, start=start, due_on=due_on)


def pay(record: Recommendation, row: Row, *, by: User) -> None:
    facts = MeasureFacts(
        type=row["type"],
        due_on=day(row["due"]),
        amount=Decimal(row["amount"]),
        currency=row["currency"],
        paid_on=day(row["paid"]),
    )
    version = Recommendation.every_kind.get(pk=record.pk).version
    set_measure_facts(recommendation=record, version=version, facts=facts, by=by)


def assess_measure(record: Recommendation, row: Row, *, by: User) -> None:
    made = assess(
        recommendation=record,
        voice=Voice.MECHANISM,
        grade=Grade.objects.get(scale__code="mechanism", code=row["status"]),
        reason="The committee assessed this measure (invented).",
        confidence="medium",
        date=day(-20),
        symbol=row["symbol"],
        by=by,
    )
    publish_assessment(assessment=made, by=by)
