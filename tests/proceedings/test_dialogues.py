"""Dialogues: delegation, speaking points from the register, questions asked in the session, replies, the kit."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Notification
from servanda.proceedings.contents.institutions import Named, set_named_institutions
from servanda.proceedings.contents.questions import QuestionValues, set_questions
from servanda.proceedings.dialogues.services import (
    DelegateValues,
    PointValues,
    add_points_from_register,
    set_delegation,
    set_points,
)
from servanda.proceedings.life.detail import read_proceeding
from servanda.proceedings.life.needs import missing_for
from servanda.proceedings.models import Proceeding
from servanda.recommendations.models import Cluster, ClusterMember
from servanda.sources.models import Obligation
from tests import make, progress_make
from tests import proceedings_make as made
from tests.desk.tiles import tiles_on_desk
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


def ask(dialogue: Proceeding, by, *questions: QuestionValues) -> Proceeding:
    set_questions(proceeding=dialogue, questions=questions, seen=made.fresh(dialogue).version, by=by)
    return made.fresh(dialogue)


def test_a_question_put_in_the_room_is_due_in_48_hours_unless_an_hour_is_set(coordinator, place):
    dialogue, now = made.dialogue(coordinator, place), timezone.now()
    set_hour = now + timedelta(hours=20)
    dialogue = ask(
        dialogue,
        coordinator,
        QuestionValues(1, "Which law?", "en", [place], "room"),
        QuestionValues(2, "How many?", "en", [place], "room", set_hour),
        QuestionValues(3, "Why?", "en", [], "anticipated", None, "Because."),
    )
    due = {question.number: question.due_at for question in dialogue.questions.all()}
    assert timedelta(hours=48) <= due[1] - now < timedelta(hours=49)
    assert (due[2], due[3]) == (set_hour, None)
    ask(dialogue, coordinator, QuestionValues(1, "Which law exactly?", "en", [place], "room"))
    assert dialogue.questions.get(question__place=1).due_at == due[1]


def test_the_written_replies_are_in_the_calendar_from_the_first_question(coordinator, place):
    dialogue = made.dialogue(coordinator, place)
    assert not Obligation.objects.exists()
    dialogue = ask(dialogue, coordinator, QuestionValues(1, "Which law?", "en", [place], "room"))
    deadline = Obligation.objects.get()
    due_on = timezone.localdate(dialogue.questions.get().due_at)
    assert (deadline.kind, deadline.due_on, dialogue.due_on) == ("written-response", due_on, due_on)
    assert set(Obligation.objects.visible_to(make.user(Role.FOCAL_POINT, place))) == {deadline}
    assert [missing.sentence for missing in missing_for(dialogue, "closed")][0].startswith("Clear and send")


def test_a_dialogue_without_questions_in_the_room_needs_no_written_replies(coordinator, place):
    dialogue = made.dialogue(coordinator, place)
    assert [missing.sentence for missing in missing_for(dialogue, "closed")] == ["Enter the outcome."]


def test_a_delegation_has_one_head_and_members_of_institutions_named(coordinator, place):
    dialogue = made.dialogue(coordinator, place)
    head = DelegateValues("Ana", is_head=True)
    for delegates, sentence in (
        ([head, head], "one head"),
        ([head._replace(institution=make.institution("moh"))], "not named here"),
    ):
        with pytest.raises(Refused, match=sentence):
            set_delegation(proceeding=dialogue, delegates=delegates, seen=dialogue.version, by=coordinator)
    assert dialogue.delegates.get().name == "Ana Delegate"


@pytest.mark.database
def test_points_begin_with_what_the_register_holds_on_recommendations_of_the_body(coordinator, place):
    body = make.committee("CEDAW")
    record, other = make.recommendation(body=body), make.recommendation(body=make.committee("CRC"))
    cluster, foreign = Cluster.objects.create(name="Equal pay"), Cluster.objects.create(name="Schools")
    ClusterMember.objects.create(cluster=cluster, recommendation=record)
    ClusterMember.objects.create(cluster=foreign, recommendation=other)
    progress_make.update(record, place, text="A law on equal pay was adopted.", state="published")
    progress_make.update(record, place, text="A draft that is not published.")
    dialogue = made.dialogue(coordinator, place, bodies=[body])
    assert add_points_from_register(proceeding=dialogue, by=coordinator) == 1
    point = dialogue.points.get(cluster=cluster)
    assert point.title == "Equal pay"
    assert "1 recommendation of the body" in point.text
    assert "A law on equal pay was adopted." in point.text
    assert "not published" not in point.text
    with pytest.raises(Refused, match="no further cluster"):
        add_points_from_register(proceeding=dialogue, by=coordinator)


def test_a_point_that_is_edited_keeps_its_cluster(coordinator, place):
    dialogue = made.dialogue(coordinator, place)
    point = dialogue.points.get()
    point.cluster = Cluster.objects.create(name="Equal pay")
    point.save()
    points = [PointValues("Equal pay in fact", "Two laws.", pk=point.pk), PointValues("Another")]
    set_points(proceeding=dialogue, points=points, seen=dialogue.version, by=coordinator)
    assert list(dialogue.points.values_list("title", "cluster__name")) == [
        ("Equal pay in fact", "Equal pay"),
        ("Another", None),
    ]


def test_an_institution_sees_its_points_and_questions_only(coordinator, place):
    beside = make.institution("moh")
    dialogue = made.dialogue(coordinator, place, beside)
    ask(
        dialogue,
        coordinator,
        QuestionValues(1, "Which law?", "en", [place], "anticipated"),
        QuestionValues(2, "How many doctors?", "en", [beside], "anticipated"),
    )
    shown = read_proceeding(made.fresh(dialogue), make.user(Role.FOCAL_POINT, place), on=timezone.localdate())
    assert [point.institution for point in shown.points] == [place]
    assert [question.text for question in shown.questions] == ["Which law?"]
    assert shown.delegates == []


def test_the_kit_has_delegation_points_and_questions(client, coordinator, place):
    dialogue = made.dialogue(coordinator, place)
    ask(
        dialogue, coordinator, QuestionValues(1, "Which law?", "en", [place], "anticipated", None, "The law of 2025.")
    )
    client.force_login(coordinator)
    response = client.get(reverse("desk:dialogue_kit", args=[dialogue.key, "docx"]))
    file = Document(BytesIO(b"".join(response.streaming_content)))
    texts = [paragraph.text for paragraph in file.paragraphs]
    texts += [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    for wanted in ("Ana Delegate", "Ambassador", "A law was adopted.", "Which law?", "The law of 2025."):
        assert wanted in texts
    assert "Confidential" in "".join(paragraph.text for paragraph in file.sections[0].header.paragraphs)


def test_a_dialogue_is_not_described_as_a_letter(client, coordinator):
    kind = {"kind": "dialogue", "sort": "review", "sent_on": None}
    dialogue = made.proceeding(coordinator, title="Fifth review", bodies=[], **kind)
    client.force_login(coordinator)
    page = client.get(reverse("desk:proceeding", args=[dialogue.key])).content.decode()
    assert "Enter the mandates or the body." in page
    assert "Date of the letter" not in page
    assert "As the letter asks" not in page
    assert "that sent the letter" not in page


def test_a_kit_that_is_empty_says_so(client, coordinator):
    dialogue = made.proceeding(coordinator, kind="dialogue", sort="review", title="Fifth review", bodies=[])
    client.force_login(coordinator)
    response = client.get(reverse("desk:dialogue_kit", args=[dialogue.key, "docx"]))
    file = Document(BytesIO(b"".join(response.streaming_content)))
    assert "No speaking points yet." in [paragraph.text for paragraph in file.paragraphs]
    assert "Body" not in [cell.text for table in file.tables for row in table.rows for cell in row.cells]


def test_a_letter_has_no_delegation(coordinator):
    letter = made.proceeding(coordinator)
    with pytest.raises(Refused, match="This is not a dialogue"):
        set_delegation(proceeding=letter, delegates=[], seen=letter.version, by=coordinator)


def room_question(number: int, place, owner, text: str = "Which law?") -> QuestionValues:
    return QuestionValues(number, text, "en", [place], "room", owner=owner)


@pytest.mark.database
def test_the_owner_of_a_question_put_in_the_room_is_notified_once_and_finds_it(client, coordinator, place):
    owner = make.user(Role.FOCAL_POINT, place)
    dialogue = ask(made.dialogue(coordinator, place), coordinator, room_question(1, place, owner))
    ask(dialogue, coordinator, room_question(1, place, owner, "Which law exactly?"))
    assert list(Notification.objects.filter(kind="question-assigned").values_list("person", flat=True)) == [owner.pk]
    client.force_login(owner)
    assert tiles_on_desk(client)["questions_owned"].count == 1
    found = client.get(reverse("desk:proceedings"), {"which": "owned"}).content.decode()
    assert dialogue.get_absolute_url() in found
    assert "You are responsible for this question." in client.get(dialogue.get_absolute_url()).content.decode()
    client.force_login(make.user(Role.FOCAL_POINT, place))
    assert tiles_on_desk(client)["questions_owned"].count == 0
    assert str(owner) not in client.get(dialogue.get_absolute_url()).content.decode()
    answered = room_question(1, place, owner)._replace(answer="The law of 2025.")
    ask(dialogue, coordinator, answered)
    client.force_login(owner)
    assert tiles_on_desk(client)["questions_owned"].count == 0


def test_only_those_who_see_a_question_can_own_it(coordinator, place):
    beside = make.institution("moh")
    dialogue = made.dialogue(coordinator, place, beside)
    for stranger in (make.user(Role.FOCAL_POINT, beside), make.user(Role.CONTRIBUTOR, place)):
        with pytest.raises(Refused, match="cannot see question 1"):
            ask(dialogue, coordinator, room_question(1, place, stranger))
    dialogue = ask(dialogue, coordinator, room_question(1, place, coordinator))
    assert not Notification.objects.filter(kind="question-assigned").exists()
    owner = make.user(Role.FOCAL_POINT, place)
    dialogue = ask(dialogue, coordinator, room_question(1, place, owner))
    set_named_institutions(proceeding=dialogue, named=[Named(beside)], seen=dialogue.version, by=coordinator)
    assert dialogue.questions.get().owner is None
    ask(dialogue, coordinator, QuestionValues(1, "Which law?", "en", [], "anticipated", owner=coordinator))
    assert dialogue.questions.get().owner is None


def test_the_form_of_questions_offers_owners_of_the_institutions_named(client, coordinator, place):
    owner, dialogue = make.user(Role.FOCAL_POINT, place), made.dialogue(coordinator, place)
    stranger = make.user(Role.FOCAL_POINT, make.institution("mof"))
    client.force_login(coordinator)
    address = reverse("desk:set_questions", args=[dialogue.key])
    page = client.get(address)
    offered = {pk for pk, _label in page.context["rows"][0].fields["owner"].choices if pk}
    assert {owner.pk, coordinator.pk} <= offered
    assert stranger.pk not in offered
    row = {"number": 1, "text": "Which law?", "language": "en", "institutions": [place.pk], "origin": "room"}
    sent = {f"row-0-{name}": value for name, value in (row | {"owner": owner.pk}).items()}
    sent |= {"version": made.fresh(dialogue).version, "row-TOTAL_FORMS": 1, "row-INITIAL_FORMS": 0}
    assert client.post(address, sent).status_code == 302
    assert dialogue.questions.get().owner == owner
