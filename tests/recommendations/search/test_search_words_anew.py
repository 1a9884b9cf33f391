"""An upgrade that changes the words of the search index writes the index anew."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from servanda.intake.models import Batch
from servanda.language.words.search_query import parse
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.filters.query import SEARCHED
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.recommendations.search import fulltext
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]

upgrade = import_module("servanda.recommendations.migrations.0020_search_words_anew")


def found(query: str) -> set[int]:
    return set(
        Recommendation.objects.filter(pk__in=fulltext.matching(parse(query, SEARCHED))).values_list("pk", flat=True)
    )


def another_text(record: Recommendation, text: str, language: str) -> TextVersion:
    return TextVersion.objects.create(recommendation=record, text=text, language=language)


def with_words_of_old() -> None:
    fulltext.write((pk, ["nin"]) for pk in Recommendation.objects.values_list("pk", flat=True))


def test_every_record_is_found_by_its_words_after_an_upgrade(monkeypatch):
    monkeypatch.setattr(upgrade, "AT_ONCE", 1)
    girls = make.recommendation("Proteger a las niñas.", language="es", paragraph="1")
    boys = make.recommendation("Proteger a los niños.", language="es", paragraph="2")
    another_text(girls, "Protect girls.", "en")
    with_words_of_old()
    upgrade.write_index_anew(apps, connection.schema_editor())
    assert (found("niñas"), found("niños"), found("girls")) == ({girls.pk}, {boys.pk}, {girls.pk})
    assert found(girls.code) == {girls.pk}


def test_the_upgrade_writes_what_an_edit_would_write():
    record = make.recommendation("Proteger a las niñas.", language="es")
    replaced = another_text(record, "Protect boys.", "en")
    TextVersion.objects.filter(pk=replaced.pk).update(ended_at="2026-01-01T00:00:00Z")
    undone = Batch.objects.create(name="undone.csv", sha256="0", state=Batch.State.UNDONE)
    hidden = another_text(record, "Protéger les filles.", "fr")
    TextVersion.objects.filter(pk=hidden.pk).update(added_by=undone)
    reindex([record.pk])
    before = {word: found(word) for word in ("niñas", "boys", "filles")}
    with_words_of_old()
    upgrade.write_index_anew(apps, connection.schema_editor())
    assert {word: found(word) for word in before} == before == {"niñas": {record.pk}, "boys": set(), "filles": set()}


def test_a_record_of_an_import_that_is_being_applied_keeps_its_words():
    applying = Batch.objects.create(name="list.csv", sha256="0", state=Batch.State.APPLYING)
    record = make.recommendation("Proteger a las niñas.", language="es")
    Recommendation.objects.filter(pk=record.pk).update(added_by=applying)
    TextVersion.objects.filter(recommendation=record).update(added_by=applying)
    with_words_of_old()
    upgrade.write_index_anew(apps, connection.schema_editor())
    assert found("niñas") == {record.pk}
