"""Reminders of what a round asks, of values and of replies to bodies that are due: one mail a person and day."""

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

FIRST_HOUR = 7  # where the mechanism works: nobody is written to at midnight
AT_ONCE = 100


@dataclass(slots=True)
class Reminded:
    """What became of a reminder by hand."""

    people: list[User] = field(default_factory=list)
    already: list[User] = field(default_factory=list)
    nobody: list[Institution] = field(default_factory=list)


def send_input_reminders(*, now: datetime) -> int:
    """How many people were written to. May be started again at any time: who has had the mail of the day gets none,
    and a day on which nothing ran is made up for with one mail."""
    if local(now).hour < FIRST_HOUR:
        return 0
    on = local_day(now)
    due = [one for one in plan_reminders(on=on) if one.is_due]
    return sum(remind_some(some, on=on) for some in batched(due, AT_ONCE))


@transaction.atomic
def remind_some(some: Sequence[Addressee], *, on: date) -> int:
    """The mails with the lines that tell of them, or none of both."""
    new = not_yet_told(some, on=on)
    write(new, on=on)
    if new:
        Event.record("input-reminders-sent", label=str(len(new)))
    return len(new)


@transaction.atomic
def remind_now(*, requests: Sequence[InputRequest], by: User) -> Reminded:
    """Those who answer for these requests, at once; who has had the mail of today is named instead."""
    on = local_day(timezone.now())
    wanted = {one.pk for one in requests}
    plan = [one for one in plan_reminders(on=on) if any(asked.request.pk in wanted for asked in one.own())]
    new = not_yet_told(plan, on=on)
    for one in new:
        for asked in one.asked:
            asked.step = Reminder.Step.BY_HAND if asked.request.pk in wanted else asked.step
    write(new, on=on)
    told = {one.person.pk for one in new}
    reached = {asked.request.pk for one in plan for asked in one.own()}
    done = Reminded([one.person for one in new], [one.person for one in plan if one.person.pk not in told])
    done.nobody = [one.institution for one in requests if one.pk not in reached]
    for request in requests:
        if any(asked.request.pk == request.pk for one in new for asked in one.asked):
            Event.record("input-reminded", request, by=by)
    return done


def not_yet_told(some: Iterable[Addressee], *, on: date) -> list[Addressee]:
    """Locked, so that of two workers one writes."""
    by_pk = {one.person.pk: one for one in some}
    list(User.objects.select_for_update().filter(pk__in=by_pk).order_by("pk").values_list("pk"))
    told = set(Reminder.objects.filter(on=on, person__in=by_pk).values_list("person_id", flat=True))
    return [one for pk, one in by_pk.items() if pk not in told]


def write(some: Sequence[Addressee], *, on: date) -> None:
    instance = Instance.current()
    mails = Mail.objects.bulk_create(mail_to(one, instance=instance, on=on) for one in some)
    Reminder.objects.bulk_create(
        Reminder(**of, person=one.person, on=on, mail=mail)
        for one, mail in zip(some, mails, strict=True)
        for of in told_of(one)
    )


def told_of(one: Addressee) -> list[dict]:
    asked = [{"request": asked.request, "step": asked.step} for asked in one.asked]
    steps = {reported.reply.due_on: reported.step for reported in one.reported}
    replies = [{"report_due_on": day, "step": step} for day, step in steps.items()]
    return asked + [{"indicator": counted.indicator, "step": counted.step} for counted in one.counted] + replies


def mail_to(one: Addressee, *, instance: Instance, on: date) -> Mail:
    """Named after the person and the day, so that there is no second one."""
    with in_language_of(one.person):
        subject, body = letter(one, instance=instance, on=on)
    name = salted_hmac(
        "servanda.progress.reminder", f"{one.person.pk}:{on.isoformat()}", algorithm="sha256"
    ).hexdigest()
    return new_mail(to=one.person.email, subject=subject, body=body, known_as=f"reminder.{name}")
