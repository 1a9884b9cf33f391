"""The public calendar: what is published, by month, and what the bodies have still to communicate."""

import re
from datetime import date

import pytest
from django.urls import reverse

from servanda.sources.models import Obligation
from servanda.vocab.models import Certainty
from tests import obligation_make

pytestmark = pytest.mark.django_db
OPEN = {"is_published": True, "confidentiality": Obligation.Confidentiality.PUBLIC}


def test_a_stranger_reads_what_is_published_and_nothing_else(client):
    obligation_make.obligation("Report on equality", due_on=date(2027, 3, 24), **OPEN)
    obligation_make.obligation("Answer to a letter", due_on=date(2027, 3, 25), is_published=False)
    answer = client.get(reverse("portal:calendar"), {"year": "2027"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Report on equality" in page
    assert "Answer to a letter" not in page
    assert "/desk/" not in page


def test_what_has_no_date_yet_is_listed_beside_the_year(client):
    obligation_make.obligation("Report on children", due_on=None, certainty=Certainty.TO_BE_COMMUNICATED, **OPEN)
    assert "Report on children" in client.get(reverse("portal:calendar")).content.decode()


def test_a_deadline_is_beside_its_date_and_french_has_a_space_before_the_colon(client):
    obligation_make.obligation("Report on equality", due_on=date(2027, 3, 24), **OPEN)
    page = client.get(reverse("portal:calendar"), {"year": "2027"}, headers={"accept-language": "fr"})
    item = page.content.decode().partition('<time datetime="2027-03-24">')[2].partition("</li>")[0]
    assert item.partition("</time> ")[2].startswith("<div>")
    assert re.search(r"</bdi>\u202f?\u00a0?: <bdi>Report on equality</bdi>", item)
    assert "</bdi>: <bdi>" not in item
