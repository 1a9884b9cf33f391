"""Obligations on the start page and on the register on one page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from tests import make, obligation_make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def shown(client, name: str) -> str:
    answer = client.get(reverse(f"desk:{name}"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_coordinator_sees_what_is_overdue_and_what_is_due_this_week(client):
    make.signed_in(client, Role.COORDINATOR)
    make.recommendation()
    today = timezone.localdate()
    late = obligation_make.obligation("", due_on=today - DAY)
    soon = obligation_make.obligation("Reply to a letter", due_on=today + DAY)
    estimate = obligation_make.obligation("Cycle", due_on=today - DAY, certainty="estimate")
    page = shown(client, "home")
    for code in (late.code, soon.code):
        assert reverse("desk:obligation", args=[code]) in page
    assert estimate.code not in page
    assert ("Periodic report" in page, "Overdue obligations" in page) == (True, True)


def test_a_focal_point_sees_the_obligations_and_steps_of_their_institution_only(client):
    ministry = make.institution("moj")
    make.signed_in(client, Role.FOCAL_POINT, institution=ministry)
    today = timezone.localdate()
    own = obligation_make.obligation("Own report", owner=ministry, due_on=today - DAY)
    other = obligation_make.obligation("Other report", due_on=today)
    obligation_make.step(other, "Draft of a chapter", make.institution("moh"), due_on=today)
    helped = obligation_make.obligation("Helped report")
    obligation_make.step(helped, "Translation of a chapter", ministry, due_on=today)
    page = shown(client, "home")
    assert (own.code in page, "Translation of a chapter" in page) == (True, True)
    assert ("Other report" in page, "Draft of a chapter" in page) == (False, False)


def test_the_register_on_one_page_names_what_is_overdue_or_due_within_90_days(client):
    make.signed_in(client, Role.READER)
    today = timezone.localdate()
    obligation_make.obligation("Late report", due_on=today - DAY)
    obligation_make.obligation("Next report", due_on=today + 80 * DAY, certainty="estimate")
    obligation_make.obligation("Far report", due_on=today + 100 * DAY)
    obligation_make.obligation("Secret report", due_on=today, confidentiality="restricted")
    page = shown(client, "brief")
    assert ("Late report" in page, "Next report" in page, "(Estimate)" in page) == (True, True, True)
    assert ("Far report" in page, "Secret report" in page) == (False, False)
