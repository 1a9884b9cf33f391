"""The digest of a record differs whenever its published shape does, whatever row was changed, added or deleted."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import Error, connection, models, transaction

from servanda.api.digests import digests_of_recommendations
from servanda.api.resources import recommendations, with_published
from servanda.progress.assessments.signing import reply_to_assessment
from servanda.recommendations.models import (
    Link,
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
)
from tests import assessing_make, make, progress_make
from tests.house.replaying import Baseline, QueryLog

pytestmark = pytest.mark.django_db
NAMES = re.compile(r"\w+")
ROOMS = ("vocab", "people", "sources", "recommendations", "planning", "progress")


@pytest.fixture
def records() -> list[Recommendation]:
    """Two public records with something of each kind, and a third that is not public."""
    first = make.recommendation("Ratify.", paragraph="140.10", date=date(2025, 3, 24), year=2025, stand="noted")
    second = make.recommendation(paragraph="140.11")
    hidden = make.recommendation(paragraph="140.12", is_published=False)
    TextVersion.objects.create(recommendation=first, language="ar", text="صدّقوا", is_machine=True, source="uhri")
    Position.objects.create(recommendation=first, stand="pending", words="Examined", symbol="A/HRC/59/15/Add.1")
    first.document.__class__.objects.create(symbol="A/HRC/59/15/Add.1", date=date(2025, 6, 20))
    term = make.term("health", taxonomy="uhri-theme")
    Tagging.objects.create(recommendation=first, term=term, scheme="thematic-list")
    RecommendingState.objects.create(recommendation=first, country=make.country("HRV", "Croatia"))
    first.also_concerns.add(make.country("FRA", "France"))
    SourceRecord.objects.create(recommendation=first, scheme="uhri", external_id="abc-1", digest="1")
    for other in (second, hidden):
        Link.objects.create(from_recommendation=first, to_recommendation=other, relation="repeats")
    make.follow_up(first, due_on=date(2026, 12, 1))
    assessing_make.assessment(first, "partial")
    reply_to_assessment(assessment=assessing_make.signed(first), text="We do.", by=make.user("coordinator"))
    progress_make.update(first, state="published")
    return [first, second, hidden]


def shapes() -> dict[str, str]:
    rows = with_published(Recommendation.objects.public())
    return {
        shape.code: json.dumps(shape.dict(), sort_keys=True) for shape in recommendations(rows, "https://a.example")
    }


def digests() -> dict[str, str]:
    return digests_of_recommendations("seed")


def rows_of_all_rooms() -> Iterator[models.Model]:
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models(include_auto_created=True):
            if not model.__name__.startswith("Historical"):
                yield from model._base_manager.all()


def names_in(questions: Iterable[str]) -> set[str]:
    """The tables and columns that are named in what shapes are read with; others change none of them."""
    return {name for question in questions for name in NAMES.findall(question)}


def other_value(field: models.Field, value: object) -> object:
    """Another value that the column takes."""
    if field.choices:
        return next((code for code, _label in field.flatchoices if code != value), value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime | date):
        return value + timedelta(days=40)
    if isinstance(value, int):
        return value + 1
    if value is None:
        dates = {
            models.DateField: date(2026, 2, 3),
            models.DateTimeField: datetime.fromisoformat("2026-02-03T00:00Z"),
        }
        return dates.get(type(field), "5" if not field.is_relation else None)
    return f"{value}x"[-(field.max_length or 1_000) :]


def edits(row: models.Model, read: set[str]) -> Iterator[tuple[str, Callable[[], object]]]:
    """Of each column that shapes are read from; and the deletion, with which rows of other tables go."""
    stored = type(row)._base_manager.filter(pk=row.pk)
    for field in row._meta.concrete_fields:
        if field.primary_key or not {row._meta.db_table, field.column} <= read:
            continue
        value = field.value_from_object(row)
        if field.is_relation:
            others = field.related_model._base_manager.exclude(pk=value).order_by("pk")
            changed = others.values_list("pk", flat=True).first()
        else:
            changed = other_value(field, value)
        yield (
            f"{row._meta.label}.{field.name}",
            lambda changed=changed, name=field.attname: stored.update(**{name: changed}),
        )
    yield f"{row._meta.label} deleted", stored.delete


def after(
    edit: Callable, shaped: dict[str, str], digested: dict[str, str], baseline: Baseline
) -> tuple[set[str], set[str]]:
    """Codes whose shape is another one after the edit, and those whose digest is the same; then it is undone."""
    try:
        with transaction.atomic():
            edit()
            now = shapes() if baseline.to_draw_again(["shapes"]) else shaped
            changed = {code for code in shaped if now.get(code) != shaped[code]}
            digests_now = digests() if changed else digested
            transaction.set_rollback(True)
    except (Error, ValueError, TypeError, ValidationError):
        return set(), set()  # the column takes no such value
    return changed, {code for code in digested if digests_now.get(code) == digested[code]}


def test_no_edit_of_a_column_and_no_deletion_is_missed(records):
    shaped, digested = shapes(), digests()
    assert set(shaped) == set(digested) == {record.code for record in records[:2]}
    with connection.execute_wrapper(asked := QueryLog()):
        shapes()
    baseline = Baseline({"shapes": asked})
    seen, missed, read = set(), [], names_in(asked.questions)
    for row in list(rows_of_all_rooms()):
        for name, edit in edits(row, read):
            changed, same_digest = after(edit, shaped, digested, baseline)
            seen.update({name} if changed else ())
            missed += [f"{name}: {code}" for code in changed & same_digest]
    assert missed == []
    kinds = {name.partition(".")[2].partition(".")[0].partition(" ")[0] for name in seen}
    assert {"Recommendation", "TextVersion", "Position", "Term", "Tagging", "Country", "Document", "Body"} <= kinds
    assert {"Review", "SourceRecord", "Link", "RecommendingState", "FollowUp", "Obligation"} <= kinds
    assert {"Assessment", "AssessmentReply", "Institution", "Accreditation", "Grade", "LastUpdate"} <= kinds


# What is read for a digest is the same whatever was changed: rows that are added are enough for PostgreSQL.
@pytest.mark.database
@pytest.mark.parametrize(
    "add",
    [
        lambda first, second: TextVersion.objects.create(recommendation=second, language="fr", text="Ratifier"),
        lambda first, second: Position.objects.create(recommendation=second, stand="noted"),
        lambda first, second: Tagging.objects.create(recommendation=second, term=make.term("water"), origin="person"),
        lambda first, second: second.also_concerns.add(make.country("AUT", "Austria")),
        lambda first, second: Link.objects.create(
            from_recommendation=second, to_recommendation=first, relation="follows-up"
        ),
        lambda first, second: make.follow_up(second, due_on=date(2026, 12, 1)),
        lambda first, second: assessing_make.assessment(second, "full"),
        lambda first, second: assessing_make.signed(second),
        lambda first, second: progress_make.update(second, state="published"),
    ],
)
def test_no_row_that_is_added_is_missed(records, add):
    first, second, _hidden = records
    shaped, digested = shapes(), digests()
    add(first, second)
    assert shapes()[second.code] != shaped[second.code]
    assert digests()[second.code] != digested[second.code]


def test_a_linked_record_that_becomes_public_changes_the_digest_of_the_other(records):
    first, _second, hidden = records
    before = digests()
    Recommendation.objects.filter(pk=hidden.pk).update(is_published=True)
    assert digests()[first.code] != before[first.code]


@pytest.mark.database
def test_a_digest_stays_the_same_and_depends_on_the_seed(records):
    assert digests() == digests()
    assert not set(digests().values()) & set(digests_of_recommendations("another").values())


def test_the_time_zone_is_in_it(records, settings):
    before = digests()
    settings.TIME_ZONE = "Pacific/Auckland"
    assert digests() != before
