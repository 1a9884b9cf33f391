"""A visit: its dates and programme, who sees what of it, and the report that the State authorises."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.proceedings.life.detail import read_proceeding
from servanda.proceedings.life.needs import missing_for
from servanda.proceedings.life.services import edit_proceeding
from servanda.proceedings.life.steps import take_step
from servanda.proceedings.models import Meeting, Proceeding, StandingInvitation
from servanda.proceedings.replies.services import record_outcome, record_publication
from servanda.proceedings.visits.services import (
    MeetingValues,
    link_report,
    set_programme,
    set_standing_invitation,
    set_visit,
)
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Document, Obligation
from servanda.vocab.models import Body
from tests import make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db
FIRST = made.RECEIVED
FACTS = {"answer": "invited", "answered_on": FIRST, "starts_on": FIRST, "ends_on": FIRST, "authorised_on": None}


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


def change(visit: Proceeding, by, **fields) -> Proceeding:
    set_visit(proceeding=visit, **{**FACTS, **fields}, seen=made.fresh(visit).version, by=by)
    return made.fresh(visit)


def programme(visit: Proceeding, by, *meetings: MeetingValues) -> None:
    set_programme(proceeding=visit, meetings=meetings, seen=made.fresh(visit).version, by=by)


def test_a_visit_that_is_declined_is_closed_at_once(coordinator):
    visit = change(made.visit(coordinator), coordinator, answer="declined")
    assert [step.code for step in visit.following] == ["closed"]
    record_outcome(proceeding=visit, outcome="Declined.", reprisals_handling="", seen=visit.version, by=coordinator)
    seen = made.fresh(visit).version
    take_step(proceeding=visit, step="closed", on=timezone.localdate(), seen=seen, by=coordinator)
    assert made.fresh(visit).is_closed


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"answer": "maybe"}, "Choose a value"),
        ({"answer": ""}, "Choose the answer"),
        ({"answered_on": date(2099, 1, 1)}, "today or in the past"),
        ({"authorised_on": date(2099, 1, 1)}, "today or in the past"),
        ({"starts_on": None}, "Enter the first day"),
        ({"ends_on": date(2026, 1, 1)}, "end date is before"),
        ({"starts_on": date(2027, 1, 1), "ends_on": date(2027, 1, 2)}, "Change the programme first"),
    ],
)
def test_dates_that_contradict_each_other_are_refused(coordinator, place, fields, sentence):
    visit = made.visit(coordinator, place)
    with pytest.raises(Refused, match=sentence):
        change(visit, coordinator, **fields)
    assert made.fresh(visit).version == visit.version


def test_meetings_are_on_days_of_the_visit_and_with_institutions_named(coordinator, place):
    visit = made.visit(coordinator, place)
    for meeting, sentence in (
        (MeetingValues(FIRST + timedelta(days=1), "Prison"), "not on a day of the visit"),
        (MeetingValues(FIRST, " "), "title for each meeting"),
        (MeetingValues(FIRST, "Prison", institution=make.institution("moh")), "not named here"),
    ):
        with pytest.raises(Refused, match=sentence):
            programme(visit, coordinator, meeting)
    assert visit.meetings.count() == 1


def test_rows_of_the_programme_are_kept_changed_and_removed(coordinator, place):
    visit = made.visit(coordinator, place)
    row = visit.meetings.get()
    late, early = MeetingValues(FIRST, "Minister", time(15)), MeetingValues(FIRST, "Prison", time(9), pk=row.pk)
    programme(visit, coordinator, late, early)
    assert [(meeting.title, meeting.at) for meeting in visit.meetings.all()] == [
        ("Prison", time(9)),
        ("Minister", time(15)),
    ]
    assert visit.meetings.first().pk == row.pk
    other = made.visit(coordinator, place).meetings.get()
    programme(visit, coordinator, early._replace(pk=other.pk))
    assert other.title == Meeting.objects.get(pk=other.pk).title  # a row of another visit stays as it is
    assert visit.meetings.count() == 1


def test_an_institution_sees_its_own_meetings_and_no_notes_of_the_mechanism(coordinator, place):
    beside = make.institution("moh")
    visit = made.visit(coordinator, place, beside)
    seen = {
        person: [row.title for row in read_proceeding(visit, person, on=FIRST).meetings]
        for person in (coordinator, make.user(Role.FOCAL_POINT, place), make.user(Role.FOCAL_POINT, beside))
    }
    assert list(seen.values()) == [
        ["Meeting with moj", "Meeting with moh"],
        ["Meeting with moj"],
        ["Meeting with moh"],
    ]
    stranger = make.user(Role.FOCAL_POINT, make.institution("none"))
    assert not Meeting.objects.visible_to(stranger).exists()


def test_a_meeting_is_no_longer_of_an_institution_that_is_not_named(coordinator, place):
    visit = made.visit(coordinator, place)
    made.name(visit, coordinator, make.institution("moh"))
    assert visit.meetings.get().institution is None


def test_a_report_on_prevention_is_confidential_until_the_state_authorises_it(coordinator):
    visit = made.visit(coordinator, sort="prevention")
    with pytest.raises(Refused, match="until the State authorises"):
        publish(visit, coordinator)
    assert "Enter when the State authorised the publication." in [
        missing.sentence for missing in missing_for(visit, "published")
    ]
    publish(change(visit, coordinator, authorised_on=FIRST), coordinator)
    assert made.fresh(visit).published_on == FIRST
    publish(made.visit(coordinator), coordinator)  # special procedures publish without being asked


def publish(visit: Proceeding, by) -> None:
    seen = made.fresh(visit).version
    record_publication(proceeding=visit, published_on=FIRST, symbol="", seen=seen, by=by)


def test_its_deadline_is_that_of_the_comments_once_the_body_has_set_it(coordinator):
    visit = made.visit(coordinator)
    assert not Obligation.objects.exists()
    values = made.values(
        reference=visit.reference, kind="visit", sort="country", title="Visit", due_on=date(2026, 5, 1)
    )
    edit_proceeding(proceeding=visit, values=values, seen=visit.version, by=coordinator)
    deadline = Obligation.objects.get()
    assert (deadline.kind, deadline.due_on, deadline.is_derived) == ("comments", date(2026, 5, 1), True)


@pytest.mark.database
def test_the_report_is_linked_once_it_has_been_imported(coordinator):
    visit = made.visit(coordinator)
    with pytest.raises(Refused, match="Import the document first"):
        link_report(proceeding=visit, symbol="A/HRC/58/55/Add.1", seen=visit.version, by=coordinator)
    Document.objects.create(symbol="A/HRC/58/55/Add.1")
    link_report(proceeding=visit, symbol="a/hrc/58/55/add.1 ", seen=visit.version, by=coordinator)
    assert missing_for(made.fresh(visit), "imported") == []


def test_a_report_that_is_not_authorised_is_imported_with_restricted_records_only(coordinator):
    visit = made.visit(coordinator, sort="prevention")
    report = Document.objects.create(symbol="CAT/OP/SVN/R.1")
    link_report(proceeding=visit, symbol=report.symbol, seen=visit.version, by=coordinator)
    record = make.recommendation(document=report)
    assert [missing.sentence for missing in missing_for(made.fresh(visit), "imported")] == [
        "Enter when the State authorised the publication, or restrict the records of the report."
    ]
    Recommendation.objects.filter(pk=record.pk).update(confidentiality="restricted")
    assert missing_for(made.fresh(visit), "imported") == []


def test_the_standing_invitation_is_for_visits_of_special_procedures_only(coordinator, client):
    extended = {"extended_on": date(2001, 2, 3), "source": "OHCHR", "withdrawn_on": None}
    set_standing_invitation(**extended, seen=0, by=coordinator)
    client.force_login(coordinator)
    for sort, is_invited in (("country", True), ("prevention", False)):
        visit = made.visit(coordinator, sort=sort)
        page = client.get(visit.get_absolute_url()).content.decode()
        form = client.get(reverse("desk:set_visit", args=[visit.key])).content.decode()
        assert ("Standing invitation extended" in page) is is_invited
        assert ("Under the standing invitation" in form) is is_invited
    with pytest.raises(Refused, match="Choose a value from the list"):
        change(visit, coordinator, answer="standing")


@pytest.mark.parametrize(
    ("kind", "sort", "body", "of_kind"),
    [
        ("visit", "prevention", "SR Torture", Body.Kind.SPECIAL_PROCEDURE),
        ("visit", "prevention", "GREVIO", Body.Kind.MONITORING),
        ("visit", "country", "SPT", Body.Kind.TREATY_BODY),
        ("visit", "commission", "CPT", Body.Kind.MONITORING),
        ("dialogue", "committee", "UPR", Body.Kind.UPR),
        ("dialogue", "review", "CEDAW", Body.Kind.TREATY_BODY),
    ],
)
def test_a_type_of_visit_or_dialogue_is_for_its_bodies_only(coordinator, kind, sort, body, of_kind):
    bodies = [make.body(body, of_kind)]
    with pytest.raises(Refused, match="does not belong to this type"):
        made.proceeding(coordinator, kind=kind, sort=sort, bodies=bodies)


def test_the_form_names_no_other_body_at_the_alleged_reprisals(coordinator, client):
    client.force_login(coordinator)
    form = client.get(reverse("desk:edit_proceeding", args=[made.visit(coordinator, sort="prevention").key]))
    assert "cooperated with the body" in form.content.decode()
    assert "United Nations" not in form.content.decode().partition("<main")[2].partition("</main")[0]


def test_a_letter_has_no_programme(coordinator):
    letter = made.proceeding(coordinator)
    with pytest.raises(Refused, match="This is not a visit"):
        programme(letter, coordinator)


def test_the_second_of_two_editors_is_refused(coordinator):
    visit = made.visit(coordinator)
    set_visit(proceeding=visit, **FACTS | {"answer": "standing"}, seen=visit.version, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        set_programme(proceeding=visit, meetings=[], seen=visit.version, by=coordinator)
    assert made.fresh(visit).answer == "standing"


def test_there_is_one_standing_invitation(coordinator):
    first = {"extended_on": date(2005, 3, 1), "source": "OHCHR", "withdrawn_on": None}
    made_one = set_standing_invitation(**first, seen=0, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        set_standing_invitation(**first, seen=0, by=coordinator)
    for fields, sentence in (
        ({"withdrawn_on": date(2004, 1, 1)}, "between the invitation and today"),
        ({"source": " "}, "Enter the source"),
        ({"extended_on": date(2099, 1, 1)}, "today or in the past"),
    ):
        with pytest.raises(Refused, match=sentence):
            set_standing_invitation(**{**first, **fields}, seen=made_one.version, by=coordinator)
    set_standing_invitation(**{**first, "withdrawn_on": date(2020, 1, 1)}, seen=made_one.version, by=coordinator)
    assert StandingInvitation.objects.get().withdrawn_on == date(2020, 1, 1)


def test_only_the_mechanism_sets_it(place):
    writer = make.user(Role.FOCAL_POINT, place)
    with pytest.raises(Refused, match="permission"):
        set_standing_invitation(extended_on=FIRST, source="OHCHR", withdrawn_on=None, seen=0, by=writer)
