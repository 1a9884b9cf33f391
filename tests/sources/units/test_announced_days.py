"""A day that a body will communicate, as a document says: it is the document's, and ends the estimate of a rule."""

from datetime import date

import pytest

from servanda.people.access import Role
from servanda.recommendations.imports import pipeline
from servanda.sources.models import DocumentReading, Obligation
from servanda.sources.obligations.values import facts
from servanda.sources.units.obligations import obligations_to_add
from servanda.vocab.models import Body
from tests import make, obligation_make
from tests.once import built_once
from tests.sources.units.test_obligations import OBSERVATIONS, SYMBOL, applied, previewed, sent, written

pytestmark = pytest.mark.django_db
ANNOUNCED = "6. The Committee will establish and communicate the due date of the eighth periodic report."
BY_RULE = {"title": "", "day_from": "rule", "certainty": "estimate"}


@built_once
def by():
    make.country()
    return make.user(Role.COORDINATOR)


@built_once
def observations(by, tmp_path_factory) -> DocumentReading:
    Body.objects.filter(pk=make.body("CEDAW").pk).update(symbol_pattern="CEDAW/C/{ISO3}/CO/{n}")
    return sent(written((*OBSERVATIONS[:-1], ANNOUNCED), tmp_path_factory.mktemp("files") / "co.docx", SYMBOL), by)


def test_its_source_is_the_document_and_no_rule(observations, by):
    applied(observations, by)
    report = Obligation.objects.get(kind="periodic-report")
    assert (report.certainty, report.day_from, report.paragraph) == ("to-be-communicated", "document", "6")
    assert {row.day_from for row in Obligation.objects.all()} == {"document"}


def test_the_preview_names_what_its_kind_does_not(observations, by):
    labels = [due.kind_label for due in obligations_to_add(previewed(observations, by))]
    assert labels == ["Dissemination", "Follow-up report", "Periodic report"]


@pytest.mark.database
def test_it_takes_the_place_of_the_next_estimate_of_a_rule_until_the_import_is_undone(observations, by):
    body = make.body("CEDAW")
    past = obligation_make.obligation(body=body, due_on=date(2025, 7, 1), **BY_RULE)
    estimate = obligation_make.obligation(body=body, due_on=date(2029, 10, 27), **BY_RULE)
    before = facts(estimate)
    preview = {row.kind: row.replaces for row in obligations_to_add(previewed(observations, by))}
    assert preview["periodic-report"] == estimate
    batch = applied(observations, by)
    estimate.refresh_from_db()
    assert (estimate.due_on, estimate.certainty, estimate.document.symbol) == (None, "to-be-communicated", SYMBOL)
    assert set(Obligation.objects.kept().filter(kind="periodic-report")) == {past, estimate}
    pipeline.undo_batch(batch=batch, by=by)
    estimate.refresh_from_db()
    assert facts(estimate) == before


@pytest.mark.parametrize("fields", [{"certainty": "fixed"}, {"day_from": "hand"}, {"state": "submitted"}])
def test_another_day_stays(observations, by, fields):
    other = obligation_make.obligation(body=make.body("CEDAW"), due_on=date(2029, 10, 27), **BY_RULE | fields)
    applied(observations, by)
    other.refresh_from_db()
    assert other.due_on == date(2029, 10, 27)
    assert Obligation.objects.filter(certainty="to-be-communicated").count() == 1
