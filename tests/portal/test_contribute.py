import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from servanda.kit.pages.forms import sign_opening
from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.people.requests.log_filter import OPENING
from servanda.progress.models import Contribution
from servanda.recommendations.editing.indexing import reindex
from servanda.trail.models import Event, RepeatedRefusal
from tests import assessing_make as made
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def is_open():
    Instance.objects.create(takes_public_contributions=True)


def said(record, **fields) -> dict:
    start = {"records": record.code, "text": "The school has no ramp.", "language": "en", "form_key": uuid4()}
    start |= {"kind": "report", "stance": "context"} | fields
    opened = sign_opening(UUID(str(start["form_key"])), timezone.now() - timedelta(minutes=5))
    return {"opened": opened} | start


def test_anybody_contributes_without_an_account_and_without_being_followed(client, is_open):
    record, url = make.recommendation(), reverse("portal:contribute")
    page = client.get(url, {"about": record.code})
    assert record.code in page.content.decode()
    answer = client.post(url, said(record), follow=True)
    contribution = Contribution.objects.get()
    assert answer.redirect_chain == [(f"/contribute/{contribution.key}/", 302)]
    assert "Awaiting answer" in answer.content.decode()
    assert set(client.cookies) <= {"csrftoken"}
    assert "no-store" in answer["Cache-Control"]
    assert Event.objects.filter(actor__isnull=False).count() == 0


def test_the_pages_let_a_browser_name_its_origin_without_which_no_form_is_taken(client, is_open):
    """Under `no-referrer` browsers send `Origin: null`, and the check against forged forms refuses that."""
    contribution = made.contribution(make.recommendation())
    for url in (reverse("portal:contribute"), reverse("portal:contribution_receipt", args=[contribution.key])):
        page = client.get(url)
        assert "no-referrer" not in page.content.decode() + page.headers.get("Referrer-Policy", "")
    assert client.get(reverse("portal:contribute"))["Referrer-Policy"] == "same-origin"
    assert 'content="strict-origin"' in page.content.decode()


def test_a_stranger_writes_no_field_that_the_form_does_not_show(client, is_open):
    person = make.user(Role.COORDINATOR)
    more = {"state": "accepted", "contributor": person.pk, "answer": "Yes.", "answered_by": person.pk, "key": uuid4()}
    client.post(reverse("portal:contribute"), said(make.recommendation(), **more))
    contribution = Contribution.objects.get()
    assert (contribution.state, contribution.contributor, contribution.answer, contribution.answered_by) == (
        "received",
        None,
        "",
        None,
    )
    assert contribution.key != more["key"]


def test_the_secret_link_shows_the_answer_and_another_key_nothing(client, is_open):
    record = make.recommendation()
    contribution = made.contribution(
        record, state="declined", answer="Of another country.", answered_at="2026-09-01T10:00Z"
    )
    page = client.get(reverse("portal:contribution_receipt", args=[contribution.key])).content.decode()
    assert "Of another country." in page
    assert client.get(reverse("portal:contribution_receipt", args=[uuid4()])).status_code == 404
    of_account = made.contribution(record, contributor=made.contributor())
    assert client.get(reverse("portal:contribution_receipt", args=[of_account.key])).status_code == 404


def test_the_secret_link_is_not_whole_in_the_log():
    assert OPENING.sub("…", '"GET /contribute/8e5b/ HTTP/1.1"') == '"GET /contribute/…/ HTTP/1.1"'
    assert OPENING.sub("…", '"GET /contribute/?about=A HTTP/1.1"') == '"GET /contribute/?about=A HTTP/1.1"'


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"website": "http://spam.example"}, "Leave this field empty. It detects automated messages."),
        ({"text": " "}, "Enter your contribution."),
        ({"text": "x" * 10_001}, "to 10,000 characters"),
        ({"records": "SVN-UPR-4-999.9"}, "Not in the register, or not visible to you: SVN-UPR-4-999.9."),
        ({"links": "javascript:alert(1)"}, "Enter a web address"),
        (
            {"links": "\n".join(f"https://example.org/{number}" for number in range(6))},
            "Enter at most five links. Mention any others in your text.",
        ),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field(client, is_open, fields, why):
    answer = client.post(reverse("portal:contribute"), said(make.recommendation(), **fields))
    assert (answer.status_code, Contribution.objects.count()) == (422, 0)
    assert why in answer.content.decode()


def test_records_are_found_by_words_without_script_and_the_text_is_kept(client, is_open):
    record = make.recommendation("Build ramps in every school.")
    reindex([record.pk, make.recommendation("Build ramps in secret.", is_published=False).pk])
    words = {"text": "Our school has none.", "records_words": "ramps", "records_search": "1"}
    page = client.post(reverse("portal:contribute"), words)
    assert page.status_code == 200
    assert f'name="records" value="{record.code}"' in page.content.decode()
    assert "Our school has none." in page.content.decode()
    assert "in secret" not in page.content.decode()
    assert not Contribution.objects.exists()


