"""Invented people and institutions. An instance in production refuses to start with them."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from servanda.demo.reading import day, read
from servanda.people.appointments.services import appoint_person, end_appointment
from servanda.people.demonstration import COORDINATOR, PASSWORD
from servanda.people.institutions.accreditations import set_accreditation
from servanda.people.institutions.services import create_institution
from servanda.people.models import Appointment, HandOver, Instance, Institution, User
from servanda.people.successions.services import succeed_institution
from servanda.trail.models import Event

Row = dict[str, Any]
LONG_AGO, LATELY = 400, 40  # days
ADMINISTRATOR = "admin@example.org"


@transaction.atomic
def load() -> None:
    """Create the instance, its institutions, and one account for each role. Idempotent."""
    instance = Instance.current()
    if instance.pk and instance.is_demonstration:
        return
    data = read("people")
    name_instance(instance, data["instance"])
    people = create_people(data)
    by = people[COORDINATOR]
    institutions = create_institutions(data["institutions"], by=by)
    for row in data["appointments"]:
        end = day(row["end"]) if "end" in row else None
        appoint(row, people[row["person"]], institutions, data["act"], start=day(-LONG_AGO), end=end, by=by)
    hand_over(data["hand_over"], people, institutions, data["act"], on=day(-LATELY), by=by)
    succeed_institution(
        institution=institutions[data["succession"]["institution"]],
        successors=[institutions[data["succession"]["successor"]]],
        on=day(-LATELY),
        act=data["act"],
        moves_appointments=True,
        by=by,
    )
    accreditation = data["accreditation"]
    set_accreditation(
        institution=institutions[accreditation["institution"]],
        status=accreditation["status"],
        start=day(-LONG_AGO),
        source=accreditation["source"],
        by=people[ADMINISTRATOR],
    )


def missing() -> list[str]:
    """The addresses of people whom visitors have erased, or given another address."""
    data = read("people")
    emails = [row["email"] for row in (*data["accounts"], *data["others"])]
    present = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    return [email for email in emails if email not in present]


def appoint(
    row: Row,
    person: User,
    institutions: dict[str, Institution],
    act: str,
    *,
    start: date,
    end: date | None = None,
    by: User,
) -> Appointment:
    institution = institutions[row["institution"]]
    terms = {"function": row["function"], "act": act, "start": start, "end": end, "bodies": ""}
    return appoint_person(person=person, institution=institution, **terms, by=by)


def hand_over(
    row: Row, people: dict[str, User], institutions: dict[str, Institution], act: str, *, on: date, by: User
) -> None:
    """Hand over the appointment of one person and close their account."""
    leaving, successor = people[row["from"]], people[row["to"]]
    appointment = appoint(row, leaving, institutions, act, start=on - timedelta(days=LONG_AGO), by=by)
    ended = end_appointment(appointment=appointment, on=on, by=by)
    made = HandOver.objects.create(appointment=ended, to=successor, note=row["note"])
    label = f"{ended.get_function_display()}, {ended.institution}"
    Event.record("handed-over", made, by=by, label=label, difference={"to": ["", successor.pk]})
    appoint(row, successor, institutions, act, start=on + timedelta(days=1), by=by)
    leaving.is_active = False
    leaving.save(update_fields=["is_active"])


def name_instance(instance: Instance, row: Row) -> None:
    instance.state_code, instance.languages, instance.is_demonstration = row["state_code"], row["languages"], True
    instance.name, instance.regional_systems = row["name"], row["regional_systems"]
    instance.save()


def create_people(data: Row) -> dict[str, User]:
    """Create the people. Those with an account have the password that is shown on the log-in page."""
    now, password = timezone.now(), make_password(PASSWORD)  # the same hash: everyone knows what it is of
    shared = {"is_demonstration": True, "accepted_at": now}
    people = {
        row["email"]: User.objects.create(
            email=row["email"],
            password=password,
            name=row["name"],
            role=row.get("role", ""),
            last_login=now - timedelta(days=7),
            **shared,
        )
        for row in data["accounts"]
    }
    for row in data["others"]:
        people[row["email"]] = User.objects.create_user(row["email"], name=row["name"], **shared)
    return people


def create_institutions(rows: list[Row], *, by: User) -> dict[str, Institution]:
    institutions: dict[str, Institution] = {}
    for row in rows:
        institutions[row["code"]] = create_institution(
            code=row["code"],
            name=LazyI18nString(row["name"]),
            branch=row.get("branch", Institution.Branch.EXECUTIVE),
            level=row.get("level", Institution.Level.NATIONAL),
            parent=institutions.get(row.get("parent", "")),
            email=f"{row['code']}@example.org",
            phone="",
            address="",
            active_from=None,
            by=by,
        )
    return institutions
