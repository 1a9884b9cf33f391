"""Measures promised in a reply become actions that only the mechanism and their institutions see, until opened."""

import html

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.planning.actions.services import publish_action
from servanda.planning.models import Action
from servanda.proceedings.contents.promises import open_promised_measure
from servanda.proceedings.life.services import withdraw_proceeding
from servanda.proceedings.models import Proceeding, PromisedMeasure
from tests import make, proceedings_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


@built_once
def letter(coordinator, place):
    return proceedings_make.proceeding(coordinator, place)


@built_once
def measure(letter, coordinator, place):
    return proceedings_make.promised(letter, place, coordinator)


def test_only_the_mechanism_and_the_lead_see_the_action_until_it_is_opened(measure, letter, coordinator, place):
    lead, other = make.user(Role.FOCAL_POINT, place), make.user(Role.FOCAL_POINT, make.institution("moh"))
    people = (coordinator, lead, other, make.user(Role.READER))
    assert [Action.objects.visible_to(person).exists() for person in people] == [True, True, False, False]
    with pytest.raises(Refused, match="Record the publication"):
        open_promised_measure(measure=measure, by=coordinator)
    Proceeding.objects.filter(pk=letter.pk).update(published_on=proceedings_make.RECEIVED)
    open_promised_measure(measure=measure, by=coordinator)
    assert [Action.objects.visible_to(person).exists() for person in people] == [True] * 4
    assert list(PromisedMeasure.objects.visible_to(other)) == []
    measure.refresh_from_db()
    with pytest.raises(Refused, match="can already see this action"):
        open_promised_measure(measure=measure, by=coordinator)


@pytest.mark.database
def test_a_restricted_action_is_never_published(measure, coordinator):
    with pytest.raises(Refused, match="confidential letter"):
        publish_action(action=measure.action, by=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.update(is_published=True)


def test_an_institution_that_the_letter_does_not_name_leads_nothing_promised(letter, coordinator):
    with pytest.raises(FieldRefused, match="is not named here"):
        proceedings_make.promised(letter, make.institution("moh"), coordinator)
    assert not Action.objects.exists()


def test_nothing_is_promised_in_a_letter_that_was_withdrawn(letter, coordinator, place):
    withdraw_proceeding(proceeding=letter, reason="Entered twice.", by=coordinator)
    with pytest.raises(Refused, match="has been withdrawn"):
        proceedings_make.promised(letter, place, coordinator)


def text_of(answer) -> str:
    return html.unescape(answer.content.decode())


def test_a_measure_is_added_on_the_page_of_the_letter_and_followed_up_as_an_action(
    client, letter, coordinator, place
):
    client.force_login(coordinator)
    address = reverse("desk:add_promised_measure", args=[letter.key])
    assert address in text_of(client.get(letter.get_absolute_url()))
    answer = client.post(address, {"title": "Renovate the prison", "lead": place.pk, "due_on": "2027-03-01"})
    assert answer.url == letter.get_absolute_url()
    action = Action.objects.get()
    assert (action.title, action.is_restricted, str(action.due_on)) == ("Renovate the prison", True, "2027-03-01")
    client.force_login(make.user(Role.FOCAL_POINT, place))
    page = text_of(client.get(letter.get_absolute_url()))
    assert action.get_absolute_url() in page
    assert address not in page
    assert client.get(action.get_absolute_url()).status_code == 200
