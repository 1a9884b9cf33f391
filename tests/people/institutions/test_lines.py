"""For which institutions a person answers: their own, its parts and its predecessors."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from servanda.people.access import Can, Role, scopes
from servanda.people.models import Institution, Succession, User
from tests import make

pytestmark = pytest.mark.django_db


def answered_for(person: User) -> set[str]:
    (scope,) = scopes(User.objects.get(pk=person.pk), Can.READ_INTERNAL)
    return set(Institution.objects.filter(pk__in=scope.institutions).values_list("code", flat=True))


def test_a_person_answers_for_the_parts_and_predecessors_of_their_institution_and_those_of_these():
    ministry, former = make.institution("moj"), make.institution("former")
    person = make.user(Role.FOCAL_POINT, ministry)
    assert answered_for(person) == {"moj"}
    department = make.institution("department", parent=ministry)
    make.institution("unit", parent=department)
    assert answered_for(person) == {"moj", "department", "unit"}
    Succession.objects.create(successor=ministry, predecessor=former, on=date(2026, 1, 1))
    make.institution("of-former", parent=former)
    assert answered_for(person) == {"moj", "department", "unit", "former", "of-former"}


def test_a_predecessor_alone_is_enough():
    ministry, former = make.institution("moj"), make.institution("former")
    Succession.objects.create(successor=ministry, predecessor=former, on=date(2026, 1, 1))
    assert answered_for(make.user(Role.FOCAL_POINT, ministry)) == {"moj", "former"}


def test_of_an_institution_without_either_no_further_query_asks():
    person = make.user(Role.FOCAL_POINT, make.institution("moj"))
    make.institution("elsewhere", parent=make.institution("other"))
    known = User.objects.get(pk=person.pk)
    with CaptureQueriesContext(connection) as captured:
        scopes(known, Can.READ_INTERNAL)
    assert len(captured) == 1
