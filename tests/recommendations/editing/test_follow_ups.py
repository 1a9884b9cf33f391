"""What a document asks beside the substance, on the record: seen, filtered, taken back with the import."""

import csv
import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.recommendations.editing.follow_ups import mark_follow_up, record_reply, take_back_reply
from servanda.recommendations.editing.merging import merge_recommendations, unmerge_recommendation
from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.sources.models import DocumentReading, Submission
from servanda.sources.units import editing as units
from servanda.trail.models import Event
from tests import make
from tests.desk.tiles import tiles_on_desk
from tests.sources import documents_make
from tests.sources.units.test_reading import confirmed, sent

pytestmark = pytest.mark.django_db
DAYS = ("obligation__due_on", "obligation__submission__submitted_on")
REPLY = "obligation__submission__reply"


def followed_up(record: Recommendation, **fields) -> FollowUp:
    return make.follow_up(record, **{"words": "within one year"} | fields)


def test_follow_up_dissemination_and_term_come_with_the_document_and_leave_with_it(client, tmp_path):
    make.country()
    make.body("CERD")
    by = make.signed_in(client, Role.COORDINATOR)
    reading = DocumentReading.objects.get(batch=sent(documents_make.typed_docx(tmp_path / "co.docx"), by))
    DocumentReading.objects.filter(pk=reading.pk).update(date=date(2024, 8, 30), body="CERD")
    batch = confirmed(DocumentReading.objects.get(pk=reading.pk), by)
    asked = FollowUp.objects.current().values_list("recommendation__paragraph", "kind", "words", "obligation__due_on")
    due = date(2026, 8, 30)
    assert list(asked) == [("2(a)", "follow-up", "within two years", due)]  # 3 and 4 are obligations
    page = client.get(reverse("desk:record", args=[Recommendation.objects.get(paragraph="2(a)").code]))
    assert '<dd><time datetime="2026-08-30">' in page.content.decode()
    pipeline.undo_batch(batch=batch, by=by)
    assert not FollowUp.objects.exists()


def test_a_term_that_is_mended_is_said_in_the_preview_and_takes_the_place_of_the_old_one(tmp_path):
    make.country()
    make.body("CERD")
    by = make.user(Role.COORDINATOR)
    first = DocumentReading.objects.get(batch=sent(documents_make.typed_docx(tmp_path / "co.docx"), by))
    DocumentReading.objects.update(body="CERD")
    confirmed(DocumentReading.objects.get(pk=first.pk), by)
    again = DocumentReading.objects.get(batch=sent(documents_make.typed_docx(tmp_path / "again.docx"), by))
    DocumentReading.objects.filter(pk=again.pk).update(body="CERD")
    again.units.filter(number="2(a)").update(deadline="within one year", deadline_count=1)
    units.confirm_units(reading=DocumentReading.objects.get(pk=again.pk), numbering_is_right=False, by=by)
    again.batch.refresh_from_db()
    pipeline.preview_batch(again.batch)
    assert again.batch.rows.get(verdict="changed").difference == "Follow-up requested"
    pipeline.start_applying(batch=again.batch, by=by, accept_refused=False, publish=True)
    pipeline.apply_batch(again.batch)
    follow_ups = FollowUp.objects.current().filter(recommendation__paragraph="2(a)")
    assert [follow_up.words for follow_up in follow_ups] == ["within one year"]


@pytest.mark.database
@pytest.mark.parametrize("page", ["desk:register", "portal:register"])
def test_the_register_is_narrowed_to_what_is_asked_for_and_by_when(client, page):
    today = timezone.localdate()
    past, soon, plain, spread = [make.recommendation(f"Group {number}.") for number in range(4)]
    followed_up(past, due_on=today - timedelta(days=1))
    followed_up(soon, due_on=today + timedelta(days=9))
    followed_up(spread, kind="dissemination", words="")
    told = make.recommendation("Tell us of minors.")
    followed_up(told, due_on=today + timedelta(days=9), replied_on=today)
    make.signed_in(client, Role.COORDINATOR)
    data = {
        "asked": {past, soon, told},
        "replied": {told},
        "due": {past, soon},
        "past": {past},
        "soon": {soon},
        "dissemination": {spread},
        "-": {plain},
    }
    for value, records in data.items():
        listing = client.get(reverse(page), {"follow-up": value}).context["listing"]
        assert {row.record.code for row in listing.rows()} == {record.code for record in records}, value


