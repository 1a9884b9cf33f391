import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from servanda.people.access import Role
from servanda.vocab.models import Body
from servanda.vocab.services.loading import load_vocabulary
from tests import make

pytestmark = pytest.mark.django_db
CONFIRMED = {"CCPR", "CEDAW", "CAT", "CED", "CERD", "CESCR", "IACHR", "IACtHR", "ECtHR-CM"}


def codes(bodies) -> set[str]:
    return set(bodies.values_list("code", flat=True))


def test_only_bodies_of_which_it_is_confirmed_assess():
    load_vocabulary()
    assert codes(Body.objects.assessing()) == CONFIRMED
    Body.objects.filter(code="CCPR").update(assesses=False)
    load_vocabulary()
    assert Body.objects.get(code="CCPR").assesses


@pytest.mark.database
def test_the_upr_grades_nothing_whoever_writes_it():
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.filter(pk=make.body().pk).update(assesses=True)


@pytest.mark.database
def test_an_administrator_says_that_a_body_assesses_but_never_the_upr(client):
    make.signed_in(client, Role.COORDINATOR)
    fields = {"code": "AICHR", "name_0": "ASEAN Commission", "kind": "upr", "system": "ASEAN", "assesses": "on"}
    page = client.post(reverse("vocab:add_body"), fields)
    assert page.status_code == 422
    assert not Body.objects.filter(code="AICHR").exists()
    assert page.context["form"].errors
    assert client.post(reverse("vocab:add_body"), {**fields, "kind": "commission"}).status_code == 302
    assert codes(Body.objects.assessing()) == {"AICHR"}
