"""The queue of suggested labels, without script: why, accepted, changed, rejected, and the sure ones at once."""

import pytest
from django.urls import reverse
from lxml import html

from servanda.jobs.exclusive import exclusive
from servanda.recommendations.labels.learning import LEARNING
from servanda.recommendations.labels.queries import nearest_cases
from servanda.recommendations.models import RightFrom, Suggestion, Tagging
from servanda.recommendations.search.encoding import encode_missing
from servanda.vocab.models import Taxonomy
from tests import make, suggesting_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, "coordinator")


@pytest.fixture
def suggestion():
    record = make.recommendation("Ensure that everybody has safe drinking water.")
    term = make.term("Water", taxonomy="national-plan")
    return suggesting_make.suggestion(record, term, 0.9, suggesting_make.learned(term.taxonomy))


def shown(client, name: str, *arguments) -> str:
    return client.get(reverse(f"desk:{name}", args=arguments)).content.decode()


def test_the_machine_never_says_that_it_is_quite_sure(client, coordinator):
    suggesting_make.suggestion(make.recommendation(), make.term("Land", taxonomy="national-plan"), 0.999)
    assert "99% probability" in shown(client, "suggestions")


def test_the_queue_shows_the_surest_first_with_its_reason(client, coordinator, suggestion):
    suggesting_make.suggestion(make.recommendation(), make.term("Land", taxonomy="national-plan"), 0.6)
    page = shown(client, "suggestions")
    assert page.index("90% probability") < page.index("60% probability")
    assert "safe drinking water" in page
    assert "automatic suggestion" in page


def test_why_shows_the_nearest_cases_that_this_person_may_read(client, coordinator, suggestion):
    near = make.recommendation("Provide clean drinking water to all villages.")
    machine_only = make.recommendation("Supply drinking water to every school.")
    Tagging.objects.create(recommendation=near, term=suggestion.term, origin="person")
    Tagging.objects.create(recommendation=machine_only, term=suggestion.term, origin="machine")
    encode_missing()
    page = shown(client, "suggestion", suggestion.pk)
    assert near.code in page
    assert machine_only.code not in page


def test_why_shows_no_case_that_is_closed_to_the_reader(suggestion):
    near = make.recommendation("Provide clean drinking water to all villages.", confidentiality="internal")
    Tagging.objects.create(recommendation=near, term=suggestion.term, origin="person")
    encode_missing()
    assert [record for record, _text in nearest_cases(suggestion, make.user("coordinator"))] == [near]
    assert nearest_cases(suggestion, make.user("contributor")) == []


def test_accepting_rejecting_and_reopening_need_no_script(client, coordinator, suggestion):
    client.post(reverse("desk:reject_suggestion", args=[suggestion.pk]))
    assert Suggestion.objects.get(pk=suggestion.pk).state == "rejected"
    client.post(reverse("desk:reopen_suggestion", args=[suggestion.pk]))
    answer = client.post(reverse("desk:accept_suggestion", args=[suggestion.pk]), {"chosen": "1"})
    assert answer.url.endswith("?taxonomy=national-plan")
    assert Tagging.objects.current().get(recommendation=suggestion.recommendation).said_by == coordinator


def test_only_another_label_of_the_same_taxonomy_is_offered_instead(client, coordinator, suggestion):
    housing, other = make.term("Housing", taxonomy="national-plan"), make.term("Else", taxonomy="other-plan")
    address = reverse("desk:change_suggestion", args=[suggestion.pk])
    assert client.post(address, {"instead": other.pk}).status_code == 422
    client.post(address, {"instead": housing.pk})
    assert Tagging.objects.current().get(recommendation=suggestion.recommendation).term == housing


def digest(page: str) -> str:
    (value,) = html.fromstring(page).xpath("//input[@name='digest']/@value")
    return value


@pytest.mark.database
def test_the_sure_ones_are_previewed_and_accepted_only_if_still_the_same(client, coordinator, suggestion):
    line = RightFrom.objects.create(model=suggestion.model, probability=0.8, number=20, share=0.95)
    address = reverse("desk:accept_suggestions", args=[line.pk])
    page = client.get(address).content.decode()
    assert "95% were correct" in page
    Suggestion.objects.filter(pk=suggestion.pk).update(probability=0.5)
    other = suggesting_make.suggestion(make.recommendation(), suggestion.term, 0.9, suggestion.model)
    again = client.post(address, {"digest": digest(page)}).content.decode()
    assert "The list has changed since you opened this page. Check" in again
    assert not Suggestion.objects.exclude(state="waiting").exists()
    client.post(address, {"digest": digest(again)})
    assert Suggestion.objects.get(state="accepted") == other


def test_ticked_suggestions_are_rejected_after_a_preview_and_come_back_with_one_button(
    client, coordinator, suggestion
):
    other = suggesting_make.suggestion(make.recommendation(), make.term("Land", taxonomy="national-plan"))
    stays = suggesting_make.suggestion(make.recommendation(), suggestion.term)
    address = reverse("desk:decide_suggestions")
    ticked = {"answer": "reject", "suggestion": [suggestion.pk, other.pk], "taxonomy": "national-plan"}
    preview = client.post(address, ticked).content.decode()
    assert "2 suggestions would be rejected" in preview
    done = client.post(address, {**ticked, "digest": digest(preview)}, follow=True)
    assert "Reject suggestions: Land, Water" in done.content.decode()
    assert set(Suggestion.objects.filter(state="rejected")) == {suggestion, other}
    assert f"{coordinator} changed several records" in shown(client, "record_history", suggestion.recommendation.code)
    client.post(html.fromstring(done.content.decode()).xpath("//form[contains(@action, 'undo')]/@action")[0])
    assert set(Suggestion.objects.waiting()) == {suggestion, other, stays}