def test_a_merge_brings_it_along_and_its_undoing_takes_it_back():
    into, other = make.recommendation(), make.recommendation()
    followed_up(other)
    by = make.user(Role.COORDINATOR)
    merge_recommendations(into=into, others=[other], by=by)
    assert into.follow_ups.current().get().words == "within one year"
    other.refresh_from_db()
    unmerge_recommendation(recommendation=other, by=by)
    assert not into.follow_ups.current().exists()


def sent_again(tmp_path, by, **terms) -> Batch:
    """The same document once more, with other terms in paragraph 2(a)."""
    again = DocumentReading.objects.get(batch=sent(documents_make.typed_docx(tmp_path / "again.docx"), by))
    DocumentReading.objects.filter(pk=again.pk).update(body="CERD", date=date(2024, 8, 30))
    again.units.filter(number="2(a)").update(**terms)
    return confirmed(DocumentReading.objects.get(pk=again.pk), by)


def test_what_a_person_set_or_took_away_no_file_changes(client, tmp_path):
    make.country()
    make.body("CERD")
    by = make.signed_in(client, Role.COORDINATOR, name="Ana Kos")
    first = DocumentReading.objects.get(batch=sent(documents_make.typed_docx(tmp_path / "co.docx"), by))
    DocumentReading.objects.update(body="CERD", date=date(2024, 8, 30))
    first.units.filter(number="2(b)").update(is_dissemination=True)
    confirmed(DocumentReading.objects.get(pk=first.pk), by)
    dated, spread = [Recommendation.objects.get(paragraph=number) for number in ("2(a)", "2(b)")]
    address = reverse("desk:mark_follow_up", args=[dated.code])
    answer = {"kind": "follow-up", "due_on": "2026-10-01", "version": dated.version}
    assert client.post(address, answer).status_code == 302
    client.post(reverse("desk:end_follow_up", args=[spread.code, spread.follow_ups.get().pk]))
    sent_again(tmp_path, by, deadline="within one year", deadline_count=1)
    marked = dated.follow_ups.current().get()
    assert (marked.words, marked.due_on, marked.said_by) == ("within two years", date(2026, 10, 1), by)
    assert not spread.follow_ups.current().exists()
    printed = dated.follow_ups.exclude(pk=marked.pk).get()
    assert (printed.due_on, printed.ended_at is None) == (date(2026, 8, 30), False)
    assert "set by Ana Kos" in client.get(reverse("desk:record", args=[dated.code])).content.decode()
    client.logout()
    assert "Ana Kos" not in client.get(reverse("portal:recommendation", args=[dated.code])).content.decode()


def test_what_was_taken_away_comes_back_with_who_had_said_it(client):
    record = make.recommendation()
    first, second = followed_up(record), followed_up(record, words="by the next report")
    make.signed_in(client, Role.COORDINATOR)
    client.post(reverse("desk:end_follow_up", args=[record.code, first.pk]))
    assert not record.follow_ups.current().exists()
    client.post(reverse("desk:restore_follow_up", args=[record.code, first.pk]))
    assert set(record.follow_ups.current()) == {first, second}
    history = client.get(reverse("desk:record_history", args=[record.code])).content.decode()
    assert "<ins>Follow-up requested</ins>" in history
    assert [event.action for event in Event.objects.filter(action__startswith="follow-up").order_by("sequence")] == [
        "follow-up-ended",
        "follow-up-restored",
    ]


def test_a_day_before_the_document_and_the_same_said_twice_are_refused(client):
    record = make.recommendation(date=date(2026, 5, 4))
    make.signed_in(client, Role.COORDINATOR)
    address = reverse("desk:mark_follow_up", args=[record.code])
    for day, refusal in (("2026-05-03", "before that of the document"), ("", None), ("", "already recorded")):
        record.refresh_from_db()
        answer = client.post(
            address, {"kind": "dissemination", "due_on": day, "version": record.version}, follow=True
        )
        assert refusal is None or refusal in answer.content.decode()
    assert [follow_up.due_on for follow_up in record.follow_ups.all()] == [None]


