"""The list of a State with its responsible institutions: every cell is explained, one undo takes all of it back."""

import csv
from collections import Counter

import pytest

from servanda.intake.columns.kinds import folded
from servanda.intake.models import MappedColumn, MappedValue, SenderMapping
from servanda.people.access import Role
from servanda.people.models import Institution
from servanda.planning.models import Assignment
from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import Recommendation
from tests import make
from tests.importing_make import receive
from tests.judging_make import applied

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]

COLUMNS = {
    "external sheet": "id",
    "national code": "code",
    "text fr": "texte_fr",
    "text ar": "texte_ar",
    "body": "organe",
    "responsible": "organismes_responsables",
}
CONSTANTS = {"country": "MAR", "body": "UPR", "cycle": "3"}


def test_each_institution_of_the_list_answers_for_its_records(shared_data):
    path = shared_data / "restricted/morocco_didh/records.csv"
    coordinator = make.user(Role.COORDINATOR)
    batch = receive(path.read_bytes(), "records.csv", by=coordinator)
    mapping = SenderMapping.objects.create(sender="A delegation")
    MappedColumn.objects.bulk_create(
        MappedColumn(mapping=mapping, field=name, header=COLUMNS.get(name, ""), constant=CONSTANTS.get(name, ""))
        for name in COLUMNS | CONSTANTS
    )
    pipeline.use_mapping(batch=batch, mapping=mapping)
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    wanted = Counter(name for row in rows for name in names_of(row))
    MappedValue.objects.bulk_create(
        MappedValue(mapping=mapping, column="responsible", printed=name, folded=folded(name), meaning="+")
        for name in {folded(name): name for name in wanted}.values()
    )
    before = Institution.objects.count()

    cells = applied(batch)
    filled = sum(bool(row["organismes_responsables"].strip()) + bool(row["code"].strip()) for row in rows)
    assert len(cells) == filled == len({(number, column) for number, column, _outcome, _message in cells})
    assert "left-out" not in {outcome for _number, _column, outcome, _message in cells}
    assert batch.rows.count() == len(rows)

    refused = set(batch.rows.filter(verdict="refused").values_list("number", flat=True))
    brought = Counter(name for number, row in enumerate(rows, 1) if number not in refused for name in names_of(row))
    assigned = Counter(str(assignment.institution) for assignment in Assignment.objects.select_related("institution"))
    assert {folded(name): number for name, number in assigned.items()} == by_folded(brought)
    assert not Assignment.objects.leading().exists()

    pipeline.undo_batch(batch=batch, by=coordinator)
    assert (Recommendation.objects.count(), Assignment.objects.count(), Institution.objects.count()) == (0, 0, before)


def names_of(row: dict) -> list[str]:
    return list(
        dict.fromkeys(" ".join(name.split()) for name in row["organismes_responsables"].split(";") if name.strip())
    )


def by_folded(counted: Counter) -> dict[str, int]:
    found: Counter = Counter()
    for name, number in counted.items():
        found[folded(name)] += number
    return dict(found)
