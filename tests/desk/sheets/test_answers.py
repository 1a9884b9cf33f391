"""The pages of an answer sheet: downloaded, sent, looked at, taken over, undone."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from servanda.intake.models import CellComment
from servanda.people.access import Role
from servanda.progress.models import AnswerSheet, Update
from tests import make
from tests.rounds_make import request, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    return request(make.institution("ministry"), [make.recommendation(), make.recommendation()])


def filled_in(asked, text: str = "A law was passed.") -> ContentFile:
    code = asked.items.first().recommendation.code
    return ContentFile(workbook([["code", "text"], [code, text], ["SVN-9", "?"]]), name="answers.xlsx")


def test_an_institution_downloads_fills_in_looks_and_takes_over(client, asked, django_capture_on_commit_callbacks):
    make.signed_in(client, Role.FOCAL_POINT, institution=asked.institution)
    sheet = client.get(reverse("desk:answer_sheet", args=[asked.pk, "docx"]), {"language": "ar"})
    assert b"".join(sheet.streaming_content).startswith(b"PK")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("desk:send_sheet", args=["answers", asked.pk]), {"file": filled_in(asked)})
    page = client.get(answer.url).content.decode()
    assert "A law was passed." in page
    assert page.count("Each answer becomes a draft of your institution.") == 1
    assert "is not part of the request to this institution in this" in page
    key = AnswerSheet.objects.get().batch.key
    refused = client.post(reverse("desk:apply_sheet", args=["answers", key]), follow=True)
    assert "1 row is refused" in refused.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("desk:apply_sheet", args=["answers", key]), {"accept_refused": "on"})
    assert Update.objects.kept().get().state == "draft"
    client.post(reverse("desk:undo_sheet", args=["answers", key]))
    assert not Update.objects.kept().exists()


def test_a_file_that_is_discarded_leaves_nothing(client, asked):
    make.signed_in(client, Role.FOCAL_POINT, institution=asked.institution)
    client.post(reverse("desk:send_sheet", args=["answers", asked.pk]), {"file": filled_in(asked)})
    batch = AnswerSheet.objects.get().batch
    CellComment.objects.create(batch=batch, row=2, column="answer", text="Ask Ana.")
    client.post(reverse("desk:discard_sheet", args=["answers", batch.key]))
    batch.refresh_from_db()
    assert (batch.state, bool(batch.file), batch.rows.count()) == ("discarded", False, 0)
    assert not batch.cell_comments.exists()


def test_the_coordinator_gives_the_letter_and_sees_nothing_of_what_an_institution_sends(client, asked):
    sent = make.signed_in(client, Role.FOCAL_POINT, institution=asked.institution)
    url = reverse("desk:send_sheet", args=["answers", asked.pk])
    client.post(url, {"file": filled_in(asked, "A secret draft.")})
    own = reverse("desk:sheet", args=["answers", AnswerSheet.objects.get().batch.key])
    make.signed_in(client, Role.COORDINATOR)
    assert client.get(own).status_code == 404
    assert client.post(url, {"file": filled_in(asked)}).status_code == 422
    by_letter = {"file": filled_in(asked), "letter": "12/2026", "letter_date": "2026-03-01"}
    assert "by letter no." in client.post(url, by_letter, follow=True).content.decode()
    client.force_login(sent)
    assert client.get(own).status_code == 200


def test_what_is_sent_besides_the_file_and_its_letter_is_not_written(client, asked):
    by = make.signed_in(client, Role.COORDINATOR)
    besides = {
        "request": request().pk,
        "created_by": make.user().pk,
        "state": "applied",
        "publish": "on",
        "name": "odd",
    }
    data = {"file": filled_in(asked), "letter": "12/2026", "letter_date": "2026-03-01"}
    client.post(reverse("desk:send_sheet", args=["answers", asked.pk]), data | besides)
    sheet = AnswerSheet.objects.get()
    written = (sheet.request, sheet.batch.created_by, sheet.batch.state, sheet.batch.publish, sheet.batch.name)
    assert written == (asked, by, "uploaded", False, "answers.xlsx")


@pytest.mark.parametrize("format", ["pdf", "docx.exe"])
def test_a_sheet_of_another_kind_is_not_there(client, asked, format):
    make.signed_in(client, Role.FOCAL_POINT, institution=asked.institution)
    assert client.get(reverse("desk:answer_sheet", args=[asked.pk, format])).status_code == 404


def test_a_sheet_in_a_language_that_nobody_offers_is_not_there(client, asked):
    make.signed_in(client, Role.FOCAL_POINT, institution=asked.institution)
    assert client.get(reverse("desk:answer_sheet", args=[asked.pk, "xlsx"]), {"language": "xx"}).status_code == 404


@pytest.mark.parametrize(("role", "may_send"), [(Role.COORDINATOR, True), (Role.AUDITOR, False)])
def test_only_those_who_may_send_are_told_to_send_a_file(client, asked, role, may_send):
    make.signed_in(client, role)
    page = client.get(reverse("desk:send_sheet", args=["answers", asked.pk])).content.decode()
    assert "No files sent yet" in page
    assert ("send it above" in page) is may_send
    assert ('name="file"' in page) is may_send
