"""A version for the public contains no name of a person concerned who has not consented to its publication."""

from dataclasses import replace

import pytest
from django.urls import reverse

from servanda.kit.refusal import FieldRefused
from servanda.people.access import Role
from servanda.proceedings.models import PersonConcerned, Proceeding
from servanda.proceedings.persons.services import PersonValues, edit_person_concerned
from servanda.proceedings.replies import services as replies
from tests import make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db
TEXTS = {"title": "A letter", "summary": "It was sent.", "reply": "It was answered.", "source": "OHCHR"}


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def letter(coordinator) -> Proceeding:
    letter = made.proceeding(coordinator)
    Proceeding.objects.filter(pk=letter.pk).update(published_on=made.RECEIVED)
    return made.fresh(letter)


def publish(letter: Proceeding, by, **texts):
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
        ("Ana Marija Novak", "Novak Marija Ana"),
        ("Ana Li", "Li Ana"),
        ("Žarko Štefančič", "Žarko\u200bŠtefančič"),
        ("Žarko Štefančič", "Žarko_Štefančič"),
        ("Žarko Štefančič", "Žar\u200bko \u2068Štefančič\u2069"),
        ("Žarko Štefančič", "Z\u030carko S\u030ctefanc\u030cic\u030c"),
        ("Jean-Luc Élan", "JEAN LUC ELAN"),
        ("أحمد بن علي", "\u202bوأحمد بن علي\u202c"),
        ("مُحَمَّد سالم", "محمد سالم"),
        ("Ana Novak", "An\u0430 N\u043ev\u0430k"),  # Cyrillic letters
        ("Marija Novak", "\u1d0d\u1d00\u0280\u026a\u1d0a\u1d00 \u0274\u1d0f\u1d20\u1d00\u1d0b"),  # small capitals
        ("Marija Novak", "Mar**ija** No**vak**"),
        ("Marija Novak", "Mari\u2010ja No\u2010vak"),
        ("Marija Novak", "Mari\u3164ja No\u115fvak"),  # letters that are not seen
        ("Ana Novak", "\u0391na \u039d\u039fVAK"),  # Greek capitals
        ("Ana Novak", "\uff21\uff4e\uff41 \uff2e\uff4f\uff56\uff41\uff4b"),  # full-width letters
        ("Ana Novak", "A\u0301n\u0332a No\u0336vak"),  # combining marks
        ("Ana Novak", "𝐀𝐧𝐚 𝐍𝐨𝐯𝐚𝐤"),
        ("Новак Анна", "Hoвак Aнна"),  # the first letters and some others are Latin
        ("أحمد سالم", "\ufe83\ufea3\ufee4\ufeaa \ufeb3\ufe8e\ufedf\ufee2"),  # forms of presentation
        ("كريم سالم", "کریم سالم"),  # letters of Persian
        ("Janez Novak", "Pritožba Janeza Novaka zaradi mučenja"),
        ("Pavel Dvořák", "stížnost Pavla Dvořáka"),
        ("Анна Петрова", "дело Анны Петровой"),
        ("Ana", "Ana left."),
        ("Li An", "An, Li"),
        ("علي", "غادر علي المكان"),
    ],
)
def test_it_is_found_however_it_is_written(letter, coordinator, name, text):
    made.person(letter, coordinator, name)
    with pytest.raises(FieldRefused, match="contains the name"):
        publish(letter, coordinator, summary=f"… {text} …", parts_checked=True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ana", "Banana and an A."),
        ("An", "An answer."),
        ("علي", "القانون العليا"),
        ("Mark Musty", "Marked: must go."),
        ("Petra Marn", "Petrol of the market."),
        ("Ana Kos", "An ankle, kosher."),
        ("", "None."),
    ],
)
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


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("Ana Marija Novak", "Ms Ana Novak left.", "novak"),
        ("Ana Novak", "Ms NOVAK left.", "novak"),
        ("Ana Novak-Šket", "Ms Sket left.", "sket"),
        ("Ana Novak", "Ms No\u200bvak left.", "novak"),
        ("أحمد بن علي", "غادر وأحمد المكان", "واحمد"),
        ("Janez Novak", "Novakov primer", "novakov"),
        ("Ana Kos", "obravnava Ane Kos", "ane kos"),
        ("Le Grand", "les grands principes", "les grands"),
        ("Marija Horvat", "izjava ge. Horvatove", "horvatove"),
    ],
)
def test_one_part_of_a_name_is_named_and_refused_unless_it_was_checked(letter, coordinator, name, text, word):
    made.person(letter, coordinator, name)
    with pytest.raises(FieldRefused, match=f"“{word}” is part of the name") as refused:
        publish(letter, coordinator, summary=text)
    assert refused.value.field == "summary"
    assert publish(letter, coordinator, summary=text, parts_checked=True).is_public


