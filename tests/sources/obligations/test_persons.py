"""A person who is responsible for an obligation: who can be, what they see, who is reminded, and what they leave."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.desk.hand_over.services import end_appointment
from servanda.intake.models import CellComment
from servanda.jobs.declare import SCHEDULED, read_declarations
from servanda.kit.refusal import FieldRefused
from servanda.people.access import Role
from servanda.people.accounts.personal_data import erase_person, export_personal_data
from servanda.people.appointments.services import reopen_appointment
from servanda.people.models import Notification, User
from servanda.people.notifications.services import in_words
from servanda.progress.models import Reminder
from servanda.sources import tasks
from servanda.sources.models import Obligation, ObligationFile, ObligationStep
from servanda.sources.obligations.listing import FORMER, ObligationFilter, find_obligations
from servanda.sources.obligations.persons import NAMED_EACH, hand_over_due, notify_responsible, works_on
from servanda.sources.obligations.services import add_obligation, edit_obligation, withdraw_obligation
from servanda.sources.obligations.steps import steps_followed_by
from servanda.sources.obligations.values import ObligationValues
from servanda.trail.models import Event
from tests import make, obligation_make
from tests.desk.tiles import tiles_on_desk
from tests.once import built_once
from tests.rounds_make import TODAY, run_reminders
from tests.sources.obligations.test_obligation_sheets import applied, sent, verdicts

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAST = datetime(2025, 1, 1, tzinfo=UTC)
BY_DECREE = {"on": timezone.localdate() - DAY, "act": "Decree 7", "note": "", "origin": "https://desk.example.org"}


@built_once
def coordinator() -> User:
    return make.user(Role.COORDINATOR)


@built_once
def ana() -> User:
    return make.user(Role.FOCAL_POINT, make.institution("moj"), name="Ana Primer")


def with_ana(ana: User, **fields) -> Obligation:
    return obligation_make.obligation(responsible=ana, **fields)


def values(**fields) -> ObligationValues:
    due_on = timezone.localdate() + 60 * DAY
    return ObligationValues(body=make.committee("CEDAW"), kind="periodic-report", due_on=due_on, **fields)


def test_an_institution_or_a_person_is_responsible_never_both(coordinator, ana):
    with pytest.raises(FieldRefused, match="not both") as refused:
        add_obligation(values=values(owner=make.institution("moj"), responsible=ana), by=coordinator)
    assert refused.value.field == "responsible"
    assert add_obligation(values=values(responsible=ana), by=coordinator).responsible == ana


def test_only_those_who_work_on_the_body_can_be_responsible(coordinator):
    others = [make.user(Role.READER), make.user(Role.AUDITOR), make.user(Role.PUBLIC), make.user(Role.PUBLIC)]
    make.appointment(others[2], make.institution("moj"), bodies="SPT")
    make.appointment(others[3], make.institution("moj"), end=date(2026, 1, 1))
    for person in others:
        with pytest.raises(FieldRefused, match="not appointed for this body"):
            add_obligation(values=values(responsible=person), by=coordinator)
    assert add_obligation(values=values(responsible=coordinator), by=coordinator).responsible == coordinator


def test_the_person_sees_it_with_its_steps_and_colleagues_do_not_if_it_is_restricted(ana):
    due = with_ana(ana, confidentiality="restricted")
    step = obligation_make.step(due, "Draft", due_on=due.due_on)
    colleague = make.user(Role.FOCAL_POINT, make.institution("moj"))
    for person, seen in ((ana, 1), (colleague, 0)):
        assert Obligation.objects.visible_to(person).count() == seen
        assert Obligation.objects.of_institutions_of(person).count() == seen
        assert ObligationStep.objects.visible_to(person).count() == seen
        assert list(steps_followed_by(person)) == [step][:seen]


@pytest.mark.database
def test_it_is_on_the_desk_in_the_list_and_on_its_page(client, ana):
    due, other = with_ana(ana, due_on=timezone.localdate() - DAY), obligation_make.obligation("Another one")
    client.force_login(ana)
    desk = client.get(reverse("desk:home")).content.decode()
    assert (due.code in desk, other.code in desk) == (True, False)
    for asked in ({"when": "mine"}, {"person": str(ana.pk)}):
        page = client.get(reverse("desk:obligations"), asked).content.decode()
        assert (due.code in page, other.code in page, "Ana Primer" in page) == (True, False, True)
    page = client.get(reverse("desk:obligation", args=[due.code])).content.decode()
    assert ("Responsible person" in page, "Ana Primer" in page) == (True, True)
    for odd in ("x", "9" * 30, "-1"):
        assert due.code not in client.get(reverse("desk:obligations"), {"person": odd}).content.decode()


def test_the_history_names_the_person_and_the_trail_does_not(client, ana):
    make.signed_in(client, Role.COORDINATOR)
    due = obligation_make.obligation()
    form = client.get(reverse("desk:edit_obligation", args=[due.code])).context["form"]
    fields = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    url = reverse("desk:edit_obligation", args=[due.code])
    page = client.post(url, fields | {"responsible": ana.pk}, follow=True).content.decode()
    assert "Ana Primer" in page.partition("History")[2]
    stored = Event.objects.get(action="obligation-edited").difference
    assert json.loads(stored)["responsible"] == ["", str(ana.pk)]


def days_of(person: User) -> list[int]:
    return sorted((reminder.on - TODAY).days for reminder in Reminder.objects.filter(person=person))


def reminded(ana: User, **fields) -> tuple[list[int], list[int]]:
    """The days on which the person and the alternate of the institution are reminded."""
    alternate = make.user(Role.PUBLIC)
    make.appointment(alternate, make.institution("moj"), "alternate", start=date(2025, 1, 1))
    with_ana(ana, due_on=TODAY, **fields)
    Obligation.objects.update(created_at=datetime(2025, 1, 1, tzinfo=UTC))
    run_reminders()
    return days_of(ana), days_of(alternate)


def started_early(ana: User, **fields) -> User:
    User.objects.filter(pk=ana.pk).update(**fields)
    ana.appointments.update(start=date(2025, 1, 1))
    return User.objects.get(pk=ana.pk)


@pytest.mark.database
def test_the_person_is_reminded_as_institutions_are_and_the_alternate_once_it_is_late(ana):
    assert reminded(started_early(ana)) == ([-30, -7, -1, 0, 7], [3, 7])


def test_the_alternate_is_reminded_while_the_person_is_away(ana):
    away = started_early(ana, away_from=TODAY - 10 * DAY, away_until=TODAY - DAY)
    own, of_alternate = reminded(away)
    assert (set(own) >= {-7, -1, 0, 7}, of_alternate) == (True, [-10, -7, -1, 3, 7])


def test_of_a_restricted_obligation_the_alternate_does_not_hear(ana):
    assert reminded(started_early(ana), confidentiality="restricted")[1] == []


@pytest.mark.database
def test_a_sheet_names_the_person_by_e_mail_address_in_and_out(client, coordinator, ana):
    due = obligation_make.obligation("Report", code="O-1", owner=make.institution("moj"))
    header = "code,institution,person"
    refused = sent(f"{header}\nO-1,,{ana.email}", coordinator)
    assert "not both" in refused.rows.get().reason
    batch = sent(f"{header}\nO-1,-,{ana.email.upper()}\n", coordinator)
    assert verdicts(batch) == ["changed"]
    applied(batch, coordinator)
    due.refresh_from_db()
    assert (due.owner, due.responsible) == (None, ana)
    client.force_login(coordinator)
    export = b"".join(client.get(reverse("desk:obligations_export", args=["csv"])).streaming_content).decode()
    assert ana.email in export
    assert [row.verdict for row in sent(export, coordinator).rows.all()] == ["unchanged"]


def test_a_person_who_has_left_does_not_keep_a_sheet_from_coming_back(client, coordinator, ana):
    with_ana(ana)
    with_ana(ana, state="submitted")
    obligation_make.obligation("Another one", code="O-1")
    ana.appointments.update(end=timezone.localdate() - DAY)
    client.force_login(coordinator)
    url = reverse("desk:obligations_export", args=["csv"])
    export = b"".join(client.get(url, {"state": "all"}).streaming_content)
    assert verdicts(sent(export, coordinator)) == ["unchanged"] * 3
    assert verdicts(sent(f"code,person\nO-1,{ana.email}\n", coordinator)) == ["refused"]


def test_open_obligations_go_to_the_successor_and_finished_ones_stay(coordinator, ana):
    appointment, successor = ana.appointments.get(), make.user(Role.PUBLIC)
    due, done = with_ana(ana), with_ana(ana, state="submitted")
    end_appointment(appointment=appointment, to=successor, by=coordinator, **BY_DECREE)
    due.refresh_from_db()
    done.refresh_from_db()
    assert (due.responsible, done.responsible) == (successor, ana)


@pytest.mark.database
def test_an_erasure_leaves_nobody_responsible_and_no_address_in_a_sheet(coordinator, ana):
    due = obligation_make.obligation("Report", code="O-1")
    applied(sent(f"code,person\nO-1,{ana.email}", coordinator), coordinator)
    batch = sent(f"code,person\nO-1,{ana.email}", coordinator)
    assert export_personal_data(ana)["obligations"][0]["code"] == "O-1"
    erase_person(person=ana, by=make.user(Role.ADMINISTRATOR))
    due.refresh_from_db()
    batch.refresh_from_db()
    assert (due.responsible, bool(batch.file)) == (None, False)
    assert not any(ana.email in row.difference for row in batch.rows.all())


def test_an_erasure_leaves_no_name_in_the_reason_of_a_refused_row_and_no_file(coordinator):
    ana = make.user(Role.PUBLIC, name="Ana Zymurgy", email="ana.zymurgy@moj.example")
    make.appointment(ana, make.institution("moj"), bodies="SPT")
    obligation_make.obligation("Report", code="O-1")
    batch = sent(f"code,person\nO-1,{ana.email}\n", coordinator)
    assert "Ana Zymurgy" in batch.rows.get().reason
    erase_person(person=ana, by=make.user(Role.ADMINISTRATOR))
    batch.refresh_from_db()
    assert (bool(batch.file), batch.state, str(batch.rows.get().reason)) == (False, "discarded", "")


def test_an_erasure_changes_nothing_of_people_with_a_longer_name(coordinator):
    moj = make.institution("moj")
    ana = make.user(Role.FOCAL_POINT, moj, name="Ana Kos", email="ana@moj.example")
    diana = make.user(Role.FOCAL_POINT, moj, name="Diana Kos", email="diana@moj.example")
    for number, person in enumerate((diana, ana), 1):
        obligation_make.obligation("Old", code=f"O-{number}", responsible=person)
    of_diana = sent("code,title,person\nO-1,Report on Canadians and analysis,-\n", coordinator)
    of_ana = sent('code,note\nO-2,"Ask\nAna Kos, not Diana Kos."\n', coordinator)
    before = of_diana.rows.get().difference
    for text in ("An analysis.", "By Ana Kos."):
        CellComment.objects.create(batch=of_diana, row=2, column="title", text=text)
    erase_person(person=ana, by=make.user(Role.ADMINISTRATOR))
    of_diana.refresh_from_db()
    of_ana.refresh_from_db()
    assert (bool(of_diana.file), of_diana.rows.get().difference) == (True, before)
    assert (bool(of_ana.file), "Ask\\n, not Diana Kos." in of_ana.rows.get().difference) == (False, True)
    assert CellComment.objects.get().text == "An analysis."


def moved_to_another_institution(ana: User) -> User:
    ana.appointments.update(end=timezone.localdate() - DAY)
    make.appointment(ana, make.institution("elsewhere"), "reader", bodies="CRC")
    return User.objects.get(pk=ana.pk)


def test_who_no_longer_works_on_the_body_does_not_keep_what_is_restricted(client, coordinator, ana):
    due = with_ana(ana, confidentiality="restricted", note="Zymurgy")
    obligation_make.file(due, coordinator)
    assert ObligationFile.objects.visible_to(ana).count() == 1
    moved = moved_to_another_institution(ana)
    client.force_login(moved)
    assert client.get(due.get_absolute_url()).status_code == 404
    assert not ObligationFile.objects.visible_to(moved).exists()
    assert not Obligation.objects.of_institutions_of(moved).exists()


@pytest.mark.parametrize("fields", [{"state": "postponed", "state_reason": "Elections."}, {"withdrawn_at": PAST}])
def test_what_can_go_on_later_goes_to_the_successor_or_to_nobody(coordinator, ana, fields):
    due, successor = with_ana(ana), make.user(Role.PUBLIC)
    Obligation.objects.update(**fields)
    end_appointment(appointment=ana.appointments.get(), to=successor, by=coordinator, **BY_DECREE)
    due.refresh_from_db()
    assert due.responsible == successor
    erase_person(person=successor, by=make.user(Role.ADMINISTRATOR))
    due.refresh_from_db()
    assert due.responsible is None


def test_without_a_successor_nobody_is_responsible(coordinator, ana):
    due = with_ana(ana)
    end_appointment(appointment=ana.appointments.get(), to=None, by=coordinator, **BY_DECREE)
    due.refresh_from_db()
    assert due.responsible is None


@pytest.mark.parametrize("function", ["reader", "alternate"])
def test_who_has_another_appointment_for_the_body_stays_responsible(coordinator, ana, function):
    due, further = with_ana(ana), make.appointment(ana, make.institution("moh"), function)
    end_appointment(appointment=further, to=make.user(Role.PUBLIC), by=coordinator, **BY_DECREE)
    due.refresh_from_db()
    assert due.responsible == ana


def labels_of(person: User) -> list[str]:
    rows = Notification.objects.filter(person=person, kind=Notification.Kind.OBLIGATION_ASSIGNED)
    return list(rows.order_by("pk").values_list("label", flat=True))


def test_the_successor_is_notified_of_each_obligation_that_moved(coordinator, ana):
    successor = make.user(Role.PUBLIC)
    for number, day in ((1, date(2027, 3, 4)), (2, None)):
        with_ana(ana, code=f"O-{number}", due_on=day)
    end_appointment(appointment=ana.appointments.get(), to=successor, by=coordinator, **BY_DECREE)
    assert labels_of(successor) == ["O-1 (2027-03-04)", "O-2"]
    assert labels_of(ana) == []


def test_who_becomes_responsible_is_notified_and_who_stays_is_not(coordinator, ana):
    due = add_obligation(values=values(responsible=ana, code="O-1"), by=coordinator)
    assert labels_of(ana) == [f"O-1 ({due.due_on})"]
    edited = values(responsible=ana, title="Third report")
    due = edit_obligation(obligation=due, values=edited, seen=due.version, by=coordinator)
    assert len(labels_of(ana)) == 1
    bo = make.user(Role.FOCAL_POINT, make.institution("moh"))
    edit_obligation(obligation=due, values=values(responsible=bo), seen=due.version, by=coordinator)
    assert (len(labels_of(ana)), labels_of(bo)) == (1, [f"O-1 ({due.due_on})"])


def test_a_sheet_notifies_who_becomes_responsible_and_nobody_who_stays(coordinator, ana):
    bo = make.user(Role.FOCAL_POINT, make.institution("moh"))
    for number, person in ((1, None), (2, bo), (3, ana)):
        obligation_make.obligation(code=f"O-{number}", due_on=date(2027, 3, number), responsible=person)
    added = f"O-4,CEDAW,other,2027-03-04,{ana.email}"
    rows = [f"O-{number},,,,{ana.email}" for number in (1, 2, 3)]
    batch = sent("\n".join(["code,body,kind,due,person", *rows, added]), coordinator)
    assert labels_of(ana) == []  # a preview tells no one
    applied(batch, coordinator)
    assert labels_of(ana) == ["O-1 (2027-03-01)", "O-2 (2027-03-02)", "O-4 (2027-03-04)"]
    assert labels_of(bo) == []


def visible_labels(person: User) -> list[str]:
    return list(Notification.objects.visible_to(person).order_by("pk").values_list("label", flat=True))


@pytest.mark.database
def test_a_notification_of_several_obligations_outlasts_the_first_of_them(coordinator, ana):
    few = [with_ana(ana, code=f"O-{number}", due_on=None) for number in (1, 2)]
    notify_responsible(few, by=coordinator)
    withdraw_obligation(obligation=few[0], reason="Entered twice.", by=coordinator)
    assert visible_labels(ana) == ["O-2"]


@pytest.mark.database
def test_a_notification_of_many_obligations_names_their_bodies_and_numbers_only(client, coordinator, ana):
    many = [with_ana(ana, code=f"O-{number}", body=make.committee("CAT")) for number in range(NAMED_EACH)]
    many.append(with_ana(ana, code="O-last"))
    notify_responsible(many, by=coordinator)
    Obligation.objects.filter(pk=many[0].pk).update(confidentiality="restricted", responsible=coordinator)
    assert visible_labels(ana) == [f"CAT ({NAMED_EACH}); CEDAW (1)"]
    client.force_login(ana)
    page = client.get(reverse("people:notifications")).content.decode()
    assert f"You are now the responsible person for obligations: CAT ({NAMED_EACH}); CEDAW (1)." in page


def test_the_notification_of_a_restricted_obligation_stays_with_those_who_see_it(coordinator, ana):
    restricted = with_ana(ana, code="O-1", confidentiality=Obligation.Confidentiality.RESTRICTED)
    open_one = with_ana(ana, code="O-2")
    notify_responsible([restricted, open_one], by=coordinator)
    assert sorted(labels_of(ana)) == [f"O-1 ({restricted.due_on})", f"O-2 ({open_one.due_on})"]
    in_mail = " ".join(notice.sentence for notice in in_words(Notification.objects.all(), to=ana, in_mail=True))
    assert ("O-1 (" in in_mail, "O-2 (" in in_mail) == (False, True)
    Obligation.objects.update(responsible=None)
    assert list(Notification.objects.visible_to(ana).values_list("label", flat=True)) == [f"O-2 ({open_one.due_on})"]


def appointed_until(ana: User, days: int, **fields) -> None:
    ana.appointments.update(start=date(2025, 1, 1), end=TODAY + days * DAY, **fields)


def colleague(function: str, place: str = "moj", **fields) -> User:
    person = make.user(Role.PUBLIC)
    make.appointment(person, make.institution(place), function, start=TODAY - 5 * DAY, **fields)
    return person


def test_after_an_appointment_has_expired_the_focal_points_of_the_institution_are_reminded(coordinator, ana):
    appointed_until(ana, -8)
    principal, alternate = colleague("principal"), colleague("alternate")
    others = [colleague("reader"), colleague("alternate", bodies="CRC"), colleague("principal", "moh")]
    with_ana(ana, due_on=TODAY)
    Obligation.objects.update(created_at=PAST)
    run_reminders()
    assert days_of(ana) == [-30]
    assert (days_of(principal), days_of(alternate)) == ([-5, -1, 0, 7], [3, 7])
    assert days_of(coordinator) == [-30, -7, -1, 0, 7]
    assert not any(days_of(person) for person in others)


def test_of_a_restricted_one_only_the_coordinators_are_reminded_then(coordinator, ana):
    appointed_until(ana, -8)
    principal = colleague("principal")
    with_ana(ana, due_on=TODAY, confidentiality="restricted")
    Obligation.objects.update(created_at=PAST)
    run_reminders()
    assert (days_of(principal), days_of(coordinator)) == ([], [-30, -7, -1, 0, 7])


def former(person: User) -> list[Obligation]:
    filters = ObligationFilter(when=FORMER)
    return list(find_obligations(person, filters, on=timezone.localdate()))


def test_the_desk_of_coordinators_counts_obligations_of_persons_no_longer_appointed(client, coordinator, ana):
    due = with_ana(ana)
    with_ana(ana, state="submitted")
    obligation_make.obligation("Another one", responsible=coordinator)
    obligation_make.obligation("Nobody's")
    assert former(coordinator) == []
    ana.appointments.update(end=timezone.localdate() - DAY)
    assert former(coordinator) == [due]
    client.force_login(coordinator)
    tile = tiles_on_desk(client)["obligations_former"]
    address = f"{reverse('desk:obligations')}?when={FORMER}"
    assert (tile.count, tile.href) == (1, address)
    for url in (address, due.get_absolute_url()):
        assert "no longer appointed)" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("bodies", "is_former"),
    [
        ("", False),
        ("CRC,CEDAW", False),
        ("CEDAW", False),
        ("CRC", True),
        ("CEDAWX", True),
        ("SR x, y; CEDAW;", False),
    ],
)
def test_an_appointment_answers_for_the_bodies_that_it_lists(coordinator, ana, bodies, is_former):
    due = with_ana(ana, body=make.committee("CEDAW"))
    ana.appointments.update(bodies=bodies)
    assert former(coordinator) == ([due] if is_former else [])
    assert works_on(ana, due.body) is not is_former


def test_who_has_a_closed_account_or_only_reads_is_no_longer_appointed(coordinator, ana):
    due, appointment = with_ana(ana), ana.appointments.get()
    appointment.function = "reader"
    appointment.save()
    assert former(coordinator) == [due]
    appointment.function = "alternate"
    appointment.save()
    assert former(coordinator) == []
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert former(coordinator) == [due]


def test_readers_of_another_body_do_not_learn_who_has_left(ana):
    with_ana(ana, is_published=True)
    ana.appointments.update(end=timezone.localdate() - DAY)
    reader = make.user(Role.PUBLIC)
    make.appointment(reader, make.institution("moh"), "reader", bodies="SPT")
    assert former(reader) == []


def ends_later(ana: User, to: User | None, by: User, days: int = 30) -> date:
    """Hand over with a last day in the future, and return that day."""
    last_day = timezone.localdate() + days * DAY
    end_appointment(appointment=ana.appointments.get(), to=to, by=by, **BY_DECREE | {"on": last_day})
    return last_day


@pytest.mark.parametrize("days", [0, 30])
def test_until_the_last_day_the_person_stays_responsible(coordinator, ana, days):
    successor, due = make.user(Role.PUBLIC), with_ana(ana, code="O-1", confidentiality="restricted")
    last_day = ends_later(ana, successor, coordinator, days)
    for on in (timezone.localdate(), last_day):
        assert hand_over_due(on=on) == 0
    due.refresh_from_db()
    assert (due.responsible, former(coordinator), labels_of(successor)) == (ana, [], [])
    assert Obligation.objects.visible_to(ana).get() == due


@pytest.mark.parametrize("has_successor", [True, False])
def test_on_the_next_day_they_pass_to_the_successor_or_to_nobody(coordinator, ana, has_successor):
    successor, due = make.user(Role.PUBLIC) if has_successor else None, with_ana(ana, code="O-1", due_on=None)
    last_day = ends_later(ana, successor, coordinator)
    assert [hand_over_due(on=last_day + number * DAY) for number in (1, 2)] == [1, 0]
    due.refresh_from_db()
    assert due.responsible == successor
    if successor:
        assert labels_of(successor) == ["O-1"]


@pytest.mark.database
def test_a_reopened_appointment_keeps_its_obligations(coordinator, ana):
    due = with_ana(ana)
    last_day = ends_later(ana, None, coordinator)
    reopen_appointment(appointment=ana.appointments.get(), by=coordinator)
    assert hand_over_due(on=last_day + DAY) == 0
    due.refresh_from_db()
    assert due.responsible == ana


@pytest.mark.database
def test_a_successor_whose_data_was_erased_does_not_become_responsible(coordinator, ana):
    due, successor = with_ana(ana), make.user(Role.PUBLIC)
    last_day = ends_later(ana, successor, coordinator)
    User.objects.filter(pk=successor.pk).update(erased_at=timezone.now(), is_active=False)
    assert hand_over_due(on=last_day + DAY) == 1
    due.refresh_from_db()
    assert due.responsible is None


def test_what_another_appointment_covers_does_not_move_later(coordinator, ana):
    due, further = with_ana(ana), make.appointment(ana, make.institution("moh"), "alternate")
    last_day = timezone.localdate() + 30 * DAY
    given = BY_DECREE | {"on": last_day}
    end_appointment(appointment=further, to=make.user(Role.PUBLIC), by=coordinator, **given)
    assert hand_over_due(on=last_day + DAY) == 0
    due.refresh_from_db()
    assert due.responsible == ana


def test_the_worker_looks_every_hour():
    read_declarations()
    assert SCHEDULED["hand-over-obligations"] == (timedelta(hours=1), tasks.hand_over_obligations)
