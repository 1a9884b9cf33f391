"""Invented updates over two years, most of them published, some on their way; a few came by letter."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from servanda.people.models import Appointment, Institution, Notification, User
from servanda.planning.models import Assignment
from servanda.progress.evidence.services import Described, add_file, add_link
from servanda.progress.models import Evidence, Update
from servanda.progress.updates.last_updates import keep_last_updates
from servanda.progress.updates.permissions import appointed_to
from servanda.progress.updates.services import (
    enter_on_behalf,
    linked_to,
    publish_update,
    return_update,
    save_update,
    start_update,
    submit_update,
    validate_update,
)
from servanda.recommendations.models import Recommendation

Function = Appointment.Function
QUARTER = timedelta(days=91)
ROUNDS = 8  # two years
RECORDS = 3  # of each institution in each quarter
HANDLING = timedelta(days=12)
COORDINATOR, ADMINISTRATOR = "coordinator@example.org", "admin@example.org"
LETTERS = 5
RETURNED = "Please say since when the rules are in force, and how many people they have reached."

SAID = {
    "demo-learning": [
        (
            "The rules on language support at school were rewritten with teachers of eleven schools.",
            "120 teachers were trained.",
        ),
        (
            "Travelling teachers now visit the settlements that have no school of their own.",
            "Attendance rose from 71 to 78 per cent.",
        ),
        ("A guide on the rights of the child became part of the training of all new teachers.", ""),
    ],
    "demo-social": [
        (
            "The register of accessible buildings was opened, and owners have two years to mend what is missing.",
            "412 of 1,090 buildings are accessible.",
        ),
        (
            "Mobile health teams began to visit remote places every two weeks.",
            "3,100 people were seen in the first half of the year.",
        ),
        (
            "Support for living independently was extended to the whole country.",
            "The waiting list fell from 260 to 190 people.",
        ),
    ],
    "demo-agency": [
        (
            "Social workers were trained to recognise children who are made to beg.",
            "64 children found a place in a family.",
        ),
        ("The helpline for families is answered day and night.", "2,450 calls in the year."),
    ],
    "demo-courts": [
        (
            "Interpreters are ordered through one desk, also for hearings outside the capital.",
            "Hearings put off for want of an interpreter: 38, the year before 112.",
        ),
        (
            "Judges and prosecutors met twice to agree on how to treat long proceedings.",
            "The median length fell by 21 days.",
        ),
    ],
    "demo-rights": [
        ("A draft law on equal pay was discussed with unions and employers.", "The draft went to the government."),
        (
            "Complaints of discrimination can be made in six languages and without a form.",
            "187 complaints, 41 more than the year before.",
        ),
        ("Each ministry named a person who looks at its drafts for effects on equality.", ""),
    ],
    "demo-figures": [
        (
            "Surveys now ask about disability in the way that the international group proposes.",
            "Published by sex, age and region.",
        ),
    ],
}
OBSTACLES = [
    "",
    "",
    "Posts for two specialists could not be filled.",
    "",
    "The money comes a year later than planned.",
]
CHANGED = [
    "What this changed for people will be known after the next survey.",
    "The first results were talked over with organisations of those concerned.",
    "Municipalities of the north and the east began first.",
]
TITLES = ["Official gazette", "Report to the government", "Minutes of the working group", "Call for proposals"]


class Place(NamedTuple):
    institution: Institution
    writer: User
    authority: User
    records: list[Recommendation]


@transaction.atomic
def report_demonstration() -> None:
    """Called again, it changes nothing."""
    if Update.objects.exists():
        return
    by, today = User.objects.get(email=COORDINATOR), timezone.localdate()
    places = list(places_that_answer())
    number = 0
    for quarter in range(ROUNDS):
        day = today - QUARTER * (ROUNDS - quarter) + timedelta(days=60)
        for place in places:
            first = quarter * RECORDS
            for record in chosen(place.records, first):
                number += 1
                made = write(place, record, number, day=day)
                go_on(made, place, number, is_last=quarter == ROUNDS - 1, by=by)
                set_back(made, day)
    second = User.objects.get(email=ADMINISTRATOR)
    for place in places[:LETTERS]:
        enter_letter(place, today - QUARTER, by=by, publisher=second)
    read_long_ago()


def places_that_answer() -> Iterator[Place]:
    for code in SAID:
        institution = Institution.objects.filter(code=code).first()
        writers = appointed_to(institution, [Function.PRINCIPAL, Function.ALTERNATE])
        authorities = appointed_to(institution, [Function.AUTHORITY])
        held = Assignment.objects.current().filter(institution=institution).order_by("part", "recommendation")
        records = list(Recommendation.objects.public().filter(pk__in=held.values("recommendation"))[: 3 * RECORDS])
        if writers and authorities and records:
            yield Place(institution, writers[0], authorities[0], records)


def chosen(records: list[Recommendation], first: int) -> list[Recommendation]:
    """The next few of them, and from the start again when all had their turn."""
    number = min(RECORDS, len(records))
    turning = cycle(records)
    for _record in range(first % len(records)):
        next(turning)
    return [next(turning) for _record in range(number)]


def write(place: Place, record: Recommendation, number: int, *, day: date) -> Update:
    done, figures = SAID[place.institution.code][number % len(SAID[place.institution.code])]
    draft = start_update(institution=place.institution, recommendations=[record], by=place.writer)
    draft = save_update(
        update=draft,
        seen=draft.version,
        text=f"{done} {CHANGED[number % len(CHANGED)]}",
        obstacles=OBSTACLES[number % len(OBSTACLES)],
        figures=figures,
        language="en",
        start=day - QUARTER,
        end=day - timedelta(days=1),
        recommendations=[record],
        actions=[],
        by=place.writer,
    )
    if number % 8 == 0:
        show(draft, record, number, by=place.writer)
    return draft


def show(draft: Update, record: Recommendation, number: int, *, by: User) -> None:
    given = {"recommendations": [record], "institution": draft.institution, "update": draft, "by": by}
    if number % 16:
        table = ContentFile(f"Year,People\n{2024},{number * 7}\n{2025},{number * 9}\n".encode())
        described = Described(kind="statistic", title="People reached (invented)", shows="outcome", is_public=True)
        add_file(file=table, name=f"people-{number}.csv", described=described, **given)
        return
    title = f"{TITLES[number // 16 % len(TITLES)]} (invented)"
    described = Described(kind=Evidence.Kind.REPORT, title=title, is_public=True)
    add_link(link=f"https://example.org/invented/{number}", described=described, **given)


def go_on(draft: Update, place: Place, number: int, *, is_last: bool, by: User) -> None:
    """What is older is published; of the last quarter some wait, some were returned, some are drafts."""
    rest = number % 6 if is_last else None
    if rest == 0:
        return
    submit_update(update=draft, by=place.writer)
    if rest == 1:
        return
    if rest == 2:
        return_update(update=draft, reason=RETURNED, by=place.authority)
        return
    validate_update(update=draft, by=place.authority)
    if rest != 3:
        publish_update(update=draft, by=by)


def enter_letter(place: Place, day: date, *, by: User, publisher: User) -> None:
    done, figures = SAID[place.institution.code][0]
    entered = enter_on_behalf(
        institution=place.institution,
        recommendations=place.records[:1],
        letter=f"{day:%m}-{place.records[0].pk}/{day:%y} (invented)",
        letter_date=day,
        text=done,
        obstacles="",
        figures=figures,
        language="en",
        start=None,
        end=day,
        by=by,
    )
    publish_update(update=entered, by=publisher)
    set_back(entered, day)


def read_long_ago() -> None:
    """Notices of what is published by now wait for nobody."""
    published = [str(pk) for pk in Update.objects.published().values_list("pk", flat=True)]
    told = Notification.objects.filter(object_type=Update._meta.label_lower, object_id__in=published)
    told.update(read_at=timezone.now())


def set_back(update: Update, day: date) -> None:
    """As if it had been written then: services know no other day than today."""
    at = timezone.make_aware(datetime(day.year, day.month, day.day, 10))
    for number, step in enumerate(update.steps.all(), 1):
        type(step).objects.filter(pk=step.pk).update(at=at + HANDLING * number / 3)
    published = Update.objects.filter(pk=update.pk, published_at__isnull=False)
    published.update(published_at=at + HANDLING)
    Update.objects.filter(pk=update.pk).update(created_at=at, changed_at=at + HANDLING)
    keep_last_updates(linked_to(update))
