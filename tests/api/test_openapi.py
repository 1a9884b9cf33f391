"""The description of the API is the one that was agreed. Renew it after a change that is meant:

./run manage shell -c "from tests.api.test_openapi import renew; renew()"
"""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse

from servanda.api import endpoints
from servanda.api.questions import OWN_KEYS, Question
from servanda.recommendations.facets import public_facets
from tests import make

AGREED = Path(__file__).with_name("openapi.json")


def renew() -> None:
    AGREED.write_text(json.dumps(endpoints.description(), indent=1, ensure_ascii=False) + "\n")


def test_the_description_is_the_one_that_was_agreed():
    assert json.loads(json.dumps(endpoints.description())) == json.loads(AGREED.read_text())


def test_the_description_is_served_as_openapi_3_1(client):
    answer = client.get(reverse("api:openapi"))
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.json() == json.loads(AGREED.read_text())


@pytest.mark.django_db
def test_each_described_address_is_one_of_ours(client):
    make.recommendation(code="SVN-1")
    make.term()
    for path in endpoints.description()["paths"]:
        assert client.get(path.format(code="SVN-1", taxonomy="theme")).status_code == 200


@pytest.mark.django_db
def test_the_described_filters_are_those_of_the_list():
    make.recommendation()
    make.recommendation(country=make.country("HRV", "Croatia"), code="HRV-1")
    make.term()
    make.term("Children", taxonomy="uhri-group")
    make.term("16", taxonomy="sdg")
    assert set(Question.model_fields) == {facet.key for facet in public_facets()} | OWN_KEYS


@pytest.mark.django_db
def test_the_documentation_shows_every_address_and_every_key(client):
    described = endpoints.description()
    page = client.get(reverse("api:documentation")).content.decode()
    for path in described["paths"]:
        assert f"GET {path}</code>" in page
    for shape in described["components"]["schemas"].values():
        for key in shape["properties"]:
            assert f"<code>{key}</code>" in page


@pytest.mark.django_db
def test_the_documentation_loads_nothing_from_elsewhere(client):
    page = client.get(reverse("api:documentation")).content.decode()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded
    assert [address for address in loaded if not address.startswith(("/", "#"))] == []
    assert [address for address in loaded if address.startswith("//")] == []
