"""Paragraphs stand in the order in which a person counts, wherever records are listed."""

import re

import docx
import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.progress.rounds.answer_sheet import blocks
from servanda.recommendations.clusters import services as clustering
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.models import Recommendation
from servanda.recommendations.register import matrix
from tests import actions_make, make, progress_make, rounds_make

pytestmark = pytest.mark.django_db
IN_ORDER = ["2", "10", "99", "100", "263"]
PRINTED = re.compile(r"\b140\.(\d+)\b")


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def records(coordinator) -> list[Recommendation]:
    return [make.recommendation(paragraph=f"140.{number}") for number in ("100", "2", "263", "10", "99")]


def numbers(text: str) -> list[str]:
    """Each paragraph where it is named first."""
    return list(dict.fromkeys(PRINTED.findall(text)))


def content(answer) -> str:
    assert answer.status_code == 200
    found = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return found.decode()


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("portal:register", []),
        ("portal:register_export", ["csv"]),
        ("portal:register_export", ["json"]),
        ("desk:register", []),
        ("desk:register_export", ["csv"]),
        ("api:recommendations", []),
    ],
)
def test_lists_and_files_of_the_register(client, records, name, args):
    assert numbers(content(client.get(reverse(name, args=args)))) == IN_ORDER


def test_the_matrix(records, coordinator):
    source = matrix.Source(Recommendation.objects.all(), audience_of(coordinator))
    (table,) = docx.Document(matrix.write_docx(source)).tables
    assert [row.cells[0].text for row in table.rows][1:] == [f"140.{number}" for number in IN_ORDER]


@pytest.mark.database
def test_the_page_of_a_cluster_and_what_was_taken_out_of_it(client, records, coordinator):
    cluster = clustering.make_cluster(name="Ours", records=records, by=coordinator)
    address = reverse("desk:cluster", args=[cluster.key])
    assert numbers(content(client.get(address))) == IN_ORDER
    for record in records:
        clustering.take_out(cluster=cluster, records=[record], by=coordinator)
    assert numbers(content(client.get(address))) == IN_ORDER


def test_plans(client, records, coordinator):
    action = actions_make.action(records=records)
    assert numbers(content(client.get(reverse("desk:action", args=[action.code])))) == IN_ORDER
    assert numbers(content(client.get(reverse("desk:actions_export", args=["csv"])))) == IN_ORDER


def test_actions_of_a_cluster_stand_in_the_order_of_their_numbers(client, records, coordinator):
    cluster = clustering.make_cluster(name="Ours", records=records, by=coordinator)
    for number in ("10", "2", "100"):
        actions_make.action(code=f"PLAN-{number}", records=records[:1])
    page = content(client.get(reverse("desk:cluster", args=[cluster.key])))
    assert list(dict.fromkeys(re.findall(r"PLAN-(\d+)", page))) == ["2", "10", "100"]


@pytest.mark.database
def test_what_is_reported_and_what_is_asked(client, records, coordinator):
    ministry = make.institution("ministry")
    update = progress_make.update(None, ministry, state="published")
    for record in records:
        update.abouts.create(recommendation=record)
    assert numbers(content(client.get(reverse("desk:update", args=[update.pk])))) == IN_ORDER
    input_request = rounds_make.request(ministry, records)
    focal_point = make.user(Role.FOCAL_POINT, ministry)
    found = [block.item.recommendation.paragraph for block in blocks(input_request, to=focal_point, language="en")]
    assert found == [f"140.{number}" for number in IN_ORDER]
    client.force_login(focal_point)
    assert numbers(content(client.get(reverse("desk:asked")))) == IN_ORDER