def test_who_is_second_is_told_and_overwrites_nothing(client):
    record = make.recommendation()
    make.signed_in(client, Role.COORDINATOR)
    answer = {"kind": "follow-up", "version": record.version}
    address = reverse("desk:mark_follow_up", args=[record.code])
    client.post(address, answer | {"due_on": "2027-01-01"})
    second = client.post(address, answer | {"due_on": "2027-02-02"})
    assert second.status_code == 409
    assert [follow_up.due_on for follow_up in record.follow_ups.current()] == [date(2027, 1, 1)]
    assert 'value="2027-02-02"' in second.content.decode()


def test_files_and_the_api_say_what_is_asked_and_by_the_earliest_day(client):
    record, plain = make.recommendation(), make.recommendation()
    followed_up(record, due_on=date(2027, 3, 1))
    followed_up(record, due_on=date(2026, 12, 1))
    followed_up(record, kind="dissemination", words="", due_on=None)
    followed_up(plain, ended_at=timezone.now())
    data = {
        "follow_up_asked": True,
        "follow_up_due_on": "2026-12-01",
        "follow_up_replied_on": None,
        "dissemination_asked": True,
        "dissemination_due_on": None,
    }
    nothing = {name: None if name.endswith("_on") else False for name in data}
    make.signed_in(client, Role.COORDINATOR)
    for address in ("desk:register_export", "portal:register_export"):
        answer = b"".join(client.get(reverse(address, args=["json"])))
        told = {recommendation["code"]: recommendation for recommendation in json.loads(answer)["recommendations"]}
        table = b"".join(client.get(reverse(address, args=["csv"]))).decode().splitlines()
        cells = [dict(zip(next(csv.reader(table)), row, strict=True)) for row in csv.reader(table[1:])]
        for each, expected in ((record, data), (plain, nothing)):
            assert {name: told[each.code][name] for name in data} == expected
        assert [[row[name] for name in data] for row in cells] == [
            ["yes", "2026-12-01", "", "yes", ""],
            ["no", "", "", "no", ""],
        ]
    answer = client.get(f"/api/v1/recommendations/{record.code}").json()
    assert {name: answer[name] for name in data} == data


def test_a_reply_that_was_sent_is_recorded_shown_to_everybody_and_taken_back_with_one_press(client):
    today = timezone.localdate()
    record = make.recommendation(date=today - timedelta(days=300))
    asked = followed_up(record, due_on=today + timedelta(days=10))
    make.signed_in(client, Role.COORDINATOR, name="Ana Kos")
    page = reverse("desk:mark_follow_up", args=[record.code])
    address = reverse("desk:record_reply", args=[record.code, asked.pk])
    assert due_on_the_desk(client) == 1
    assert address in client.get(page).content.decode()
    answer = client.post(address, {"replied_on": today.isoformat(), "reply": "CCPR/C/SVN/FCO/3"}, follow=True)
    back = reverse("desk:take_back_reply", args=[record.code, asked.pk])
    assert f'action="{back}"' in answer.content.decode()
    assert due_on_the_desk(client) == 0
    public = reverse("portal:recommendation", args=[record.code])
    assert "reply sent on" in client.get(public).content.decode()
    assert "CCPR/C/SVN/FCO/3" in client.get(public).content.decode()
    data = client.get(f"/api/v1/recommendations/{record.code}").json()
    assert (data["follow_up_due_on"], data["follow_up_replied_on"]) == (asked.due_on.isoformat(), today.isoformat())
    history = client.get(reverse("desk:record_history", args=[record.code])).content.decode()
    assert f"{today.isoformat()}; CCPR/C/SVN/FCO/3" in history
    client.post(back)
    assert due_on_the_desk(client) == 1
    assert "reply sent on" not in client.get(public).content.decode()
    assert [event.action for event in Event.objects.filter(action__startswith="follow-up").order_by("sequence")] == [
        "follow-up-replied",
        "follow-up-reply-taken-back",
    ]


def due_on_the_desk(client) -> int:
    tile = tiles_on_desk(client).get("follow_up_due")
    return tile.count if tile else 0