def test_the_script_finds_published_records_only(client):
    record = make.recommendation("Build ramps in every school.")
    hidden = make.recommendation("Build ramps in secret.", is_published=False)
    reindex([record.pk, hidden.pk])
    data = {"field": "records", "records_words": "ramps"}
    page = client.get(reverse("portal:find_records"), data).content.decode()
    assert record.code in page
    assert hidden.code not in page


def test_a_hidden_record_and_none_are_the_same(client, is_open):
    hidden = make.recommendation(confidentiality="internal")
    sent = said(hidden)
    pages = [
        client.post(reverse("portal:contribute"), sent | {"records": code}).content.decode()
        for code in (hidden.code, "SVN-NONE")
    ]
    plain = [re.sub(f'{hidden.code}|SVN-NONE|csrfmiddlewaretoken" value="[^"]+', "", page) for page in pages]
    assert plain[0] == plain[1]


def test_an_administrator_opens_the_form(client):
    make.signed_in(client, Role.ADMINISTRATOR)
    said_of_it = {"state_code": "SVN", "languages": "en", "time_zone": "UTC", "takes_public_contributions": "on"}
    client.post(reverse("people:edit_instance"), said_of_it)
    assert Instance.current().takes_public_contributions
    assert "Anyone may send them through the public form." in client.get(reverse("people:instance")).content.decode()


def test_a_closed_form_takes_nothing_and_says_where_to_turn(client):
    Instance.objects.create(contact="office@example.org")
    url = reverse("portal:contribute")
    assert "office@example.org" in client.get(url).content.decode()
    assert client.post(url, said(make.recommendation())).status_code == 422
    assert not Contribution.objects.exists()


def test_a_contributor_hides_at_the_desk_and_reads_the_answer_there(client):
    record = make.recommendation()
    grade = made.grade("partial", "independent")
    person = make.signed_in(client, Role.CONTRIBUTOR, name="Nour")
    answer = client.post(reverse("desk:contribute"), said(record, grade=grade.pk, hides_identity="on"), follow=True)
    assert "Contribution sent. The secretariat will answer it, and" in answer.content.decode()
    contribution = Contribution.objects.get()
    assert (contribution.contributor, contribution.hides_identity) == (person, True)
    assert "with an answer: 0" in client.get(reverse("desk:home")).content.decode()
    assert not Event.objects.filter(actor=person).exclude(action="logged-in").exists()
    make.signed_in(client, Role.COORDINATOR)
    assert "Nour" in client.get(reverse("desk:contributions"), {"state": "received"}).content.decode()
    client.post(reverse("desk:accept_contribution", args=[contribution.pk]), {"answer": "All requests answered."})
    client.force_login(person)
    assert (
        "All requests answered." in client.get(reverse("desk:contribution", args=[contribution.pk])).content.decode()
    )
    home = client.get(reverse("desk:home")).content.decode()
    assert "My contributions" in home
    assert "with an answer: 1" in home
    make.signed_in(client, Role.AUDITOR)
    for page in ("desk:contributions", "desk:contribution", "desk:record_follow_up"):
        arguments = {"desk:contribution": [contribution.pk], "desk:record_follow_up": [record.code]}.get(page, [])
        shown = client.get(reverse(page, args=arguments)).content.decode()
        assert "Not named" in shown
        assert "Nour" not in shown


def test_who_reads_only_what_is_accepted_does_not_read_what_waits(client):
    contribution = made.contribution(make.recommendation(), "Waiting words.")
    make.signed_in(client, Role.FOCAL_POINT)
    assert "Waiting words." not in client.get(reverse("desk:contributions")).content.decode()
    assert client.get(reverse("desk:contribution", args=[contribution.pk])).status_code == 404


def test_refusals_of_visitors_leave_one_line_an_hour_that_names_nobody(client, is_open):
    record, now = make.recommendation(), timezone.now()
    for _number in range(22):
        key = uuid4()
        hasty = said(record, form_key=key, opened=sign_opening(key, now + timedelta(seconds=30)))
        assert client.post(reverse("portal:contribute"), hasty).status_code == 422
    lines = Event.objects.filter(action="contribution-refused")
    assert lines.count() in (1, 2)  # the second where an hour begins in between
    assert {line.actor_id for line in lines} == {None}
    assert "Wait 3 seconds" in lines.first().difference
    assert sum(RepeatedRefusal.objects.values_list("times", flat=True)) == 22 - lines.count()


def test_a_refusal_at_the_desk_leaves_a_line_that_names_nobody(client):
    record = make.recommendation()
    make.signed_in(client, Role.CONTRIBUTOR, name="Nour")
    file = SimpleUploadedFile("Nour.exe", b"MZ")
    answer = client.post(reverse("desk:contribute"), said(record, file=file))
    assert answer.status_code == 422
    line = Event.objects.get(action="contribution-refused")
    assert (line.actor, "Nour" in line.difference) == (None, False)
