"""Pages of consultations at the desk: prepare and open, comment, reply, the list with its files."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.reporting.consultations import replying
from servanda.reporting.models import Consultation, ConsultationComment
from servanda.reporting.reports.services import write_section
from tests import consulting_make as made
from tests import make
from tests.desk.tiles import tiles_on_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def nhri():
    return made.contributor(name="Nour", email="nhri@example.org")


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def at(consultation: Consultation, name: str = "consultation", *more) -> str:
    return reverse(f"desk:{name}", args=[consultation.key, *more])


def key_on(client, url: str) -> str:
    return text_of(client.get(url)).partition('name="form_key" value="')[2][:36]


def test_a_coordinator_prepares_checks_and_opens_a_consultation(client, coordinator, nhri):
    report = made.cleared_report(coordinator)
    listed = f"{reverse('desk:consultations')}?report={report.key}"
    assert listed.replace("&", "&amp;") in text_of(client.get(report.get_absolute_url()))
    assert "No consultations" in text_of(client.get(listed))
    add = reverse("desk:add_consultation", args=[report.key])
    fields = {"title": "Draft", "audience": "invited", "people": [nhri.pk], "form_key": key_on(client, add)}
    fields["ends_on"] = timezone.localdate() + timedelta(days=30)
    fields["sections"] = [report.sections.get(key="chapters").pk]
    page = text_of(client.post(add, fields, follow=True))
    assert "Consultation prepared." in page
    consultation = Consultation.objects.get()
    assert "1 person receives" in text_of(client.get(at(consultation, "open_consultation")))
    page = text_of(client.post(at(consultation, "open_consultation"), follow=True))
    assert "Consultation opened." in page
    assert "The law changed." in page
    assert "How we wrote it." not in page
    assert "In preparation" not in page


def test_what_is_missing_before_opening_is_said(client, coordinator):
    consultation = made.drafted(coordinator)
    page = text_of(client.get(at(consultation)))
    assert "No contributors are invited yet." in page
    assert "Open for comments" not in page


def test_a_past_day_is_refused_at_its_field(client, coordinator, nhri):
    consultation = made.drafted(coordinator, nhri)
    fields = {"title": "Draft", "audience": "invited", "ends_on": "2020-01-01", "seen": 1}
    answer = client.post(at(consultation, "edit_consultation"), fields)
    assert answer.status_code == 422
    assert "Enter a date that is not in the past." in text_of(answer)


def test_a_contributor_comments_edits_and_reads_the_reply(client, coordinator, nhri):
    consultation = made.opened(coordinator, nhri)
    client.force_login(nhri)
    assert tiles_on_desk(client)["open_drafts"].count == 1
    add = f"{at(consultation, 'add_consultation_comment')}?section=2"
    assert '<option value="2" selected' in text_of(client.get(add))
    data = {"section": "2", "text": "لا توجد أرقام.", "language": "ar", "form_key": key_on(client, add)}
    assert "Comment sent." in text_of(client.post(add, data, follow=True))
    comment = ConsultationComment.objects.get()
    assert comment.section.heading == "Chapters"
    edit = at(consultation, "edit_consultation_comment", comment.pk)
    client.post(edit, {"section": "2", "text": "لا توجد أرقام حديثة.", "language": "ar", "seen": comment.version})
    comment.refresh_from_db()
    replying.reply_consultation_comment(
        comment=comment, verdict="partly", reply="Added for 2025.", seen=2, by=coordinator
    )
    page = text_of(client.get(reverse("desk:own_comments")))
    assert "لا توجد أرقام حديثة." in page
    assert "Partly accepted" in page
    assert "Added for 2025." in page
    assert client.get(edit).status_code == 200
    assert "has a reply" in text_of(client.post(edit, {"text": "x", "language": "ar", "seen": 3}))


def test_one_megabyte_of_text_is_refused_at_its_field(client, coordinator, nhri):
    consultation = made.opened(coordinator, nhri)
    client.force_login(nhri)
    add = at(consultation, "add_consultation_comment")
    data = {"text": "a" * 1_000_000, "language": "en", "form_key": key_on(client, add)}
    answer = client.post(add, data)
    assert answer.status_code == 422
    assert "10,000 characters or fewer" in text_of(answer)
    assert not ConsultationComment.objects.exists()


def test_signs_that_turn_the_direction_stay_within_their_comment(client, coordinator, nhri):
    consultation = made.opened(coordinator, nhri)
    made.comment(consultation, nhri, "Safe \u202e<b>evil</b>\u2066 text")
    page = client.get(at(consultation, "consultation_comments")).content.decode()
    assert "<b>evil" not in page
    assert 'dir="auto"' in page.partition("evil")[0].rpartition("report-comment")[2]


def test_an_uninvited_contributor_gets_the_same_bytes_with_and_without_it(client, coordinator, nhri):
    stranger = made.contributor("ngo")
    client.force_login(stranger)
    pages = [reverse(f"desk:{name}") for name in ("consultations", "own_comments", "contributions", "home")]
    before = [without_keys(client.get(page)) for page in pages]
    consultation = made.opened(coordinator, nhri)
    comment = made.comment(consultation, nhri)
    assert [without_keys(client.get(page)) for page in pages] == before
    for name in ("consultation", "consultation_comments", "add_consultation_comment"):
        assert client.get(at(consultation, name)).status_code == 404
    for name in ("consultation_comment", "edit_consultation_comment", "withdraw_consultation_comment"):
        assert client.get(at(consultation, name, comment.pk)).status_code == 404
    assert client.get(reverse("portal:consultation", args=[consultation.key])).status_code == 404


def without_keys(answer) -> str:
    page = answer.content.decode()
    for name in ("csrfmiddlewaretoken", "form_key"):
        first, found, rest = page.partition(f'name="{name}" value="')
        page = first + rest.partition('"')[2] if found else page
    return page.replace(answer.headers.get("x-nonce", "\0"), "")


def test_the_comment_of_somebody_invited_as_well_cannot_be_changed(client, coordinator, nhri):
    other = made.contributor("ngo")
    consultation = made.opened(coordinator, nhri, other)
    comment = made.comment(consultation, nhri)
    client.force_login(other)
    assert client.get(at(consultation, "consultation_comment", comment.pk)).status_code == 200
    for name in ("edit_consultation_comment", "withdraw_consultation_comment"):
        assert client.post(at(consultation, name, comment.pk), {"text": "x"}).status_code == 404
    assert client.post(at(consultation, "reply_consultation_comment", comment.pk)).status_code == 403
    mixed = made.opened(coordinator, other)
    assert client.get(at(mixed, "consultation_comment", comment.pk)).status_code == 404


def test_a_coordinator_replies_and_a_late_second_reply_is_kept_in_the_form(client, coordinator, nhri):
    consultation = made.opened(coordinator, nhri)
    comment = made.comment(consultation, nhri)
    assert tiles_on_desk(client)["draft_comments"].count == 1
    reply = at(consultation, "reply_consultation_comment", comment.pk)
    data = {"verdict": "not", "reply": "The figure is in annex 2.", "seen": comment.version}
    assert "The figure is in annex 2." in text_of(client.post(reply, data, follow=True))
    assert tiles_on_desk(client)["draft_comments"].count == 0
    answer = client.post(reply, {"verdict": "accepted", "reply": "My words.", "seen": comment.version})
    assert answer.status_code == 422
    assert "My words." in text_of(answer)
    assert "Read it again" in text_of(answer)


def test_a_withheld_comment_is_replaced_by_its_reason_and_comes_back(client, coordinator, nhri):
    other = made.contributor("ngo")
    consultation = made.opened(coordinator, nhri, other)
    comment = made.comment(consultation, other)
    withhold = at(consultation, "withhold_consultation_comment", comment.pk)
    data = {"ground": "identifies-person", "reason": "It names a child.", "seen": comment.version}
    assert at(consultation, "show_consultation_comment", comment.pk) in text_of(
        client.post(withhold, data, follow=True)
    )
    client.force_login(nhri)
    page = text_of(client.get(at(consultation, "consultation_comments")))
    assert "It names a child." in page
    assert "A figure is missing." not in page
    client.force_login(other)
    assert "A figure is missing." in text_of(client.get(at(consultation, "consultation_comments")))
    client.force_login(coordinator)
    client.post(at(consultation, "show_consultation_comment", comment.pk))
    client.force_login(nhri)
    assert "A figure is missing." in text_of(client.get(at(consultation, "consultation_comments")))


def test_comments_are_filtered_and_downloaded(client, coordinator, nhri):
    consultation = made.opened(coordinator, nhri)
    section = consultation.sections.get(heading="Chapters")
    made.comment(consultation, nhri, "=HYPERLINK(1)", section=section)
    comment = made.comment(consultation, nhri, "Second.")
    replying.reply_consultation_comment(comment=comment, verdict="accepted", reply="", seen=1, by=coordinator)
    listed = at(consultation, "consultation_comments")
    for query, shown, hidden in (
        ("?section=0", "Second.", "HYPERLINK"),
        ("?section=2", "HYPERLINK", "Second."),
        ("?reply=none", "HYPERLINK", "Second."),
        ("?reply=accepted", "Second.", "HYPERLINK"),
        ("?words=second", "Second.", "HYPERLINK"),
        ("?state=shown&section=99999999999&reply=x", "Second.", "nothing"),
    ):
        page = text_of(client.get(listed + query))
        assert shown in page, query
        assert hidden not in page, query
    for format, part, words in (("xlsx", "sharedStrings", ""), ("docx", "word/document.xml", "HYPERLINK")):
        answer = client.get(at(consultation, "consultation_comments_export", format))
        book = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))
        assert words in "".join(book.read(name).decode() for name in book.namelist() if part in name)
    assert client.get(at(consultation, "consultation_comments_export", "exe")).status_code == 404


def test_changes_since_the_consultation_are_beside_accepted_comments(client, coordinator, nhri):
    consultation = made.opened(coordinator, nhri)
    assert "No changes" in text_of(client.get(at(consultation, "consultation_changes")))
    section = consultation.sections.get(heading="Chapters")
    comment = made.comment(consultation, nhri, "Name the law.", section=section)
    replying.reply_consultation_comment(comment=comment, verdict="accepted", reply="", seen=1, by=coordinator)
    assert "the text has not changed" in text_of(client.get(at(consultation, "consultation_changes")))
    live = section.section
    write_section(section=live, text="The Labour Law changed.", seen=live.version, by=coordinator)
    page = text_of(client.get(at(consultation, "consultation_changes")))
    assert "Name the law." in page
    assert "Labour" in page


def test_a_withdrawn_draft_shows_the_reason_and_the_comments_but_no_text(client, coordinator, nhri):
    consultation = made.opened(coordinator, nhri)
    made.comment(consultation, nhri)
    page = text_of(client.post(at(consultation, "withdraw_consultation"), {"reason": "Wrong text."}, follow=True))
    assert at(consultation, "restore_consultation") in page
    client.force_login(nhri)
    page = text_of(client.get(at(consultation)))
    assert "Wrong text." in page
    assert "The law changed." not in page
    assert "A figure is missing." in text_of(client.get(at(consultation, "consultation_comments")))
    assert "closed" in text_of(
        client.post(
            at(consultation, "add_consultation_comment"),
            {
                "text": "x",
                "language": "en",
                "form_key": "5f1a3c68-0000-4000-8000-000000000001",
            },
        )
    )


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_costs_the_same_number_of_queries(client, coordinator, nhri, number, django_assert_max_num_queries):
    consultation = made.opened(coordinator, nhri)
    for _comment in range(number):
        made.comment(consultation, nhri)
    with django_assert_max_num_queries(20):
        assert client.get(at(consultation, "consultation_comments")).status_code == 200
