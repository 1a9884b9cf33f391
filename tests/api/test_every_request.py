"""Whatever the description of the API allows, and what it does not: each answer is one that it describes."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from servanda.people.access import Role
from tests import make

pytestmark = pytest.mark.django_db

AS_DESCRIBED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
REQUESTS = settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
CODES = ["SVN-1", "SVN-2"]
OPERATIONS = 10
WITH_ROOM_FOR_FAULTS = 4
PLAIN = {"Accept-Encoding": "identity"}  # a packed answer is not unpacked by what asks here


@pytest.fixture
def operations():
    """What the description offers, beside two records, so that an address with a code finds one."""
    for code in CODES:
        make.recommendation(code=code)
    make.term()
    schema = schemathesis.openapi.from_wsgi(reverse("api:openapi"), get_wsgi_application())
    found = [result.ok() for result in schema.get_all_operations()]
    assert len(found) == OPERATIONS
    return found


def ask_all(operations, mode: GenerationMode, **headers) -> None:
    """Requests as described, or with something wrong where the description leaves room for it."""
    if mode == GenerationMode.NEGATIVE:
        operations = [operation for operation in operations if operation.query or operation.body]
        assert len(operations) == WITH_ROOM_FOR_FAULTS
    for operation in operations:

        @REQUESTS
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            if "code" in case.path_parameters and len(str(case.path_parameters["code"])) % 3:
                case.path_parameters["code"] = CODES[0]
            case.call_and_validate(checks=AS_DESCRIBED, headers=PLAIN | headers)

        ask()


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_a_stranger_gets_answers_that_are_described(operations, mode):
    ask_all(operations, mode)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_a_coordinator_with_a_key_gets_answers_that_are_described(operations, mode):
    key = make.token(make.user(Role.COORDINATOR), scope="write")
    ask_all(operations, mode, Authorization=f"Bearer {key}")
