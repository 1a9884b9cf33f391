"""Texts of the legal act on the pages of a profile, inside and public."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import make, network_make
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db


def test_a_text_is_a_download_public_with_the_profile_until_it_is_withdrawn(client):
    make.signed_in(client, "coordinator")
    profile = network_make.profile(is_own=True)
    sent = {"title": "Decree", "language": "en", "file": SimpleUploadedFile("decree.csv", b"Article,Text\n1,Yes.\n")}
    page = source_of(client.post(reverse("desk:add_legal_text", args=[profile.key]), sent, follow=True))
    text = profile.legal_texts.get()
    inside, public = (reverse(name, args=[text.key]) for name in ("desk:legal_text", "portal:legal_text_file"))
    assert inside in page
    assert client.get(inside)["Content-Disposition"].startswith("attachment")
    assert client.get(public).status_code == 404
    client.post(reverse("desk:publish_profile", args=[profile.key]))
    client.logout()
    assert public in source_of(client.get(reverse("portal:mechanism", args=[profile.key])))
    assert client.get(public)["Content-Disposition"].startswith("attachment")
    make.signed_in(client, "coordinator")
    client.post(reverse("desk:withdraw_legal_text", args=[text.key]), {"reason": "Old."})
    assert client.get(inside).status_code == client.get(public).status_code == 404
    page = source_of(client.get(profile.get_absolute_url()))
    assert reverse("desk:restore_legal_text", args=[text.key]) in page


def test_readers_download_and_change_nothing(client):
    text = network_make.legal_text(network_make.profile(is_own=True))
    make.signed_in(client, "reader")
    page = source_of(client.get(text.profile.get_absolute_url()))
    assert reverse("desk:legal_text", args=[text.key]) in page
    assert reverse("desk:withdraw_legal_text", args=[text.key]) not in page
    assert reverse("desk:add_legal_text", args=[text.profile.key]) not in page
