"""Actions as a spreadsheet: what goes out comes in and changes nothing; mistakes name their cell; undo holds."""

import csv
import io
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.intake.sheets import services as sheets
from servanda.people.access import Role
from servanda.planning.actions.services import Step, set_milestones
from servanda.planning.actions.sheet_kind import ActionSheets
from servanda.planning.models import Action
from servanda.recommendations.clusters import services as clustering
from tests import actions_make, make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def sent(text: str | bytes, by, name: str = "actions.csv") -> Batch:
    content = text if isinstance(text, bytes) else text.encode()
    batch = sheets.send_sheet(kind=ActionSheets(), file=ContentFile(content, name), name=name, by=by)
    sheets.preview_sheet(batch)
    batch.refresh_from_db()
    return batch


def applied(batch: Batch, by, *, accept_refused: bool = False) -> Batch:
    sheets.start_sheet(batch=batch, options={"accept_refused": accept_refused})
    sheets.apply_sheet(batch=batch, by=by)
    batch.refresh_from_db()
    return batch


def verdicts(batch: Batch) -> list[str]:
    return list(batch.rows.values_list("verdict", flat=True))


def exported(client, ending: str) -> bytes:
    return b"".join(client.get(reverse("desk:actions_export", args=[ending])).streaming_content)


def full_set(by) -> Action:
    """Everything that a cell can say, also what looks like a formula, and a title with a bar in it."""
    lead, plan = make.institution("health"), actions_make.plan()
    above = actions_make.action("Whole", code="W-1")
    action = actions_make.action(
        "=Train | 200 nurses",
        lead,
        [make.recommendation(), make.recommendation()],
        code="W-1.1",
        plan=plan,
        parent=above,
        description="First line.\nSecond line; with a semicolon.",
        start=date(2026, 1, 1),
        due_on=date(2026, 12, 31),
        budget="12500.50",
        funded="100.00",
        currency="EUR",
        budget_line="07.02",
        status="in-progress",
        is_published=True,
    )
    action.parts.create(institution=make.institution("labour"), part="supporting")
    steps = [Step("Plan | agreed", date(2026, 3, 1), date(2026, 3, 5)), Step("Held")]
    set_milestones(action=action, milestones=steps, seen=1, by=by)
    return action


@pytest.mark.database
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again_and_changes_nothing(client, coordinator, ending):
    full_set(coordinator)
    client.force_login(coordinator)
    batch = sent(exported(client, ending), coordinator, f"actions.{ending}")
    assert (batch.state, batch.message) == ("previewed", "")
    assert verdicts(batch) == ["unchanged", "unchanged"]
    before = list(Action.history.values_list("history_id", flat=True))
    applied(batch, coordinator)
    assert list(Action.history.values_list("history_id", flat=True)) == before


def test_what_one_instance_sends_another_takes_in_and_twice_makes_nothing_new(client, coordinator):
    full_set(coordinator)
    client.force_login(coordinator)
    file = exported(client, "csv")
    row = next(csv.DictReader(io.StringIO(file.decode("utf-8-sig")), delimiter=","))
    Action.objects.filter(parent__isnull=False).delete()
    Action.objects.all().delete()
    for wanted in ("new", "unchanged"):
        batch = applied(sent(file, coordinator), coordinator)
        assert verdicts(batch) == [wanted, wanted]
    assert Action.objects.count() == 2
    assert exported(client, "csv") == file
    assert row["code"] == "W-1"


def test_a_preview_tells_what_would_change_and_changes_nothing(coordinator):
    action = actions_make.action("Old", code="X-1", act="Law 1/2020")
    batch = sent("code,title,act,due\nX-1,New,-,2027-01-31\nX-2,Another,,\n", coordinator)
    assert verdicts(batch) == ["changed", "new"]
    assert '"act": ["Law 1/2020", ""]' in batch.rows.first().difference
    assert list(Action.objects.all()) == [action]
    applied(batch, coordinator)
    action.refresh_from_db()
    assert (action.title, action.act, action.due_on) == ("New", "", date(2027, 1, 31))


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("X-1,,,,,,", "title"),
        ("X-1,T,2026-02-01,2026-01-31,,,", "due"),
        ("X-1,T,tomorrow,,,,", "start"),
        ("X-1,T,,,nobody,,", "lead"),
        ("X-1,T,,,,nowhere,", "recommendations"),
        ("X-1,T,,,,,12.345", "budget"),
        (",T,,,,,", "code”: enter the reference of an action. A new action needs"),
    ],
)
def test_a_mistake_names_its_row_and_its_column(coordinator, row, column):
    batch = sent(f"code,title,start,due,lead,recommendations,budget\n{row}\n", coordinator)
    found = batch.rows.get()
    assert (found.verdict, found.where) == ("refused", "row 2")
    assert f"“{column}" in found.reason
    assert not Action.objects.exists()


