"""Texts of the legal act of a mechanism: examined, withdrawn, restored, and public with the profile only."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import LegalText
from servanda.network.profiles import legal_texts
from servanda.network.profiles.services import publish_profile, withdraw_profile
from tests import make, network_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make.user("coordinator")


@pytest.fixture
def own():
    return network_make.profile(is_own=True)


def send(
    profile, by, content: bytes = b"Article,Text\n1,It is established.\n", name: str = "decree.csv", title="Decree"
):
    file = SimpleUploadedFile(name, content)
    return legal_texts.add_legal_text(profile=profile, file=file, name=name, title=title, language="en", by=by)


def test_files_are_examined_withdrawn_and_restored(own, coordinator):
    made = send(own, coordinator)
    with made.file.open() as stored:
        assert stored.read().startswith(b"Article,Text")
    with pytest.raises(Refused):
        send(own, coordinator, b"MZ\x90", "decree.exe")
    with pytest.raises(FieldRefused, match="Required field"):
        send(own, coordinator, title="  ")
    legal_texts.withdraw_legal_text(text=made, reason="Old.", by=coordinator)
    assert not LegalText.objects.visible_to(coordinator).exists()
    legal_texts.restore_legal_text(text=made, by=coordinator)
    assert list(LegalText.objects.visible_to(coordinator)) == [made]


def test_only_those_of_a_published_profile_are_public(own, coordinator):
    made = send(own, coordinator)
    for step in (None, publish_profile):
        if step:
            step(profile=own, by=coordinator)
        own.refresh_from_db()
        made.refresh_from_db()
        assert list(LegalText.objects.public()) == ([made] if made.is_public else [])
    assert made.is_public
    withdraw_profile(profile=own, reason="Entered twice.", by=coordinator)
    assert not LegalText.objects.public().exists()
    assert not LegalText.objects.visible_to(coordinator).exists()


def test_a_received_profile_takes_no_file(coordinator):
    received = network_make.profile(origin="https://peer.example/profile/x", received_on="2026-01-01")
    with pytest.raises(Refused, match="Another system sent this profile"):
        send(received, coordinator)


def test_of_two_people_at_the_same_moment_the_second_changes_nothing(own, coordinator):
    made = send(own, coordinator)
    with pytest.raises(Refused, match="It is not withdrawn"):
        legal_texts.restore_legal_text(text=made, by=coordinator)
    legal_texts.withdraw_legal_text(text=made, reason="Old.", by=coordinator)
    with pytest.raises(Refused, match="already been done"):
        legal_texts.withdraw_legal_text(text=made, reason="Wrong file.", by=coordinator)
    made.refresh_from_db()
    assert made.withdrawn_reason == "Old."
