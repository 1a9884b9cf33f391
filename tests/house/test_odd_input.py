"""What nobody means to send: it gets a plain answer, on both engines, and changes nothing."""

import pytest
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.recommendations.services import merging
from tests import make
from tests.house.addresses import sent_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def coordinator(client):
    person = make.user(Role.COORDINATOR)
    client.force_login(person)
    return person


def test_undoing_an_import_that_was_never_applied_is_refused(client, coordinator):
    sheet = sent_sheet(coordinator)
    answer = client.post(reverse("desk:undo_import", args=[sheet.key]), follow=True)
    assert "Only an applied import can be undone." in answer.content.decode()
    sheet.refresh_from_db()
    assert sheet.state == Batch.State.PREVIEWED


@pytest.mark.parametrize("deed", ["show_import", "apply_import", "undo_import", "discard_import", "map_columns"])
def test_a_merge_is_no_import_and_cannot_be_undone_as_one(client, coordinator, deed):
    into, other = make.recommendation(), make.recommendation("Another text.")
    merging.merge_recommendations(into=into, others=[other], by=coordinator)
    merge = Batch.objects.get()
    url = reverse(f"desk:{deed}", args=[merge.key])
    assert (client.get(url) if deed == "show_import" else client.post(url)).status_code == 404
    merge.refresh_from_db()
    assert merge.state == Batch.State.APPLIED
    assert other.code not in client.get(reverse("desk:imports")).content.decode()
