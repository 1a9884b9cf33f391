"""Updates at the desk: written on a page that loses no word, approved and published from another, found in a list."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html

from servanda.people.access import Role
from servanda.people.models import Appointment
from servanda.progress.models import Evidence, InputItem, InputRequest, InputRound, Update
from tests import make, progress_make, rounds_make
from tests.house.answers import body_of
from tests.house.kinds import place

pytestmark = pytest.mark.django_db
State = Update.State


@pytest.fixture
def record():
    made = make.recommendation("Prohibit child marriage.")
    make.assignment(made, place("mfa"))
    return made


@pytest.fixture
def writer(client):
    return make.signed_in(client, Role.FOCAL_POINT, institution=place("mfa"), name="Writer")


@pytest.fixture
def draft(record, writer) -> Update:
    return progress_make.update(record, place("mfa"), written_by=writer, text="First words.")


def form(update: Update, **values) -> dict:
    records = [about.recommendation_id for about in update.abouts.all()]
    return {"text": update.text, "seen": update.version, "recommendations": records, "deed": "save", **values}


def write(client, update: Update, **values):
    return client.post(reverse("desk:save_update", args=[update.pk]), form(update, **values))


def statuses(client, urls: list[str]) -> list[int]:
    answers = [client.get(url) for url in urls]
    for answer in answers:
        body_of(answer)
    return [answer.status_code for answer in answers]


def test_a_focal_point_begins_on_the_page_of_the_record_and_hands_in(client, record, writer):
    start = f"{reverse('desk:start_update')}?record={record.code}"
    assert start in client.get(reverse("desk:record_follow_up", args=[record.code])).content.decode()
    page = client.get(start).content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    data = {"institution": place("mfa").pk, "codes": record.code, "form_key": key}
    answers = [client.post(start, data), client.post(start, data)]
    (update,) = Update.objects.all()
    assert {answer.url for answer in answers} == {reverse("desk:save_update", args=[update.pk])}
    assert "Prohibit child marriage." in client.get(answers[0].url).content.decode()
    file = SimpleUploadedFile("law.pdf", b"%PDF-1.7")
    answer = write(client, update, text="A law was passed.", deed="submit", files=[file], kind="law", is_public="on")
    assert answer.url == update.get_absolute_url()
    update.refresh_from_db()
    assert (update.state, update.text) == (State.SUBMITTED, "A law was passed.")
    assert Evidence.objects.get().is_public
    assert "law.pdf" in client.get(answer.url).content.decode()


def test_the_script_keeps_a_draft_and_learns_its_version_and_why_not(client, draft):
    answer = write(client, draft, autosave="1", text="More words.")
    assert (answer.json()["seen"], answer.json()["saved"][:8]) == (draft.version + 1, "Saved at")
    late = write(client, draft, autosave="1", text="Old words.")
    assert (late.status_code, late.json()["refused"][:13]) == (409, "Another user ")
    draft.refresh_from_db()
    assert draft.text == "More words."


def test_the_second_of_two_tabs_is_told_and_keeps_its_words(client, draft):
    assert write(client, draft, text="Of one tab.").status_code == 302
    answer = write(client, draft, text="Of the other tab.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Of one tab." in page
    assert "Of the other tab.</textarea>" in page
    draft.refresh_from_db()
    assert f'name="seen" value="{draft.version}"' in page


def test_the_same_form_sent_twice_is_saved_once_and_says_so_twice(client, draft):
    answers = [write(client, draft, text="Twice.") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Update.objects.get().version == draft.version + 1


def test_what_was_handed_in_is_read_and_no_longer_written(client, draft):
    write(client, draft, deed="submit", text="Update submitted. You will be notified when it is")
    url = reverse("desk:save_update", args=[draft.pk])
    assert client.get(url).url == draft.get_absolute_url()
    answer = write(client, draft, text="Back button, other words.")
    assert answer.status_code == 422
    assert "Back button, other words.</textarea>" in answer.content.decode()


def test_whoever_handed_in_an_answer_is_led_to_the_next(client, draft, record):
    others, address = reverse("desk:asked"), reverse("desk:update", args=[draft.pk])
    draft.state = Update.State.SUBMITTED
    draft.save()
    assert "Answer another request" not in client.get(address).content.decode()
    draft.request = rounds_make.request(draft.institution, [record])
    draft.save()
    page = client.get(address).content.decode()
    assert f'<a class="btn btn-primary" href="{others}">Answer another request</a>' in page


def test_a_file_that_is_refused_is_named_and_the_words_are_kept(client, draft):
    files = [SimpleUploadedFile("law.pdf", b"<html>"), SimpleUploadedFile("girls.csv", b"a,b\n1,2\n")]
    answer = write(client, draft, text="Saved.", files=files, link="https://example.org/law")
    assert answer.status_code == 422
    assert "The format of law.pdf is not accepted" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.text == "Saved."
    assert list(Evidence.objects.order_by("pk").values_list("title", flat=True)) == [
        "girls.csv",
        "https://example.org/law",
    ]


@pytest.mark.parametrize("gone", ["appointment", "session", "update"])
def test_whoever_is_refused_while_writing_gets_the_words_back(client, draft, gone):
    if gone == "appointment":
        Appointment.objects.update(end=date(2026, 2, 1))
    elif gone == "session":
        client.logout()
    else:
        Update.objects.update(withdrawn_at="2026-05-01T00:00Z", withdrawal_reason="Twice.")
    answer = write(client, draft, text="Words of an hour.")
    assert answer.status_code == 403
    assert "Words of an hour.</pre>" in answer.content.decode()


def test_what_the_round_asks_stands_above_with_the_update_before(client, draft, record, writer):
    input_round = InputRound.objects.create(title="Spring", question="Who does what?", due_on=date(2026, 4, 1))
    request = InputRequest.objects.create(round=input_round, institution=place("mfa"), due_on=input_round.due_on)
    other = make.recommendation("Ratify the protocol.")
    InputItem.objects.create(request=request, recommendation=other)
    later = progress_make.update(record, place("mfa"), written_by=writer, text="Later.", request=request)
    Update.objects.filter(pk=draft.pk).update(state=State.RETURNED, return_reason="Say more.")
    page = client.get(reverse("desk:save_update", args=[later.pk])).content.decode()
    assert all(words in page for words in ("Who does what?", "Ratify the protocol.", "First words."))


def test_an_authority_returns_with_a_reason_and_approves_and_goes_on_to_the_next(client, draft, record, writer):
    Update.objects.update(state=State.SUBMITTED)
    following = progress_make.update(record, place("mfa"), state=State.SUBMITTED, text="Another.")
    make.signed_in(client, Role.AUTHORITY, institution=place("mfa"))
    returned = reverse("desk:return_update", args=[draft.pk])
    assert client.post(returned, {"reason": " "}).status_code == 422
    assert client.post(returned, {"reason": "Say since when."}).url == following.get_absolute_url()
    assert client.post(reverse("desk:validate_update", args=[following.pk])).url == following.get_absolute_url()
    states = Update.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.RETURNED, State.VALIDATED]
    make.signed_in(client, Role.COORDINATOR)
    assert client.get(reverse("desk:next_update")).url == following.get_absolute_url()
    client.post(reverse("desk:publish_update", args=[following.pk]))
    page = client.get(following.get_absolute_url()).content.decode()
    assert "Approved by the institution" in page
    assert "Another." in client.get(record.get_absolute_url()).content.decode()
    assert "First words." not in client.get(record.get_absolute_url()).content.decode()


def test_a_letter_is_shown_as_a_letter(client, record):
    make.signed_in(client, Role.COORDINATOR)
    data = {"institution": place("mfa").pk, "codes": record.code, "text": "By letter.", "letter": "7/2026"}
    answer = client.post(reverse("desk:enter_on_behalf"), {**data, "letter_date": "2026-03-04"})
    make.signed_in(client, Role.COORDINATOR)
    client.post(reverse("desk:publish_update", args=[Update.objects.get().pk]))
    for url in (answer.url, record.get_absolute_url()):
        number = '<bdi dir="ltr" class="code">7/2026</bdi>'  # Arabic would turn it round
        assert f"on behalf of <bdi>MFA</bdi> from letter no. {number}, 4 March 2026" in " ".join(
            client.get(url).content.decode().split()
        )


def test_a_draft_and_its_evidence_are_nobody_elses_business(client, draft, record, writer):
    kept = progress_make.evidence(draft, writer, is_public=True)
    urls = [reverse("desk:update", args=[draft.pk]), reverse("desk:evidence_file", args=[kept.key])]
    urls += [reverse("portal:evidence_file", args=[kept.key])]
    assert statuses(client, urls) == [200, 200, 404]
    for role, institution in (
        (Role.COORDINATOR, None),
        (Role.AUTHORITY, place("moj")),
        (Role.READER, place("mfa-agency")),
    ):
        make.signed_in(client, role, institution=institution)
        assert statuses(client, urls) == [404, 404, 404]
        for page in (reverse("desk:record_follow_up", args=[record.code]), reverse("desk:updates")):
            assert "First words." not in client.get(page).content.decode()


def test_evidence_is_handed_out_as_a_download_in_which_nothing_runs(client, record, writer):
    update = progress_make.update(record, place("mfa"), written_by=writer)
    kept = progress_make.evidence(update, writer, is_public=True)
    Update.objects.update(state=State.PUBLISHED, published_at="2026-05-01T00:00Z")
    Evidence.objects.update(is_submitted=True)
    client.logout()
    answer = client.get(reverse("portal:evidence_file", args=[kept.key]))
    assert body_of(answer).startswith(b"Year,Girls")
    head = answer.headers
    assert head["Content-Disposition"] == 'attachment; filename="girls.csv"'
    assert head["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert (head["X-Content-Type-Options"], head["Cache-Control"]) == ("nosniff", "private, no-store")
    make.signed_in(client, Role.COORDINATOR)
    gone = reverse("desk:withdraw_evidence", args=[kept.key])
    assert client.post(gone, {"reason": "It names a child."}).url == update.get_absolute_url()
    for room in ("portal", "desk"):
        assert statuses(client, [reverse(f"{room}:evidence_file", args=[kept.key])]) == [404]
    assert "It names a child." in client.get(update.get_absolute_url()).content.decode()


@pytest.mark.database
def test_the_list_has_what_waits_for_whom_and_is_narrowed(client, record, writer):
    other = progress_make.update(make.recommendation(), place("moj"), state="published", text="Of another ministry.")
    for state in (State.DRAFT, State.SUBMITTED):
        progress_make.update(record, place("mfa"), state=state, text=f"A {state} text.", end=date(2026, 3, 1))
    url = reverse("desk:updates")

    def found(query: str) -> list[str]:
        return sorted(update.text for update in client.get(f"{url}?{query}").context["rows"])

    assert found("") == ["A draft text.", "A submitted text."]
    assert found("waiting=write") == ["A draft text."]
    assert found("state=submitted&words=SUBMITTED") == ["A submitted text."]
    assert found("start=2026-04-01") == []
    assert found("end=2026-04-01&institution=mfa&waiting=validate") == ["A draft text.", "A submitted text."]
    assert found(f"record={other.recommendations.get().code}") == ["Of another ministry."]
    make.signed_in(client, Role.COORDINATOR)
    assert found("") == ["A submitted text.", "Of another ministry."]


def test_the_list_asks_no_more_for_thirty_rows_than_for_three(client, record, writer, django_assert_max_num_queries):
    def asked() -> int:
        with django_assert_max_num_queries(20) as queries:
            client.get(reverse("desk:updates"))
        return len(queries)

    for _row in range(3):
        progress_make.evidence(progress_make.update(record, place("mfa")), writer)
    client.get(reverse("desk:updates"))
    few = asked()
    for _row in range(20):
        progress_make.update(record, place("mfa"))
    assert asked() == few


def test_the_record_is_in_full_on_the_form_and_before_the_reviewer(client, record, draft):
    text = "Prohibit child marriage, and " * 20 + "report on it."
    record.texts.update(text=text)
    for page in ("desk:save_update", "desk:update"):
        assert client.get(reverse(page, args=[draft.pk])).content.decode().count(text) == 1


def test_what_is_seldom_filled_in_is_folded_until_it_holds_something(client, draft):
    page = reverse("desk:save_update", args=[draft.pk])
    assert '<details class="update-further">' in client.get(page).content.decode()
    write(client, draft, obstacles="No budget.")
    assert '<details class="update-further" open>' in client.get(page).content.decode()


def test_a_new_text_starts_in_the_language_of_the_page(client, draft):
    def chosen() -> list[str]:
        page = client.get(reverse("desk:save_update", args=[draft.pk]), headers={"accept-language": "es"})
        return html.fromstring(page.content).xpath('//select[@name="language"]/option[@selected]/@value')

    assert chosen() == [""]  # a text that its author left without a language
    Update.objects.update(text="")
    assert chosen() == ["es"]
    Update.objects.update(language="fr")
    assert chosen() == ["fr"]


def test_the_fields_of_evidence_are_folded_until_they_hold_something(client, draft):
    page = reverse("desk:save_update", args=[draft.pk])
    assert '<details class="update-attach">' in client.get(page).content.decode()
    refused = write(client, draft, link="no link")
    assert (refused.status_code, '<details class="update-attach" open>' in refused.content.decode()) == (422, True)
    write(client, draft, link="https://example.org/law")
    assert '<details class="update-attach" open>' in client.get(page).content.decode()


def test_who_returned_an_update_is_told_that_the_next_one_is_shown(client, draft, record):
    Update.objects.update(state=State.SUBMITTED)
    progress_make.update(record, place("mfa"), state=State.SUBMITTED, text="Another.")
    make.signed_in(client, Role.AUTHORITY, institution=place("mfa"))
    for update, is_followed in ((draft, True), (Update.objects.get(text="Another."), False)):
        assert "Reason for returning it" in client.get(update.get_absolute_url()).content.decode()
        url = reverse("desk:return_update", args=[update.pk])
        page = client.post(url, {"reason": "Say since when."}, follow=True).content.decode()
        assert "Update returned." in page
        assert ("This is the next update that awaits your review." in page) == is_followed
