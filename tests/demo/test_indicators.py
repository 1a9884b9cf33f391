import pytest
from django.utils import timezone

from servanda.demo import indicators, people
from servanda.demo.reading import read
from servanda.planning.indicators.series import with_series
from servanda.planning.models import Indicator, Measurement
from servanda.recommendations.models import Tagging
from servanda.sources.models import Review
from tests import make

pytestmark = pytest.mark.django_db


def test_invented_indicators_show_every_kind_of_value_and_called_again_nothing_changes():
    people.load()
    review = Review.objects.create(body=make.body(), country=make.country(), cycle=4)
    rows = read("indicators")["indicators"]
    for theme in sorted({row["theme"] for row in rows}):
        record = make.recommendation(stand="supported", review=review)
        Tagging.objects.create(recommendation=record, term=make.term(theme), origin="source")
    indicators.load()
    existing = Indicator.objects.all()
    assert existing.count() == len(rows)
    assert set(existing.values_list("kind", flat=True)) == set(Indicator.Kind.values)
    assert not existing.exclude(abouts__isnull=False).exists()
    assert existing.late(on=timezone.localdate()).count() == 2
    values = Measurement.objects.all()
    assert values.filter(is_break=True, superseded_at=None).count() == 1
    assert values.filter(missing="not-collected").count() == 1
    assert values.exclude(superseded_at=None).count() == 1
    assert values.exclude(breakdown="").count() == 10
    assert existing.exclude(progress_override=None).count() == 1
    assert [indicator.indicator.code for indicator in with_series(existing) if indicator.latest is None] == [
        "DEMO-EQU-1"
    ]
    first = list(values.values())
    indicators.load()
    assert list(values.values()) == first
