"""What the picker of records finds while a person types, and what is chosen with it."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html

from servanda.people.access import Role
from servanda.progress.updates.services import start_update
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import Cluster, Link
from tests import make

pytestmark = pytest.mark.django_db


def indexed(text: str = "Protect the zorbatrix.", **fields):
    record = make.recommendation(text, **fields)
    reindex([record.pk])
    return record


def found(client, **values) -> list[str]:
    answer = client.get(reverse("desk:find_records"), values, headers={"hx-request": "true"})
    return html.fromstring(answer.content).xpath("//input[@type='checkbox']/@value")


def test_each_person_finds_what_they_may_open(client):
    shown, hidden = indexed(is_published=True), indexed(confidentiality="restricted")
    health = make.institution("health")
    make.signed_in(client, Role.FOCAL_POINT, institution=health)
    data = {"field": "codes", "codes_words": "zorbatrix"}
    assert found(client, **data) == [shown.code]
    assert found(client, **data | {"codes_words": hidden.code}) == []
    hidden.restricted_to.add(health)
    assert set(found(client, **data)) == {shown.code, hidden.code}


def test_what_is_found_carries_the_name_of_its_field_and_no_markup(client):
    make.signed_in(client, Role.COORDINATOR)
    indexed("Protect <b>the</b> zorbatrix.")
    name = '"><script>'
    answer = client.get(reverse("desk:find_records"), {"field": name, f"{name}_words": "zorbatrix"})
    page = answer.content.decode()
    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;b&gt;the&lt;/b&gt;" in page


def test_a_search_costs_few_queries(client, django_assert_max_num_queries):
    make.signed_in(client, Role.COORDINATOR)
    for _number in range(25):
        indexed()
    with django_assert_max_num_queries(12):
        assert len(found(client, field="codes", codes_words="zorbatrix")) == 20


def test_what_is_chosen_is_linked_clustered_and_asked_about(client):
    make.signed_in(client, Role.COORDINATOR)
    record, others = make.recommendation(), [make.recommendation() for _number in range(3)]
    codes = [other.code for other in others]
    link = reverse("desk:link_recommendations", args=[record.code])
    answer = client.post(link, {"codes": codes, "relation": "repeats"}, follow=True)
    assert "3 records linked." in answer.content.decode()
    assert set(Link.objects.filter(from_recommendation=record).values_list("to_recommendation__code", flat=True)) == {
        *codes
    }
    answer = client.post(link, {"codes": [make.recommendation().code, codes[0]], "relation": "repeats"})
    assert f"The link with record {codes[0]} already exists." in answer.content.decode()
    assert Link.objects.filter(from_recommendation=record).count() == 3
    removed = Link.objects.filter(to_recommendation__code=codes[0]).get()
    answer = client.post(reverse("desk:unlink_recommendations", args=[record.code, removed.pk]), follow=True)
    [undo] = html.fromstring(answer.content).xpath("//div[@class='messages']//form/@action")
    client.post(undo)
    assert Link.objects.filter(from_recommendation=record).count() == 3
    client.post(reverse("desk:make_cluster"), {"name": "Schools", "record": codes})
    made = Cluster.objects.get(name="Schools")
    assert set(made.members.values_list("recommendation__code", flat=True)) == {*codes}
    page = client.post(reverse("desk:open_round"), {"choosing": "1", "codes": [codes[0], f"{codes[1]},{codes[2]}"]})
    assert "3 records selected." in page.content.decode()
    assert page.context["codes"].split() == codes


def test_files_that_were_chosen_beside_a_search_have_to_be_chosen_again(client):
    institution = make.institution("health")
    person = make.signed_in(client, Role.FOCAL_POINT, institution=institution)
    record = make.recommendation(is_published=True)
    make.assignment(record, institution)
    update = start_update(institution=institution, recommendations=[record], form_key=uuid4(), by=person)
    sent = {"seen": update.version, "text": "Done.", "codes_search": "1", "codes_words": "schools"}
    address = reverse("desk:save_update", args=[update.pk])
    answer = client.post(address, sent | {"files": SimpleUploadedFile("a.txt", b"a")})
    assert answer.status_code == 200
    assert "Choose your files again" in answer.content.decode()
    assert "Choose your files again" not in client.post(address, sent).content.decode()
    answer = client.post(address, sent | {"autosave": "1"})
    assert "saved" in answer.json()
