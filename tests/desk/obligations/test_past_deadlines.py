"""History that is imported: deadlines that had passed before are not overdue, and are settled many at once."""

import json
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.jobs.models import Mail
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.progress.rounds.obligations_due import things_due
from servanda.progress.rounds.reports_due import requests_owed
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.past_deadlines import SettlePastDeadlines
from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.sources.models import DocumentReading, Obligation
from servanda.sources.obligations import services
from servanda.sources.obligations.submissions import SubmissionValues, record_submission, take_back_submission
from servanda.trail.models import Event
from servanda.vocab.models import Body
from tests import make, obligation_make
from tests.desk.tiles import tiles_on_desk
from tests.sources.units.test_obligations import OBSERVATIONS, SYMBOL, applied, sent, written

pytestmark = pytest.mark.django_db
OLD = [
    row.replace("12 March 2026", "12 March 2014").replace("31 March 2030", "31 March 2018") for row in OBSERVATIONS
]


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def by():
    make.country()
    return make.user(Role.COORDINATOR)


def imported(by, path, rows=OLD) -> Batch:
    Body.objects.filter(pk=make.body("CEDAW").pk).update(symbol_pattern="CEDAW/C/{ISO3}/CO/{n}")
    return applied(sent(written(rows, path, SYMBOL), by), by)


def past(**fields) -> Obligation:
    return obligation_make.obligation(due_on=date(2018, 3, 31), is_past_at_entry=True, **fields)


def settled(by, answer: str, reason: str = "") -> Batch:
    batch = bulk.start_bulk(change=SettlePastDeadlines(answer, reason), records=Obligation.objects.kept(), by=by)
    bulk.apply_bulk(batch)
    batch.refresh_from_db()
    return batch


def test_an_old_document_makes_nothing_overdue_and_nothing_is_reminded(by, tmp_path):
    imported(by, tmp_path / "co.docx")
    follow_up, report = Obligation.objects.get(kind="follow-up"), Obligation.objects.get(kind="periodic-report")
    assert (follow_up.due_on, report.due_on) == (date(2016, 3, 12), date(2018, 3, 31))
    assert not Obligation.objects.late(on=today()).exists()
    assert [row.is_late(on=today()) for row in (follow_up, report)] == [False, False]
    assert set(Obligation.objects.past_at_entry()) == {follow_up, report}
    assert not FollowUp.objects.current().outstanding().exists()
    assert FollowUp.objects.current().past_at_entry().get().recommendation.paragraph == "3"
    assert (things_due(on=date(2016, 3, 13)), requests_owed().count()) == ([], 0)
    assert not Mail.objects.exists()


def test_a_deadline_that_is_still_to_come_is_overdue_once_it_passes(by, tmp_path):
    soon = today() + timedelta(days=10)
    rows = [row.replace("31 March 2030", f"{soon:%-d %B %Y}") for row in OBSERVATIONS]
    imported(by, tmp_path / "co.docx", rows)
    report = Obligation.objects.get(kind="periodic-report")
    assert (report.due_on, report.is_past_at_entry) == (soon, False)
    assert report in Obligation.objects.late(on=soon + timedelta(days=1))


def test_what_a_person_enters_with_a_day_that_has_passed_is_overdue(by):
    values = services.ObligationValues(body=make.committee("CEDAW"), kind="follow-up", due_on=date(2018, 3, 31))
    assert services.add_obligation(values=values, by=by).is_late(on=today())


def test_the_set_of_what_is_not_known_is_the_rule_of_each(by):
    for state in Obligation.State.values:
        past(state=state, state_reason="Known.")
    past()
    rows = Obligation.objects.all()
    assert {row.pk for row in rows if row.is_unknown} == set(rows.past_at_entry().values_list("pk", flat=True))
    assert {row.pk for row in rows if row.is_late(on=today())} == set(
        rows.late(on=today()).values_list("pk", flat=True)
    )


@pytest.mark.database
@pytest.mark.parametrize(
    ("answer", "state", "is_late"),
    [("answered", "closed", False), ("not-answered", "open", True), ("absorbed", "absorbed", False)],
)
def test_one_answer_settles_many_and_is_undone(by, answer, state, is_late):
    rows = [past() for _number in range(3)]
    other = obligation_make.obligation()
    batch = settled(by, answer)
    assert batch.total == 3
    for row in rows:
        row.refresh_from_db()
        assert (row.state, row.is_past_at_entry, row.is_late(on=today())) == (state, False, is_late)
        assert bool(row.state_reason) == (answer != "not-answered")
    other.refresh_from_db()
    assert other.state == "expected"
    assert Event.objects.filter(action="past-deadline-settled").count() == 3

    bulk.undo_bulk(batch=batch, by=by)
    assert bulk.clear_bulk(batch, by=by) == 0
    for row in rows:
        row.refresh_from_db()
        assert (row.state, row.state_reason, row.is_unknown) == ("expected", "", True)


def test_what_was_changed_since_stays_when_the_answer_is_undone(by):
    first, second = past(), past()
    batch = settled(by, "answered", "Reply of 2 May 2017.")
    first.refresh_from_db()
    assert first.state_reason == "Reply of 2 May 2017."
    services.set_obligation_state(obligation=first, state="lapsed", reason="Committee waived it.", seen=None, by=by)
    bulk.undo_bulk(batch=batch, by=by)
    assert bulk.clear_bulk(batch, by=by) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.is_unknown) == ("lapsed", True)


