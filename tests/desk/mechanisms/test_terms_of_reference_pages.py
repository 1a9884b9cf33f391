"""The page of model terms of reference: options in the address, a preview, and the files."""

import re

import pytest
from django.urls import reverse

from tests import make, network_make
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db


def one_line(page: str) -> str:
    return re.sub(r"\s*>", ">", page)


@pytest.fixture
def profile(client):
    make.signed_in(client, "coordinator")
    made = network_make.profile("<b>Commission</b>", is_own=True)
    network_make.facts(made, chair="Ministry of Justice")
    return made


def test_the_preview_shows_facts_gaps_and_the_chosen_chapters(client, profile):
    address = reverse("desk:terms_of_reference", args=[profile.key])
    assert address in source_of(client.get(profile.get_absolute_url()))
    page = source_of(client.get(address))
    assert "<mark>[to be completed: Budget]</mark>" in one_line(page)
    assert "chaired by: <bdi>Ministry of Justice</bdi>." in one_line(page)
    assert "<b>Commission" not in page
    chosen = source_of(client.get(address, {"form": "decree", "chapter": ["mandate"], "language": "ar"}))
    assert 'lang="ar" dir="rtl"' in chosen
    assert "المادة 1: الولاية" in chosen
    assert "الميزانية:" not in chosen
    assert "form=decree&amp;language=ar&amp;chapter=mandate" in chosen


def test_an_unknown_option_gives_the_usual_one(client, profile):
    options = {"form": "law", "chapter": "../x", "language": "xx"}
    page = source_of(client.get(reverse("desk:terms_of_reference", args=[profile.key]), options))
    assert "1. Mandate" in page
    assert "3. Secretariat" in page


@pytest.mark.parametrize(("format", "begins"), [("pdf", b"%PDF"), ("docx", b"PK\x03\x04")])
def test_the_file_is_in_the_language_of_the_model(client, profile, format, begins):
    address = reverse("desk:terms_of_reference_file", args=[profile.key, format])
    answer = client.get(address, {"form": "decree", "language": "ar"})
    assert body_of(answer).startswith(begins)
    assert "SVN-decree-ar-" in answer["Content-Disposition"]
    assert client.get(reverse("desk:terms_of_reference_file", args=[profile.key, "exe"])).status_code == 404


@pytest.mark.database
def test_the_page_is_within_its_budget(client, profile):
    assert len(asked(client, reverse("desk:terms_of_reference", args=[profile.key]))) <= MOST


def test_a_withdrawn_profile_has_no_model(client, profile):
    type(profile).objects.update(withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="Twice.")
    assert client.get(reverse("desk:terms_of_reference", args=[profile.key])).status_code == 404
