"""Assessments and contributions of invented institutions and an invented committee.

No grade is attributed to a real body: the other records are of the UPR, which does not assess.
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from servanda.demo.reading import coordinator, day, in_turn, read
from servanda.demo.review import COMMITTEE
from servanda.people.models import Instance, User
from servanda.progress.assessments.scales import load_scales
from servanda.progress.assessments.services import assess, publish_assessment, retract_assessment
from servanda.progress.assessments.signing import reply_to_assessment, sign_assessment
from servanda.progress.contributions.answering import accept_contribution, decline_contribution, merge_contribution
from servanda.progress.contributions.services import Submission, contribute, withdraw_contribution
from servanda.progress.evidence.services import Described, add_link
from servanda.progress.models import Assessment, Contribution, Evidence, Grade, Voice
from servanda.recommendations.models import Recommendation, Stand

Row = dict[str, Any]
INSTITUTE = "contributor@example.org"
BEFORE, LATELY = 640, 120  # days ago, at most, for the first and the second assessment of a record
ASSESSED, BY_INSTITUTE, CONTRIBUTED = 30, 14, 6  # records


def load() -> None:
    """Idempotent."""
    load_scales()
    data, by, institute = read("assessments"), coordinator(), User.objects.get(email=INSTITUTE)
    retract_grades_of_a_real_body(data["retraction"], by=by)
    grade_review(data, by=by)
    if Assessment.objects.exclude(recommendation__body__code=COMMITTEE).exists():
        return
    supported = Recommendation.objects.public().filter(stand=Stand.SUPPORTED, review__cycle=3)
    records = list(supported.select_related("body").order_by("order_key", "pk")[: ASSESSED + CONTRIBUTED])
    for number, record in enumerate(records[:ASSESSED]):
        first, second = in_turn(data["first"], number), in_turn(data["second"], number)
        add_assessment(record, "government", first, data, on=9 * number - BEFORE, by=by)
        add_assessment(
            record, "government", second, data, on=3 * number - LATELY, by=by, is_published=number % 9 != 7
        )
    for number, record in enumerate(records[2 : BY_INSTITUTE + 2]):
        value = in_turn(data["independent"], number)
        terms = {"grade": grade("independent", value), "reason": data["voices"][value], "confidence": "medium"}
        signed = sign_assessment(recommendation=record, date=day(number - 90), **terms, by=institute)
        if not number:
            reply_to_assessment(assessment=signed, text=data["reply"], by=by)
    add_contributions(data["contributions"], records[ASSESSED:], institute=institute, by=by)


def retract_grades_of_a_real_body(row: Row, *, by: User) -> None:
    """Retract the grades that earlier versions of the demonstration attributed to the UPR."""
    wrong = Assessment.objects.standing().filter(voice=Voice.MECHANISM, symbol=row["symbol"])
    for assessment in wrong.filter(recommendation__body__assesses=False).select_related("recommendation"):
        retract_assessment(assessment=assessment, reason=row["reason"], by=by)


def grade_review(data: Row, *, by: User) -> None:
    """Assessments by the invented committee of its own recommendations, and by the State of some of them."""
    if Assessment.objects.filter(recommendation__body__code=COMMITTEE).exists():
        return
    for number, record in enumerate(Recommendation.objects.public().filter(body__code=COMMITTEE)):
        add_assessment(record, "mechanism", in_turn(data["committee"], number), data, on=number - 200, by=by)
        if number % 2 == 0:
            add_assessment(record, "government", in_turn(data["second"], number), data, on=number - LATELY, by=by)


def grade(scale: str, code: str) -> Grade:
    return Grade.objects.select_related("scale").get(scale__code=scale, code=code)


def add_assessment(
    record: Recommendation, voice: str, value: str, data: Row, *, on: int, by: User, is_published: bool = True
) -> None:
    """`on` is in days from today. The two upper grades get the evidence that they require."""
    made = assess(
        recommendation=record,
        voice=voice,
        grade=grade(voice, value),
        reason=data["reasons"][value],
        confidence="low" if value == "partial" else "medium",
        date=day(on),
        evidence=[] if voice == Voice.MECHANISM else add_evidence(record, data["evidence"].get(value), by=by),
        act_is_outcome=value == "full",
        symbol=data["symbol"] if voice == Voice.MECHANISM else "",
        by=by,
    )
    if is_published:
        publish_assessment(assessment=made, by=by)


def add_evidence(record: Recommendation, row: Row | None, *, by: User) -> list[Evidence]:
    if row is None:
        return []
    described = Described(title=row["title"], kind=row["kind"], shows="outcome", is_public=True)
    return [add_link(link="https://example.org/invented", described=described, recommendations=[record], by=by)]


def add_contributions(rows: Row, records: list[Recommendation], *, institute: User, by: User) -> None:
    """One contribution in each state, and one without an account and with a hidden identity."""
    instance = Instance.current()
    instance.takes_public_contributions = True
    instance.save(update_fields=["takes_public_contributions"])
    states = ("accepted", "merged", "declined", "waiting", "withdrawn")
    sent = {
        state: send(rows[state], [record], by=institute)
        for state, record in zip(states, [records[0], *records], strict=False)
    }
    accepted, declined = rows["accepted"], rows["declined"]
    accept_contribution(contribution=sent["accepted"], answer=accepted["answer"], by=by)
    merge_contribution(contribution=sent["merged"], into=sent["accepted"], answer=rows["merged"]["answer"], by=by)
    reasons = {"decline_reason": declined["decline_reason"], "reason": declined["reason"]}
    decline_contribution(contribution=sent["declined"], **reasons, by=by)
    withdraw_contribution(contribution=sent["withdrawn"], by=institute)
    send(rows["anonymous"], records[3:4], by=None)


def send(row: Row, records: list[Recommendation], *, by: User | None) -> Contribution:
    brought = Submission(
        text=row["text"],
        language="en",
        recommendations=records,
        grade=grade("independent", row["grade"]) if "grade" in row else None,
        organisation=row.get("organisation", ""),
        hides_identity=by is None,
    )
    return contribute(submission=brought, form_key=uuid5(NAMESPACE_URL, row["text"]), by=by)
