"""The list of practices, one practice, its forms and its public page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.network.models import Endorsement, Practice
from servanda.trail.models import Event
from tests import make, network_make
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db

SENT = {
    "language": "en",
    "title": "One register",
    "problem": "Answers came late.",
    "steps": "Name a focal point\r\n\r\nMeet each month",
    "result": "Answers came in time.",
    "failures": "Letters on paper.",
    "cost": "12000.50",
    "currency": "EUR",
    "cost_year": "2025",
    "capacities": "coordinate",
    "evidence-0-text": "Report of the audit office",
    "evidence-0-source": "Audit office",
    "evidence-0-address": "https://audit.example/1",
}


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, "coordinator")


def test_a_coordinator_writes_a_practice_and_a_colleague_reviews_and_publishes_it(client, coordinator):
    profile = network_make.profile("Commission", is_published=True)
    page = source_of(client.post(reverse("desk:add_practice"), SENT | {"mechanism": profile.pk}, follow=True))
    for shown in (
        "Draft saved.",
        "<li>Meet each month</li>",
        "12,000.50 EUR (2025)",
        "Letters on paper.",
        "Coordination",
    ):
        assert shown in page
    assert 'href="https://audit.example/1" rel="noopener noreferrer nofollow"' in page
    assert "Mark as reviewed" not in page
    practice = Practice.objects.get()
    address = reverse("portal:practice", args=[practice.key])
    make.signed_in(client, "coordinator")
    assert client.get(address).status_code == 404
    for deed, expected in (
        ("review_practice", "It can now be published."),
        ("publish_practice", "The practice is published."),
    ):
        page = source_of(client.post(reverse(f"desk:{deed}", args=[practice.key]), follow=True))
        assert expected in page
    client.logout()
    assert "Answers came in time." in source_of(client.get(address))
    assert "One register" in source_of(client.get(reverse("portal:practices")))


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"evidence-0-address": "javascript:alert(1)"}, "Enter a web address"),
        ({"evidence-0-text": ""}, "Enter what this source shows."),
        ({"currency": ""}, "Enter the currency."),
        ({"currency": "euro"}, "to 3 characters"),
        ({"cost": "-5"}, "number of 0 or more"),
        ({"cost_year": "19"}, "between 1946 and 2100"),
        ({"problem": "a" * 1_000_000}, "to 10,000 characters"),
        ({"language": "../en"}, "Enter the code of a language"),
        ({"capacities": "fly"}, "Choose one of the options"),
        ({"mechanism": "999"}, "Choose one of the options"),
        ({"steps": " "}, "Enter text for “"),
    ],
)
def test_an_impossible_value_is_refused_beside_its_field(client, coordinator, sent, sentence):
    profile = network_make.profile()
    answer = client.post(reverse("desk:add_practice"), SENT | {"mechanism": profile.pk} | sent)
    assert answer.status_code == 422
    assert sentence in source_of(answer)
    assert not Practice.objects.exists()


def test_markup_is_shown_as_text_and_never_as_markup(client, coordinator):
    practice = network_make.practice("One", contact="&lt;b&gt;office")
    Practice.objects.update(problem='{"en": "<script>alert(1)</script>"}', sender="<b>x</b>")
    page = source_of(client.get(practice.get_absolute_url()))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_a_second_person_learns_of_the_change_and_keeps_what_was_typed(client, coordinator):
    practice = network_make.practice("One")
    sent = SENT | {"mechanism": practice.mechanism_id, "seen": practice.version, "title": "Mine"}
    Practice.objects.update(version=7)
    answer = client.post(reverse("desk:edit_practice", args=[practice.key, "en"]), sent)
    page = source_of(answer)
    assert answer.status_code == 422
    assert "Another user changed" in page
    assert 'value="Mine"' in page
    client.post(reverse("desk:edit_practice", args=[practice.key, "en"]), sent | {"seen": 7})
    assert str(Practice.objects.get()) == "Mine"


def test_a_version_in_arabic_is_offered_and_shown(client, coordinator):
    practice = network_make.practice("One register")
    arabic = reverse("desk:edit_practice", args=[practice.key, "ar"])
    assert arabic in source_of(client.get(practice.get_absolute_url()))
    sent = SENT | {"mechanism": practice.mechanism_id, "seen": practice.version, "title": "سجل واحد"}
    page = source_of(client.post(arabic, sent, follow=True))
    assert 'href="?language=ar"' in page
    assert "<h1>سجل واحد</h1>" in source_of(client.get(practice.get_absolute_url(), {"language": "ar"}))
    assert client.get(reverse("desk:edit_practice", args=[practice.key, "a..b"])).status_code == 404


def test_an_endorsement_is_entered_withdrawn_and_restored(client, coordinator):
    other = network_make.profile("Neighbours", "HRV")
    practice = network_make.practice(of=network_make.profile("Own"), state="published")
    sent = {"mechanism": other.pk, "kind": "tried", "day": "2026-02-01", "note": "It worked."}
    page = source_of(client.post(reverse("desk:set_endorsement", args=[practice.key]), sent, follow=True))
    assert "Neighbours" in page
    assert "It worked." in page
    row = Endorsement.objects.get()
    public = reverse("portal:practice", args=[practice.key])
    assert "It worked." not in source_of(client.get(public))  # its profile is not published
    type(other).objects.update(is_published=True)
    assert "It worked." in source_of(client.get(public))
    page = source_of(client.post(reverse("desk:withdraw_endorsement", args=[practice.key, row.pk]), follow=True))
    assert reverse("desk:restore_endorsement", args=[practice.key, row.pk]) in page
    assert "It worked." not in source_of(client.get(public))
    foreign = network_make.practice("Other")
    address = reverse("desk:restore_endorsement", args=[foreign.key, row.pk])
    assert client.post(address).status_code == 404


@pytest.mark.parametrize("format", ["pdf", "docx"])
def test_the_files_are_made_on_the_desk_and_for_everybody(client, coordinator, format):
    practice = network_make.practice("Registers of children", state="published")
    for address in ("desk:practice_file", "portal:practice_file"):
        answer = client.get(reverse(address, args=[practice.key, format]))
        assert body_of(answer)[:4] in (b"%PDF", b"PK\x03\x04")
        assert f"Registers-of-children-practice-{timezone.localdate()}.{format}" in answer["Content-Disposition"]
        assert client.get(reverse(address, args=[practice.key, "exe"])).status_code == 404


def test_the_list_and_a_page_are_within_their_budget_however_many_there_are(client, coordinator):
    own, other = network_make.profile("Own"), network_make.profile("Other", "HRV")
    for number in range(30):
        made = network_make.practice(f"Practice {number}", of=own, themes=[make.term("Health")])
        network_make.endorsement(made, other)
    listed = asked(client, f"{reverse('desk:practices')}?words=practice")
    assert len(listed) <= MOST
    assert len(asked(client, f"{reverse('desk:practices')}?words=practice&page=2")) <= len(listed)
    assert len(asked(client, made.get_absolute_url())) <= MOST
    assert len(asked(client, reverse("portal:practices"))) <= MOST


def test_without_an_encoder_nothing_is_found_by_meaning_and_the_page_says_so(client, coordinator, monkeypatch):
    network_make.practice("Registers of children")
    page = source_of(client.get(reverse("desk:practices"), {"words": "children", "by": "meaning"}))
    assert "No matching practices" in page


def test_a_withdrawn_practice_shows_its_reason_to_those_who_may_restore_it(client, coordinator):
    practice = network_make.practice()
    sent = {"reason": "Written twice."}
    assert "Written twice." in source_of(
        client.post(reverse("desk:withdraw_practice", args=[practice.key]), sent, follow=True)
    )
    make.signed_in(client, "reader", institution=make.institution("mof"))
    assert client.get(practice.get_absolute_url()).status_code == 404


def test_the_list_is_sent_as_a_file_with_its_filters(client):
    make.signed_in(client, "coordinator")
    shown = network_make.practice("One register", state="published")
    network_make.endorsement(shown, network_make.profile("Neighbours", "HRV"))
    network_make.practice("A draft")
    address = reverse("desk:practices_export", args=["csv"])
    listed = body_of(client.get(address)).decode("utf-8-sig")
    assert "Neighbours (" in listed
    assert "A draft" in listed
    assert "A draft" not in body_of(client.get(address, {"state": "published"})).decode("utf-8-sig")
    assert Event.objects.filter(action="practices-downloaded").count() == 2
