"""Measures as a spreadsheet: what goes out comes in again; changes are previewed, applied and undone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.intake.sheets import services as sheets
from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.proceedings.cases.measure_sheet import COLUMNS, MeasureSheets
from servanda.proceedings.models import CaseMeasure
from servanda.recommendations.editing.measure_facts import MeasureFacts, set_measure_facts
from servanda.recommendations.models import OrderedMeasure, Recommendation
from tests import make
from tests import proceedings_make as made
from tests.measures_make import measure
from tests.once import built_once

pytestmark = pytest.mark.django_db
HEADER = "code,case,paragraph,language,text,type,due,amount,currency,interest,paid"


@built_once
def by():
    country = make.country()
    Instance.objects.update_or_create(pk=1, defaults={"state_code": country.code})
    return make.user(Role.COORDINATOR)


def sent(by, *rows: str, content: bytes = b"", name: str = "measures.csv") -> Batch:
    content = content or "\n".join([HEADER, *rows]).encode()
    batch = sheets.send_sheet(kind=MeasureSheets(), file=ContentFile(content, name), name=name, by=by)
    sheets.preview_sheet(batch)
    batch.refresh_from_db()
    return batch


def applied(batch: Batch, by) -> Batch:
    sheets.start_sheet(batch=batch, options={"accept_refused": False})
    sheets.apply_sheet(batch=batch, by=by)
    batch.refresh_from_db()
    return batch


def verdicts(batch: Batch) -> list[tuple[str, str]]:
    return list(batch.rows.order_by("number").values_list("verdict", "reason"))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_downloaded_and_sent_back_changes_nothing(client, by, ending):
    client.force_login(by)
    case = made.case(by, measures=2)
    first, second = (link.recommendation for link in case.measures.order_by("pk"))
    paid = {"interest": Decimal("3.5"), "paid_on": date(2026, 6, 1), "due_on": date(2026, 5, 1)}
    OrderedMeasure.objects.filter(recommendation=first).update(**paid)
    free = measure("=Publish; the judgment,\nin full.")  # of no case
    OrderedMeasure.objects.create(recommendation=free, type="general")
    url = reverse("desk:ordered_measures_export", args=[ending])
    file = b"".join(client.get(url).streaming_content)
    batch = sent(by, content=file, name=f"measures.{ending}")
    assert verdicts(batch) == [("unchanged", "")] * 3
    assert {first.kind, second.kind} == {"measure"}


@pytest.mark.database
def test_facts_are_changed_and_restored(by):
    case = made.case(by, measures=1)
    record = case.measures.get().recommendation
    bare = measure()
    batch = sent(
        by,
        f"{record.code},,,,,,2027-01-31,1500.5,EUR,12,2026-06-01",
        f"{bare.code},{case.reference},,,,general,2027-02-28,,,,",
    )
    assert verdicts(batch) == [("changed", ""), ("changed", "")]
    assert not OrderedMeasure.objects.filter(recommendation=bare).exists()  # a preview writes nothing
    applied(batch, by)
    facts = OrderedMeasure.objects.get(recommendation=record)
    assert (facts.due_on, facts.amount, facts.currency) == (date(2027, 1, 31), Decimal("1500.50"), "EUR")
    assert (facts.interest, facts.paid_on) == (Decimal(12), date(2026, 6, 1))
    assert CaseMeasure.objects.get(recommendation=bare).proceeding == case

    assert sheets.undo_sheet(batch=batch, by=by) == 0
    facts.refresh_from_db()
    assert (facts.due_on, facts.amount, facts.interest, facts.paid_on) == (None, Decimal(1000), None, None)
    assert not OrderedMeasure.objects.filter(recommendation=bare).exists()
    assert not CaseMeasure.objects.filter(recommendation=bare).exists()


@pytest.mark.database
def test_a_new_row_adds_a_measure_to_its_case_and_undoing_withdraws_it(by):
    case = made.case(by, measures=0)
    batch = applied(sent(by, f",{case.reference},7,en,Reopen the inquiry.,investigation,2027-01-31,,,,"), by)
    assert verdicts(batch) == [("new", "")]
    record = case.measures.get().recommendation
    assert (record.paragraph, record.texts.get().text) == ("7", "Reopen the inquiry.")
    assert (record.ordered.type, record.ordered.due_on) == ("investigation", date(2027, 1, 31))
    assert record.confidentiality == "restricted"
    assert sheets.undo_sheet(batch=batch, by=by) == 0
    record.refresh_from_db()
    assert (record.withdrawn_at is None, case.measures.exists()) == (False, False)


def test_what_was_changed_after_the_import_stays(by):
    case = made.case(by, measures=1)
    record = case.measures.get().recommendation
    batch = applied(sent(by, f"{record.code},,,,,,2027-01-31,,,,"), by)
    record.refresh_from_db()
    facts = MeasureFacts(type="payment", due_on=date(2027, 3, 1), amount=Decimal(1000), currency="EUR")
    set_measure_facts(recommendation=record, version=record.version, facts=facts, by=by)
    assert sheets.undo_sheet(batch=batch, by=by) == 1
    assert OrderedMeasure.objects.get(recommendation=record).due_on == date(2027, 3, 1)


MISTAKES = [
    ("{code},,,,,,2027-02-30,,,,", "is not a date"),
    ("{code},,,,,,,1e3000,EUR,,", "is not an amount"),
    ("{code},,,,,,,NaN,EUR,,", "is not an amount"),
    ("{code},,,,,,,-5,EUR,,", "is not an amount"),
    ("{code},,,,,,,10.005,EUR,,", "is not an amount"),
    ("{code},,,,,,,10,XXY,,", "ISO 4217"),
    ("{code},,,,,general,,10,EUR,,", "Only a payment has amounts"),
    ("{code},,,,,wish,,,,,", "is not an allowed value"),
    ("{code},,,,,,,,,,{later}", "not in the future"),
    ("{code},,,,Another text.,,,,,,", "does not change this"),
    ("{code},NO/1,,,,,,,,,", "number of one case"),
    ("GONE-1,,,,,general,,,,,", "not in the register"),
    (",NO/1,1,en,Text.,general,,,,,", "number of one case"),
    (",{case},1,en,,general,,,,,", "enter a value"),
    (",{case},1,english1,Text.,general,,,,,", "two or three letters"),
]


def test_a_mistake_names_its_cell_and_writes_nothing(by):
    """Each in a row of its own, on a measure of its own."""
    case = made.case(by, measures=len(MISTAKES))
    codes = list(case.measures.order_by("pk").values_list("recommendation__code", flat=True))
    later = timezone.localdate() + timedelta(days=1)
    rows = [
        cells.format(code=code, case=case.reference, later=later)
        for code, (cells, _problem) in zip(codes, MISTAKES, strict=True)
    ]
    before = list(OrderedMeasure.objects.order_by("pk").values())
    found = verdicts(sent(by, *rows))
    for (cells, problem), (verdict, reason) in zip(MISTAKES, found, strict=True):
        assert (verdict, problem in reason) == ("refused", True), (cells, reason)
    assert CaseMeasure.objects.count() == len(MISTAKES)
    assert list(OrderedMeasure.objects.order_by("pk").values()) == before


def test_the_template_has_the_columns_of_the_file(client, by):
    client.force_login(by)
    assert client.get(reverse("desk:sheet_template", args=["measures"])).status_code == 200
    page = client.get(reverse("desk:send_sheet", args=["measures"])).content.decode()
    assert reverse("desk:ordered_measures_export", args=["xlsx"]) in page
    assert MeasureSheets().tables()[0].columns == COLUMNS
    listed = client.get(reverse("desk:ordered_measures")).content.decode()
    assert reverse("desk:send_sheet", args=["measures"]) in listed


@pytest.mark.database
def test_an_institution_downloads_only_the_measures_that_it_reads(client, by):
    mine, other = make.institution("moj"), make.institution("mof")
    case = made.case(by, mine, measures=1)
    made.case(by, other, measures=1)
    client.force_login(make.user(Role.FOCAL_POINT, mine))
    answer = client.get(reverse("desk:ordered_measures_export", args=["csv"]))
    content = b"".join(answer.streaming_content).decode()
    codes = set(Recommendation.every_kind.values_list("code", flat=True))
    own = case.measures.get().recommendation.code
    assert {code for code in codes if code in content} == {own}
