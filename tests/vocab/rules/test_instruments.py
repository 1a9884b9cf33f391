"""A treaty that the product does not know is added on a page."""

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.vocab.models import Instrument
from servanda.vocab.services.editing import mark_of
from servanda.vocab.services.loading import load_vocabulary
from tests import make

pytestmark = pytest.mark.django_db
NEW = {"code": "ILO-C169", "name_0": "Indigenous and Tribal Peoples Convention", "kind": "treaty", "system": "ILO"}


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def test_an_added_treaty_can_be_put_on_the_list(client, coordinator):
    answer = client.post(reverse("vocab:add_instrument"), NEW | {"procedures": ["complaints", "inquiry"]})
    assert answer["Location"] == reverse("desk:list_treaties")
    made = Instrument.objects.get()
    assert (made.is_own, made.procedures) == (True, "complaints inquiry")
    assert made in client.get(reverse("desk:list_treaties")).context["form"].fields["instruments"].queryset


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "C 169"}, "code"),
        ({"name_0": ""}, "name"),
        ({"adopted_on": "1989-06-27", "in_force_on": "1989-06-26"}, "in_force_on"),
    ],
)
def test_bad_input_is_refused_beside_its_field(client, coordinator, changed, field):
    answer = client.post(reverse("vocab:add_instrument"), NEW | changed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_shipped_treaty_in_other_words_stays_so(client, coordinator, vocabulary):
    known = Instrument.objects.get(code="CRC")
    sent = {"name_0": "Children’s Convention", "kind": "treaty", "system": "UN", "seen": mark_of(known)}
    assert client.post(reverse("vocab:edit_instrument", args=[known.pk]), sent).status_code == 302
    load_vocabulary()
    known.refresh_from_db()
    assert (known.name.data["en"], known.is_own) == ("Children’s Convention", True)
