"""Personal data: what is stored about one person, its export and its erasure."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from servanda.jobs.mail_files import forget_in_mail_files
from servanda.jobs.models import Mail
from servanda.kit.database.word_filters import has_word
from servanda.kit.refusal import Refused
from servanda.people.accounts.services import locked, refuse_last_administrator, refuse_oneself
from servanda.people.models import Appointment, Digest, HandOver, LogInAttempt, SentForm, User, new_stamp
from servanda.people.requests import throttling
from servanda.trail.models import Event, RepeatedRefusal

ACCOUNT = [
    "email",
    "name",
    "phone",
    "role",
    "language",
    "digest",
    "digest_at",
    "away_from",
    "away_until",
    "is_active",
    "date_joined",
    "accepted_at",
    "last_login",
    "previous_visit",
    "hides_first_steps",
    "hides_machine_labels",
    "emergency_until",
]
LINES_AT_A_TIME = 500
DEED = ["sequence", "at", "action", "object_type", "object_id", "object_label", "role"]


def export_personal_data(person: User) -> dict:
    """Everything that is stored about one person, for a JSON file."""
    return {
        "about": _("Personal data kept by this system."),
        "written_at": timezone.now(),
        "account": {field: getattr(person, field) for field in ACCOUNT},
        "appointments": [
            appointment_facts(appointment) for appointment in person.appointments.select_related("institution")
        ],
        "earlier_versions_of_appointments": list(
            Appointment.history.filter(person_id=person.pk).values(
                "id", "institution__code", "function", "act", "start", "end", "bodies", "history_date", "history_type"
            )
        ),
        "hand_overs": list(hand_overs(person).values("appointment_id", "to_id", "note", "created_at")),
        "invitations": list(person.invitations.values("created_at", "expires_at", "accepted_at", "revoked_at")),
        "access_keys": list(
            person.api_tokens.values(
                "name", "scope", "start_of_key", "created_at", "expires_at", "last_used_at", "last_use", "revoked_at"
            )
        ),
        "known_browsers": list(person.known_browsers.values("seen_at")),
        "sessions": list(
            UserSession.objects.filter(user=person).values("ip", "user_agent", "created_at", "last_seen_at")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=person).values("type", "created_at", "last_used_at")
        ),
        "addresses": list(EmailAddress.objects.filter(user=person).values("email", "verified", "primary")),
        "single_sign_on": list(SocialAccount.objects.filter(user=person).values("provider", "uid", "extra_data")),
        "mails": list(Mail.objects.filter(to=person.email).values("subject", "created_at", "sent_at")),
        "forms_sent": list(SentForm.objects.filter(sender=person).values("page", "led_to", "sent_at")),
        "repeated_refusals": list(
            RepeatedRefusal.objects.filter(person=person).values("action", "page", "path", "hour", "times")
        ),
        "deeds": list(Event.objects.filter(actor=person).values(*DEED)),
        "deeds_of_others_about_you": list(events_about(person).exclude(actor=person).values(*DEED, "difference")),
        **{name: handler.export(person) for name, handler in read_handlers().items()},
    }


def appointment_facts(appointment: Appointment) -> dict:
    return {
        "institution": str(appointment.institution),
        "function": appointment.function,
        "act": appointment.act,
        "from": appointment.start,
        "until": appointment.end,
        "bodies": appointment.body_codes(),
    }


def hand_overs(person: User) -> QuerySet[HandOver]:
    return HandOver.objects.filter(Q(appointment__person=person) | Q(to=person))


def events_about(person: User) -> QuerySet[Event]:
    """Events about the person, or about an object that belongs to them."""
    own_objects = {
        "people.user": [person.pk],
        "people.appointment": person.appointments.values_list("pk", flat=True),
        "people.handover": hand_overs(person).values_list("pk", flat=True),
        "people.invitation": person.invitations.values_list("pk", flat=True),
        "people.apitoken": person.api_tokens.values_list("pk", flat=True),
        "people.knownbrowser": person.known_browsers.values_list("pk", flat=True),
    }
    condition = Q(pk__in=[])
    for object_type, keys in own_objects.items():
        condition |= Q(object_type=object_type, object_id__in=[str(key) for key in keys])
    return Event.objects.filter(condition)


@transaction.atomic
def erase_person(*, person: User, by: User) -> User:
    """Erase the personal data of a person. A nameless account stays, so that references hold, and the trail records
    which of its events were emptied."""
    person = locked(person)
    refuse_oneself(person, by)
    if person.erased_at:
        raise Refused(_("The personal data of this person have already been erased."))
    refuse_last_administrator(person)
    lines = sorted(lines_naming(person))
    forget_belongings(person)
    for handler in read_handlers().values():
        handler.erase(person, names_of(person))
    clean_hand_overs(person)
    end_appointments(person)
    make_stub(person)
    for start in range(0, len(lines), LINES_AT_A_TIME):
        some = Event.objects.filter(sequence__in=lines[start : start + LINES_AT_A_TIME])
        some.update(object_label="", difference="", salt="")
    Event.record("personal-data-erased", person, by=by, difference={"erased": [lines, []]})
    return person


def lines_naming(person: User) -> set[int]:
    """Sequence numbers of events about the person, and of others that name them."""
    readable = Event.objects.exclude(salt="")
    about = events_about(person).exclude(salt="").values_list("sequence", flat=True)
    near = readable.filter(Q(object_type="") | Q(object_type__startswith="people."))
    pattern = whole_words(names_of(person))
    return set(about) | {
        event.sequence
        for event in near.filter(mention(person))
        if any(pattern.search(text) for text in sentences_of(event))
    }


def sentences_of(event: Event) -> list[str]:
    """The texts of an event that may name other people. Codes and names of fields do not count: otherwise, the
    erasure of a person called “role” would empty all events on roles."""
    difference = json.loads(event.difference) if event.difference else {}
    texts = [*([] if event.object_type else [event.object_label]), *strings_in(difference)]
    return [text for text in texts if " " in text or "@" in text]


def strings_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings_in(part)


def names_of(person: User) -> list[str]:
    """The name and address of the person as they may occur in texts, also in JSON. People choose their name: one that
    another account has as well, or a single word, would empty texts about others and is not looked for."""
    names = [name for name in own_names_of(person) if "@" in name or len(name.split()) > 1]
    return list(dict.fromkeys([*names, *(json.dumps(name, ensure_ascii=False)[1:-1] for name in names)]))


def own_names_of(person: User) -> list[str]:
    """The address and the name, unless another account has the same name, for fields that hold nothing else."""
    is_shared = User.objects.exclude(pk=person.pk).filter(name__iexact=person.name, erased_at=None).exists()
    return [name for name in (person.email, "" if is_shared else person.name) if name]


def mention(person: User) -> Q:
    return naming(person, "object_label", "difference")


def naming(person: User, *fields: str) -> Q:
    condition = Q(pk__in=[])
    for name in names_of(person):
        for field in fields:
            condition |= has_word(field, name)
    return condition


def without_names(text: str, person: User) -> str:
    stub = _("Erased person %(number)s") % {"number": person.pk}
    return whole_words(names_of(person)).sub(stub, text)


def whole_words(names: list[str]) -> re.Pattern[str]:
    """Finds these names and addresses, but not as parts of other words or addresses."""
    before = {name: r"(?<![\w.+-])" if "@" in name else r"(?<!\w)" for name in names}
    return re.compile("|".join(rf"{before[name]}{re.escape(name)}(?!\w)" for name in names), re.IGNORECASE)


def forget_belongings(person: User) -> None:
    for belongings in (person.invitations, person.api_tokens, person.known_browsers):
        belongings.all().delete()
    for kept in (EmailAddress, Authenticator, SocialAccount):
        kept.objects.filter(user=person).delete()
    SentForm.objects.filter(sender=person).delete()
    forget_mails(person)
    guesses = [throttling.key_of(purpose, person.email) for purpose in ("password", "link")]
    LogInAttempt.objects.filter(account__in=guesses).delete()
    forget_sessions(person)


def forget_mails(person: User) -> None:
    """Delete mails to the person, in the outbox and in files, and the name in mails to others and in error
    messages."""
    Mail.objects.filter(to__iexact=person.email).delete()
    for mail in Mail.objects.filter(naming(person, "subject", "body", "problem")):
        for field in ("subject", "body", "problem"):
            setattr(mail, field, without_names(getattr(mail, field), person))
        mail.save(update_fields=["subject", "body", "problem"])
    DBTaskResult.objects.filter(naming(person, "traceback")).update(traceback="")
    forget_in_mail_files(names_of(person))


def forget_sessions(person: User) -> None:
    """Delete the sessions: they store the address with which they were opened."""
    UserSession.objects.filter(user=person).delete()
    for session in Session.objects.iterator():
        contents = session.get_decoded()
        if contents.get(SESSION_KEY) == str(person.pk) or person.email in json.dumps(contents, default=str):
            session.delete()


def clean_hand_overs(person: User) -> None:
    for hand_over in hand_overs(person):
        hand_over.note = without_names(hand_over.note, person)
        hand_over.save(update_fields=["note"])


def end_appointments(person: User) -> None:
    """End appointments yesterday, or today if they began today; future ones are deleted."""
    today = timezone.localdate()
    for appointment in person.appointments.filter(start__gt=today, hand_over=None):
        appointment.delete()
    for appointment in person.appointments.current(on=today):
        appointment.end = max(appointment.start, today - timedelta(days=1))
        appointment.save(update_fields=["end"])


def make_stub(person: User) -> None:
    person.email = f"erased-{person.pk}@invalid.example"
    person.name = person.phone = person.language = person.role = ""
    person.away_from = person.away_until = None
    person.password, person.session_stamp = make_password(None), new_stamp()
    person.is_active, person.erased_at = False, timezone.now()
    person.emergency_until = person.previous_visit = person.last_login = person.digest_at = None
    person.digest = Digest.NEVER
    person.save()


def shown_where_seen(
    rows: QuerySet, facts: Sequence[str], texts: Sequence[str], *, seen: Q | None = None
) -> list[dict]:
    """`facts` of all rows, for an export, and `texts` only of those that the person still sees: what others may have
    written since, and references of confidential things. Without `seen`, of none."""
    shown = set(rows.filter(seen).order_by().values_list("pk", flat=True)) if seen is not None else set()
    exported = []
    for row in rows.values("pk", *facts, *texts):
        key = row.pop("pk")
        exported.append(row if key in shown else {name: row[name] for name in facts})
    return exported


@dataclass(frozen=True)
class PersonalDataHandler:
    """How a room exports and erases the personal data of its own models."""

    export: Callable[[User], list[dict]]
    erase: Callable[[User, list[str]], None]  # the person, and the names by which texts may mention them


HANDLERS: dict[str, PersonalDataHandler] = {}


def keeps_personal_data(name: str, *, export: Callable[[User], list[dict]], erase: Callable) -> None:
    HANDLERS[name] = PersonalDataHandler(export, erase)


def read_handlers() -> dict[str, PersonalDataHandler]:
    autodiscover_modules("personal_data")
    return HANDLERS
