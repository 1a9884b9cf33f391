"""Bodies that nest without end are refused by the API, and nothing is written."""

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.recommendations.models import Recommendation
from tests import make

pytestmark = pytest.mark.django_db

DEEPEST = 100_000
OBJECTS = 70_000  # within the megabyte that a body may have, also in UTF-16
DEEP = {
    "lists": "[" * DEEPEST + "]" * DEEPEST,
    "lists never closed": "[" * DEEPEST,
    "objects": '{"a":' * OBJECTS + "1" + "}" * OBJECTS,
    "objects never closed": '{"a":' * OBJECTS,
    "both": '[{"a":' * (DEEPEST // 2) + "1" + "}]" * (DEEPEST // 2),
    "the value of a field": '{"kind": ' + "[" * 1000 + "]" * 1000 + "}",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
@pytest.mark.parametrize(("method", "end"), [("PATCH", ""), ("PUT", "/texts/en")])
def test_a_deep_body_is_refused(client, method, end, body, encoding):
    record = make.recommendation("Ratify.")
    key = make.token(make.user(Role.COORDINATOR), scope="write")
    address = reverse("api:recommendation", args=[record.code]) + end
    headers = {"authorization": f"Bearer {key}", "if-match": '"1"'}
    answer = client.generic(method, address, body.encode(encoding), content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "parameter": "body",
            "message": "The body of the request is nested too deeply. Send one JSON object with at most 64 levels.",
        }
    ]
    assert Recommendation.objects.get().version == record.version
