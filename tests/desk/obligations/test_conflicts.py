"""Two people on one obligation: the form says that the next save replaces the other change, and it does."""

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.sources.models import Obligation
from tests import make, obligation_make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "entered"),
    [
        ("set_obligation_state", {"state": "open", "reason": ""}),
        ("record_submission", {"submitted_on": "2026-01-05", "note_verbale": "7/2026"}),
    ],
)
def test_the_next_save_replaces_what_another_person_saved(client, page, entered):
    client.force_login(make.user(Role.COORDINATOR))
    due = obligation_make.obligation("Report")
    url = reverse(f"desk:{page}", args=[due.code])
    form = client.get(url).context["form"]
    started = {name: form[name].value() or "" for name in form.fields} | entered
    Obligation.objects.filter(pk=due.pk).update(version=due.version + 1)
    conflict = client.post(url, started)
    assert conflict.status_code == 422
    assert "Saving replaces their changes" in conflict.content.decode()
    shown = conflict.context["form"]
    again = client.post(url, {name: shown[name].value() or "" for name in shown.fields})
    assert again.status_code == 302, again.context["form"].errors
