from urllib.parse import quote

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.recommendations.editing import merging, structure
from servanda.recommendations.models import Position, SourceRecord, Tagging
from tests import assessing_make, make
from tests.follow_up_make import follow_up

pytestmark = pytest.mark.django_db
CANARY = "quetzalcoatlus"


def page(client, record, status: int = 200) -> str:
    answer = client.get(reverse("portal:recommendation", args=[record.code]))
    assert answer.status_code == status
    return answer.content.decode()


def test_the_public_page_shows_text_position_and_the_name_of_each_source(client):
    record = make.recommendation("Ratify the Convention.", stand="supported")
    Position.objects.create(recommendation=record, stand="supported", words="enjoys the support")
    SourceRecord.objects.create(
        recommendation=record, scheme="uhri", external_id="abc-1", digest="1", where=CANARY, raw=CANARY
    )
    shown = page(client, record)
    for words in ("Ratify the Convention.", "enjoys the support", "Universal Human Rights Index", "abc-1"):
        assert words in shown
    assert CANARY not in shown


def test_nothing_of_the_house_is_on_the_public_page(client):
    coordinator = make.user(Role.COORDINATOR, name=CANARY)
    record, hidden = make.recommendation(), make.recommendation(is_published=False, paragraph="141.998")
    Position.objects.create(recommendation=record, stand="noted", is_draft=True, comment=CANARY)
    Tagging.objects.create(recommendation=record, term=make.term(), origin="person", said_by=coordinator)
    Tagging.objects.create(recommendation=record, term=make.term(CANARY), origin="machine", confidence=0.9)
    structure.link_recommendations(recommendation=record, to=hidden, relation="repeats", by=coordinator)
    shown = page(client, record)
    assert CANARY not in shown
    assert hidden.code not in shown
    assert "set by a person" in shown


@pytest.mark.parametrize("fields", [{"is_published": False}, {"confidentiality": "internal"}])
def test_what_is_not_public_is_not_there(client, fields):
    page(client, make.recommendation(**fields), 404)


def test_a_withdrawn_record_is_not_there_and_its_reason_is_not_told(client):
    record = make.recommendation()
    by = make.user(Role.COORDINATOR)
    structure.withdraw_recommendation(recommendation=record, reason=CANARY, by=by)
    assert CANARY not in page(client, record, 404)


def test_the_address_of_a_merged_record_leads_to_the_one_that_took_it_in(client):
    first, second, third = (make.recommendation() for _number in range(3))
    by = make.user(Role.COORDINATOR)
    merging.merge_recommendations(into=second, others=[first], by=by)
    merging.merge_recommendations(into=third, others=[second], by=by)
    answer = client.get(first.get_absolute_url())
    assert (answer.status_code, answer.url) == (301, third.get_absolute_url())
    assert answer["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("hidden", ["first", "second"])
def test_a_merge_with_an_unpublished_record_is_not_told(client, hidden):
    first = make.recommendation(is_published=hidden != "first")
    second = make.recommendation(is_published=hidden != "second")
    merging.merge_recommendations(into=second, others=[first], by=make.user(Role.COORDINATOR))
    page(client, first, 404)


def test_the_page_reads_right_to_left_in_arabic_with_symbols_left_to_right(client, settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    record = make.recommendation("Ratify.")
    answer = client.get(record.get_absolute_url(), headers={"accept-language": "ar"})
    shown = answer.content.decode()
    assert '<html lang="ar" dir="rtl">' in shown
    assert '<bdi dir="ltr" class="code">A/HRC/59/15</bdi>' in shown


def test_the_text_is_the_heading_and_position_and_assessments_are_beside_it(client):
    record = make.recommendation("Ratify the Convention.", stand="supported")
    assessing_make.assessment(record, "partial")
    head = page(client, record).partition('class="record-head"')[2].partition('class="milestones"')[0]
    assert "Ratify the Convention.</h1>" in head
    for words in (record.code, "Supported", "Partially implemented", "Not assessed"):
        assert words in head


def test_a_long_text_is_shortened_in_the_heading_and_whole_below(client):
    record = make.recommendation("Take measures " + "and more measures " * 100 + "until the end.")
    shown = page(client, record)
    assert "…</h1>" in shown
    assert shown.count("until the end.") == 1


def test_the_sections_follow_the_order_of_questions(client):
    first = follow_up().records[0]
    Tagging.objects.create(recommendation=first, term=make.term(), origin="source", scheme="uhri")
    shown = page(client, first)
    ids = ["texts-title", "updates-title", "voices-title", "similar/", "labels-title", "story-title"]
    places = [shown.index(section) for section in ids]
    assert places == sorted(places)


def test_labels_name_their_source_once(client):
    record = make.recommendation()
    for label in ("Health", "Education"):
        Tagging.objects.create(recommendation=record, term=make.term(label), origin="source", scheme="uhri")
    shown = page(client, record)
    labels = shown.partition('id="labels-title"')[2].partition("</section>")[0]
    assert labels.count("Universal Human Rights Index") == 1
    assert "Sources of the labels" in labels
    assert labels.count("Education") == 2


def test_the_letter_and_the_citation_have_the_permanent_address_of_the_operator(client, settings):
    settings.ORIGIN = "https://servanda.example.org"
    record = make.recommendation()
    shown, address = page(client, record), f"https://servanda.example.org/recommendations/{record.code}/"
    assert f'href="mailto:?subject={record.code}&amp;body={quote(address, safe="")}"' in shown
    assert f'data-copy="{address}"' in shown
    assert f'<link rel="canonical" href="{address}">' in shown
    assert f'class="record-address">{address}</bdi>' in shown


def test_a_recommendation_of_a_treaty_body_waits_for_no_position(client):
    record = make.recommendation(body=make.committee(), review=None, document=None)
    shown = page(client, record)
    assert "Position of the State" not in shown
    assert "Answered" not in shown
