"""Invented assessments and contributions for the demonstration: of invented institutions and an invented committee.

No real body is given a grade: the UPR, of which the other records are, assesses nothing.
"""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from servanda.people.models import Instance, User
from servanda.progress.assessments.scales import load_scales
from servanda.progress.assessments.services import assess, publish_assessment, retract_assessment
from servanda.progress.assessments.signing import reply_to_assessment, sign_assessment
from servanda.progress.contributions.services import (
    Brought,
    accept_contribution,
    contribute,
    decline_contribution,
    merge_contribution,
    withdraw_contribution,
)
from servanda.progress.evidence.services import Described, add_link
from servanda.progress.models import Assessment, Evidence, Grade, Voice
from servanda.recommendations.demonstration_review import CODE
from servanda.recommendations.models import Recommendation, Stand

COORDINATOR, INSTITUTE = "coordinator@example.org", "contributor@example.org"
SYMBOL = "DEMO/C/SVN/FU/1 (invented)"
EARLIER_SYMBOL = "DEMO/1 (invented)"  # of grades that earlier demonstrations attributed to the UPR
NOT_OF_A_REAL_BODY = "The UPR assesses nothing; this grade was invented for the demonstration."
BEFORE, LATELY = 640, 120  # days ago, at most, of the first assessment of a record and of the second
ASSESSED, BY_INSTITUTE = 30, 14
FIRST = ["not-started", "started", "not-started", "partial", "started"]
GRADES = ["partial", "not-started", "full", "started", "regressed", "partial", "unknown", "substantial"]
SECOND = ["started", "partial", "full", "partial", "regressed", "substantial"]
REASONS = {
    "not-started": "No measure has begun yet; the budget of this year has no line for it (invented).",
    "started": "A working group has met twice and a draft is with the ministries (invented).",
    "partial": "The regulation is in force in two of five regions, and training has begun (invented).",
    "substantial": "Waiting times have fallen by half since the change, the yearly survey shows (invented).",
    "full": "The act was published and is in force (invented).",
    "regressed": "Two of the four centres were closed for want of staff (invented).",
    "unknown": "The reply of the State does not speak of it (invented).",
}
INDEPENDENT = ["partly", "first-steps", "no-change", "partly", "worse"]
VOICES = {
    "no-change": "Those concerned whom we asked have noticed no change (invented).",
    "first-steps": "There is a plan, but nobody has been hired yet (invented).",
    "partly": "In the capital it works; elsewhere it does not (invented).",
    "worse": "Complaints to us have risen by a third (invented).",
}


def assess_demonstration() -> None:
    """Called again, it changes nothing."""
    load_scales()
    by, institute = User.objects.get(email=COORDINATOR), User.objects.get(email=INSTITUTE)
    take_back_grades_of_a_real_body(by)
    grade_review(by)
    if Assessment.objects.exclude(recommendation__body__code=CODE).exists():
        return
    supported = Recommendation.objects.public().filter(stand=Stand.SUPPORTED, review__cycle=3)
    records = list(supported.select_related("body").order_by("order_key", "pk")[: ASSESSED + 6])
    for number, record in enumerate(records[:ASSESSED]):
        say(record, "government", FIRST[number % len(FIRST)], days=BEFORE - 9 * number, by=by)
        say(
            record, "government", SECOND[number % len(SECOND)], days=LATELY - 3 * number, by=by, waits=number % 9 == 7
        )
    for number, record in enumerate(records[2 : BY_INSTITUTE + 2]):
        value = INDEPENDENT[number % len(INDEPENDENT)]
        said = {"grade": grade("independent", value), "reason": VOICES[value], "confidence": "medium"}
        day = timezone.localdate() - timedelta(days=90 - number)
        one = sign_assessment(recommendation=record, date=day, **said, by=institute)
        if not number:
            reply_to_assessment(assessment=one, text="The second region begins next year (invented).", by=by)
    bring(records[ASSESSED:], institute=institute, by=by)


