"""A fixed subquery finds what the usual one finds, and is put into SQL once."""

import pytest
from django.db import connection
from django.db.models import Q

from servanda.intake.models import Batch, hidden_batches
from servanda.kit.database.fixed_queries import fixed
from servanda.recommendations.models import Recommendation
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def batch(state: str) -> Batch:
    return Batch.objects.create(shape="sheet", name=state, state=state, sha256="0" * 64)


@pytest.fixture
def records() -> dict[str, Recommendation]:
    made = {state: make.recommendation() for state in ("applied", "undone", "")}
    for state in ("applied", "undone"):
        Recommendation.objects.filter(pk=made[state].pk).update(added_by=batch(state))
    return made


def test_it_finds_what_the_usual_query_finds(records):
    usual, rows = Batch.objects.hidden().values("pk"), Recommendation.objects.order_by("pk")
    for condition in (lambda hidden: Q(added_by__in=hidden), lambda hidden: ~Q(added_by__in=hidden)):
        assert list(rows.filter(condition(fixed(usual)))) == list(rows.filter(condition(usual)))
    assert list(rows.filter(added_by__in=hidden_batches())) == [records["undone"]]


def test_it_holds_inside_other_subqueries_and_sees_later_changes(records):
    inner = Recommendation.objects.filter(added_by__in=hidden_batches())
    outer = Recommendation.objects.filter(pk__in=inner.values("pk"))
    assert list(outer) == [records["undone"]]
    Batch.objects.filter(state="undone").update(state="applied")
    assert list(outer.all()) == []


def test_it_can_be_narrowed_to_a_usual_query(records):
    assert list(fixed(Batch.objects.values("pk")).filter(state="undone")) == [
        {"pk": Batch.objects.get(state="undone").pk}
    ]


def test_it_is_put_into_sql_once(records):
    rows = fixed(Batch.objects.hidden().values("pk"))
    list(Recommendation.objects.filter(added_by__in=rows))
    known = rows.query.known_sql
    assert set(known) == {connection.vendor}
    list(Recommendation.objects.exclude(added_by__in=rows))
    assert rows.query.known_sql is known
