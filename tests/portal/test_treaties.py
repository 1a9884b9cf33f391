"""The public page of treaties."""

import pytest
from django.urls import reverse

from tests import make
from tests.treaties_make import reservation, treaty

pytestmark = pytest.mark.django_db


def page(client) -> str:
    return client.get(reverse("portal:treaties")).content.decode()


def test_everybody_reads_the_status_with_its_source_and_the_reservations_in_force(client):
    status = treaty("CEDAW", consent="succession", deposited_on="1992-07-06", source="UNTC", note="A zzz-secret note")
    reservation(status, article="article 29").objections.create(country=make.country("FRA", "France"))
    reservation(status, text="Was withdrawn once.", withdrawn_on="2001-01-01")
    content = page(client)
    for words in ("Convention CEDAW", "Succession", "6 July 1992", "UNTC", "article 29", "France"):
        assert words in content
    assert "zzz-secret" not in content
    assert "Was withdrawn once." not in content


def test_what_nothing_is_known_of_is_left_out(client):
    treaty("CAT")
    assert "Convention CAT" not in page(client)
    assert "No treaties yet" in page(client)


def test_the_page_asks_few_questions(client, django_assert_max_num_queries):
    for number in range(30):
        status = treaty(f"T-{number}", consent="accession", source="UNTC")
        status.procedures.create(kind="complaints")
        reservation(status).objections.create(country=make.country("FRA", "France"))
    with django_assert_max_num_queries(20):
        page(client)
