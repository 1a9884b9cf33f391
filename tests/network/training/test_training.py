"""Courses, their sessions, registration with a waiting list, and attendance."""

from datetime import timedelta

import pytest
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import Course, CourseRegistration
from servanda.network.training import services, waiting_list
from servanda.network.training.queries import CourseFilter, find_courses, needs
from servanda.network.training.services import CourseValues, SessionValues
from servanda.people.versioning import ChangedMeanwhile
from servanda.trail.models import Event
from tests import make, network_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make.user("coordinator")


def values(**facts) -> CourseValues:
    usual = {"title": "Clusters", "text": "How.", "provider": "Ministry", "languages": ["en", "fr"]}
    return CourseValues(**usual | facts)


def today():
    return timezone.localdate()


def states(session) -> list[str]:
    return list(session.registrations.order_by("queued_at", "pk").values_list("state", flat=True))


def test_a_course_is_added_edited_withdrawn_and_restored(coordinator):
    course = services.add_course(values=values(), by=coordinator)
    services.edit_course(course=course, values=values(title="Labels"), seen=1, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        services.edit_course(course=course, values=values(title="Mine"), seen=1, by=coordinator)
    services.withdraw_course(course=course, reason="Twice.", by=coordinator)
    assert not Course.objects.visible_to(coordinator).exists()
    with pytest.raises(Refused, match="Restore it first"):
        services.add_session(course=course, values=session_values(), by=coordinator)
    services.restore_course(course=course, by=coordinator)
    assert [str(row) for row in Course.objects.visible_to(coordinator)] == ["Labels"]
    actions = list(Event.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-4:] == ["course-added", "course-edited", "course-withdrawn", "course-restored"]


@pytest.mark.parametrize("name", ["title", "text", "provider", "languages"])
def test_a_course_needs_these(coordinator, name):
    with pytest.raises(FieldRefused, match="Required field"):
        services.add_course(values=values(**{name: [] if name == "languages" else " "}), by=coordinator)


def session_values(**facts) -> SessionValues:
    usual = {"start": today() + timedelta(days=5), "end": today() + timedelta(days=6), "place": "Ljubljana"}
    return SessionValues(**usual | facts)


def made_session(by, **facts):
    course = services.add_course(values=values(), by=by)
    return services.add_session(course=course, values=session_values(**facts), by=by)


def test_the_first_who_waits_takes_a_free_place(coordinator):
    session = made_session(coordinator, places=1)
    first, second, third = (make.user() for _number in range(3))
    for person in (first, second, third):
        waiting_list.register_for_session(session=session, by=person)
    assert states(session) == ["registered", "waiting", "waiting"]
    with pytest.raises(Refused, match="already registered"):
        waiting_list.register_for_session(session=session, by=second)
    waiting_list.withdraw_registration(session=session, by=first)
    assert states(session) == ["withdrawn", "registered", "waiting"]
    waiting_list.register_for_session(session=session, by=first)
    newest = session.registrations.order_by("queued_at", "pk").last()
    assert (newest.person, newest.state) == (first, "waiting")


def test_more_places_go_to_those_who_wait_and_fewer_take_none_away(coordinator):
    session = made_session(coordinator, places=1)
    for _number in range(3):
        waiting_list.register_for_session(session=session, by=make.user())
    services.edit_session(session=session, values=session_values(places=2), seen=None, by=coordinator)
    assert states(session) == ["registered", "registered", "waiting"]
    services.edit_session(session=session, values=session_values(places=1), seen=None, by=coordinator)
    assert states(session) == ["registered", "registered", "waiting"]


def test_nobody_registers_for_a_session_that_is_over_or_cancelled(coordinator):
    over = made_session(coordinator, start=today() - timedelta(days=2), end=today() - timedelta(days=1))
    cancelled = made_session(coordinator)
    services.cancel_session(session=cancelled, reason="No room.", by=coordinator)
    for session in (over, cancelled):
        with pytest.raises(Refused, match="cancelled or over"):
            waiting_list.register_for_session(session=session, by=coordinator)
    services.reopen_session(session=cancelled, by=coordinator)
    assert waiting_list.register_for_session(session=cancelled, by=coordinator).state == "registered"
    with pytest.raises(FieldRefused, match="not before the start date"):
        services.add_session(course=over.course, values=session_values(end=today()), by=coordinator)


def test_attendance_is_recorded_from_the_first_day(coordinator):
    session = made_session(coordinator, places=1)
    present, waits = make.user(), make.user()
    for person in (present, waits):
        waiting_list.register_for_session(session=session, by=person)
    keys = [row.pk for row in session.registrations.all()]
    with pytest.raises(Refused, match="start date"):
        waiting_list.set_attendance(session=session, attended=keys, by=coordinator)
    type(session).objects.update(start=today())
    waiting_list.set_attendance(session=session, attended=keys, by=coordinator)
    attended = dict(CourseRegistration.objects.values_list("person", "attended"))
    assert attended == {present.pk: True, waits.pk: None}


def test_gaps_of_the_own_self_assessment_lead_to_courses_of_that_capacity(coordinator):
    assert needs(coordinator, on=today()) == []
    own = network_make.profile(is_own=True)
    network_make.self_assessment(own, level=1, completed_at="2026-03-02T10:00:00Z")
    fitting = services.add_course(values=values(capacity="engage"), by=coordinator)
    services.add_course(values=values(title="Other", capacity="consult"), by=coordinator)
    first = needs(coordinator, on=today())[0]
    assert first.gaps > 0
    found = find_courses(coordinator, CourseFilter(capacity=first.capacity), on=today())
    assert [course.pk for course in found] == [fitting.pk]


def test_the_catalogue_is_found_by_words_level_form_and_language(coordinator):
    course = services.add_course(values=values(level="advanced", form="in-person"), by=coordinator)
    services.add_session(course=course, values=session_values(), by=coordinator)
    for filters in ({"words": "ministry"}, {"level": "advanced"}, {"form": "in-person"}, {"language": "fr"}):
        found = list(find_courses(coordinator, CourseFilter(**filters), on=today()))
        assert [row.next_on for row in found] == [today() + timedelta(days=5)]
    for filters in ({"words": "nothing"}, {"level": "introductory"}, {"form": "online"}, {"language": "f"}):
        assert not find_courses(coordinator, CourseFilter(**filters), on=today()).exists()


def test_nobody_registers_after_the_closing_date(coordinator):
    day = timedelta(days=1)
    session = network_make.session(network_make.course(), end=today() + day, closes_on=today())
    waiting_list.register_for_session(session=session, by=make.user())
    session.closes_on = today() - day
    session.save()
    with pytest.raises(Refused, match="Registration closed on"):
        waiting_list.register_for_session(session=session, by=make.user())
