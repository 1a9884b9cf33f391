"""What Servanda translated says so until a speaker stands by it, and then no new version takes it away."""

import csv

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.trail.models import Event
from servanda.trail.sentences import sentence
from servanda.vocab import provenance
from servanda.vocab.models import Body, Confirmation, Country, Taxonomy, Term
from servanda.vocab.provenance import Origin
from servanda.vocab.services import loading
from servanda.vocab.services.confirming import confirm_labels
from servanda.vocab.services.editing import mark_of
from servanda.vocab.services.loading import load_vocabulary, rows_of
from tests import make
from tests.once import built_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
FOOD = {"taxonomy__code": "uhri-theme", "code": "right-to-food"}


@built_once
def coordinator(loaded_once):
    return make.user(Role.COORDINATOR)


def labels(thing) -> dict[str, provenance.Label]:
    return {label.language: label for label in provenance.labels_of([thing])}


def food() -> dict[str, provenance.Label]:
    return labels(Term.objects.select_related("taxonomy").get(**FOOD))


def page(client, **question) -> str:
    return client.get(reverse("vocab:unconfirmed"), question).content.decode()


def test_every_shipped_label_has_a_declared_origin_in_every_language():
    lines = list(rows_of("origins"))
    fits = {(line["list"], language) for line in lines for language in line["languages"].split()}
    wanted = {(label.file, label.language) for label in provenance.labels_of(provenance.things_of())}
    assert wanted - fits == set()
    assert {line["list"] for line in lines} == set(provenance.shipped_lists())


def test_a_label_knows_where_it_comes_from():
    assert {language: label.origin for language, label in food().items()} == {
        "en": Origin.OFFICIAL,
        **dict.fromkeys(["es", "fr", "pt", "ar", "ru", "zh"], Origin.SERVANDA),
    }
    goal, target = (Term.objects.get(taxonomy__code="sdg", code=code) for code in ("16", "16.2"))
    assert labels(goal)["pt"].origin == labels(target)["ar"].origin == Origin.OFFICIAL
    assert labels(target)["pt"].origin == Origin.SERVANDA
    assert labels(Country.objects.get(code="SVN"))["pt"].origin == Origin.ADAPTED
    assert labels(Body.objects.get(code="CRC"))["fr"].origin == Origin.SERVANDA
    own = Taxonomy.objects.create(code="plan", name={"fr": "Plan d’action"}, is_own=True)
    own.refresh_from_db()
    assert labels(own)["fr"].origin == Origin.HERE


def test_only_translations_of_servanda_wait_for_a_speaker():
    assert {language: label.waits for language, label in food().items()} == {
        "en": False,
        **dict.fromkeys(["es", "fr", "pt", "ar", "ru", "zh"], True),
    }
    assert {label.language for label in provenance.waiting()} == {"es", "fr", "pt", "ar", "ru", "zh"}
    assert "reservations" not in {label.code for label in provenance.waiting()}


def test_confirming_is_a_deed_with_one_line_in_the_trail(coordinator):
    assert confirm_labels(language="ar", chosen=[food()["ar"].value], by=coordinator) == 1
    assert not food()["ar"].waits
    assert food()["fr"].waits
    event = Event.objects.get(action="labels-confirmed")
    assert sentence(event) == f"{coordinator} confirmed labels of the vocabulary in the language ar."
    assert food()["ar"].words in event.difference


def test_words_that_changed_since_they_were_seen_are_not_confirmed(coordinator):
    seen = food()["ar"].value
    Term.objects.filter(**FOOD).update(label={"en": "Right to food", "ar": "شيء آخر"})
    with pytest.raises(Refused, match="changed or confirmed"):
        confirm_labels(language="ar", chosen=[seen], by=coordinator)
    assert not Confirmation.objects.exists()


def test_nothing_is_confirmed_when_one_of_several_has_changed(coordinator):
    with pytest.raises(Refused, match="Another user has changed or confirmed one of these labels"):
        confirm_labels(language="ar", chosen=[food()["ar"].value, "bodies|CRC|0"], by=coordinator)
    assert not Confirmation.objects.exists()


@pytest.fixture
def next_version(monkeypatch, tmp_path):
    """A version of Servanda that says the right to food otherwise, in Arabic and in French."""
    for file in loading.DATA.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    name = tmp_path / "terms-uhri-theme.csv"
    rows = list(rows_of("terms-uhri-theme"))
    for row in rows:
        if row["code"] == "right-to-food":
            row |= {"ar": "حق جديد", "fr": "Droit nouveau"}
    with name.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    monkeypatch.setattr(loading, "DATA", tmp_path)
    provenance.shipped_words.cache_clear()
    yield
    provenance.shipped_words.cache_clear()


