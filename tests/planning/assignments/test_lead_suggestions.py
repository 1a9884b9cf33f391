import csv
import random
from zlib import crc32

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.language.vectors import encoder as text_encoder
from servanda.people.access import Role
from servanda.people.models import Institution, Succession
from servanda.planning import tasks
from servanda.planning.assignments.lead_learning import institutions_named, learn_leads, load_model
from servanda.planning.assignments.lead_suggestions import suggest_lead
from servanda.planning.models import Assignment, LearnedLeads, ThemeLead
from servanda.recommendations.models import Recommendation, Tagging
from servanda.recommendations.search.encoding import encode_missing
from servanda.trail.models import Event
from servanda.vocab.models import Taxonomy, Term
from tests import make
from tests.house.answers import source_of
from tests.once import built_once

pytestmark = pytest.mark.django_db

TOPICS = {
    "water": ("drinking water in {} villages", "wells and pumps in {} villages", "sanitation of {} villages"),
    "prisons": ("overcrowded prisons in {} towns", "visits to detainees in {} towns", "cells and guards in {} towns"),
    "schools": ("teachers for {} pupils", "free textbooks for {} pupils", "classrooms for {} pupils"),
    "courts": ("independent judges in {} trials", "legal aid during {} trials", "prosecutors of {} trials"),
    "health": ("midwives for {} mothers", "vaccines for {} mothers", "clinics near {} mothers"),
}


def assigned(code: str, text: str, *supporting: str, **fields) -> Recommendation:
    record = make.recommendation(text=text, **fields)
    make.assignment(record, make.institution(code))
    for other in supporting:
        make.assignment(record, make.institution(other), part="supporting")
    return record


def register(times: int = 4, **fields) -> list[Recommendation]:
    """Records of five topics, each with its institution, and never twice the same text."""
    return [
        assigned(code, f"Number {at} asks for {text.format(at + 2)}.", **fields)
        for at in range(times)
        for code, texts in TOPICS.items()
        for text in texts
    ]


def suggested(record: Recommendation, user=None):
    return suggest_lead(record, user or make.user(Role.COORDINATOR))


def codes(record: Recommendation, user=None) -> tuple[str, list[str]]:
    found = suggested(record, user)
    assert found
    return found.by, [lead.institution.code for lead in found.named]


@built_once
def record(loaded_once) -> Recommendation:
    return make.recommendation(text="Improve the wells and the drinking water of remote villages.")


@built_once
def registered(record) -> list[Recommendation]:
    return register()


@built_once
def learned(registered) -> LearnedLeads:
    encode_missing()
    return learn_leads()


def test_nothing_is_suggested_only_where_nothing_was_ever_assigned(record):
    assert suggested(record) is None
    assert learn_leads() is None
    assigned("labour", "Raise wages.")
    assert codes(record) == ("frequent", ["labour"])


@pytest.mark.database
def test_what_was_learned_names_the_institution_with_records_and_words(record, learned):
    assert learned
    assert (learned.assignments, learned.tested) == (60, 60)
    assert learned.learned_right > learned.frequent_right
    found = suggested(record)
    assert (found.by, found.named[0].institution.code) == ("learned", "water")
    assert {"wells", "water"} & set(found.named[0].words)
    assert all("water" in near.assignments.get().institution.code for near in found.named[0].near)
    assert found.named[0].near
    assert found.right == learned.learned_right
    assert Event.objects.filter(action="leads-learned").count() == 1


def test_supporting_institutions_are_learned_as_leading_ones_are(record):
    for text in TOPICS["water"]:
        for at in range(10):
            assigned("planning", f"Number {at}: {text.format(at)}", "water")
    register(2)
    learn_leads()
    assert set(codes(record)[1][:2]) == {"planning", "water"}


def test_what_was_refused_or_taken_back_is_not_learned_and_a_successor_takes_the_place():
    refused, undone, old, gone = (assigned(code, code) for code in ("refused", "undone", "old", "gone"))
    refused.assignments.update(refused_at=timezone.now(), refusal_reason="No.")
    undone.assignments.update(ended_at=timezone.now(), ending="undone")
    Institution.objects.filter(code__in=["old", "gone"]).update(active_to="2026-02-01")
    successor = make.institution("new")
    Succession.objects.create(predecessor=make.institution("old"), successor=successor, on="2026-02-02")
    assert institutions_named() == {old.pk: {successor.pk}}
    assert gone.pk not in institutions_named()


