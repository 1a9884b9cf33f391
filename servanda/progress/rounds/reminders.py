"""Reminders of requests, values, replies, obligations and sections that are due: one mail per person and day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from servanda.jobs.models import Mail
from servanda.jobs.services import new_mail
from servanda.people.models import Instance, Institution, User
from servanda.people.notifications.services import in_language_of
from servanda.progress.models import InputRequest, Reminder
from servanda.progress.rounds.days import local, local_day
from servanda.progress.rounds.reminder_letters import letter
from servanda.progress.rounds.reminder_plan import Addressee, plan_reminders
from servanda.trail.models import Event

FIRST_HOUR = 7  # in the time zone of the mechanism: no mails at midnight
AT_ONCE = 100


@dataclass(slots=True)
class Reminded:
    """Outcome of a manual reminder: recipients, recipients already reminded today, institutions without any."""

    people: list[User] = field(default_factory=list)
    already: list[User] = field(default_factory=list)
    nobody: list[Institution] = field(default_factory=list)


def send_input_reminders(*, now: datetime) -> int:
    """Send the reminders of the day and return the number of people written to.

    Safe to run again: no one gets two mails on one day. After days without a run, one mail makes up for them.
    """
    if local(now).hour < FIRST_HOUR:
        return 0
    on = local_day(now)
    due = [addressee for addressee in plan_reminders(on=on) if addressee.is_due]
    return sum(remind_some(batch, on=on) for batch in batched(due, AT_ONCE))


@transaction.atomic
def remind_some(addressees: Sequence[Addressee], *, on: date) -> int:
    """Queue the mails and record the reminders in one transaction."""
    recipients = not_reminded_today(addressees, on=on)
    write(recipients, on=on)
    if recipients:
        Event.record("input-reminders-sent", label=str(len(recipients)))
    return len(recipients)


@transaction.atomic
def remind_now(*, requests: Sequence[InputRequest], by: User) -> Reminded:
    """Remind those who answer for these requests at once, except those who were already reminded today."""
    on = local_day(timezone.now())
    keys = {request.pk for request in requests}
    plan = [
        addressee for addressee in plan_reminders(on=on) if any(item.request.pk in keys for item in addressee.own())
    ]
    recipients = not_reminded_today(plan, on=on)
    for addressee in recipients:
        for item in addressee.requests:
            item.step = Reminder.Step.BY_HAND if item.request.pk in keys else item.step
    write(recipients, on=on)
    written_to = {addressee.person.pk for addressee in recipients}
    requests_with_people = {item.request.pk for addressee in plan for item in addressee.own()}
    outcome = Reminded(
        [addressee.person for addressee in recipients],
        [addressee.person for addressee in plan if addressee.person.pk not in written_to],
    )
    outcome.nobody = [request.institution for request in requests if request.pk not in requests_with_people]
    for request in requests:
        if any(item.request.pk == request.pk for addressee in recipients for item in addressee.requests):
            Event.record("input-reminded", request, by=by)
    return outcome


def not_reminded_today(addressees: Iterable[Addressee], *, on: date) -> list[Addressee]:
    """Those not yet reminded today. Their rows are locked, so that two workers do not both write."""
    by_pk = {addressee.person.pk: addressee for addressee in addressees}
    list(User.objects.select_for_update().filter(pk__in=by_pk).order_by("pk").values_list("pk"))
    written_to = set(Reminder.objects.filter(on=on, person__in=by_pk).values_list("person_id", flat=True))
    return [addressee for pk, addressee in by_pk.items() if pk not in written_to]


def write(addressees: Sequence[Addressee], *, on: date) -> None:
    instance = Instance.current()
    mails = Mail.objects.bulk_create(mail_to(addressee, instance=instance, on=on) for addressee in addressees)
    Reminder.objects.bulk_create(
        Reminder(**item, person=addressee.person, on=on, mail=mail)
        for addressee, mail in zip(addressees, mails, strict=True)
        for item in reminder_fields(addressee)
    )


def reminder_fields(addressee: Addressee) -> list[dict]:
    requests = [{"request": request.request, "step": request.step} for request in addressee.requests]
    replies = [{"obligation": due.reply.obligation, "step": due.step} for due in addressee.replies]
    obligations = [
        {"obligation": due.obligation, "obligation_step": due.step_row, "step": due.step}
        for due in addressee.obligations
    ]
    values = [{"indicator": value.indicator, "step": value.step} for value in addressee.values]
    further = [
        {"further": due.source.code, "further_key": due.thing.key, "step": due.step} for due in addressee.further
    ]
    return requests + values + replies + obligations + further


def mail_to(addressee: Addressee, *, instance: Instance, on: date) -> Mail:
    """The mail, with a name derived from the person and the day, so that a second one cannot be queued."""
    with in_language_of(addressee.person):
        subject, body = letter(addressee, instance=instance, on=on)
    name = salted_hmac(
        "servanda.progress.reminder", f"{addressee.person.pk}:{on.isoformat()}", algorithm="sha256"
    ).hexdigest()
    return new_mail(to=addressee.person.email, subject=subject, body=body, known_as=f"reminder.{name}")
