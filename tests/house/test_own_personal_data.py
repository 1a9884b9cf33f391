"""The file of one's own personal data: it is no way around the rules on who sees what, also after one has left."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.people.models import User
from servanda.proceedings.models import Proceeding
from servanda.proceedings.replies import services as replies
from servanda.progress.models import Contribution
from servanda.progress.updates import services as updating
from servanda.reporting.models import ReturnedNote, SentCopy, WordReturn
from servanda.sources.models import Obligation
from tests import assessing_make, make, obligation_make, proceedings_make, reports_make

pytestmark = pytest.mark.django_db
SECRET = "Zymurgy"  # in texts of others


def own_data(client, person: User) -> dict:
    client.force_login(User.objects.get(pk=person.pk))
    return json.loads(client.get(reverse("people:own_personal_data")).content)


def leave(person: User) -> None:
    person.appointments.update(end=timezone.localdate() - timedelta(days=1))
    User.objects.filter(pk=person.pk).update(role="")


def test_comments_of_an_author_of_the_same_name_stay_with_those_who_see_the_report(client):
    """Everyone chooses their own name."""
    coordinator = make.user(Role.COORDINATOR, name="Minister Kos")
    report = reports_make.report(coordinator)
    copy = SentCopy.objects.create(report=report, digest="1" * 64, by=coordinator)
    returned = WordReturn.objects.create(
        report=report, copy=copy, name="minister.docx", sha256="2" * 64, by=coordinator, kept_at=timezone.now()
    )
    ReturnedNote.objects.create(word_return=returned, place=1, kind="comment", author="Minister Kos", text=SECRET)
    stranger = make.user(Role.CONTRIBUTOR, name="Minister Kos")
    assert own_data(client, stranger)["notes in returned Word files"] == []
    assert [note["text"] for note in own_data(client, coordinator)["notes in returned Word files"]] == [SECRET]


def test_a_draft_that_a_colleague_went_on_with_is_not_in_it_after_leaving(client):
    justice = make.institution("justice")
    record = make.recommendation(confidentiality="restricted")
    record.restricted_to.add(justice)
    make.assignment(record, justice)
    first, second = make.user(Role.FOCAL_POINT, justice), make.user(Role.FOCAL_POINT, justice)
    draft = updating.start_update(institution=justice, recommendations=[record], by=first)
    facts = {"obstacles": "", "figures": "", "language": "en", "start": None, "end": None}
    facts |= {"recommendations": [record], "actions": []}
    draft = updating.save_update(update=draft, seen=draft.version, text="First text.", **facts, by=first)
    leave(first)
    updating.save_update(update=draft, seen=draft.version, text=SECRET, **facts, by=second)
    assert [set(row) for row in own_data(client, first)["updates"]] == [{"institution__code", "created_at"}]
    assert own_data(client, second)["updates"][0]["text"] == SECRET


def test_reasons_of_others_and_references_of_today_are_not_in_it(client):
    former, other = make.user(Role.COORDINATOR), make.user(Role.COORDINATOR)
    letter = proceedings_make.proceeding(former, make.institution("justice"))
    seen = proceedings_make.fresh(letter).version
    replies.write_reply(proceeding=letter, reply="The State replies.", language="en", seen=seen, by=former)
    replies.start_clearance(proceeding=proceedings_make.fresh(letter), by=former)
    leave(former)
    replies.return_reply(proceeding=proceedings_make.fresh(letter), reason=SECRET, by=other)
    Proceeding.objects.filter(pk=letter.pk).update(reference="AL SVN 7/2027")
    written = json.dumps(own_data(client, former))
    assert SECRET not in written
    assert "AL SVN 7/2027" not in written


def test_what_becomes_of_a_restricted_obligation_is_not_in_it(client):
    responsible = make.user(Role.FOCAL_POINT)
    due = obligation_make.obligation("Reply", confidentiality="restricted", responsible=responsible)
    leave(responsible)
    Obligation.objects.filter(pk=due.pk).update(due_on=date(2027, 9, 9), state="cleared")
    assert own_data(client, responsible)["obligations"] == [{"code": due.code}]


def test_who_answered_a_contribution_does_not_learn_again_who_sent_it(client):
    former = make.user(Role.COORDINATOR)
    contribution = assessing_make.contribution(make.recommendation(), SECRET)
    Contribution.objects.filter(pk=contribution.pk).update(
        hides_identity=True,
        organisation="Hidden organisation",
        answered_by=former,
        state="accepted",
        answered_at=timezone.now(),
    )
    leave(former)
    [row] = own_data(client, former)["contributions"]
    assert set(row) == {"received_at", "answered_at", "state"}
