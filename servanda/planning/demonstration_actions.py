"""An invented plan with invented actions for the demonstration: believable, and nobody's."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from servanda.people.models import Institution, User
from servanda.planning.actions.rules import Said
from servanda.planning.actions.services import Step, add_action, publish_action, set_milestones
from servanda.planning.models import Action, Assignment, Plan
from servanda.planning.plans.services import Said as SaidOfPlan
from servanda.planning.plans.services import add_plan
from servanda.recommendations.filters.facets import said_labels
from servanda.recommendations.models import Recommendation

CODE = "demo-nhrap"
PLANNED, BEGUN, PAUSED, DONE, GIVEN_UP = Action.Status.values
MOST_RECORDS = 12  # that one action answers


class Part(NamedTuple):
    """A part of a larger action; days from today, thousands of the currency."""

    title: str
    status: str
    start: int
    due: int
    budget: int | None = None
    funded: int | None = None


class Whole(NamedTuple):
    theme: str
    lead: str
    title: str
    description: str
    parts: tuple[Part, ...]
    supporting: tuple[str, ...] = ()


WHOLES = [
    Whole(
        "right-to-education",
        "demo-learning",
        "No child out of school because of the way to it (invented)",
        "The ministry pays for transport and helpers, so that children in remote places and those with disabilities"
        " come to school every day.",
        (
            Part("School buses for 40 remote villages", BEGUN, -220, 160, 3_200, 2_100),
            Part("Helpers for pupils with disabilities", BEGUN, -180, -12, 1_450, 1_450),
            Part("A count of children out of school", DONE, -300, -90, 80, 80),
        ),
        ("demo-schools",),
    ),
    Whole(
        "right-to-health",
        "demo-social",
        "Health care within reach in every region (invented)",
        "Small towns get a team for mental health and a midwife, and interpreters are paid where they are needed.",
        (
            Part("Mental-health teams in six towns", BEGUN, -150, 20, 2_400, 900),
            Part("Midwives for the hills", PLANNED, 30, 400, 760, 0),
            Part("Interpreters in hospitals", PAUSED, -120, -5, 210, 60),
        ),
        ("demo-agency",),
    ),
    Whole(
        "persons-with-disabilities-independence-inclusion",
        "demo-social",
        "From institutions to homes of one's own (invented)",
        "People who live in large institutions move to homes of their own, with the help that each of them chooses.",
        (
            Part("A law on personal assistance", BEGUN, -260, 75, None, None),
            Part("Homes for the first 200 people", PLANNED, 60, 700, 9_800, 4_000),
            Part("Training of personal assistants", PLANNED, 20, 240, 320, 100),
        ),
    ),
    Whole(
        "children-protection-against-exploitation",
        "demo-agency",
        "Children who are exploited are found and helped (invented)",
        "Police, schools and doctors learn to see the signs, and a child tells its story once only, in one house.",
        (
            Part("A house for children who testify", DONE, -420, -30, 1_100, 1_100),
            Part("Training for 900 police officers and teachers", BEGUN, -90, 110, 140, 140),
            Part("A line for calls at night", GIVEN_UP, -200, -60, 95, 20),
        ),
    ),
    Whole(
        "administration-of-justice-fair-trial",
        "demo-courts",
        "A decision within a reasonable time (invented)",
        "Courts get the people and the tools to decide within the time that the law allows, first in family matters.",
        (
            Part("Thirty more posts for family courts", BEGUN, -140, 150, 2_700, 1_350),
            Part("Files without paper in all courts", PAUSED, -330, -40, 5_600, 2_800),
            Part("Free legal aid that people know of", PLANNED, 45, 300, 60, 60),
        ),
    ),
    Whole(
        "discrimination-against-women",
        "demo-rights",
        "Equal pay that can be checked (invented)",
        "Employers publish what they pay women and men, and the inspectorate looks into the large differences.",
        (
            Part("A law on transparent pay", DONE, -500, -120, None, None),
            Part("A tool with which employers compare pay", BEGUN, -60, 28, 180, 180),
            Part("Ten inspectors for equal pay", PLANNED, 15, 200, 450, 0),
        ),
    ),
    Whole(
        "equality-non-discrimination",
        "demo-rights",
        "Whoever is discriminated against gets an answer (invented)",
        "The advocate of equality gets offices in four regions and must answer every complaint within ninety days.",
        (
            Part("Four offices of the advocate of equality", BEGUN, -100, 240, 880, 440),
            Part("Data on complaints by ground", BEGUN, -80, 14, 40, 40),
            Part("A campaign with young people", PLANNED, 90, 260, 120, 30),
        ),
        ("demo-figures",),
    ),
    Whole(
        "right-to-adequate-housing",
        "demo-social",
        "Homes that people can pay (invented)",
        "The fund builds rented homes, and nobody is evicted without a place to go to.",
        (
            Part("600 rented homes", BEGUN, -240, 600, 54_000, 31_000),
            Part("No eviction without another home", PLANNED, 10, 130),
            Part("Water and light in the last settlements without", BEGUN, -310, -25, 1_900, 1_200),
        ),
    ),
    Whole(
        "right-to-education",
        "demo-schools",
        "Human rights in every school (invented)",
        "Teachers get a course and material of their own, and pupils have a say in the rules of their school.",
        (
            Part("A course for 2,000 teachers", BEGUN, -70, 220, 260, 260),
            Part("Material in all languages of schooling", DONE, -240, -50, 75, 75),
            Part("Councils of pupils with a vote", PLANNED, 40, 280),
        ),
        ("demo-learning",),
    ),
    Whole(
        "right-to-health",
        "demo-agency",
        "Girls and boys know whom to ask (invented)",
        "Advice on health and violence that young people trust, in person and by telephone.",
        (
            Part("Advice centres in three towns", BEGUN, -110, 5, 390, 200),
            Part("A telephone line in five languages", DONE, -200, -20, 85, 85),
            Part("A study of what young people ask", PLANNED, 25, 190, 30, 0),
        ),
    ),
]

# Of some parts: title, day when it is due, whether it was reached then.
STEPS: dict[str, tuple[tuple[str, int, bool], ...]] = {
    "School buses for 40 remote villages": (("Routes agreed", -150, True), ("Buses bought", 30, False)),
    "Helpers for pupils with disabilities": (("120 helpers trained", -60, True),),
    "A count of children out of school": (("Report published", -95, True),),
    "Mental-health teams in six towns": (("Three teams at work", -20, True), ("Six teams at work", 20, False)),
    "A law on personal assistance": (("Public consultation", -100, True), ("First reading", 40, False)),
    "A house for children who testify": (("House opened", -35, True),),
    "Thirty more posts for family courts": (("Posts in the budget", -70, True),),
    "Files without paper in all courts": (("Pilot in two courts", -180, True), ("All courts", -40, False)),
    "A law on transparent pay": (("Adopted", -125, True),),
    "Four offices of the advocate of equality": (("Two offices open", 10, False),),
    "600 rented homes": (("Land bought", -120, True), ("First 150 homes", 180, False)),
}


def plan_demonstration() -> None:
    """Called again, it changes nothing."""
    if Plan.objects.filter(code=CODE).exists():
        return
    by, today = User.objects.get(email="coordinator@example.org"), timezone.localdate()
    said = SaidOfPlan(
        code=CODE,
        name="National human-rights plan (invented)",
        start=date(today.year - 1, 1, 1),
        end=date(today.year + 3, 12, 31),
        description="An example: nobody has decided this plan, and none of its institutions exists.",
        is_published=True,
    )
    plan = add_plan(said=said, by=by)
    places = {one.code: one for one in Institution.objects.all()}
    for whole in WHOLES:
        put(whole, plan, places, by=by, on=today)


def put(whole: Whole, plan: Plan, places: dict[str, Institution], *, by: User, on: date) -> None:
    shared = {"plan": plan, "lead": places[whole.lead], "supporting": [places[code] for code in whole.supporting]}
    records = given_to(whole.lead, whole.theme)
    said = Said(
        title=whole.title,
        description=whole.description,
        status=BEGUN,
        start=on + timedelta(days=min(part.start for part in whole.parts)),
        due_on=on + timedelta(days=max(part.due for part in whole.parts)),
        **shared,
    )
    above = add_action(said=said, by=by, answering=records)
    for part in whole.parts:
        action = add_action(said=said_of(part, above, on=on, **shared), by=by, answering=records[:3])
        days = [(title, on + timedelta(days=day), is_reached) for title, day, is_reached in STEPS.get(part.title, ())]
        steps = [Step(title, day, day if is_reached else None) for title, day, is_reached in days]
        set_milestones(action=action, milestones=steps, seen=action.version, by=by)
        if part.status == DONE:
            publish_action(action=action, by=by)
    publish_action(action=above, by=by)


def said_of(part: Part, above: Action, *, on: date, **shared) -> Said:
    return Said(
        title=part.title,
        parent=above,
        status=part.status,
        start=on + timedelta(days=part.start),
        due_on=on + timedelta(days=part.due),
        budget=thousands(part.budget),
        funded=thousands(part.funded),
        currency="EUR",
        **shared,
    )


def thousands(amount: int | None) -> Decimal | None:
    return None if amount is None else Decimal(amount * 1000)


def given_to(lead: str, theme: str) -> list[Recommendation]:
    """Records under this theme on which this institution leads or which it supports."""
    labelled = said_labels().filter(term__taxonomy__code="uhri-theme", term__code=theme)
    given = Assignment.objects.current().filter(institution__code=lead)
    records = Recommendation.objects.kept().filter(pk__in=given.values("recommendation"))
    return list(records.filter(pk__in=labelled.values("recommendation")).order_by("order_key", "pk")[:MOST_RECORDS])