def take_back_grades_of_a_real_body(by: User) -> None:
    wrong = Assessment.objects.standing().filter(voice=Voice.MECHANISM, symbol=EARLIER_SYMBOL)
    for one in wrong.filter(recommendation__body__assesses=False).select_related("recommendation"):
        retract_assessment(assessment=one, reason=NOT_OF_A_REAL_BODY, by=by)


def grade_review(by: User) -> None:
    """What the invented committee found on its own recommendations, and what the State says of some of them."""
    graded = Assessment.objects.filter(recommendation__body__code=CODE)
    if graded.exists():
        return
    for number, record in enumerate(Recommendation.objects.public().filter(body__code=CODE)):
        say(record, "mechanism", GRADES[number % len(GRADES)], days=200 - number, by=by)
        if number % 2 == 0:
            say(record, "government", SECOND[number % len(SECOND)], days=LATELY - number, by=by)


def grade(scale: str, code: str) -> Grade:
    return Grade.objects.select_related("scale").get(scale__code=scale, code=code)


def say(record: Recommendation, voice: str, value: str, *, days: int, by: User, waits: bool = False) -> None:
    """Two months and more from each other, and the two upper steps with what they need."""
    shown = [] if voice == Voice.MECHANISM else show(record, value, by=by)
    made = assess(
        recommendation=record,
        voice=voice,
        grade=grade(voice, value),
        reason=REASONS[value],
        confidence="low" if value == "partial" else "medium",
        date=timezone.localdate() - timedelta(days=days),
        evidence=shown,
        act_is_outcome=value == "full",
        symbol=SYMBOL if voice == Voice.MECHANISM else "",
        by=by,
    )
    if not waits:
        publish_assessment(assessment=made, by=by)


def show(record: Recommendation, value: str, *, by: User) -> list[Evidence]:
    if value not in ("substantial", "full"):
        return []
    kind, title = ("law", "Official gazette, no. 7") if value == "full" else ("statistic", "Yearly survey")
    described = Described(title=f"{title} (invented)", kind=kind, shows="outcome", is_public=True)
    return [add_link(link="https://example.org/invented", described=described, recommendations=[record], by=by)]


def bring(records: list[Recommendation], *, institute: User, by: User) -> None:
    """One contribution in each state, and one of somebody without an account who hides who they are."""
    instance = Instance.current()
    instance.takes_public_contributions = True
    instance.save(update_fields=["takes_public_contributions"])
    rating = grade("independent", "first-steps")
    texts = [
        "We visited all four centres: two have no ramp, and one has no interpreter (invented).",
        "Two of the centres have no ramp, as we wrote before (invented).",
        "The train to the capital is late every day (invented).",
        "Our report on the centres comes out next month; we send it then (invented).",
        "The lift of the town hall is out of order; it works again since Monday (invented).",
    ]
    sent = [
        contribute(
            brought=Brought(text=text, language="en", recommendations=[record], grade=rating if not number else None),
            form_key=uuid5(NAMESPACE_URL, text),
            by=institute,
        )
        for number, (text, record) in enumerate(zip(texts, [records[0], *records], strict=False))
    ]
    accept_contribution(contribution=sent[0], answer="Thank you. We have passed it on to the ministry.", by=by)
    merge_contribution(contribution=sent[1], into=sent[0], answer="We keep it with your first one.", by=by)
    off_topic = {"decline_reason": "off-topic", "reason": "It is about trains, not about this recommendation."}
    decline_contribution(contribution=sent[2], **off_topic, by=by)
    withdraw_contribution(contribution=sent[4], by=institute)
    text = "My daughter waits for a place since spring (invented)."
    brought = Brought(
        text=text,
        language="en",
        recommendations=records[3:4],
        organisation="Parents of the North (invented)",
        hides_identity=True,
    )
    contribute(brought=brought, form_key=uuid5(NAMESPACE_URL, text), by=None)
