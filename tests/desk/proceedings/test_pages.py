"""The pages of communications: who finds what, what is lost by no one, and what stays unseen."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document
from lxml import html

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.proceedings.contents import drafts
from servanda.proceedings.contents.institutions import Named, set_named_institutions
from servanda.proceedings.models import Draft, Proceeding
from servanda.proceedings.replies import services as replies
from servanda.vocab.models import Body
from tests import make
from tests import proceedings_make as made

pytestmark = pytest.mark.django_db
NOISE = re.compile(
    r'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|name="form_key" value="[^"]*"|request-id">[^<]*'
)


@pytest.fixture
def coordinator():
    return make.user(Role.COORDINATOR)


@pytest.fixture
def place():
    return make.institution("moj")


def page(client, person, path: str) -> str:
    client.force_login(person)
    return NOISE.sub("", client.get(path).content.decode())


def forms(name: str, letter: Proceeding) -> str:
    return reverse(f"desk:{name}", args=[letter.key])


@pytest.mark.database
def test_edits_of_others_change_no_byte_that_an_institution_reads(client, coordinator, place):
    """On communications that do not name it, and on those parts of its own that are not its part."""
    beside = make.institution("moh")
    letter = made.proceeding(coordinator, place)
    reader, stranger = make.user(Role.FOCAL_POINT, place), make.user(Role.FOCAL_POINT, make.institution("none"))
    paths = [reverse("desk:proceedings"), reverse("desk:home"), letter.get_absolute_url(), "/desk/search/?q=SVN"]
    paths += [f"{paths[0]}?{query}" for query in ("which=late", "which=mine", "institution=moh", "words=detention")]
    before = [page(client, person, path) for person in (reader, stranger) for path in paths]
    set_named_institutions(
        proceeding=letter, named=[Named(place), Named(beside)], seen=letter.version, by=coordinator
    )
    writer, authority = make.user(Role.FOCAL_POINT, beside), make.user(Role.AUTHORITY, beside)
    made.approved(letter, beside, writer, authority)
    for number in range(4):
        other = made.proceeding(coordinator, beside, alleges_reprisals=True, due_on=date(2026, 2, 1))
        made.person(letter if number % 2 else other, coordinator)
        now = made.fresh(letter)
        replies.write_reply(proceeding=now, reply=f"Reply {number}.", language="en", seen=now.version, by=coordinator)
        draft = made.draft(other, beside, writer)
        drafts.submit_draft(draft=draft, by=writer)
    assert before == [page(client, person, path) for person in (reader, stranger) for path in paths]


def test_a_form_names_the_conflict_and_keeps_what_was_typed(client, coordinator):
    letter = made.proceeding(coordinator)
    client.force_login(coordinator)
    body = made.mandate()
    typed = {
        "version": letter.version,
        "type": "communication:allegation",
        "reference": letter.reference,
        "title": "Typed by the second",
        "bodies": [body.pk],
        "sent_on": "2026-01-12",
        "received_on": "2026-01-14",
    }
    assert client.post(forms("edit_proceeding", letter), {**typed, "title": "By the first"}).status_code == 302
    answer = client.post(forms("edit_proceeding", letter), typed)
    assert answer.status_code == 409
    assert "Typed by the second" in answer.content.decode()
    assert made.fresh(letter).title == "By the first"
    fields = answer.context["form"]
    assert (
        client.post(forms("edit_proceeding", letter), {**typed, "version": fields["version"].value()}).status_code
        == 302
    )


def test_the_second_writer_reads_what_the_first_saved_and_keeps_their_words(client, coordinator, place):
    letter = made.proceeding(coordinator, place)
    first, second = make.user(Role.FOCAL_POINT, place), make.user(Role.FOCAL_POINT, place)
    made.draft(letter, place, first, "Words of the first.")
    client.force_login(second)
    path = reverse("desk:save_draft", args=[letter.key, "moj"])
    answer = client.post(path, {"version": 0, "text": "Words of the second.", "language": "en"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Words of the first." in text
    assert "Words of the second." in text
    assert Draft.objects.get().text == "Words of the first."


def test_the_next_submission_is_started_undone_and_readable_in_a_file(client, coordinator, place):
    sent = made.replied(coordinator, place)
    client.force_login(coordinator)
    typed = {"version": sent.version, "answers_to": "Order of 3 March", "due_on": ""}
    assert "Start the next submission" in page(client, coordinator, sent.get_absolute_url())
    answer = client.post(forms("start_next_submission", sent), typed, follow=True)
    text = answer.content.decode()
    assert "Submission of 14 January 2026" in text
    assert "Order of 3 March" in text
    assert client.post(forms("start_next_submission", sent), typed).status_code == 409
    file = client.get(reverse("desk:proceeding_submissions", args=[sent.key, "docx"]))
    words = " ".join(line.text for line in Document(BytesIO(file.getvalue())).element.body.iter() if line.text)
    assert "The State replies." in words
    assert "No reply yet." in words
    reader = make.user(Role.FOCAL_POINT, place)
    text = page(client, reader, sent.get_absolute_url())
    assert "Order of 3 March" in text
    assert "The State replies." not in text
    client.force_login(coordinator)
    client.post(forms("undo_next_submission", sent))
    assert made.fresh(sent).reply == "The State replies."


def test_what_is_missing_is_a_refusal_on_the_form_and_nothing_is_written(client, coordinator, place):
    letter = made.proceeding(coordinator)
    client.force_login(coordinator)
    path = reverse("desk:take_step", args=[letter.key, "shared"])
    answer = client.post(path, {"version": letter.version, "on": str(timezone.localdate())})
    assert answer.status_code == 422
    assert "Name at least one institution." in answer.content.decode()
    assert made.fresh(letter).step == "received"


def test_deadlines_of_this_week_are_on_the_desk_of_the_mechanism_and_of_the_institution(client, coordinator, place):
    make.recommendation()  # a desk with an empty register shows first steps only
    soon = timezone.localdate() + timedelta(days=2)
    letter = made.proceeding(coordinator, place, due_on=soon, title="Due this week")
    made.name(letter, coordinator, place, due_on=soon)
    writer = make.user(Role.FOCAL_POINT, place)
    for person in (coordinator, writer):
        assert "Due this week" in page(client, person, reverse("desk:home"))
    drafts.submit_draft(draft=made.draft(letter, place, writer), by=writer)
    assert "Due this week" not in page(client, writer, reverse("desk:home"))


def test_the_tile_counts_what_its_list_shows(client, coordinator, place):
    make.recommendation()  # a desk with an empty register shows first steps only
    writer = make.user(Role.FOCAL_POINT, place)
    for _number in range(3):
        made.proceeding(coordinator, place, due_on=date(2026, 2, 1))
    for person, which in ((coordinator, "late"), (writer, "mine")):
        assert f"?which={which}" in page(client, person, reverse("desk:home"))
        client.force_login(person)
        listed = client.get(reverse("desk:proceedings"), {"which": which}).context["rows"]
        assert len(listed) == 3


def test_an_institution_opens_no_page_of_the_mechanism(client, coordinator, place):
    letter = made.proceeding(coordinator, place)
    person = made.person(letter, coordinator)
    client.force_login(make.user(Role.FOCAL_POINT, place))
    closed = ["edit_proceeding", "set_questions", "write_reply", "record_outcome", "persons_concerned"]
    answers = [client.get(forms(name, letter)).status_code for name in closed]
    answers.append(client.get(reverse("desk:edit_person_concerned", args=[person.pk])).status_code)
    assert set(answers) == {403}


def test_the_list_asks_the_same_number_of_questions_for_many_rows(client, coordinator, place):
    client.force_login(coordinator)
    counts = []
    for number in (1, 5):
        for _row in range(number):
            made.proceeding(coordinator, place)
        client.get(reverse("desk:proceedings"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("desk:proceedings"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_a_faulty_row_of_questions_is_in_the_summary_with_a_link_to_its_field(client, coordinator, place):
    letter = made.proceeding(coordinator, place)
    client.force_login(coordinator)
    rows = {"row-TOTAL_FORMS": "2", "row-INITIAL_FORMS": "0", "row-1-number": "7", "row-0-text": "Which law?"}
    answer = client.post(forms("set_questions", letter), rows | {"version": letter.version})
    assert answer.status_code == 422
    summary = answer.content.decode().split('class="error-summary"')[1].split("</section>")[0]
    assert 'href="#id_row-0-number"' in summary
    assert 'href="#id_row-1-text">2 · ' in summary


def test_a_letter_without_institutions_says_why_none_can_be_chosen(client, coordinator):
    letter = made.proceeding(coordinator)
    page_of_questions = page(client, coordinator, forms("set_questions", letter))
    assert "No institution is named yet. Name institutions first." in page_of_questions


def test_an_internal_deadline_before_the_letter_is_refused_and_a_saved_one_passes(coordinator, place):
    letter = made.proceeding(coordinator)
    early = (letter.sent_on or letter.received_on) - timedelta(days=1)
    with pytest.raises(Refused, match="before the date of the letter"):
        made.name(letter, coordinator, place, due_on=early)
    made.name(letter, coordinator, place)
    letter.named.update(due_on=early)
    made.name(letter, coordinator, place, due_on=early)
    assert letter.named.get().due_on == early


def groups_of_bodies(page_of_form: str) -> list[tuple[str, list[str]]]:
    """Each group of the list of bodies, with the codes in it."""
    list_of_bodies = html.fromstring(page_of_form).get_element_by_id("id_bodies")
    codes = dict(Body.objects.values_list("pk", "code"))
    return [
        (group.findtext("label").strip(), [codes[int(box.get("value"))] for box in group.iter("input")])
        for group in list_of_bodies
    ]


def test_bodies_of_a_new_communication_are_grouped_and_those_that_send_its_type_come_first(client, coordinator):
    for code, kind in (("CAT", "treaty-body"), ("SR-Torture", "special-procedure"), ("ECtHR-CM", "court")):
        Body.objects.update_or_create(code=code, defaults={"name": code, "kind": kind, "system": "UN"})
    form = reverse("desk:add_proceeding")
    names = [name for name, _codes in groups_of_bodies(page(client, coordinator, form))]
    assert names[:2] == ["Treaty body", "Special procedure"]
    first, others = groups_of_bodies(page(client, coordinator, f"{form}?type=communication:urgent"))
    assert (first[0], others[0]) == ("Communication of special procedures", "Other bodies")
    assert "SR-Torture" in first[1]
    assert {"CAT", "ECtHR-CM"} <= set(others[1])


def test_a_button_of_a_step_begins_with_a_verb(client, coordinator, place):
    letter = made.proceeding(coordinator, place)
    assert "Mark as “Sent to institutions”" in page(client, coordinator, letter.get_absolute_url())