def test_suggestions_are_hidden_where_naming_the_three_most_frequent_is_as_good(record):
    draw = random.Random(3)
    for at in range(40):
        assigned(draw.choice(["a", "b", "c", "c", "d", "e", "f"]), f"Text {draw.random()} of {draw.random()}, {at}.")
    learned = learn_leads()
    LearnedLeads.objects.update(learned_right=learned.frequent_right, nearest_right=learned.frequent_right)
    found = suggested(record)
    assert found.by == "frequent"
    assert not found.right


def test_the_page_says_from_how_many_assignments_and_how_often_it_was_right(
    client, record, learned, django_assert_max_num_queries
):
    make.signed_in(client, Role.COORDINATOR)
    LearnedLeads.objects.update(learned_right=55, nearest_right=50, frequent_right=36)
    address = reverse("desk:assign_institutions", args=[record.code])
    client.get(address)
    with django_assert_max_num_queries(20):
        page = client.get(address)
    text = "Tested on 60 other records, one of three suggestions was right for 55"
    assert text in page.content.decode()
    assert page.context["form"]["lead"].value() is None
    LearnedLeads.objects.update(learned_right=30, nearest_right=36, frequent_right=36)
    page = client.get(address).content.decode()
    assert "Institutions assigned most often" in page
    assert (
        "they were not accurate enough. Tested on 60 other records, one of three suggestions was right for 36" in page
    )


def test_from_few_assignments_the_nearest_are_asked_if_they_beat_the_most_frequent(record):
    register(1)
    learned = learn_leads()
    assert (learned.learned_right, learned.tested) == (0, 15)
    LearnedLeads.objects.update(nearest_right=15, frequent_right=9)
    assert (suggested(record).by, codes(record)[1][0]) == ("nearest", "water")


def test_without_the_encoder_words_and_labels_are_learned_from(record, registered, monkeypatch):
    monkeypatch.setattr(text_encoder, "embedder", no_package)
    learned = learn_leads()
    assert learned.encoder == "none"
    assert codes(record)[1][0] == "water"


def no_package():
    raise text_encoder.NoEncoder


def test_a_damaged_file_of_what_was_learned_suggests_the_most_frequent(record, registered):
    learned = learn_leads()
    with learned.file.open("wb") as file:
        file.write(b"damaged")
    assert codes(record)[0] == "frequent"


def test_a_record_that_was_learned_from_is_answered_by_the_others(registered):
    odd = assigned("odd", "Give every astronaut a zorbatrix.")
    encode_missing()
    learn_leads()
    assert "odd" not in codes(odd)[1]


@pytest.mark.database
def test_no_restricted_record_is_learned_from_and_none_is_shown_to_who_may_not_see_it(record):
    hidden = register(1, confidentiality="restricted", is_published=False)
    assert learn_leads() is None
    assert suggested(record, make.user(Role.READER, make.institution("elsewhere"))) is None
    assert codes(record)[0] == "frequent"
    register()
    encode_missing()
    learn_leads()
    found = suggested(record)
    assert not {row.pk for row in hidden} & {row.pk for named in found.named for row in named.near}
    near = found.named[0].near[0]
    Recommendation.objects.filter(pk=near.pk).update(withdrawn_at=timezone.now(), withdrawn_reason="Twice.")
    assert near not in suggested(record).named[0].near


def test_labels_that_are_statuses_are_not_learned_from():
    status = Taxonomy.objects.create(code="etat", name="État", is_own=True)
    topic = Taxonomy.objects.create(code="axes", name="Axes", is_own=True)
    done, ongoing = (Term.objects.create(taxonomy=status, code=each, label=each) for each in ("Réalisé", "En cours"))
    water = Term.objects.create(taxonomy=topic, code="water", label="L’eau")
    for at, each in enumerate(register(3)):
        Tagging.objects.create(recommendation=each, term=ongoing if at % 2 else done, origin="person")
        Tagging.objects.create(recommendation=each, term=water, origin="person")
    learned = learn_leads()
    assert load_model(learned).known.labels == [str(water.pk)]