def test_a_new_version_takes_no_confirmed_words_away_and_brings_the_others(coordinator, request):
    words = food()["ar"].words
    confirm_labels(language="ar", chosen=[food()["ar"].value], by=coordinator)
    request.getfixturevalue("next_version")
    load_vocabulary()
    assert (food()["ar"].words, food()["ar"].is_confirmed) == (words, True)
    assert (food()["fr"].words, food()["fr"].waits) == ("Droit nouveau", True)
    assert not +load_vocabulary()


@pytest.mark.usefixtures("next_version")
def test_a_new_version_leaves_what_a_person_wrote_and_asks_nobody_to_confirm_it():
    Term.objects.filter(**FOOD).update(label={"en": "Right to food", "ar": "الحق في الطعام"}, is_own=True)
    load_vocabulary()
    assert (food()["ar"].words, food()["ar"].origin, food()["ar"].waits) == ("الحق في الطعام", Origin.HERE, False)


def test_the_page_lists_what_waits_in_the_language_of_the_reader_and_leads_to_the_others(client, coordinator):
    client.force_login(coordinator)
    shown = page(client, language="ar", file="terms-uhri-group")
    assert shown.count('type="checkbox"') == 35
    assert '<span class="langtext" lang="ar" dir="auto">الأطفال</span>' in shown
    assert "translation by Servanda" in shown
    assert "language=fr" in shown
    assert "file=bodies" in shown


def test_the_page_is_cut_into_pages(client, coordinator):
    client.force_login(coordinator)
    first, second = page(client, language="fr"), page(client, language="fr", page="2")
    assert first.count('type="checkbox"') == second.count('type="checkbox"') == 50
    assert "1–50 of" in first
    assert "51–100 of" in second


def test_a_button_confirms_one_label_and_ticks_confirm_several(client, coordinator):
    client.force_login(coordinator)
    waiting = [label for label in provenance.waiting() if label.language == "ar" and label.file == "terms-uhri-group"]
    posted = {"language": "ar", "file": "terms-uhri-group", "page": "1"}
    chosen = {"only": waiting[0].value, "label": waiting[5].value}
    answer = client.post(reverse("vocab:confirm_labels"), {**posted, **chosen})
    assert answer.url == reverse("vocab:unconfirmed") + "?language=ar&file=terms-uhri-group&page=1"
    assert list(Confirmation.objects.values_list("code", flat=True)) == [waiting[0].code]
    client.post(reverse("vocab:confirm_labels"), {**posted, "label": [waiting[1].value, waiting[2].value]})
    assert Confirmation.objects.count() == 3
    assert page(client, language="ar", file="terms-uhri-group").count('type="checkbox"') == 32


def test_who_only_reads_sees_the_list_and_no_button(client):
    client.force_login(make.user(Role.READER))
    shown = page(client, language="ar")
    assert "not yet confirmed" in shown
    assert 'name="only"' not in shown
    assert client.post(reverse("vocab:confirm_labels"), {"language": "ar"}).status_code == 403


def test_a_taxonomy_marks_the_languages_that_nobody_confirmed(client, coordinator):
    client.force_login(coordinator)
    address = reverse("vocab:taxonomy", args=["uhri-group"])
    before = client.get(address).content.decode().count("translation by Servanda, not yet confirmed")
    children = labels(Term.objects.select_related("taxonomy").get(taxonomy__code="uhri-group", code="children"))
    confirm_labels(language="ar", chosen=[children["ar"].value], by=coordinator)
    assert client.get(address).content.decode().count("translation by Servanda, not yet confirmed") == before - 2


def test_the_page_costs_the_same_for_a_list_and_for_all_of_them(client, coordinator):
    client.force_login(coordinator)
    page(client, language="ar")
    costs = []
    for question in ({"file": "terms-action-category"}, {}):
        with CaptureQueriesContext(connection) as queries:
            page(client, language="ar", **question)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 15


def test_a_wrong_word_in_a_long_target_can_be_corrected(client, coordinator):
    client.force_login(coordinator)
    target = Term.objects.select_related("taxonomy").get(taxonomy__code="sdg", code="17.2")
    address = reverse("vocab:edit_term", args=["sdg", target.pk])
    field = client.get(address).context["form"]["label"]
    locales = field.field.widget.locales
    words = target.label.data | {"pt": "Uma meta."}
    posted = {f"label_{number}": words.get(language, "") for number, language in enumerate(locales)}
    answer = client.post(address, {**posted, "synonyms": target.synonyms, "seen": mark_of(target)})
    assert answer.status_code == 302
    target.refresh_from_db()
    assert (labels(target)["pt"].origin, labels(target)["pt"].waits) == (Origin.HERE, False)