def test_one_that_somebody_settles_between_preview_and_applying_is_left_alone(by):
    first, second = past(), past()
    batch = bulk.start_bulk(change=SettlePastDeadlines("absorbed"), records=Obligation.objects.kept(), by=by)
    services.set_obligation_state(obligation=first, state="open", reason="", seen=None, by=by)
    bulk.apply_bulk(batch)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("open", "absorbed")


def test_only_those_who_edit_obligations_settle_them(by):
    past()
    with pytest.raises(Refused, match="permission"):
        settled(make.user(Role.FOCAL_POINT), "answered")


def test_a_status_a_submission_or_another_day_ends_that_it_is_not_known(by):
    stated, submitted, moved = past(), past(), past()
    services.set_obligation_state(obligation=stated, state="open", reason="", seen=None, by=by)
    record_submission(
        obligation=submitted, values=SubmissionValues(submitted_on=date(2018, 3, 1), reply="NV 7"), seen=None, by=by
    )
    take_back_submission(obligation=submitted, reason="It was another one.", by=by)
    values = services.ObligationValues(body=moved.body, kind=moved.kind, title=moved.title, due_on=date(2018, 4, 1))
    services.edit_obligation(obligation=moved, values=values, seen=moved.version, by=by)
    for row in (stated, submitted, moved):
        row.refresh_from_db()
        assert row.is_late(on=today())


def test_a_rules_estimate_that_an_old_document_replaces_is_not_known_and_is_restored(by, tmp_path):
    computed = obligation_make.obligation(
        kind="periodic-report", day_from="rule", certainty="estimate", due_on=date(2018, 1, 1)
    )
    batch = imported(by, tmp_path / "co.docx")
    computed.refresh_from_db()
    assert (computed.due_on, computed.is_unknown) == (date(2018, 3, 31), True)
    pipeline.undo_batch(batch=batch, by=by)
    computed.refresh_from_db()
    assert (computed.due_on, computed.is_past_at_entry) == (date(2018, 1, 1), False)


def test_the_list_settles_those_selected_or_all_and_leads_to_undo(client, tmp_path):
    make.country()
    by = make.signed_in(client, Role.COORDINATOR)
    imported(by, tmp_path / "co.docx")
    tile = tiles_on_desk(client)["obligations_unknown"]
    assert tile.count == 2
    page = client.get(tile.href).content.decode()
    assert page.count("Not known whether answered") == 2
    assert "mark-late" not in page
    follow_up = Obligation.objects.get(kind="follow-up")
    address, values = reverse("desk:settle_past_deadlines"), {"answer": "absorbed", "query": "when=unknown"}
    preview = client.post(address, values | {"code": follow_up.code}).content.decode()
    assert "1 obligation would change" in preview
    answer = client.post(address, values | {"codes": follow_up.code, "step": "apply", "count": "1"}, follow=True)
    batch = Batch.objects.get(shape="bulk-deadlines")
    assert reverse("desk:undo_bulk", args=[batch.key]) in answer.content.decode()
    assert set(Obligation.objects.past_at_entry().values_list("kind", flat=True)) == {"periodic-report"}
    client.post(address, values | {"all": "1", "step": "apply", "count": "1"})
    assert not Obligation.objects.past_at_entry().exists()
    assert client.post(address, values, follow=True).redirect_chain[-1][0].endswith("?when=unknown")


def test_a_reader_sees_that_it_is_not_known_and_settles_nothing(client):
    make.signed_in(client, Role.READER)
    due = past()
    page = client.get(reverse("desk:obligations"), {"when": "unknown"}).content.decode()
    assert due.code in page
    assert "settle" not in page
    assert client.post(reverse("desk:settle_past_deadlines"), {"answer": "answered"}).status_code == 403


def test_the_register_finds_the_records_of_such_follow_up(client, tmp_path):
    make.country()
    by = make.signed_in(client, Role.COORDINATOR)
    imported(by, tmp_path / "co.docx")
    record = Recommendation.objects.get(paragraph="3")
    found = client.get(reverse("desk:register"), {"follow-up": "unknown"}).content.decode()
    assert record.code in found
    assert record.code not in client.get(reverse("desk:register"), {"follow-up": "past"}).content.decode()
    page = client.get(reverse("desk:record", args=[record.code])).content.decode()
    assert "not known whether answered" in page
    request = FollowUp.objects.get()
    reply = reverse("desk:record_reply", args=[record.code, request.pk])
    client.post(reply, {"replied_on": "2016-03-01", "reply": "CEDAW/C/SVN/FCO/5"})
    assert FollowUp.objects.get().replied_on == date(2016, 3, 1)
    assert not FollowUp.objects.past_at_entry().exists()


def test_real_judgments_with_terms_that_have_passed_make_nothing_overdue(by, tmp_path, shared_data):
    """Their terms run from a notification that they do not name, so they are estimates."""
    court = make.body("IACtHR", "court")
    lines = (shared_data / "regional" / "iacthr_judgments_operative.jsonl").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        judgment = json.loads(line)
        parts = re.split(r"\n\s*\n", judgment["operative_excerpt"])
        points = [text for part in parts if (text := " ".join(part.split()))]
        rows = ("CORTE INTERAMERICANA DE DERECHOS HUMANOS", judgment["title"], judgment["date"], *points)
        reading = sent(written(rows, tmp_path / f"{number}.docx"), by)
        DocumentReading.objects.filter(pk=reading.pk).update(body=court.code, country="SVN", symbol=f"C/{number}")
        reading.refresh_from_db()
        if reading.units.filter(kind="obligation").exists():
            applied(reading, by)
    assert Obligation.objects.filter(body=court).count() >= 3
    assert set(Obligation.objects.values_list("certainty", flat=True)) == {"estimate"}
    assert not Obligation.objects.late(on=date(2030, 1, 1)).exists()
