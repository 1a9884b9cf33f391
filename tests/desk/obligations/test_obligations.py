"""Obligations at the desk: the list and its files, one obligation, the forms, and who may use them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from servanda.people.access import Role
from servanda.people.models import Institution
from servanda.sources.models import Document, Obligation, ObligationLetter
from servanda.sources.obligations.extensions import answer_extension, ask_extension
from servanda.sources.obligations.services import edit_obligation, set_obligation_state
from servanda.sources.obligations.steps import Step, set_steps
from servanda.vocab.models import Instrument
from tests import make, obligation_make
from tests.house.answers import body_of
from tests.sources.obligations.test_slipped_sessions import values_of

pytestmark = pytest.mark.django_db


def page_of(name: str, *arguments: object) -> str:
    return reverse(f"desk:{name}", args=arguments)


def shown(client, name: str, *arguments: object, **values: str) -> str:
    answer = client.get(page_of(name, *arguments), values)
    assert answer.status_code == 200
    return answer.content.decode()


def entered(**fields) -> dict:
    start = {"body": make.committee("CEDAW").pk, "kind": "periodic-report", "due_on": "2027-03-01"}
    given = {"certainty": "fixed", "day_from": "hand", "force": "binding", "confidentiality": "public"}
    return start | given | fields


def test_a_coordinator_enters_an_obligation_and_its_page_shows_where_the_deadline_comes_from(client):
    make.signed_in(client, Role.COORDINATOR)
    data = entered(combined="eighth and ninth", day_from="document", words="by 1 March 2027", word_limit=21200)
    answer = client.post(page_of("add_obligation"), data, follow=True)
    due = Obligation.objects.get()
    assert answer.redirect_chain == [(page_of("obligation", due.code), 302)]
    for words in ("eighth and ninth", "by 1 March 2027", "1 March 2027", "21,200", "Binding", "Not published"):
        assert words in answer.content.decode()
    assert due.code in shown(client, "obligations")


def test_what_the_body_postponed_stays_in_the_list_until_it_has_its_new_day(client):
    make.signed_in(client, Role.COORDINATOR)
    due = obligation_make.obligation(state="postponed", state_reason="The session moved.")
    assert due.code in shown(client, "obligations")
    assert due.code not in shown(client, "obligations", state="finished")
    assert due.code in shown(client, "obligations", state="postponed")
    assert due.code not in shown(client, "obligations", when="late")


@pytest.mark.parametrize("named", [True, False])
def test_a_day_before_the_treaty_is_refused_beside_its_field(client, named):
    make.signed_in(client, Role.COORDINATOR)
    body = make.committee("CRPD")
    facts = {"system": "UN", "body": body}
    convention = Instrument.objects.create(code="CRPD", name="Convention", in_force_on=date(2008, 5, 3), **facts)
    Instrument.objects.create(code="CRPD-OP", name="Protocol", in_force_on=date(2013, 5, 3), **facts)
    data = entered(body=body.pk, instrument=convention.pk if named else "", due_on="1990-01-01")
    answer = client.post(page_of("add_obligation"), data)
    assert (answer.status_code, Obligation.objects.count()) == (422, 0)
    assert (
        "This date is before the entry into force (Convention: 3 May 2008). Enter a later date."
        in answer.content.decode()
    )
    assert client.post(page_of("add_obligation"), data | {"due_on": "2010-05-03"}).status_code == 302


def test_an_obligation_with_a_day_before_the_treaty_can_still_be_edited(client):
    by = make.signed_in(client, Role.COORDINATOR)
    due = obligation_make.obligation(due_on=date(1980, 1, 1))
    Instrument.objects.create(
        code="CEDAW", name="Convention", system="UN", body=due.body, in_force_on=date(1981, 9, 3)
    )
    values = values_of(due, note="Sent by the former State.")
    edit_obligation(obligation=due, values=values, seen=due.version, by=by)
    due.refresh_from_db()
    assert due.note == "Sent by the former State."


def test_what_is_not_fixed_says_so_and_is_never_overdue(client):
    make.signed_in(client, Role.READER)
    past = timezone.localdate() - timedelta(days=9)
    estimate = obligation_make.obligation(due_on=past, certainty="estimate")
    awaited = obligation_make.obligation(certainty="to-be-communicated")
    late = obligation_make.obligation(due_on=past)
    for due, words, is_late in ((estimate, "Estimate", 0), (awaited, "To be communicated", 0), (late, "", 1)):
        page = shown(client, "obligation", due.code)
        assert words in page
        assert page.count("mark-late") == is_late
    assert shown(client, "obligations").count("mark-late") == 1
    assert late.code in shown(client, "obligations", when="late")
    assert estimate.code not in shown(client, "obligations", when="late")


def test_of_two_who_edit_the_second_is_shown_what_changed_and_keeps_their_words(client):
    make.signed_in(client, Role.COORDINATOR)
    due = obligation_make.obligation("Old title", due_on=date(2027, 3, 1))
    form = client.get(page_of("edit_obligation", due.code)).context["form"]
    fields = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    fields |= {f"initial-{name}": value for name, value in fields.items() if name != "version"}
    client.post(page_of("edit_obligation", due.code), fields | {"title": "New title"})
    answer = client.post(page_of("edit_obligation", due.code), fields | {"title": "Mine", "note": "Ask Geneva."})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Another user saved this obligation while you were editing" in page
    assert ("Mine" in page, "Ask Geneva." in page, "New title" in page) == (True, True, True)
    due.refresh_from_db()
    assert (due.title, due.note) == ("New title", "")


def test_an_extension_is_entered_answered_and_undone(client):
    make.signed_in(client, Role.COORDINATOR)
    due = obligation_make.obligation(due_on=date(2027, 3, 1))
    data = {"asked_on": "2026-02-01", "asked_until": "2027-06-01", "ground": "Elections."}
    assert "Elections." in client.post(page_of("ask_extension", due.code), data, follow=True).content.decode()
    extension = due.extensions.get()
    answered = {"answered_on": "2026-03-01", "granted_until": "2027-06-01"}
    page = client.post(page_of("answer_extension", due.code, extension.pk), answered, follow=True).content.decode()
    for words in ("Granted until 1 June 2027", "The deadline was 1 March 2027", "Extension granted", "Undo"):
        assert words in page
    client.post(page_of("take_back_extension", due.code, extension.pk))
    due.refresh_from_db()
    assert due.due_on == date(2027, 3, 1)


def test_a_deadline_before_the_present_one_is_refused_beside_its_field(client):
    make.signed_in(client, Role.COORDINATOR)
    due = obligation_make.obligation(due_on=date(2027, 3, 1))
    data = {"asked_on": "2026-02-01", "asked_until": "2027-02-28", "ground": "Elections."}
    answer = client.post(page_of("ask_extension", due.code), data)
    assert answer.status_code == 422
    assert "Enter a date after the present deadline." in answer.context["form"].errors["asked_until"]


def test_the_submission_is_recorded_with_its_proof_corrected_and_taken_back(client):
    make.signed_in(client, Role.COORDINATOR)
    due = obligation_make.obligation()
    form = client.get(page_of("record_submission", due.code)).context["form"]
    data = {"submitted_on": "2026-02-01", "note_verbale": "12/2026", "version": form["version"].value()}
    page = client.post(page_of("record_submission", due.code), data, follow=True).content.decode()
    for words in ("12/2026", "Submitted", "No acknowledgement yet"):
        assert words in page
    again = client.post(page_of("record_submission", due.code), data | {"channel": "Courier"})
    assert again.status_code == 422  # another version by now
    client.post(page_of("take_back_submission", due.code), {"reason": "Wrong file."})
    due.refresh_from_db()
    assert due.state == "expected"


def test_a_deadline_that_was_moved_still_shows_the_document_that_set_it(client):
    make.signed_in(client, Role.COORDINATOR)
    document = Document.objects.create(symbol="CEDAW/C/SVN/CO/7")
    moved = obligation_make.obligation(document=document, paragraph="52", day_from="extension")
    facts = html.fromstring(client.get(moved.get_absolute_url()).content).xpath("//dl[contains(@class, 'facts')]")[0]
    words = " ".join(facts.text_content().split())
    assert "Extension granted" in words
    assert "Document CEDAW/C/SVN/CO/7, paragraph 52" in words


def test_an_institution_that_was_closed_is_marked_on_the_obligation_that_it_leaves(client):
    make.signed_in(client, Role.COORDINATOR)
    courts = make.institution("courts")
    left = obligation_make.obligation(owner=courts)
    assert "no longer exists" not in client.get(left.get_absolute_url()).content.decode()
    Institution.objects.filter(pk=courts.pk).update(active_to=timezone.localdate() - timedelta(days=1))
    assert "This institution no longer exists." in client.get(left.get_absolute_url()).content.decode()


def test_letters_are_added_and_removed(client):
    make.signed_in(client, Role.COORDINATOR)
    due = obligation_make.obligation()
    data = {"kind": "reminder", "on": "2026-02-01", "reference": "G/SO 229"}
    page = client.post(page_of("add_letter", due.code), data, follow=True).content.decode()
    assert ("Reminder received" in page, "G/SO 229" in page) == (True, True)
    client.post(page_of("remove_letter", due.code, ObligationLetter.objects.get().pk))
    assert not ObligationLetter.objects.exists()


def test_steps_are_set_in_one_form_and_the_usual_ones_by_one_button(client):
    make.signed_in(client, Role.COORDINATOR)
    due = obligation_make.obligation(due_on=date(2027, 3, 1))
    client.post(page_of("add_usual_steps", due.code))
    assert due.steps.get(title="Clearance").due_on == date(2027, 2, 15)
    page = client.get(page_of("set_steps", due.code)).context
    rows = {"step-TOTAL_FORMS": "2", "step-INITIAL_FORMS": "0", "version": page["form"]["version"].value()}
    rows |= {"step-0-title": "Draft", "step-0-due_on": "2027-01-01", "step-1-title": ""}
    client.post(page_of("set_steps", due.code), rows)
    assert list(due.steps.values_list("title", "due_on")) == [("Draft", date(2027, 1, 1))]


def test_a_focal_point_marks_the_step_of_their_institution_as_done_and_undoes_it(client):
    ministry = make.institution("moj")
    make.signed_in(client, Role.FOCAL_POINT, institution=ministry)
    due = obligation_make.obligation()
    own = obligation_make.step(due, "Draft", ministry)
    foreign = obligation_make.step(due, "Print", make.institution("moh"))
    page = shown(client, "obligation", due.code)
    assert page.count("Mark as done") == 1
    assert page_of("record_submission", due.code) not in page
    page = client.post(page_of("complete_step", due.code, own.pk), follow=True).content.decode()
    assert page_of("reopen_step", due.code, own.pk) in page
    assert client.post(page_of("complete_step", due.code, foreign.pk)).status_code == 404


def test_a_withdrawn_obligation_is_found_by_editors_only_and_restored(client):
    due = obligation_make.obligation()
    make.signed_in(client, Role.COORDINATOR)
    page = client.post(page_of("withdraw_obligation", due.code), {"reason": "Twice."}, follow=True).content.decode()
    assert ("Twice." in page, "Restore" in page) == (True, True)
    assert due.code not in shown(client, "obligations", state="all")
    client.post(page_of("restore_obligation", due.code))
    assert Obligation.objects.kept().filter(pk=due.pk).exists()
    Obligation.objects.filter(pk=due.pk).update(withdrawn_at=timezone.now(), withdrawn_reason="Twice.")
    make.signed_in(client, Role.READER)
    assert client.get(page_of("obligation", due.code)).status_code == 404


def test_what_is_restricted_is_in_no_list_file_or_page_of_another_institution(client):
    secret = obligation_make.obligation("Urgent", confidentiality="restricted", owner=make.institution("moj"))
    make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("moh"))
    assert client.get(page_of("obligation", secret.code)).status_code == 404
    page = shown(client, "obligations", state="all")
    assert (secret.code in page, "MOJ" in page) == (False, False)
    assert secret.code not in body_of(client.get(page_of("obligations_export", "csv"))).decode()


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
def test_the_list_is_downloaded_as_it_is_filtered(client, format):
    make.signed_in(client, Role.COORDINATOR)
    obligation_make.obligation("=cmd()", code="O-IN", due_on=date(2027, 3, 1), certainty="estimate")
    obligation_make.obligation(code="O-OUT", kind="common-core")
    body = body_of(client.get(page_of("obligations_export", format), {"kind": "periodic-report"}))
    assert body
    if format != "xlsx":
        text = body.decode()
        assert ("O-IN" in text, "O-OUT" in text, "2027-03-01" in text) == (True, False, True)
    if format == "csv":
        assert "'=cmd()" in text


def test_the_list_costs_the_same_for_a_page_of_many(client):
    make.signed_in(client, Role.FOCAL_POINT)
    obligation_make.obligation()
    few, many = queries_of(client), None
    for number in range(30):
        obligation_make.obligation(owner=make.institution(f"i{number}"), body=make.committee(f"C{number}"))
    many = queries_of(client)
    assert (many <= few + 1, many <= 20) == (True, True)


def queries_of(client) -> int:
    shown(client, "obligations")
    with CaptureQueriesContext(connection) as captured:
        shown(client, "obligations")
    return len(captured)


def test_the_history_shows_a_former_and_a_new_date_each_in_one_piece(client):
    by = make.signed_in(client, Role.COORDINATOR)
    due = obligation_make.obligation("Report", due_on=date(2026, 11, 1))
    data = {"asked_on": date(2026, 10, 17), "asked_until": date(2027, 4, 30), "ground": "Elections."}
    extension = ask_extension(obligation=due, **data, by=by)
    answer_extension(extension=extension, answered_on=date(2026, 10, 20), granted_until=date(2027, 4, 30), by=by)
    text = shown(client, "obligation", due.code).partition("History")[2]
    assert "<del>1 November 2026</del><ins>30 April 2027</ins>" in text
    assert "<ins>17 October 2026 · 30 April 2027 · Elections.</ins>" in text


def test_the_history_shows_a_former_and_a_new_status_each_in_one_piece(client):
    by = make.signed_in(client, Role.COORDINATOR)
    due = obligation_make.obligation("Report", state="absorbed", state_reason="Covered by the eighth report.")
    set_obligation_state(obligation=due, state="without-report", reason="In absence.", seen=None, by=by)
    text = shown(client, "obligation", due.code).partition("History")[2]
    assert "<del>Absorbed into the next report</del><ins>Reviewed without a report</ins>" in text


def test_the_history_shows_dates_and_institutions_as_the_page_does(client):
    coordinator, ministry = (
        make.signed_in(client, Role.COORDINATOR),
        make.institution("moj", name="Ministry of Justice"),
    )
    due = obligation_make.obligation("Report", due_on=date(2027, 5, 4))
    fields = entered(due_on="2027-06-10", owner=ministry.pk) | {"version": due.version}
    answer = client.post(reverse("desk:edit_obligation", args=[due.code]), fields)
    assert answer.status_code == 302
    due.refresh_from_db()
    step = Step("Draft", ministry, date(2027, 4, 1))
    set_steps(obligation=due, steps=[step], seen=due.version, by=coordinator)
    text = shown(client, "obligation", due.code).partition("History")[2]
    assert ("<ins>10 June 2027</ins>" in text, "2027-06-10" in text) == (True, False)
    assert ("1 April 2027" in text, "2027-04-01" in text) == (True, False)
    assert ("Ministry of Justice" in text, " moj" in text) == (True, False)


def test_the_history_calls_the_number_of_words_by_its_own_label(client):
    make.signed_in(client, Role.COORDINATOR)
    due = obligation_make.obligation()
    data = {"submitted_on": "2026-02-01", "note_verbale": "12/2026", "words": "9100", "version": due.version}
    client.post(page_of("record_submission", due.code), data)
    text = shown(client, "obligation", due.code).partition("History")[2]
    assert "Deadline as worded in the document" not in text
    assert "Words" in text.partition("9100")[0].rpartition("<dt")[2]
