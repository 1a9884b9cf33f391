"""What people enter here, with characters that no one sees in it, is valid when it leaves: they are removed."""

import pytest
from django.urls import reverse

from servanda.exchange.format.checking import FileChecks
from servanda.exchange.format.kinds import KINDS, objects_of
from servanda.network.profiles.services import publish_profile
from tests import make, network_make
from tests.exchange_make import SITE

pytestmark = pytest.mark.django_db
HIDDEN = "\u200b\u2060\ufeff\u202e\U000e0041"


def faults_in(kind: str) -> list[tuple[str, str]]:
    [value] = objects_of(KINDS[kind], SITE)
    assert not any(hidden in str(value) for hidden in HIDDEN)
    return list(FileChecks().faults_of(value))


def test_a_profile(client):
    by = make.signed_in(client, "coordinator")
    country = make.country("SVN", "Slovenia")
    client.post(reverse("desk:add_profile"), {"country": country.pk, "name": f"Commission{HIDDEN}"})
    profile = network_make.MechanismProfile.objects.get(name="Commission")
    fields = {"seen": profile.version, "legal_act": f"Decree{HIDDEN} 12", "legal_act_source": f"Gazette{HIDDEN}"}
    client.post(reverse("desk:set_facts", args=[profile.key, "basis"]), fields)
    assert [(fact.value, fact.source) for fact in profile.facts.all()] == [("Decree 12", "Gazette")]
    publish_profile(profile=profile, by=by)
    assert faults_in("profile") == []


def test_a_practice():
    parts = {"problem": f"Late{HIDDEN}.", "steps": f"Ask.{HIDDEN}\nAsk again.", "result": f"In time{HIDDEN}."}
    network_make.practice(f"A deputy{HIDDEN}", parts=parts, state="published")
    assert faults_in("practice") == []
