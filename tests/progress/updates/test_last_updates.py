"""When something was last published on a record stands beside it, and is what its updates say after every deed."""

from datetime import datetime, timedelta

import pytest
from django.db.models import Max
from django.utils import timezone

from servanda.people.access import Role
from servanda.progress.merging import merge_recommendations, unmerge_recommendation
from servanda.progress.models import LastUpdate
from servanda.progress.updates import linking
from servanda.progress.updates import services as updating
from servanda.progress.updates.last_updates import published_updates
from tests import make, progress_make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def kept() -> dict[int, datetime]:
    return dict(LastUpdate.objects.values_list("recommendation", "published_at"))


def said() -> dict[int, datetime]:
    newest = published_updates().order_by().values_list("recommendation").annotate(Max("update__published_at"))
    return dict(newest)


def test_it_follows_what_is_published_linked_and_withdrawn():
    coordinator, place = make.user(Role.COORDINATOR), make.institution("health")
    record, other = make.recommendation(), make.recommendation()
    old = progress_make.update(record, place, state="published", published_at=NOW - timedelta(days=200))
    waiting = progress_make.update(record, place, state="validated")
    assert kept() == {record.pk: old.published_at}
    updating.publish_update(update=waiting, by=coordinator)
    waiting.refresh_from_db()
    assert kept() == said() == {record.pk: waiting.published_at}
    linking.link_update(update=old, recommendations=[other], by=coordinator)
    assert kept() == said() == {record.pk: waiting.published_at, other.pk: old.published_at}
    updating.withdraw_update(update=waiting, reason="It was of another year.", by=coordinator)
    assert kept() == said() == {record.pk: old.published_at, other.pk: old.published_at}
    updating.withdraw_update(update=old, reason="It was of another year.", by=coordinator)
    assert kept() == said() == {}


def test_it_comes_and_goes_with_a_merge():
    coordinator, stays, other = make.user(Role.COORDINATOR), make.recommendation(), make.recommendation()
    update = progress_make.update(other, state="published", published_at=NOW)
    merge_recommendations(into=stays, others=[other], by=coordinator)
    assert kept() == said() == {stays.pk: update.published_at, other.pk: update.published_at}
    other.refresh_from_db()
    unmerge_recommendation(recommendation=other, by=coordinator)
    assert kept() == said() == {other.pk: update.published_at}
