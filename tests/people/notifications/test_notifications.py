"""What concerns a person is told to that person, in their words, and to no one else."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import pytest
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone, translation

from servanda.desk.hand_over.services import end_appointment
from servanda.intake.models import Batch
from servanda.intake.services import tell_sender
from servanda.jobs.declare import SCHEDULED
from servanda.jobs.models import Mail
from servanda.people import tasks
from servanda.people.access import Role
from servanda.people.accounts import services as accounts
from servanda.people.accounts.personal_data import erase_person, export_personal_data
from servanda.people.appointments import services as appointments
from servanda.people.invitations.services import accept_invitation, invite_person
from servanda.people.models import ApiToken, Notification, User
from servanda.people.notifications import services
from servanda.people.notifications.digests import send_digests
from servanda.trail.models import Event
from tests import make, obligation_make, proceedings_make, reports_make, rounds_make
from tests.house.answers import tight_source_of

pytestmark = pytest.mark.django_db
Kind = Notification.Kind
START = date(2026, 1, 1)


@pytest.fixture
def coordinator() -> User:
    return make.user(Role.COORDINATOR, name="Cora")


@pytest.fixture
def person() -> User:
    return make.user(Role.COORDINATOR, name="Ana", language="en", email="ana@example.org")


@pytest.fixture
def reader() -> User:
    return make.user(Role.READER, name="Rita", language="en", email="rita@example.org")


def told(person: User) -> list[tuple[str, str]]:
    recipient = User.objects.get(pk=person.pk)
    return [(notice.sentence, notice.href) for notice in services.in_words(mine(recipient), to=recipient)]


def mine(person: User):
    return Notification.objects.visible_to(person)


def appoint(person: User, code: str, by: User | None):
    return appointments.appoint_person(
        person=person,
        institution=make.institution(code),
        function="alternate",
        act="",
        start=START,
        end=None,
        bodies="",
        by=by,
    )


def send(person: User, label: str = "list.docx", kind: Kind = Kind.IMPORT_READY) -> Notification:
    batch = Batch.objects.create(name=label, created_by=person, sha256="0" * 64)
    tell_sender(batch, kind)
    return Notification.objects.latest("pk")


def test_an_appointment_and_its_end_are_told_to_the_person(person, coordinator):
    appointment = appoint(person, "health", coordinator)
    appointments.end_appointment(appointment=appointment, on=date(2026, 6, 30), by=coordinator)
    page = reverse("people:institution", args=[appointment.institution_id])
    assert told(person) == [
        ("Cora set the end date of your appointment: Focal point, alternate, HEALTH.", page),
        ("Cora appointed you: Focal point, alternate, HEALTH.", page),
    ]


def test_the_sentence_is_made_in_the_language_of_the_reader(person, coordinator):
    appoint(person, "health", coordinator)
    with translation.override("fr"):
        function = str(person.appointments.get(institution__code="health").get_function_display())
        assert function in told(person)[0][0]


def test_arabic_has_commas_of_its_own(person, coordinator):
    appoint(person, "health", coordinator)
    with translation.override("ar"):
        assert "، HEALTH" in told(person)[0][0]


def test_nobody_is_told_of_their_own_deed(coordinator):
    appoint(coordinator, "health", coordinator)
    assert told(coordinator) == []


def test_a_hand_over_is_told_to_who_takes_over_and_leads_to_the_pack(person, coordinator):
    appointment = make.appointment(make.user(), make.institution("health"))
    made = end_appointment(
        appointment=appointment, on=date(2026, 6, 30), to=person, act="", note="", origin="", by=coordinator
    )
    address = reverse("desk:hand_over", args=[made.pk])
    [notice] = [sentence for sentence, href in told(person) if href == address]
    assert [part for part in ("Cora", "Focal point, principal, HEALTH") if part not in notice] == []


def test_a_role_that_was_changed_is_told(person):
    accounts.change_role(person=person, role=Role.AUDITOR, by=make.user(Role.ADMINISTRATOR, name="Adem"))
    assert told(person) == [("Adem changed your role in the mechanism.", reverse("people:own_account"))]


def test_whoever_invited_learns_that_the_invitation_was_accepted(coordinator):
    invited = invite_person(email="new@example.org", name="New", by=coordinator)
    newcomer = accept_invitation(
        key=invited.link.split("/")[-2], name="Nina New", language="en", password=make.PASSWORD
    )
    page = reverse("people:person", args=[newcomer.pk])
    assert told(coordinator) == [("Nina New accepted your invitation.", page)]


def test_a_key_near_its_end_is_told_once(person):
    now = timezone.now()
    make.token(person, name="Statistics", expires_at=now + timedelta(days=6))
    make.token(person, name="Later", expires_at=now + timedelta(days=60))
    assert (services.notify_of_expiring_keys(on=now), services.notify_of_expiring_keys(on=now)) == (1, 0)
    assert [sentence for sentence, _href in told(person)] == [
        "Your access key Statistics expires soon. Create a new one."
    ]


def test_a_revoked_key_needs_no_warning(person):
    make.token(person, expires_at=timezone.now() + timedelta(days=1))
    ApiToken.objects.update(revoked_at=timezone.now())
    assert services.notify_of_expiring_keys(on=timezone.now()) == 0


def test_every_administrator_learns_of_a_restore_once(coordinator):
    first = make.user(Role.ADMINISTRATOR)
    Event.record("restore-accepted", label="The disk broke.")
    services.notify_of_restores(on=timezone.now())
    second = make.user(Role.ADMINISTRATOR)
    services.notify_of_restores(on=timezone.now())
    expected = [("An older backup was restored. Reason: The disk broke..", reverse("people:trail"))]
    assert (told(first), told(second), told(coordinator)) == (expected, expected, [])


def test_a_link_is_there_only_for_who_may_follow_it(reader, coordinator):
    contributor = make.user(Role.CONTRIBUTOR)
    appointment = appointments.appoint_person(
        person=contributor,
        institution=make.institution("health"),
        function="contributor",
        act="",
        start=START,
        end=None,
        bodies="",
        by=coordinator,
    )
    appoint(reader, "health", coordinator)
    assert told(contributor) == [("Cora appointed you: Contributor, HEALTH.", "")]
    assert told(reader)[0][1] == reverse("people:institution", args=[appointment.institution_id])


THINGS: dict[str, Callable[[User], Model]] = {
    "proceedings.Proceeding": lambda _person: proceedings_make.proceeding(),
    "reporting.Report": reports_make.report,
    "sources.Obligation": lambda _person: obligation_make.obligation(),
    "request": lambda _person: rounds_make.request(make.institution("moj"), []),
    "record": lambda _person: make.recommendation(),
    "file": lambda _person: Batch.objects.create(name="Zorbatrix", sha256="0"),
}


def thing_of(kind: Kind) -> str:
    for thing in ("proceedings.Proceeding", "reporting.Report", "sources.Obligation"):
        if kind in Notification.CONFIDENTIAL[thing]:
            return thing
    if kind in {Kind.INPUT_ASKED, Kind.INPUT_ENDED}:
        return "request"
    return "record" if services.PAGES[kind].asked_by == "code" else "file"


@pytest.mark.parametrize("thing", THINGS)
def test_who_may_not_see_a_thing_any_more_is_told_nothing_of_it(client, thing):
    """Not on the page, not in the number beside the bell, not in the mail that was due; whatever kinds tell of it."""
    person = make.user(Role.ADMINISTRATOR, name="Ana", language="en", email="ana@example.org")
    made, kinds = THINGS[thing](person), [kind for kind in Notification.ABOUT if thing_of(kind) == thing]
    assert kinds
    for kind, label in product(kinds, ("Letter of Zorbatrix.docx", "Zorbatrix.csv")):
        services.notify(people=[person], kind=kind, thing=made, by=None, label=label)
    assert len(told(person)) == 2 * len(kinds)
    accounts.change_role(person=person, role="", by=make.user(Role.ADMINISTRATOR, name="Adem"))
    assert [sentence for sentence, _href in told(person)] == ["Adem changed your role in the mechanism."]
    client.force_login(User.objects.get(pk=person.pk))
    assert "1 unread" in client.get(reverse("portal:about")).content.decode()
    assert send_digests(on=timezone.now()) == 1
    assert "Zorbatrix" not in Mail.objects.get(to="ana@example.org").body
    kept = export_personal_data(User.objects.get(pk=person.pk))["notifications"]
    assert Counter((row["kind"], row["label"]) for row in kept if row["kind"] in kinds) == {
        (kind, ""): 2 for kind in kinds
    }
    assert send_digests(on=timezone.now() + timedelta(days=8)) == 0


def test_a_contributor_is_not_named_to_who_may_not_know_them(reader):
    appointment = appoint(reader, "health", make.user(Role.CONTRIBUTOR, name="Zorbatrix"))
    assert told(reader)[0][0].startswith("A contributor ")
    assert services.office(appointment) in told(reader)[0][0]


def test_a_thing_that_has_gone_is_called_so(person, coordinator):
    appoint(person, "health", coordinator).delete()
    assert told(person)[0][0] == "Cora appointed you: (no longer exists)."


@pytest.mark.database
def test_the_page_shows_ones_own_and_marks_them_read(client, person, coordinator):
    User.objects.filter(pk=person.pk).update(name="Ana Kos")
    person.refresh_from_db()
    send(person, "mine.docx")
    send(coordinator, "theirs.docx")
    client.force_login(person)
    page = client.get(reverse("people:notifications")).content.decode()
    assert "mine.docx" in page
    assert "theirs.docx" not in page
    client.post(reverse("people:read_notifications"))
    assert (mine(person).unread().count(), mine(coordinator).unread().count()) == (0, 1)


def test_opening_one_marks_it_read_and_leads_to_the_thing(client, coordinator):
    notice = send(coordinator)
    client.force_login(coordinator)
    answer = client.post(reverse("people:read_notification", args=[notice.pk]), {"open": "1"})
    assert answer.url == told(coordinator)[0][1]
    assert mine(coordinator).unread().count() == 0


def test_that_of_somebody_else_is_not_found_and_stays_unread(client, person, coordinator):
    notice = send(coordinator)
    client.force_login(person)
    assert client.post(reverse("people:read_notification", args=[notice.pk])).status_code == 404
    assert mine(coordinator).unread().count() == 1


BEYOND_AN_ENGINE = pytest.param("99999999999999999999", marks=pytest.mark.database)


@pytest.mark.parametrize("odd", ["", "0", "-1", "x", BEYOND_AN_ENGINE, "²"])
def test_an_odd_page_number_shows_a_page(client, person, odd):
    send(person)
    client.force_login(person)
    page = client.get(reverse("people:notifications"), {"page": odd})
    assert (page.status_code, len(page.context["notices"])) == (200, 1)


def test_the_page_costs_the_same_for_one_and_for_many(client, person, coordinator, django_assert_num_queries):
    client.force_login(person)
    appoint(person, "health", coordinator)
    with django_assert_num_queries(9):
        client.get(reverse("people:notifications"))
    for number in range(12):
        appoint(person, f"agency{number}", coordinator)
        send(person)
    with django_assert_num_queries(9):
        client.get(reverse("people:notifications"))


def test_the_bell_tells_the_number_of_unread_ones(client, person):
    send(person)
    send(person)
    client.force_login(person)
    assert "2 unread" in client.get(reverse("portal:about")).content.decode()


def test_the_bell_counts_in_arabic_too(client, person):
    for _one in range(3):
        send(person)
    client.force_login(person)
    answer = client.get(reverse("people:own_account"), headers={"accept-language": "ar"})
    assert 'class="bell-count" aria-hidden="true">3<' in tight_source_of(answer)


def test_a_visitor_without_an_account_has_no_bell_and_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # whose system this is
        page = client.get(reverse("portal:about")).content.decode()
    assert reverse("people:notifications") not in page


def test_one_mail_for_all_that_is_unread_in_the_language_of_the_person(person):
    User.objects.filter(pk=person.pk).update(digest="daily", language="fr")
    send(person, "one.docx")
    send(person, "two.docx")
    read = send(person, "old.docx")
    services.mark_read(notifications=Notification.objects.filter(pk=read.pk), by=person)
    now = timezone.now()
    assert (send_digests(on=now), send_digests(on=now + timedelta(days=2))) == (1, 0)
    mail = Mail.objects.get(to="ana@example.org")
    assert [name in mail.body for name in ("one.docx", "two.docx", "old.docx")] == [True, True, False]
    assert reverse("people:notifications") in mail.body


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("fr", "1 nouvelle notification", ["Le fichier one.docx a été lu", "Mon compte"]),
        ("ar", "إشعار جديد واحد", ["قُرئ الملف one.docx", "حسابي"]),
        ("en", "1 new notification", ["The file one.docx has been read", "My account"]),
    ],
)
def test_subject_and_lines_of_a_digest_are_in_the_words_of_its_reader(person, language, subject, words):
    User.objects.filter(pk=person.pk).update(digest="daily", language=language)
    send(person, "one.docx")
    with translation.override("es"):  # whatever the worker spoke before
        send_digests(on=timezone.now())
    mail = Mail.objects.get(to="ana@example.org")
    assert mail.subject == subject
    assert [part for part in words if part not in mail.body] == []


def test_the_rhythm_is_kept(person):
    User.objects.filter(pk=person.pk).update(digest="weekly")
    now = timezone.now()
    send(person)
    sent = [send_digests(on=now)]
    send(person)
    sent += [send_digests(on=now + timedelta(days=days)) for days in (1, 6, 7, 8)]
    assert sent == [1, 0, 0, 1, 0]


@pytest.mark.parametrize("fields", [{"digest": "never"}, {"digest": "daily", "is_active": False}])
def test_who_wants_none_or_may_not_log_in_gets_no_mail(person, fields):
    User.objects.filter(pk=person.pk).update(**fields)
    send(person)
    assert send_digests(on=timezone.now()) == 0


def test_a_mail_names_no_contributor_to_who_may_not_know_them(reader):
    appoint(reader, "health", make.user(Role.CONTRIBUTOR, name="Zorbatrix"))
    send_digests(on=timezone.now())
    mail = Mail.objects.get(to="rita@example.org")
    assert "A contributor appointed you" in mail.body
    assert "Zorbatrix" not in mail.body


def test_a_long_digest_says_how_many_more_there_are(person):
    for _number in range(45):
        send(person)
    send_digests(on=timezone.now())
    assert "– 5 more" in Mail.objects.get(to="ana@example.org").body


def test_the_worker_knows_the_schedules():
    assert SCHEDULED["send-digests"] == (timedelta(hours=1), tasks.send_digests)
    assert SCHEDULED["forget-old-notices"] == (timedelta(days=1), tasks.forget_old_notices)


@pytest.mark.database
def test_what_was_read_long_ago_is_forgotten(person):
    old, new = send(person), send(person)
    Notification.objects.filter(pk=old.pk).update(read_at=timezone.now() - timedelta(days=181))
    assert services.forget_old_notifications(on=timezone.now()) == 1
    assert list(mine(person)) == [new]


def test_personal_data_hold_what_a_person_was_told_and_go_with_them(person, coordinator):
    User.objects.filter(pk=person.pk).update(name="Ana Kos")
    person.refresh_from_db()
    send(person, "mine.docx")
    send(coordinator, "Letter of Ana Kos.docx")
    send(coordinator, "Letter of ANA KOS.docx")
    assert [row["label"] for row in export_personal_data(person)["notifications"]] == ["mine.docx"]
    erase_person(person=person, by=make.user(Role.ADMINISTRATOR))
    assert list(Notification.objects.values_list("label", flat=True)) == ["", "Letter of ….docx"]


def test_who_was_erased_is_told_nothing_any_more(person, coordinator):
    User.objects.filter(pk=person.pk).update(erased_at=timezone.now())
    people = list(User.objects.filter(pk__in=[person.pk, coordinator.pk]))
    services.notify(people=people, kind=Kind.ROLE_CHANGED, thing=person, by=None)
    assert list(Notification.objects.values_list("person", flat=True)) == [coordinator.pk]


def test_the_page_groups_by_day_and_by_thing_and_names_each_thing(client, person):
    batches = [Batch.objects.create(name=name, sha256=name) for name in ("first.xlsx", "second.xlsx")]
    for thing in (*batches, batches[0]):
        services.notify(people=[person], kind=Kind.SHEET_READY, thing=thing, by=None, label=thing.name)
    Notification.objects.filter(pk=Notification.objects.order_by("pk").first().pk).update(
        created_at=timezone.now() - timedelta(days=2)
    )
    notices = services.in_words(Notification.objects.filter(person=person), to=person)
    days = services.by_day(notices)
    today = timezone.localdate()
    assert [day for day, _things in days] == [today, today - timedelta(days=2)]
    assert [(name, len(some)) for name, some in days[0][1]] == [("first.xlsx", 1), ("second.xlsx", 1)]
    Notification.objects.update(created_at=timezone.now())
    [[_day, things]] = services.by_day(services.in_words(Notification.objects.filter(person=person), to=person))
    assert [(name, len(some)) for name, some in things] == [("second.xlsx", 1), ("first.xlsx", 2)]
