"""What is due in the demonstration: only the review of Slovenia is real, and each state and each view has something
to show."""

from datetime import date

import pytest
from django.utils import timezone

from servanda.demo import obligations, people, review
from servanda.demo.reading import day, read
from servanda.people.models import Institution, User
from servanda.sources.models import Document, Obligation, ObligationStep
from servanda.vocab.models import Body
from tests.once import built_once

pytestmark = pytest.mark.django_db
REAL = {"UPR", "CRC"}


@built_once
def loaded(loaded_once):
    people.load()
    review.load()
    upr = Body.objects.get(code="UPR")
    Document.objects.create(symbol="A/HRC/59/15", body=upr, date=date(2025, 3, 24))
    for _time in range(2):
        obligations.load()


def test_everything_of_the_file_is_added_once_and_in_its_state(loaded):
    data = read("obligations")
    added = [row for part in data["rules"] for row in part["added"]]
    assert Obligation.objects.count() == len(added) + len(data["entered"]) >= 24
    assert {row.state for row in Obligation.objects.all()} == set(Obligation.State.values)
    assert {row.day_from for row in Obligation.objects.all()} == set(Obligation.DayFrom.values) - {"suspension"}
    assert {row.certainty for row in Obligation.objects.all()} == {"fixed", "estimate", "to-be-communicated"}


def test_only_the_review_and_the_rule_of_one_committee_are_not_marked_as_invented(loaded):
    of_real_bodies = Obligation.objects.exclude(body__code="demo-committee").exclude(title__contains="(invented)")
    assert {row.body.code for row in of_real_bodies} == REAL
    due = {row.kind: row.due_on for row in of_real_bodies if row.body.code == "UPR"}
    assert due == {
        "national-report": date(2024, 10, 28),
        "addendum": date(2025, 7, 2),
        "mid-term": date(2027, 7, 28),
        "review": date(2030, 1, 28),
    }


def test_something_is_overdue_due_soon_extended_and_proven(loaded):
    today = timezone.localdate()
    assert {row.body.code for row in Obligation.objects.late(on=today)} == {"CEDAW"}
    assert Obligation.objects.due_soon(on=today).count() >= 4
    extended = Obligation.objects.get(day_from="extension")
    assert (extended.due_on, extended.extensions.get().due_before) == (day(150), day(-30))
    assert Obligation.objects.exclude(submission=None).count() == 3
    overdue_steps = ObligationStep.objects.filter(done_on=None, due_on__lt=today)
    assert {step.institution.code for step in overdue_steps} >= {"demo-agency", "demo-social"}


def test_the_public_calendar_shows_what_is_published_and_an_institution_its_restricted_ones(loaded):
    public = Obligation.objects.public()
    assert public.count() >= 15
    assert not public.filter(body__code__in=["CPT", "SR Housing"]).exists()
    focal_point = User.objects.get(email="focal@example.org")
    own = Institution.objects.get(code="demo-social")
    restricted = Obligation.objects.visible_to(focal_point).filter(confidentiality="restricted")
    assert {row.owner for row in restricted} == {own}