def test_what_is_asked_anew_after_a_reply_is_due_and_the_reply_to_all_of_it_is_said_once_there_is_one(client):
    record, today = make.recommendation(), timezone.localdate()
    followed_up(record, due_on=date(2026, 3, 1), replied_on=date(2026, 2, 1))
    again = followed_up(record, due_on=today + timedelta(days=5))
    make.signed_in(client, Role.COORDINATOR)
    address = f"/api/v1/recommendations/{record.code}"
    data = client.get(address).json()
    assert (data["follow_up_due_on"], data["follow_up_replied_on"]) == (again.due_on.isoformat(), None)
    shown = client.get(reverse("desk:record", args=[record.code])).context["record"].follow_ups
    assert [follow_up.due_on for follow_up in shown] == [again.due_on]
    client.post(reverse("desk:record_reply", args=[record.code, again.pk]), {"replied_on": today.isoformat()})
    data = client.get(address).json()
    assert (data["follow_up_due_on"], data["follow_up_replied_on"]) == ("2026-03-01", today.isoformat())


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"replied_on": ""}, "Enter a date for “"),
        ({"replied_on": "2099-01-01"}, "must be today or in the past"),
        ({"replied_on": "2025-01-01"}, "before that of the document"),
        ({"reply": "javascript:alert(1)"}, "begins with https://"),
        ({"reply": "https://"}, "Enter a web address"),
    ],
)
def test_a_reply_on_an_impossible_day_or_with_an_unsafe_address_is_refused(client, fields, refusal):
    record = make.recommendation(date=date(2026, 1, 5))
    asked = followed_up(record)
    make.signed_in(client, Role.COORDINATOR)
    address = reverse("desk:record_reply", args=[record.code, asked.pk])
    answer = client.post(address, {"replied_on": "2026-02-01"} | fields)
    assert (answer.status_code, refusal in answer.content.decode()) == (422, True)
    assert not FollowUp.objects.replied().exists()


def test_an_address_of_a_reply_is_a_link_and_a_symbol_is_none(client):
    record = make.recommendation()
    asked = followed_up(record, replied_on=date(2026, 2, 1), reply="https://www.ohchr.org/reply?a=1&b=2")
    page = client.get(reverse("portal:recommendation", args=[record.code])).content.decode()
    assert 'href="https://www.ohchr.org/reply?a=1&amp;b=2"' in page
    Submission.objects.filter(obligation=asked.obligation).update(reply="CCPR/C/SVN/FCO/3")
    page = client.get(reverse("portal:recommendation", args=[record.code])).content.decode()
    assert "(<bdi>CCPR/C/SVN/FCO/3</bdi>)" in page


def test_only_one_of_two_who_record_a_reply_at_once_is_kept():
    asked, by = followed_up(make.recommendation()), make.user(Role.COORDINATOR)
    record_reply(follow_up=asked, replied_on=date(2026, 2, 1), reply="", by=by)
    with pytest.raises(Refused, match="already recorded"):
        record_reply(follow_up=asked, replied_on=date(2026, 3, 1), reply="", by=by)
    take_back_reply(follow_up=asked, by=by)
    with pytest.raises(Refused, match="No reply is recorded"):
        take_back_reply(follow_up=asked, by=by)


def test_what_was_replied_to_stays_when_a_file_mends_the_term_and_the_mended_one_is_due(client, tmp_path):
    make.country()
    make.body("CERD")
    by = make.signed_in(client, Role.COORDINATOR)
    first = DocumentReading.objects.get(batch=sent(documents_make.typed_docx(tmp_path / "co.docx"), by))
    DocumentReading.objects.update(body="CERD", date=date(2024, 8, 30))
    confirmed(DocumentReading.objects.get(pk=first.pk), by)
    record = Recommendation.objects.get(paragraph="2(a)")
    record_reply(follow_up=record.follow_ups.get(), replied_on=date(2026, 2, 1), reply="", by=by)
    sent_again(tmp_path, by, deadline="within one year", deadline_count=1)
    days = record.follow_ups.current().order_by("obligation__due_on").values_list(*DAYS)
    assert list(days) == [(date(2025, 8, 30), None), (date(2026, 8, 30), date(2026, 2, 1))]


def test_a_merge_brings_a_reply_along_beside_what_is_not_replied_to():
    into, other = make.recommendation(), make.recommendation()
    followed_up(into)
    followed_up(other, replied_on=date(2026, 2, 1))
    merge_recommendations(into=into, others=[other], by=make.user(Role.COORDINATOR))
    assert sorted(into.follow_ups.current().values_list(DAYS[1], flat=True), key=str) == [
        date(2026, 2, 1),
        None,
    ]