def test_a_whole_name_is_refused_whatever_was_checked(letter, coordinator):
    made.person(letter, coordinator, "Ana Novak")
    with pytest.raises(FieldRefused, match="has not consented"):
        publish(letter, coordinator, summary="Novak, Ana", parts_checked=True)


def test_a_person_whose_name_is_published_is_entered_once_that_is_corrected(letter, coordinator):
    publish(letter, coordinator, title="On Peter Zorko")
    with pytest.raises(FieldRefused, match="Correct or unpublish") as refused:
        made.person(letter, coordinator, "Peter Zorko")
    assert refused.value.field == "name"
    assert not letter.persons.exists()
    publish(letter, coordinator, title="On a person")
    assert made.person(letter, coordinator, "Peter Zorko").pk


@pytest.mark.parametrize("changed", [{"name": "Peter Zorko"}, {"consents": False, "consent_source": ""}])
def test_a_name_or_a_consent_is_changed_once_what_is_published_allows_it(letter, coordinator, changed):
    consent = {"consents": True, "consent_source": "Letter of 3 March"}
    first = {"name": "Ana Alleged"} if "name" in changed else {"name": "Peter Zorko", **consent}
    person = made.person(letter, coordinator, **first)
    publish(letter, coordinator, title="On Peter Zorko")
    values = PersonValues(**{"role": "victim", **first, "details": "Of the village."})
    edit = {"person": person, "by": coordinator}
    edit_person_concerned(values=values, seen=person.version, **edit)
    person = made.fresh(person)
    with pytest.raises(FieldRefused, match="Correct or unpublish"):
        edit_person_concerned(values=replace(values, **changed), seen=person.version, **edit)
    replies.unpublish_letter(proceeding=letter, by=coordinator)
    edit_person_concerned(values=replace(values, **changed), seen=person.version, **edit)


def test_the_form_to_confirm_parts_publishes_and_the_next_submission_asks_too(letter, coordinator, client):
    sent = made.replied(coordinator)
    for of in (letter, sent):
        made.person(of, coordinator, "Ana Novak")
    client.force_login(coordinator)
    typed = {**TEXTS, "summary": "Novak is a city.", "is_checked": "on"}
    url = reverse("desk:publish_letter", args=[letter.key])
    assert client.post(url, typed).status_code == 422
    assert client.post(url, typed | {"parts_checked": "on"}).status_code == 302
    url = reverse("desk:start_next_submission", args=[sent.key])
    data = {"answers_to": "Order in the case of Ms Novak", "version": sent.version}
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["answers_to"]
    assert client.post(url, data | {"parts_checked": "on"}).status_code == 302


def test_confirmed_words_stay_confirmed_as_long_as_texts_and_names_are_the_same(letter, coordinator):
    made.person(letter, coordinator, "Ana Novak")
    publish(letter, coordinator, summary="Judge Novak heard it.", parts_checked=True)
    for _time in range(2):
        replies.unpublish_letter(proceeding=letter, by=coordinator)
        replies.republish_letter(proceeding=letter, by=coordinator)
    assert publish(letter, coordinator, summary="Judge Novak heard it.").is_public
    with pytest.raises(FieldRefused, match="part of the name"):
        publish(letter, coordinator, summary="Ms Novak was heard.")


def test_words_are_confirmed_again_for_a_person_who_was_entered_since(letter, coordinator):
    made.person(letter, coordinator, "Ana Novak")
    publish(letter, coordinator, summary="Judge Novak heard it.", parts_checked=True)
    replies.unpublish_letter(proceeding=letter, by=coordinator)
    made.person(letter, coordinator, "Jure Novak")
    with pytest.raises(FieldRefused, match="part of the name"):
        replies.republish_letter(proceeding=letter, by=coordinator)
