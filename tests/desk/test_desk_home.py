import pytest
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.recommendations.models import Tagging
from tests import make

pytestmark = pytest.mark.django_db


def desk(client, role: str):
    client.force_login(make.user(role))
    return client.get(reverse("desk:home"))


def test_a_coordinator_sees_what_waits(client):
    themed = make.recommendation(stand="pending")
    Tagging.objects.create(recommendation=themed, term=make.term())
    make.recommendation()
    make.recommendation(is_published=False)
    Batch.objects.create(name="list.docx", state=Batch.State.PREVIEWED)
    Batch.objects.create(name="old.docx", state=Batch.State.APPLIED)
    page = desk(client, Role.COORDINATOR).context
    assert page["without_theme"] == 2
    assert page["position_pending"] == 1
    assert page["unpublished"] == 1
    assert page["imports_waiting"] == 1


def test_a_suggestion_of_the_machine_is_no_theme_yet(client):
    suggested = make.recommendation()
    Tagging.objects.create(recommendation=suggested, term=make.term(), origin=Tagging.Origin.MACHINE)
    assert desk(client, Role.COORDINATOR).context["without_theme"] == 1


def test_a_label_that_an_undone_import_brought_is_no_label(client):
    undone = Batch.objects.create(name="list.docx", state=Batch.State.UNDONE)
    Tagging.objects.create(recommendation=make.recommendation(), term=make.term(), added_by=undone)
    assert desk(client, Role.COORDINATOR).context["without_theme"] == 1


def test_the_latest_events_are_told_in_sentences(client):
    page = desk(client, Role.COORDINATOR)
    assert [entry["text"].endswith("logged in.") for entry in page.context["events"]] == [True]


@pytest.mark.parametrize("role", [Role.READER, Role.CONTRIBUTOR, Role.FOCAL_POINT])
def test_who_cannot_import_edit_or_audit_sees_no_counts_and_no_trail(client, role):
    page = desk(client, role)
    assert page.status_code == 200
    for name in ("without_theme", "imports_waiting", "events"):
        assert name not in page.context
    assert reverse("people:trail") not in page.content.decode()


def test_the_page_costs_the_same_for_one_and_for_many(client, django_assert_num_queries):
    client.force_login(make.user(Role.ADMINISTRATOR))
    for _round in range(2):
        with django_assert_num_queries(17):
            client.get(reverse("desk:home"))
        for _number in range(20):
            make.recommendation(is_published=False)