def test_a_part_may_stand_before_its_whole_and_no_circle_comes_in(coordinator):
    batch = applied(sent("code,title,part of\nB,Part,A\nA,Whole,\n", coordinator), coordinator)
    assert verdicts(batch) == ["new", "new"]
    assert Action.objects.get(code="B").parent.code == "A"
    again = sent("code,title,part of\nA,Whole,B\n", coordinator)
    assert "part of itself" in again.rows.get().reason


@pytest.mark.database
def test_an_import_is_undone_where_nobody_was_at_work_since(coordinator):
    old = actions_make.action("Old", code="X-1")
    text = "code,title,status\nX-1,New,completed\nX-2,Second,\nX-3,Third,\n"
    batch = applied(sent(text, coordinator), coordinator)
    actions_make.action("Below", parent=Action.objects.get(code="X-3"))
    assert sheets.undo_sheet(batch=batch, by=coordinator) == 1
    old.refresh_from_db()
    assert (old.title, old.status) == ("Old", "planned")
    assert set(Action.objects.values_list("code", flat=True)) >= {"X-1", "X-3"}
    assert not Action.objects.filter(code="X-2").exists()
    batch.refresh_from_db()
    assert "row 4" in batch.message


def test_a_file_without_actions_and_one_that_is_no_table_are_told_apart_from_mistakes(coordinator):
    assert sent("a,b\n1,2\n", coordinator).state == Batch.State.FAILED
    assert "twice" in sent("code,title,title\nX,Y,Z\n", coordinator).message


@pytest.mark.database
def test_a_file_is_sent_looked_at_and_applied_on_the_pages(client, coordinator, settings):
    client.force_login(coordinator)
    file = ContentFile(b"code,title\nX-1,From a file\nX-2,\n", "actions.csv")
    answer = client.post(reverse("desk:send_sheet", args=["actions"]), {"file": file}, follow=True)
    batch = Batch.objects.get()
    sheets.preview_sheet(batch)
    page = client.get(answer.redirect_chain[-1][0]).content.decode()
    assert "From a file" in page
    assert "row 3" in page
    client.post(reverse("desk:apply_sheet", args=["actions", batch.key]))
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWED
    client.post(reverse("desk:apply_sheet", args=["actions", batch.key]), {"accept_refused": "on"})
    batch.refresh_from_db()
    assert batch.state in (Batch.State.APPLYING, Batch.State.APPLIED)


def test_the_column_of_clusters_is_for_those_who_see_clusters(client, coordinator):
    cluster = clustering.make_cluster(
        name="Heron", records=[make.recommendation(), make.recommendation()], by=coordinator
    )
    applied(sent(f"code,title,clusters\nA-9,Train nurses,{cluster.key}\n", coordinator), coordinator)
    assert Action.objects.get(code="A-9").clusters.get() == cluster
    client.force_login(coordinator)
    [row] = csv.DictReader(io.StringIO(exported(client, "csv").decode("utf-8-sig")))
    assert row["clusters"] == str(cluster.key)
    client.force_login(make.user())
    [row] = csv.DictReader(io.StringIO(exported(client, "csv").decode("utf-8-sig")))
    assert row["clusters"] == ""
    batch = applied(sent("code,title,clusters\nA-9,Train nurses,-\n", coordinator), coordinator)
    assert not Action.objects.get(code="A-9").clusters.exists()
    sheets.undo_sheet(batch=batch, by=coordinator)
    assert Action.objects.get(code="A-9").clusters.get() == cluster
