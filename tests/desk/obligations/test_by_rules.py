"""Obligations by rules at the desk: choose the body, see what is due, add it, undo it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from servanda.people.access import Role
from servanda.sources.models import Obligation, TreatyStatus
from servanda.vocab.models import Instrument
from tests import make, obligation_make

pytestmark = pytest.mark.django_db
PAGE = {"body": "CEDAW", "previous-deadline": "2027-03-01"}


def test_a_coordinator_sees_what_is_due_adds_it_and_undoes_it(client):
    make.signed_in(client, Role.COORDINATOR)
    obligation_make.rule(is_to_verify=True)
    url = reverse("desk:add_by_rules")
    assert "CEDAW" in client.get(url).content.decode()
    page = client.get(url, PAGE).content.decode()
    for words in ("1 March 2031", "Estimate", "21,200", "Article 18", "to be verified", "checked"):
        assert words in page
    answer = client.post(url, PAGE | {"rule": "cedaw-periodic"}, follow=True)
    assert "1 obligation added." in answer.content.decode()
    due = Obligation.objects.kept().get()
    assert due.due_on == date(2031, 3, 1)
    assert due.code in client.get(url, PAGE).content.decode()
    client.post(reverse("desk:undo_rules", args=[due.added_by.key]))
    assert not Obligation.objects.kept().exists()


def test_the_page_says_that_the_state_opted_out_of_simplified_reporting(client):
    make.signed_in(client, Role.COORDINATOR)
    convention = Instrument.objects.create(code="CEDAW", name="Convention", system="UN", body=make.committee("CEDAW"))
    obligation_make.rule(instrument=convention)
    url = reverse("desk:add_by_rules")
    assert "opted out" not in client.get(url, PAGE).content.decode()
    TreatyStatus.objects.create(instrument=convention, consent="accession", opted_out_on=date(2025, 5, 1))
    page = " ".join(client.get(url, PAGE).content.decode().split())
    assert "The State opted out of simplified reporting on 1 May 2025. It submits reports" in page


def test_what_is_over_is_shown_but_not_selected(client):
    make.signed_in(client, Role.COORDINATOR)
    obligation_make.rule()
    page = client.get(reverse("desk:add_by_rules"), {"body": "CEDAW", "previous-deadline": "2001-03-01"})
    assert "1 March 2005" in page.content.decode()
    assert [is_wanted for _row, is_wanted in page.context["rows"]] == [False]


def test_nothing_selected_is_told_in_the_form_with_the_list_kept(client):
    make.signed_in(client, Role.COORDINATOR)
    obligation_make.rule()
    answer = client.post(reverse("desk:add_by_rules"), PAGE)
    assert answer.status_code == 422
    for words in ("Select at least one obligation.", "1 March 2031"):
        assert words in answer.content.decode()


def test_the_history_says_by_which_rule_it_was_added_when_its_clock_started_and_why(client):
    make.signed_in(client, Role.COORDINATOR)
    obligation_make.rule(clock="It runs from the last report.")
    client.post(reverse("desk:add_by_rules"), PAGE | {"rule": "cedaw-periodic"})
    due = Obligation.objects.get()
    page = " ".join(client.get(due.get_absolute_url()).content.decode().split())
    history = page.partition('id="history-title"')[2]
    for words in (
        f"added the obligation {due.code} by a rule",
        "cedaw-periodic",
        "Previous deadline",
        "48 months after",
        "It runs from the last report.",
        date_format(due.due_on),
    ):
        assert words in history
