"""What search finds a record by, after a change."""

import pytest

from servanda.intake.models import Batch
from servanda.language.words.search_query import parse
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.filters.query import SEARCHED
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.recommendations.search import fulltext
from tests import make

pytestmark = pytest.mark.django_db


def found(query: str) -> set[int]:
    return set(
        Recommendation.objects.filter(pk__in=fulltext.matching(parse(query, SEARCHED))).values_list("pk", flat=True)
    )


def another_text(record: Recommendation, text: str, language: str) -> TextVersion:
    return TextVersion.objects.create(recommendation=record, text=text, language=language)


def test_a_record_is_found_by_the_texts_that_stand_and_by_its_reference():
    girls = make.recommendation("Proteger a las niñas.", language="es", paragraph="1")
    boys = make.recommendation("Proteger a los niños.", language="es", paragraph="2")
    another_text(girls, "Protect girls.", "en")
    replaced = another_text(girls, "Protect boys.", "en")
    TextVersion.objects.filter(pk=replaced.pk).update(ended_at="2026-01-01T00:00:00Z")
    undone = Batch.objects.create(name="undone.csv", sha256="0", state=Batch.State.UNDONE)
    hidden = another_text(girls, "Protéger les filles.", "fr")
    TextVersion.objects.filter(pk=hidden.pk).update(added_by=undone)
    fulltext.write((pk, ["nin"]) for pk in (girls.pk, boys.pk))
    reindex([girls.pk, boys.pk])
    assert (found("niñas"), found("niños"), found("girls")) == ({girls.pk}, {boys.pk}, {girls.pk})
    assert (found("boys"), found("filles")) == (set(), set())
    assert found(girls.code) == {girls.pk}
