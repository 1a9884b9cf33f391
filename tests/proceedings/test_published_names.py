"""A version for the public contains no name of a person concerned who has not consented to its publication."""

import pytest
from django.urls import reverse

from servanda.kit.refusal import FieldRefused
from servanda.people.access import Role
from servanda.proceedings.models import PersonConcerned, Proceeding
from servanda.proceedings.replies import services as replies
from tests import make
from tests import proceedings_make as made

pytestmark = pytest.mark.django_db
TEXTS = {"title": "A letter", "summary": "It was sent.", "reply": "It was answered.", "source": "OHCHR"}


@pytest.fixture
def coordinator():
    return make.user(Role.COORDINATOR)


@pytest.fixture
def letter(coordinator) -> Proceeding:
    letter = made.proceeding(coordinator)
    Proceeding.objects.filter(pk=letter.pk).update(published_on=made.RECEIVED)
    return made.fresh(letter)


def publish(letter: Proceeding, by, **texts: str):
    return replies.publish_letter(proceeding=letter, **{**TEXTS, **texts}, is_checked=True, by=by)


@pytest.mark.parametrize("field", ["title", "summary", "reply", "source"])
def test_the_field_with_the_name_is_named_and_the_name_is_not_repeated(letter, coordinator, field):
    made.person(letter, coordinator, "Žarko Štefančič")
    with pytest.raises(FieldRefused, match="has not consented") as refused:
        publish(letter, coordinator, **{field: "The case of ZARKO  Stefancic, detained."})
    assert refused.value.field == field
    assert "Stefan" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Žarko Štefančič", "Štefančič, Žarko"),
        ("Žarko Štefančič", "Žar\u200bko \u2068Štefančič\u2069"),
        ("Žarko Štefančič", "Z\u030carko S\u030ctefanc\u030cic\u030c"),
        ("Jean-Luc Élan", "JEAN LUC ELAN"),
        ("أحمد بن علي", "\u202bوأحمد بن علي\u202c"),
        ("مُحَمَّد سالم", "محمد سالم"),
    ],
)
def test_it_is_found_however_it_is_written(letter, coordinator, name, text):
    made.person(letter, coordinator, name)
    with pytest.raises(FieldRefused):
        publish(letter, coordinator, summary=f"… {text} …")


@pytest.mark.parametrize(("name", "text"), [("Ana", "Ana left."), ("Mark Must", "Marked: must go."), ("", "None.")])
def test_short_names_and_parts_of_words_are_no_names(letter, coordinator, name, text):
    made.person(letter, coordinator, name, details="A person.")
    assert publish(letter, coordinator, summary=text).is_public


def test_a_documented_consent_opens_the_name_and_once_withdrawn_closes_it_again(letter, coordinator):
    person = made.person(letter, coordinator, "Žarko Štefančič", consents=True, consent_source="Letter of 3 March")
    publish(letter, coordinator, summary="Žarko Štefančič was released.")
    replies.unpublish_letter(proceeding=letter, by=coordinator)
    PersonConcerned.objects.filter(pk=person.pk).update(consents=False, consent_source="")
    with pytest.raises(FieldRefused, match="has not consented"):
        replies.republish_letter(proceeding=letter, by=coordinator)


def test_the_form_shows_the_refusal_beside_its_field(letter, coordinator, client):
    made.person(letter, coordinator, "Žarko Štefančič")
    client.force_login(coordinator)
    typed = {**TEXTS, "reply": "Mr Zarko Stefancic is free.", "is_checked": "on"}
    answer = client.post(reverse("desk:publish_letter", args=[letter.key]), typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["reply"]
