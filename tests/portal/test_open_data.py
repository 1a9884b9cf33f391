"""The page that says what can be taken away, and how."""

import re

import pytest
from django.urls import reverse

from tests import make
from tests.house.answers import tight_source_of

pytestmark = pytest.mark.django_db


def page_of(client) -> str:
    return tight_source_of(client.get(reverse("portal:open_data")))


def test_every_address_on_the_page_answers(client):
    make.recommendation()
    main = page_of(client).partition("<main")[2].partition("</main>")[0]
    addresses = re.findall(r'href="(/[^"]*)"', main)
    assert len(addresses) > 9
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        answer.close()


def test_it_counts_what_is_published(client):
    make.recommendation()
    make.recommendation(is_published=False)
    assert "The register: 1 record</h2>" in page_of(client)


def test_it_says_where_labels_come_from(client):
    term = make.term("Health")
    term.taxonomy.__class__.objects.update(source="Index of the United Nations")
    make.term("Axis 1", taxonomy="national-plan")
    page = page_of(client)
    assert "Index of the United Nations" in page
    assert "This mechanism" in page


def test_the_line_to_cite_has_the_permanent_address(client):
    assert "http://testserver/recommendations/" in page_of(client)