def test_all_of_one_label_become_another_and_an_exchanged_one_is_refused(client, coordinator, suggestion):
    housing = make.term("Housing", taxonomy="national-plan")
    address = reverse("desk:decide_suggestions")
    all_of_it = {"answer": "change", "term": suggestion.term_id, "sure": "from", "percent": "80"}
    assert "Correct label" in client.post(address, all_of_it).content.decode()
    all_of_it["instead"] = housing.pk
    preview = client.post(address, all_of_it).content.decode()
    assert "1 suggestion would be changed" in preview
    Suggestion.objects.filter(pk=suggestion.pk).update(probability=0.5)
    other = suggesting_make.suggestion(make.recommendation(), suggestion.term, 0.9)
    again = client.post(address, {**all_of_it, "digest": digest(preview)}).content.decode()
    assert "The list has changed since you opened this page. Check" in again
    assert not Suggestion.objects.exclude(state="waiting").exists()
    client.post(address, {**all_of_it, "digest": digest(again)})
    other.refresh_from_db()
    assert (other.state, other.instead, other.decided_by) == ("changed", housing, coordinator)
    assert Tagging.objects.current().get(recommendation=other.recommendation).said_by == coordinator


def test_what_cannot_be_decided_together_is_refused_in_plain_words(client, coordinator, suggestion):
    elsewhere = suggesting_make.suggestion(make.recommendation(), make.term("Else", taxonomy="other-plan"))
    several = {"answer": "change", "suggestion": [suggestion.pk, elsewhere.pk]}
    of_label = {"answer": "reject", "term": suggestion.term_id, "sure": "below"}
    refused = {
        "Select at least one pending suggestion, or a label with": {"answer": "accept"},
        "Select suggestions of one taxonomy only to replace their": several,
        "Enter a number between 1 and 99.": of_label,
        "Select the suggestions to accept, or use “Accept by": {"answer": "accept", "term": suggestion.term_id},
    }
    for words, sent in refused.items():
        assert words in client.post(reverse("desk:decide_suggestions"), sent, follow=True).content.decode()
    foreign = {"answer": "change", "suggestion": [suggestion.pk], "instead": elsewhere.term_id}
    assert client.post(reverse("desk:decide_suggestions"), foreign).status_code == 422
    assert not Suggestion.objects.exclude(state="waiting").exists()


def test_the_page_of_a_model_says_when_it_suggests_nothing_any_more(client, coordinator, suggestion):
    assert "another version" in shown(client, "learned_model", suggestion.model.pk)
    assert "another version" in shown(client, "learned_models")


def test_a_reader_finds_no_queue(client, suggestion):
    make.signed_in(client, "reader")
    assert client.get(reverse("desk:suggestions")).status_code == 403


@pytest.mark.database
def test_the_register_is_narrowed_to_what_waits_by_taxonomy_and_leads_to_the_queue(client, coordinator, suggestion):
    decided = suggesting_make.suggestion(make.recommendation(), suggestion.term, state="rejected")
    Tagging.objects.filter(suggestion=decided).update(ended_at="2026-01-01T00:00Z")
    make.recommendation()
    Taxonomy.objects.filter(pk=suggestion.term.taxonomy_id).update(is_facet=True)
    data = {"any": 1, "national-plan": 1, "-": 2}
    for value, number in data.items():
        answer = client.get(reverse("desk:register"), {"suggested": value})
        assert answer.context["listing"].page.paginator.count == number
    assert reverse("desk:suggestions") in answer.content.decode().partition('class="notice')[2].partition("</p>")[0]
    unfiltered = client.get(reverse("desk:register")).context["listing"]
    (facet,) = [facet for facet in unfiltered.facets if facet["key"] == "suggested"]
    assert [(option["key"], option["count"]) for option in facet["options"]] == [
        ("any", 1),
        ("national-plan", 1),
        ("-", 2),
    ]


def test_whoever_may_not_decide_is_not_offered_the_filter(client, suggestion):
    make.signed_in(client, "auditor")
    answer = client.get(reverse("desk:register"), {"suggested": "any"})
    assert answer.context["listing"].page.paginator.count == 1
    assert not [facet for facet in answer.context["listing"].facets if facet["key"] == "suggested"]


def test_the_page_of_models_shows_that_the_machine_learns_and_the_button_starts_nothing_more(
    client, coordinator, django_capture_on_commit_callbacks
):
    assert ". The new models are shown when it is complete." not in shown(client, "learned_models")
    with exclusive(LEARNING, refusal=""):
        assert ". The new models are shown when it is complete." in shown(client, "learned_models")
        with django_capture_on_commit_callbacks() as started:
            answer = client.post(reverse("desk:learn_labels"), follow=True)
    assert "Learning is already under way. Check again in a few" in answer.content.decode()
    assert started == []
    with django_capture_on_commit_callbacks() as started:
        client.post(reverse("desk:learn_labels"))
    assert len(started) == 1