def test_the_task_learns_only_when_there_is_something_new(record):
    tasks.learn_leads.func()
    assert not LearnedLeads.objects.exists()
    register(1)
    tasks.learn_leads.func()
    tasks.learn_leads.func()
    assert LearnedLeads.objects.count() == 1
    Assignment.objects.filter(institution__code="courts").delete()
    tasks.learn_leads.func()
    assert [bool(learned.file) for learned in LearnedLeads.objects.all()] == [True, False]


def test_the_number_of_questions_does_not_grow(record, learned, django_assert_max_num_queries):
    person = make.user(Role.COORDINATOR)
    assert person.roles
    suggest_lead(record, person)
    with django_assert_max_num_queries(6):
        suggest_lead(record, person)


def test_before_there_are_assignments_the_table_of_themes_is_asked(record):
    Tagging.objects.create(recommendation=record, term=make.term("Health"), origin="source")
    ThemeLead.objects.create(term=make.term("Health"), institution=make.institution("health"))
    assert codes(record) == ("table", ["health"])


def test_the_page_keeps_the_table_and_what_was_removed_comes_back(client, record):
    make.signed_in(client, Role.COORDINATOR)
    Tagging.objects.create(recommendation=record, term=make.term("Health"), origin="source")
    term, place = record.taggings.get().term, make.institution("health")
    Taxonomy.objects.update(is_facet=True)
    address = reverse("desk:theme_leads")
    data = {"term": term.pk, "institution": place.pk}
    client.post(address, data)
    assert client.post(address, data).status_code == 422
    lead = ThemeLead.objects.get()
    page = client.post(reverse("desk:remove_theme_lead", args=[lead.pk]), follow=True).content.decode()
    back = reverse("desk:restore_theme_lead", args=[term.pk, place.pk])
    assert back in page
    client.post(back)
    assert ThemeLead.objects.get().institution == place
    assert (
        "The table of themes lists"
        in client.get(reverse("desk:assign_institutions", args=[record.code])).content.decode()
    )


def test_what_is_learned_from_a_national_database_beats_the_most_frequent(shared_data):
    """192 rows as a ministry keeps them; the bench has the figures."""
    path = shared_data / "restricted" / "morocco_didh" / "records.csv"
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["organismes_responsables"].strip()]
    for row in rows:
        record = make.recommendation(text=row["texte_fr"], language="fr")
        for name in {name.strip() for name in row["organismes_responsables"].split(";")}:
            make.assignment(record, make.institution(f"i{crc32(name.encode())}"), part="supporting")
    learned = learn_leads()
    assert learned.tested == len(rows)
    assert learned.best_right / len(rows) > learned.frequent_right / len(rows) + 0.2


def test_the_page_of_the_table_says_what_was_learned_and_lets_the_worker_learn(client, record):
    make.signed_in(client, Role.COORDINATOR)
    address = reverse("desk:theme_leads")
    assert "No suggestions learned yet. The institutions assigned" in client.get(address).content.decode()
    register(1)
    page = client.post(reverse("desk:learn_leads"), follow=True).content.decode()
    assert "Learning from all assignments has started. Check again in" in page
    tasks.learn_leads_now.call()
    assert "15 assignments" in client.get(address).content.decode()


def test_a_suggested_institution_is_chosen_as_lead_with_one_press(client, vocabulary):
    make.signed_in(client, "coordinator")
    record, ministry = make.recommendation(), make.institution("mof")
    make.assignment(make.recommendation("Other.", paragraph="2"), ministry)
    address = reverse("desk:assign_institutions", args=[record.code])
    page = source_of(client.get(address))
    assert f'href="?lead={ministry.pk}#id_lead"' in page
    form = client.get(address, {"lead": ministry.pk}).context["form"]
    assert f'value="{ministry.pk}" selected' in str(form["lead"])
    assert "selected" in str(client.get(address, {"lead": "9x"}).context["form"]["lead"])
    assert not record.assignments.exists()
