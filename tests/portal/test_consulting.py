"""Drafts for comments of everyone: read, comment without an account, keep the secret link."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.pages.forms import sign_opening
from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.people.requests.log_filter import OPENING
from servanda.reporting.consultations import replying, services
from servanda.reporting.models import Consultation, ConsultationComment
from servanda.trail.models import Event
from tests import assessing_make, make, reports_make
from tests import consulting_make as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make.user(Role.COORDINATOR)


@pytest.fixture
def consultation(coordinator):
    return made.public(coordinator)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def at(consultation, name="consultation") -> str:
    return reverse(f"portal:{name}", args=[consultation.key])


def said(seconds: int = 300, **fields) -> dict:
    start = {"section": "", "text": "The school has no ramp.", "language": "en", "form_key": uuid4()} | fields
    opened = sign_opening(UUID(str(start["form_key"])), timezone.now() - timedelta(seconds=seconds))
    return {"opened": opened} | start


def test_the_moment_of_the_text_is_in_the_time_zone_of_the_instance(client, consultation, coordinator):
    Instance(pk=1, time_zone="Pacific/Auckland").save()
    Consultation.objects.update(frozen_at=datetime(2026, 1, 31, 12, 30, tzinfo=UTC))
    expected = "Text as of</dt> <dd> 1 February 2026, 01:30 (<bdi>Pacific/Auckland</bdi>) </dd>"
    assert expected in text_of(client.get(at(consultation)))
    client.force_login(coordinator)
    assert expected in text_of(client.get(consultation.get_absolute_url()))


def test_anybody_reads_comments_and_is_answered_without_an_account(client, consultation, coordinator):
    assert consultation.title in text_of(client.get(reverse("portal:consultations")))
    assert "The law changed." in text_of(client.get(at(consultation)))
    answer = client.post(at(consultation, "comment_on_draft"), said(organisation="Parents"), follow=True)
    comment = ConsultationComment.objects.get()
    assert answer.redirect_chain == [(f"/own-comment/{comment.key}/", 302)]
    assert "Awaiting publication" in text_of(answer)
    assert set(client.cookies) <= {"csrftoken", "messages"}
    assert not Event.objects.filter(action="consultation-comment-without-name", actor__isnull=False).exists()
    waiting = text_of(client.get(at(consultation, "consultation_comments")))
    assert "no ramp" not in waiting
    assert "Parents" not in waiting
    assert "awaits publication" not in waiting
    ConsultationComment.objects.update(sent_at=timezone.now() - timedelta(days=8))
    assert "1 comment awaits publication since" in text_of(client.get(at(consultation, "consultation_comments")))
    replying.show_consultation_comment(comment=comment, by=coordinator)
    replying.reply_consultation_comment(
        comment=comment, verdict="accepted", reply="It is built.", seen=None, by=coordinator
    )
    page = text_of(client.get(at(consultation, "consultation_comments")))
    for words in ("no ramp", "Parents", "It is built.", "not verified"):
        assert words in page
    assert "It is built." in text_of(client.get(reverse("portal:comment_receipt", args=[comment.key])))


def test_drafts_for_those_invited_are_not_found(client, coordinator):
    invited, drafted = made.opened(coordinator), made.drafted(coordinator, audience="public")
    for hidden in (invited, drafted):
        for name in ("consultation", "consultation_comments", "comment_on_draft"):
            assert client.get(at(hidden, name)).status_code == 404
        assert client.post(at(hidden, "comment_on_draft"), said()).status_code == 404
    assert "No drafts" in text_of(client.get(reverse("portal:consultations")))


def test_a_hasty_form_and_the_trap_keep_the_text(client, consultation):
    for fields in (said(seconds=0), said(website="https://spam.example"), said(opened="forged")):
        answer = client.post(at(consultation, "comment_on_draft"), fields)
        assert answer.status_code == 422
        assert "The school has no ramp." in text_of(answer)
    assert not ConsultationComment.objects.exists()


def test_a_form_sent_twice_makes_one_comment_and_unknown_fields_are_ignored(client, consultation, coordinator):
    fields = said(state="shown", author=coordinator.pk, verdict="accepted", reply="Yes.")
    for _time in range(2):
        client.post(at(consultation, "comment_on_draft"), fields)
    comment = ConsultationComment.objects.get()
    assert (comment.state, comment.author, comment.verdict, comment.reply) == ("waiting", None, "", "")


def test_too_many_from_one_address_have_to_wait(client, consultation):
    for _number in range(20):
        client.post(at(consultation, "comment_on_draft"), said())
    answer = client.post(at(consultation, "comment_on_draft"), said())
    assert answer.status_code == 422
    assert ConsultationComment.objects.count() == 20


def test_after_the_last_day_nothing_is_taken(client, consultation):
    Consultation.objects.update(ends_on=timezone.localdate() - timedelta(days=2))
    answer = client.post(at(consultation, "comment_on_draft"), said())
    assert answer.status_code == 422
    assert "closed" in text_of(answer)
    assert "Comment on this section" not in text_of(client.get(at(consultation)))


def test_the_secret_link_withdraws_and_another_key_finds_nothing(client, consultation):
    client.post(at(consultation, "comment_on_draft"), said())
    comment = ConsultationComment.objects.get()
    page = client.post(reverse("portal:withdraw_comment", args=[comment.key]), follow=True)
    assert "Withdrawn by its author" in text_of(page)
    assert client.get(reverse("portal:comment_receipt", args=[uuid4()])).status_code == 404
    of_account = made.comment(consultation, made.contributor("ngo"))
    for name, status in (("comment_receipt", 405), ("withdraw_comment", 404)):
        assert client.post(reverse(f"portal:{name}", args=[of_account.key])).status_code == status
    of_account.refresh_from_db()
    assert of_account.state == "waiting"


def test_a_withheld_comment_shows_its_reason_and_nothing_of_its_author(client, consultation, coordinator):
    comment = made.comment(consultation, None, "Ana stole it.", organisation="Neighbours")
    said_why = {"ground": "identifies-person", "reason": "It accuses a person by name."}
    replying.withhold_consultation_comment(comment=comment, **said_why, seen=None, by=coordinator)
    page = text_of(client.get(at(consultation, "consultation_comments")))
    assert "It accuses a person by name." in page
    assert "Ana" not in page
    assert "Neighbours" not in page
    assert "Ana stole it." in text_of(client.get(reverse("portal:comment_receipt", args=[comment.key])))


def test_a_withdrawn_draft_keeps_its_comments_and_shows_no_text(client, consultation, coordinator):
    comment = made.comment(consultation, None, "No figures.")
    replying.show_consultation_comment(comment=comment, by=coordinator)
    services.withdraw_consultation(consultation=consultation, reason="Wrong text.", by=coordinator)
    page = text_of(client.get(at(consultation)))
    assert "Wrong text." in page
    assert "The law changed." not in page
    assert "No figures." in text_of(client.get(at(consultation, "consultation_comments")))


def test_the_page_of_the_draft_leads_to_the_published_report_that_came_of_it(client, consultation, coordinator):
    submitted = reports_make.snapshot(consultation.report, coordinator)
    assert submitted.get_absolute_url() not in text_of(client.get(at(consultation)))
    published = reports_make.snapshot(consultation.report, coordinator, published_at=timezone.now())
    assert published.get_absolute_url() in text_of(client.get(at(consultation)))


def test_the_secret_link_is_not_whole_in_the_log():
    line = '"GET /own-comment/8e5b/withdraw/ HTTP/1.1"'
    assert OPENING.sub("…", line) == '"GET /own-comment/…/withdraw/ HTTP/1.1"'


def test_comments_of_accredited_institutions_are_marked(client, consultation):
    made.comment(consultation, assessing_make.accredited())
    made.comment(consultation, made.contributor("ngo"))
    ConsultationComment.objects.update(state="shown")
    page = text_of(client.get(at(consultation, "consultation_comments")))
    assert page.count("<strong>Accredited institution</strong>") == 1
    assert "NHRI" in page.partition("<strong>Accredited institution</strong>")[0].rpartition("<article")[2]
