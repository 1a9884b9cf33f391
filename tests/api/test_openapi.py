"""The description of the API is the one that was agreed. Renew it after a change that is meant:

./run manage shell -c "from tests.api.test_openapi import renew; renew()"
"""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse

from servanda.api.description import description
from servanda.api.questions import OWN_KEYS, Question
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.registry import facets_for, facets_for_everybody
from tests import make

AGREED = Path(__file__).with_name("openapi.json")


def renew() -> None:
    AGREED.write_text(json.dumps(description(), indent=1, ensure_ascii=False) + "\n")


def test_the_description_is_the_one_that_was_agreed():
    assert json.loads(json.dumps(description())) == json.loads(AGREED.read_text())


def test_the_description_is_served_as_openapi_3_1(client):
    answer = client.get(reverse("api:openapi"))
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.json() == json.loads(AGREED.read_text())


@pytest.mark.django_db
def test_each_described_address_is_one_of_ours(client):
    make.recommendation(code="SVN-1")
    make.term()
    for path, operations in description()["paths"].items():
        address = path.format(code="SVN-1", taxonomy="theme", language="en")
        for method in operations:
            wanted = 200 if method == "get" else 401
            assert client.generic(method.upper(), address).status_code == wanted, f"{method} {path}"


def test_each_operation_that_writes_says_that_it_needs_a_key_and_a_version():
    described = description()
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    writing = [
        operation
        for operations in described["paths"].values()
        for method, operation in operations.items()
        if method != "get"
    ]
    assert len(writing) == 4
    for operation in writing:
        assert operation["security"] == [{"key": []}]
        assert "If-Match" in [parameter["name"] for parameter in operation["parameters"] if parameter["required"]]


def test_what_may_be_sent_is_listed_and_nothing_else_is_taken():
    shapes = description()["components"]["schemas"]
    assert [shapes[name]["additionalProperties"] for name in ("Correction", "TextWriting")] == [False, False]


@pytest.mark.django_db
def test_the_described_filters_are_those_of_the_list():
    make.recommendation(territory="North")
    make.recommendation(country=make.country("HRV", "Croatia"), code="HRV-1")
    make.term()
    make.term("Children", taxonomy="uhri-group")
    make.term("16", taxonomy="sdg")
    coordinator = make.user("coordinator")
    inside = facets_for(coordinator, audience_of(coordinator))
    offered = {facet.key for facet in [*facets_for_everybody(), *inside]}
    assert {field.alias or name for name, field in Question.model_fields.items()} == offered | OWN_KEYS


@pytest.mark.django_db
def test_the_documentation_shows_every_address_and_every_key(client):
    described = description()
    page = client.get(reverse("api:documentation")).content.decode()
    for path, operations in described["paths"].items():
        for method in operations:
            assert f"{method.upper()} {path}</code>" in page
    assert reverse("people:tokens") in page
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
