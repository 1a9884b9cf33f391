import pytest

from servanda.people.access import Role
from tests import make, reports_make
from tests.returns_make import written


@pytest.fixture
def coordinator():
    return make.user(Role.COORDINATOR)


@pytest.fixture
def report(coordinator):
    made = reports_make.report(coordinator)
    written(made, "method", "The law of 2024 applies.\n\nIt is **new** and it works.", coordinator)
    written(made, "chapters", "One paragraph.\n\nAnother one.", coordinator)
    return made