def test_a_reply_recorded_after_a_merge_is_not_lost_when_the_merge_is_undone():
    """Both refer to the obligation of their document, which has the reply."""
    into, other, by = make.recommendation(), make.recommendation(), make.user(Role.COORDINATOR)
    followed_up(other)
    merge_recommendations(into=into, others=[other], by=by)
    record_reply(follow_up=into.follow_ups.get(), replied_on=date(2026, 2, 1), reply="CCPR/C/SVN/FCO/3", by=by)
    unmerge_recommendation(recommendation=Recommendation.objects.get(pk=other.pk), by=by)
    assert not into.follow_ups.exists()
    assert other.follow_ups.get().replied_on == date(2026, 2, 1)


def test_a_reply_for_the_restricted_survivor_alone_hinders_the_undoing_of_the_merge():
    into, other = make.recommendation(confidentiality="restricted"), make.recommendation()
    by = make.user(Role.COORDINATOR)
    followed_up(other)
    merge_recommendations(into=into, others=[other], by=by)
    brought = into.follow_ups.get()
    record_reply(follow_up=brought, replied_on=date(2026, 2, 1), reply="CCPR/C/SVN/FCO/3", by=by)
    assert other.follow_ups.get().replied_on is None
    with pytest.raises(Refused, match=f"recorded on {into.code} after the merge"):
        unmerge_recommendation(recommendation=Recommendation.objects.get(pk=other.pk), by=by)
    take_back_reply(follow_up=brought, by=by)
    unmerge_recommendation(recommendation=Recommendation.objects.get(pk=other.pk), by=by)
    assert not into.follow_ups.exists()


def test_a_reply_that_was_there_before_a_merge_hinders_its_undoing_no_more_than_what_is_asked():
    into, other, by = make.recommendation(), make.recommendation(), make.user(Role.COORDINATOR)
    followed_up(other, replied_on=date(2026, 2, 1))
    merge_recommendations(into=into, others=[other], by=by)
    unmerge_recommendation(recommendation=Recommendation.objects.get(pk=other.pk), by=by)
    assert (into.follow_ups.count(), other.follow_ups.replied().count()) == (0, 1)


def test_an_import_that_brought_what_the_state_replied_to_is_not_undone_with_the_reply(client, tmp_path):
    make.country()
    make.body("CERD")
    by = make.signed_in(client, Role.COORDINATOR)
    first = DocumentReading.objects.get(batch=sent(documents_make.typed_docx(tmp_path / "co.docx"), by))
    DocumentReading.objects.update(body="CERD", date=date(2024, 8, 30))
    confirmed(DocumentReading.objects.get(pk=first.pk), by)
    batch = sent_again(tmp_path, by, deadline="within one year", deadline_count=1)
    mended = FollowUp.objects.current().get(recommendation__paragraph="2(a)")
    assert (mended.added_by, mended.recommendation.added_by) == (batch, first.batch)
    record_reply(follow_up=mended, replied_on=date(2026, 2, 1), reply="", by=by)
    with pytest.raises(Refused, match="was edited after the import"):
        pipeline.undo_batch(batch=batch, by=by)
    assert FollowUp.objects.replied().get() == mended
    take_back_reply(follow_up=mended, by=by)
    pipeline.undo_batch(batch=batch, by=by)


def test_another_day_marked_by_hand_is_due_beside_what_the_state_replied_to():
    record, by = make.recommendation(), make.user(Role.COORDINATOR)
    told = followed_up(record, due_on=date(2026, 3, 1))
    record_reply(follow_up=told, replied_on=date(2026, 2, 1), reply="CCPR/C/SVN/FCO/3", by=by)
    record.refresh_from_db()
    again = {"recommendation": record, "kind": "follow-up", "due_on": date(2027, 3, 1), "by": by}
    mark_follow_up(**again, version=record.version)
    days = record.follow_ups.current().order_by("obligation__due_on").values_list("obligation__due_on", REPLY)
    assert list(days) == [(date(2026, 3, 1), "CCPR/C/SVN/FCO/3"), (date(2027, 3, 1), None)]
