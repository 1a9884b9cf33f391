"""What the picker of records finds while a person types, and the forms that have one, without a script."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html

from servanda.people.access import Role
from servanda.progress.updates.services import start_update
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import Cluster, Link
from servanda.trail.models import Event
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.scene import Scene, set_scene

pytestmark = pytest.mark.django_db


def indexed(text: str = "Protect the zorbatrix.", **fields):
    record = make.recommendation(text, **fields)
    reindex([record.pk])
    return record


def found(client, **asked) -> list[str]:
    answer = client.get(reverse("desk:find_records"), asked, headers={"hx-request": "true"})
    return html.fromstring(answer.content).xpath("//input[@type='checkbox']/@value")


@pytest.mark.database
def test_each_person_finds_what_they_may_open(client):
    shown, hidden = indexed(is_published=True), indexed(confidentiality="restricted")
    health = make.institution("health")
    make.signed_in(client, Role.FOCAL_POINT, institution=health)
    asked = {"field": "codes", "codes_words": "zorbatrix"}
    assert found(client, **asked) == [shown.code]
    assert found(client, **asked | {"codes_words": hidden.code}) == []
    hidden.restricted_to.add(health)
    assert set(found(client, **asked)) == {shown.code, hidden.code}


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


# Each form with a picker: its field, and what else is typed.
FORMS = {
    "desk:add_action": ("answers", {"title": "Build schools"}),
    "desk:answer_recommendations": ("codes", {}),
    "desk:add_indicator": ("records", {"code": "EDU-1", "name": "Children in school"}),
    "desk:link_records": ("records", {"weight": "supporting"}),
    "desk:open_round": ("codes", {"choosing": "1"}),
    "desk:link_recommendations": ("codes", {"relation": "repeats"}),
    "desk:merge_recommendations": ("codes", {}),
    "desk:make_cluster": ("record", {"name": "Schools"}),
    "desk:add_members": ("record", {}),
    "desk:enter_on_behalf": ("codes", {"letter": "12-3", "text": "Done."}),
    "desk:start_update": ("codes", {}),
}


NOT_WRITTEN_BY_COORDINATORS = {"desk:start_update"}


@pytest.fixture
def scene() -> Scene:
    return set_scene()


def log_in(client, name: str):
    if name in NOT_WRITTEN_BY_COORDINATORS:
        make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("health"))
    else:
        make.signed_in(client, Role.COORDINATOR)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FORMS))
def test_each_form_searches_without_a_script_and_keeps_what_was_typed(client, scene, name):
    log_in(client, name)
    field, typed = FORMS[name]
    chosen, hit = indexed("Chosen before.", is_published=True), indexed(is_published=True)
    sent = typed | {field: chosen.code, f"{field}_words": "zorbatrix", f"{field}_search": "1"}
    trail = Event.objects.count()
    answer = client.post(ADDRESSES[name].url(name, scene), sent)
    assert answer.status_code == 200
    page = html.fromstring(answer.content)
    boxes = f"//input[@type='checkbox'][@name='{field}']"
    assert page.xpath(f"{boxes}[@checked]/@value") == [chosen.code]
    assert page.xpath(f"{boxes}[not(@checked)]/@value") == [hit.code]
    for key, value in typed.items():
        shown = page.xpath(f"//*[@name='{key}']/@value | //textarea[@name='{key}']/text()")
        shown += page.xpath(f"//select[@name='{key}']/option[@selected]/@value")
        assert value in [text.strip() for text in shown], key
    assert not page.xpath("//*[@role='alert'] | //*[contains(@class, 'field-error')]")
    assert Event.objects.count() == trail


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FORMS))
def test_each_form_names_a_wrong_reference(client, scene, name):
    log_in(client, name)
    field, typed = FORMS[name]
    answer = client.post(ADDRESSES[name].url(name, scene), typed | {field: "XYZ-9"})
    assert answer.status_code == 422
    assert "not visible to you: XYZ-9." in answer.content.decode()


def test_what_is_chosen_is_linked_clustered_and_asked_about(client, scene):
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
