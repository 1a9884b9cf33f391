import pytest
from django.urls import reverse
from django.utils.html import escape
from lxml import html

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.models import Recommendation, Tagging
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "desk:bulk_edit"


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def test_nothing_changes_before_the_preview_is_applied_and_the_result_can_be_undone(client, coordinator):
    first, second, term = make.recommendation(), make.recommendation(), make.term("Health")
    data = {"code": [first.code, second.code], "deed": "add-label", "term": term.pk}
    assert "2 records selected" in client.post(reverse(ADDRESS), {"code": data["code"]}).content.decode()
    preview = client.post(reverse(ADDRESS), data | {"step": "preview"})
    assert preview.context["count"] == 2
    assert not Tagging.objects.exists()
    answer = client.post(reverse(ADDRESS), data | {"step": "apply", "count": "2"})
    assert Tagging.objects.current().count() == 2
    key = Batch.objects.get().key
    assert answer.url == reverse("desk:bulk_result", args=[key])
    assert reverse("desk:undo_bulk", args=[key]) in client.get(answer.url).content.decode()
    client.post(reverse("desk:undo_bulk", args=[key]))
    assert not Tagging.objects.current().exists()


def test_the_preview_shows_the_text_of_each_record_and_the_result_what_was_done(client, coordinator):
    record = make.recommendation("Ratify the protocol.", is_published=False)
    data = {"code": record.code, "deed": "publish"}
    page = html.fromstring(client.post(reverse(ADDRESS), data | {"step": "preview"}).content)
    (row,) = page.xpath('//table[contains(@class, "bulk-differences")]/tbody/tr')
    assert " ".join(row.text_content().split()) == f"{record.code} Ratify the protocol. not published published"
    answer = client.post(reverse(ADDRESS), data | {"step": "apply", "count": "1"}, follow=True)
    assert "1 record was changed." in answer.content.decode()


def test_all_records_of_a_filter_are_meant_by_the_filter(client, coordinator):
    make.recommendation(is_published=False)
    make.recommendation(is_published=False, body=make.body("CRC", "treaty-body"))
    data = {"all": "1", "query": "body=CRC", "deed": "publish", "step": "apply", "count": "1"}
    client.post(reverse(ADDRESS), data)
    assert [record.body.code for record in Recommendation.objects.public()] == ["CRC"]


def test_a_list_that_changed_since_the_preview_is_shown_again(client, coordinator):
    make.recommendation(is_published=False)
    data = {"all": "1", "query": "", "deed": "publish", "step": "apply", "count": "5"}
    answer = client.post(reverse(ADDRESS), data)
    assert answer.context["count"] == 1
    assert not Recommendation.objects.public().exists()


def test_who_ticked_nothing_comes_back_to_the_same_list(client, coordinator):
    list_url = reverse("desk:register") + "?review=UPR-1&q=right+to+health"
    data = {"query": "review=UPR-1&q=right to health"}
    assert client.post(reverse(ADDRESS), data).url == list_url
    data |= {"code": make.recommendation().code}
    assert f'href="{escape(list_url)}">Cancel' in client.post(reverse(ADDRESS), data).content.decode()
    data |= {"deed": "set-confidentiality"}
    assert f'href="{escape(list_url)}">Cancel' in client.post(reverse(ADDRESS), data).content.decode()


def test_the_result_and_its_undoing_lead_back_to_the_list_with_its_filter(client, coordinator):
    list_url = reverse("desk:register") + "?review=UPR-1&q=right+to+health"
    data = {"query": "review=UPR-1&q=right to health", "deed": "publish", "step": "apply", "count": "1"}
    record = make.recommendation(is_published=False)
    result = client.post(reverse(ADDRESS), data | {"code": record.code}, follow=True).content.decode()
    assert f'href="{escape(list_url)}"' in result
    (undo,) = html.fromstring(result).xpath('//form[contains(@action, "undo")]/@action')
    undone = client.post(undo, follow=True).content.decode()
    assert ("Undone." in undone, f'href="{escape(list_url)}"' in undone) == (True, True)


def test_what_a_deed_needs_is_asked_for(client, coordinator):
    record = make.recommendation()
    data = {"code": record.code, "deed": "set-confidentiality"}
    asked = client.post(reverse(ADDRESS), data)
    assert list(asked.context["form"].fields) == ["confidentiality", "institutions"]
    data |= {"confidentiality": "restricted", "step": "preview"}
    answer = client.post(reverse(ADDRESS), data)
    assert answer.status_code == 422
    assert "Select at least one institution with access to the record." in answer.content.decode()


def test_many_records_are_left_to_a_job(client, coordinator, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(bulk, "IN_A_REQUEST", 1)
    for _number in range(3):
        make.recommendation(is_published=False)
    data = {"all": "1", "query": "", "deed": "publish", "step": "apply", "count": "3"}
    with django_capture_on_commit_callbacks() as jobs:
        answer = client.post(reverse(ADDRESS), data)
    assert not Recommendation.objects.public().exists()
    assert 'max="3" value="0"' in client.get(answer.url).content.decode()
    for job in jobs:
        job()
    assert Recommendation.objects.public().count() == 3
    assert Batch.objects.get().state == "applied"


def test_records_that_a_person_may_not_see_are_not_chosen(client):
    record = make.recommendation()
    client.force_login(make.user(Role.READER))
    assert client.post(reverse(ADDRESS), {"code": record.code}).status_code == 403


def test_what_needs_no_more_words_goes_to_the_preview_at_once(client, coordinator):
    record = make.recommendation(is_published=False)
    answer = client.post(reverse(ADDRESS), {"code": record.code, "deed": "publish"})
    assert answer.context["count"] == 1
    assert not Recommendation.objects.public().exists()


@pytest.mark.database
def test_records_selected_before_the_filter_changed_are_counted_and_kept(client, coordinator):
    inside, outside = make.recommendation(body=make.body("CRC", "treaty-body")), make.recommendation()
    data = {"codes": f"{inside.code} {outside.code}", "query": "body=CRC"}
    page = client.post(reverse(ADDRESS), data).content.decode()
    assert "2 records selected" in page
    assert "1 selected record is outside the present filter of the list." in page
    preview = client.post(reverse(ADDRESS), data | {"deed": "publish", "step": "preview"})
    assert preview.context["outside"] == 1
    assert 'name="query" value="body=CRC"' in preview.content.decode()
    assert client.post(reverse(ADDRESS), data | {"query": ""}).context["outside"] == 0
    assert client.post(reverse(ADDRESS), data | {"all": "1"}).context["outside"] == 0


def test_a_record_of_another_kind_is_outside_of_the_list_without_a_filter(client, coordinator):
    record, measure = make.recommendation(), make.recommendation(kind="measure")
    page = client.post(reverse(ADDRESS), {"codes": f"{record.code} {measure.code}", "query": ""})
    assert page.context["outside"] == 1
    assert client.post(reverse(ADDRESS), {"codes": measure.code, "query": "kind=measure"}).context["outside"] == 0
