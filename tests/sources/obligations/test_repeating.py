"""What is due again after so many months: the next one is added with its source, once, when one was submitted."""

from datetime import date

import pytest
from django.urls import reverse

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.sources.models import Document, Obligation
from servanda.sources.obligations.repeating import add_next, next_day
from tests import make, obligation_make
from tests.once import built_once

pytestmark = pytest.mark.django_db
WORDS = "within six months of notification, and every six months thereafter"


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def report() -> Obligation:
    document = Document.objects.create(symbol="12/2020")
    source = {"document": document, "words": WORDS, "day_from": "document", "every": 6}
    due = obligation_make.obligation("Report to the Court", kind="compliance", due_on=date(2026, 8, 31), **source)
    obligation_make.submission(due)
    return due


def test_the_next_one_is_due_by_the_same_words_of_the_same_document(report, coordinator):
    added = Obligation.objects.get(pk=add_next(obligation=report, by=coordinator).pk)
    assert (added.due_on, added.clock_on, added.every) == (date(2027, 2, 28), report.due_on, 6)
    assert (added.document, added.words, added.day_from) == (report.document, WORDS, "document")
    assert (added.state, added.is_published) == ("expected", False)
    with pytest.raises(Refused, match=f"already added: {added.code}"):
        add_next(obligation=report, by=coordinator)


def test_an_extension_of_one_deadline_does_not_move_the_next(report):
    granted = {"answered_on": date(2026, 8, 1), "granted_until": date(2026, 10, 31)}
    obligation_make.extension(report, **granted)
    Obligation.objects.filter(pk=report.pk).update(due_on=date(2026, 10, 31), day_from="extension")
    report.refresh_from_db()
    assert next_day(report) == date(2027, 2, 28)


def test_the_rule_says_how_often_where_no_document_does(coordinator):
    rule = obligation_make.rule("periodic-information", every=3)
    due = obligation_make.obligation(rule=rule, due_on=date(2026, 11, 30), day_from="rule")
    with pytest.raises(Refused, match="Record the submission"):
        add_next(obligation=due, by=coordinator)
    obligation_make.submission(due)
    assert add_next(obligation=due, by=coordinator).due_on == date(2027, 2, 28)


def test_what_is_due_once_has_no_next(coordinator):
    due = obligation_make.obligation()
    obligation_make.submission(due)
    with pytest.raises(Refused, match="not repeated"):
        add_next(obligation=due, by=coordinator)


def test_the_page_offers_the_next_one_until_it_is_there(report, coordinator, client):
    client.force_login(coordinator)
    page = client.get(report.get_absolute_url()).content.decode()
    assert "It is due again every 6 months: next on 28 February 2027." in " ".join(page.split())
    answer = client.post(reverse("desk:add_next_obligation", args=[report.code]), follow=True)
    assert "Next obligation added" in answer.content.decode()
    offer = reverse("desk:add_next_obligation", args=[report.code])
    assert offer not in client.get(report.get_absolute_url()).content.decode()
