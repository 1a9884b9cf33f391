import re

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.recommendations.search.encoding import encode_missing
from tests import make

pytestmark = pytest.mark.django_db


def test_who_chose_no_file_is_told_so(client):
    make.country()
    make.signed_in(client, Role.COORDINATOR)
    answer = client.post(reverse("desk:receive_files"), {"country": "SVN"})
    assert answer.status_code == 422
    assert 'href="#id_files">Choose a file for “Files”.' in answer.content.decode()
    assert 'value="SVN"' in answer.content.decode()
    assert not Batch.objects.exists()


def test_the_page_of_an_import_says_how_many_texts_can_be_found_by_their_meaning(client):
    by = make.signed_in(client, Role.COORDINATOR)
    batch = Batch.objects.create(name="list.docx", state="applied", applied_at=timezone.now(), created_by=by)
    for number in range(2):
        make.recommendation(f"Protect health {number}.", added_by=batch).texts.update(added_by=batch)
    address = reverse("desk:show_import", args=[batch.key])
    assert "0 of 2" in client.get(address).content.decode()
    encode_missing()
    assert "Texts indexed for search by meaning" not in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("history", "accepted", "hint"),
    [
        ("official", ".json,.xlsx", "Universal Human Rights Index (uhri.ohchr.org)"),
        ("upr", ".docx,.pdf", "thematic list that OHCHR prepares"),
        ("sheet", ".csv,.xlsx,.ods", "you choose the meaning of each column"),
    ],
)
def test_a_kind_of_file_is_chosen_and_explained(client, history, accepted, hint):
    make.signed_in(client, Role.COORDINATOR)
    page = client.get(reverse("desk:imports"), {"history": history}).content.decode()
    assert f'accept="{accepted}"' in page
    assert hint in page
    refused = client.post(reverse("desk:receive_files"), {"history": history})
    assert refused.status_code == 422
    assert f'accept="{accepted}"' in refused.content.decode()
    page = client.get(reverse("desk:imports"), {"history": "unknown"}).content.decode()
    assert re.search(r'aria-current="true">\s*Any file', page)
