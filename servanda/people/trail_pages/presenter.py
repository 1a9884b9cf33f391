"""Events of the trail in sentences, with names as far as the reader may know them."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from servanda.kit.templatetags.pages import language_name
from servanda.people.access import Can, Role, can
from servanda.people.models import Appointment, HandOver, Institution, Invitation, User
from servanda.people.naming import shown_names, unnamed
from servanda.trail.labels import registered_label
from servanda.trail.models import Event
from servanda.trail.sentences import sentence

# Labels for keys of differences that are no fields of the object.
PARTS = {
    "reason": gettext_lazy("reason"),
    "format": gettext_lazy("format"),
    "filter": gettext_lazy("filter"),
    "records": gettext_lazy("records"),
    "rows": gettext_lazy("rows"),
    "fields": gettext_lazy("fields"),
    "also_wrote": gettext_lazy("also the author"),
    "also_validated": gettext_lazy("also the validator"),
    "only_account": gettext_lazy("only account in this system"),
    "taken_over_by": gettext_lazy("handed over to"),
    "institution": gettext_lazy("institution"),
    "lead": gettext_lazy("lead institution"),
    "supporting": gettext_lazy("supporting institutions"),
    "part": gettext_lazy("role"),
    "since": gettext_lazy("since"),
    "due_on": gettext_lazy("deadline"),
    "act": gettext_lazy("legal act"),
    "successors": gettext_lazy("successors"),
    "appointments_made": gettext_lazy("appointments made"),
    "appointments_ended": gettext_lazy("appointments ended"),
    "new": pgettext_lazy("row of a file", "New"),
    "changed": gettext_lazy("Changed"),
    "unchanged": gettext_lazy("Unchanged"),
    "refused": gettext_lazy("Refused"),
    "columns": gettext_lazy("Columns"),
    "invitation": gettext_lazy("Invitation"),
    "invitations": gettext_lazy("Invitations"),
    "decision": gettext_lazy("decision"),
    "labels": gettext_lazy("labels"),
    "link": gettext_lazy("link"),
    "merged": gettext_lazy("merged"),
    "note": gettext_lazy("note"),
    "position": gettext_lazy("position"),
    "procedures": gettext_lazy("procedures"),
    "reservation": gettext_lazy("reservation"),
    "spelling": gettext_lazy("spelling"),
    "treaties": gettext_lazy("treaties"),
    "treaty": gettext_lazy("treaty"),
    "split": gettext_lazy("split"),
    "text": gettext_lazy("text"),
    "to": gettext_lazy("to"),
    "times": gettext_lazy("number of times"),
    "from": gettext_lazy("from"),
    "until": gettext_lazy("until"),
    "participant": gettext_lazy("Participants"),
    "commitment": gettext_lazy("Commitment"),
    "agenda": gettext_lazy("Agenda"),
    "contact": gettext_lazy("Contact persons"),
    "step": gettext_lazy("Step"),
    "acknowledged_on": gettext_lazy("acknowledged on"),
    "annexes": gettext_lazy("annexes"),
    "answers": gettext_lazy("Answers"),
    "applicants": gettext_lazy("applicants"),
    "articles": gettext_lazy("Articles"),
    "channel": gettext_lazy("channel"),
    "decided_on": gettext_lazy("Decided on"),
    "due": gettext_lazy("deadline"),
    "entries": gettext_lazy("entries"),
    "extension": gettext_lazy("Extension"),
    "suspension": gettext_lazy("Suspension"),
    "moved": gettext_lazy("Deadlines moved"),
    "trigger": gettext_lazy("start of the time limit"),
    "time": gettext_lazy("time"),
    "follows": gettext_lazy("Follows the obligation"),
    "family": gettext_lazy("kind of file"),
    "file": gettext_lazy("File"),
    "hours": gettext_lazy("hours between two fetches"),
    "institutions": gettext_lazy("Institutions"),
    "items": gettext_lazy("requests"),
    "kinds": gettext_lazy("kinds of objects"),
    "language": gettext_lazy("Language"),
    "letter": gettext_lazy("Letter"),
    "measure": gettext_lazy("Measure"),
    "measures": gettext_lazy("measures"),
    "meetings": gettext_lazy("meetings"),
    "members": gettext_lazy("members of the cluster"),
    "milestones": gettext_lazy("Milestones"),
    "mission": gettext_lazy("permanent mission"),
    "note_verbale": gettext_lazy("Note verbale"),
    "notified_on": gettext_lazy("notified on"),
    "obligations": gettext_lazy("Obligations"),
    "on": gettext_lazy("Date"),
    "online": gettext_lazy("feed online"),
    "opens": gettext_lazy("Opens at"),
    "people": gettext_lazy("People"),
    "period": gettext_lazy("Period"),
    "progress": gettext_lazy("Progress"),
    "questions": gettext_lazy("questions put to the State"),
    "reply": gettext_lazy("reply"),
    "requester": gettext_lazy("requesting mechanism"),
    "on_behalf_of": gettext_lazy("entered on behalf of"),
    "round": gettext_lazy("Round"),
    "sections": gettext_lazy("Sections"),
    "series": gettext_lazy("series of values"),
    "state": gettext_lazy("status"),
    "steps": gettext_lazy("Steps"),
    "submitted_on": gettext_lazy("submitted on"),
    "units": gettext_lazy("units of a document"),
    "value": gettext_lazy("value"),
    "clusters": gettext_lazy("clusters"),
    "copied_from": gettext_lazy("copy of"),
    "delegates": gettext_lazy("members of the delegation"),
    "erased": gettext_lazy("erased data"),
    "fingerprint": gettext_lazy("fingerprint"),
    "follow_up": gettext_lazy("follow-up"),
    "pinned": gettext_lazy("fixed members"),
    "place": gettext_lazy("place in the order"),
    "points": gettext_lazy("speaking points"),
    "practice": gettext_lazy("practice"),
    "quotations": gettext_lazy("quotations"),
    "record": gettext_lazy("record"),
    "sheets": gettext_lazy("sheets"),
    "theme": gettext_lazy("theme"),
    "sha256": "SHA-256",
    "stay": gettext_lazy("rows that were kept"),
}
TEXT_OF_A_RECORD = re.compile(r"^text ([a-zA-Z-]+) (full|plain)$")
type Names = Mapping[tuple[type[models.Model], str], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One changed value; `old` is empty for values that replaced nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class EventLine:
    event: Event
    sentence: str
    who: str
    role: str
    kind: str
    label: str
    changes: Sequence[Change]
    actor_is_named: bool
    thing_is_named: bool


def event_lines(events: Iterable[Event], *, to: User) -> list[EventLine]:
    """The events in sentences. The number of queries is constant."""
    events = list(events)
    hidden_actors = unnamed((event.actor for event in events if event.actor), to=to)
    hidden = on_the_unnamed(events, to=to)
    differences = {event.pk: difference_of(event) for event in events if event.pk not in hidden}
    names = names_in(events, differences, to=to)
    secret = "" if can(to, Can.SEE_CONTRIBUTORS) else Role.CONTRIBUTOR
    return [
        event_line(
            event,
            differences.get(event.pk),
            names,
            is_actor_hidden=event.actor_id in hidden_actors,
            secret_role=secret,
        )
        for event in events
    ]


def event_line(
    event: Event, difference: dict | None, names: Names, *, is_actor_hidden: bool, secret_role: str
) -> EventLine:
    """`difference` is None for an event about a person whom the reader may not know; `secret_role` is hidden."""
    who = _("A contributor") if is_actor_hidden else str(event.actor or _("The system"))
    label = _("A contributor") if difference is None else event.object_label
    if event.is_erased:
        label = _("(erased on request)")
    return EventLine(
        event=event,
        sentence=sentence(event, who=who, what=what_of(event, difference) or label),
        who=who,
        role=role_line(event.role, without="" if is_actor_hidden else secret_role),
        kind=kind_label(event.object_type),
        label=label,
        changes=[
            change(event.object_type or event.action, name, value, names)
            for name, value in (difference or {}).items()
        ],
        actor_is_named=event.actor_id is not None and not is_actor_hidden,
        thing_is_named=bool(event.object_id) and difference is not None,
    )


def what_of(event: Event, difference: dict | None) -> str:
    """The reason of a refusal: the trail only has the technical name of the action, but the reason in words."""
    if event.action != "refused" or event.is_erased or not difference or "reason" not in difference:
        return ""
    _nothing, reason = pair(difference["reason"])
    return str(reason).rstrip(".")


def role_line(codes: str, *, without: str) -> str:
    """Labels of the roles, which the trail stores as codes with commas."""
    words = dict(Role.choices)
    return ", ".join(str(words.get(code, code)) for code in codes.split(",") if code and code != without)


def contributors_hidden_from(reader: User) -> QuerySet[User]:
    """The people whose names are hidden from the reader, as in `naming.unnamed`, as a QuerySet."""
    if can(reader, Can.SEE_CONTRIBUTORS):
        return User.objects.none()
    contributing = Appointment.objects.filter(function=Appointment.Function.CONTRIBUTOR)
    others = Appointment.objects.exclude(function=Appointment.Function.CONTRIBUTOR)
    hidden = User.objects.filter(role="", pk__in=contributing.values("person")).exclude(
        pk__in=others.values("person")
    )
    return hidden.exclude(pk=reader.pk)


def about_hidden_from(reader: User) -> Q:
    """Events whose label or difference may reveal who a contributor is."""
    if can(reader, Can.SEE_CONTRIBUTORS):
        return Q(pk__in=[])
    hidden = contributors_hidden_from(reader)
    # From the history, so that it stays hidden after the appointment was changed or deleted.
    contributing = Appointment.history.filter(function=Appointment.Function.CONTRIBUTOR).exclude(person=reader.pk)
    about_hidden = Q(appointment__person__in=hidden) | Q(appointment__in=contributing.values("id"))
    objects: dict[str, tuple[QuerySet, str]] = {
        "people.user": (hidden, "pk"),
        "people.appointment": (contributing, "id"),
        "people.handover": (HandOver.objects.filter(about_hidden | Q(to__in=hidden)), "pk"),
        "people.invitation": (Invitation.objects.filter(person__in=hidden), "pk"),
    }
    condition = Q(pk__in=[])
    for kind, (things, key) in objects.items():
        keys = things.order_by().annotate(key=Cast(key, CharField())).values("key")
        condition |= Q(object_type=kind, object_id__in=keys)
    return condition


def on_the_unnamed(events: Sequence[Event], *, to: User) -> set[int]:
    if can(to, Can.SEE_CONTRIBUTORS) or not events:
        return set()
    near = [event.pk for event in events if event.object_type.startswith("people.")]
    return (
        set(Event.objects.filter(about_hidden_from(to), pk__in=near).values_list("pk", flat=True)) if near else set()
    )


@cache
def kinds() -> dict[str, type[models.Model]]:
    return {model._meta.label_lower: model for model in apps.get_models()}


def kind_label(object_type: str) -> str:
    model = kinds().get(object_type)
    return str(model._meta.verbose_name) if model else object_type


def field_of(object_type: str, name: str) -> models.Field | None:
    model = kinds().get(object_type)
    try:
        field = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None


def target_of(object_type: str, name: str) -> type[models.Model] | None:
    """The model whose primary key a value of a difference holds, if it is shown by name."""
    field = field_of(object_type, name)
    target = User if name == "taken_over_by" else field.related_model if field else None
    return target if target in (User, Institution) else None


def difference_of(event: Event) -> dict:
    difference = json.loads(event.difference) if event.difference else {}
    return difference if isinstance(difference, dict) else {}


def pair(value: object) -> list:
    """Before and after; a single value has nothing before it."""
    return value if isinstance(value, list) and len(value) == 2 else ["", value]


def names_in(events: Sequence[Event], differences: Mapping[int, dict], *, to: User) -> Names:
    """The names for keys in the differences, as far as the reader may know them."""
    keys: dict[type[models.Model], set[int]] = {User: set(), Institution: set()}
    for event in events:
        for name, value in differences.get(event.pk, {}).items():
            if target := target_of(event.object_type, name):
                keys[target] |= {int(key) for key in pair(value) if str(key).isdecimal()}
    people = User.objects.filter(pk__in=keys[User]) if keys[User] else []
    institutions = Institution.objects.filter(pk__in=keys[Institution]) if keys[Institution] else []
    return {(User, str(pk)): name for pk, name in shown_names(people, to=to).items()} | {
        (Institution, str(institution.pk)): str(institution) for institution in institutions
    }


def change(object_type: str, name: str, value: object, names: Names) -> Change:
    field = field_of(object_type, name)
    old, new = (in_words(part, field, target_of(object_type, name), names) for part in pair(value))
    return Change(label_of(object_type, name), old, new)


def label_of(object_type: str, name: str) -> str:
    """The label of a key; names in several languages have one key for each, such as `name.ar`."""
    stem, _dot, language = name.partition(".")
    field = field_of(object_type, stem)
    if language and field:
        return f"{field.verbose_name} ({language_name(language)})"
    if text := TEXT_OF_A_RECORD.match(name):
        language, form = text.groups()
        return f"{_('text') if form == 'full' else _('text in plain language')} ({language_name(language)})"
    found = field.verbose_name if field else registered_label(object_type, name) or PARTS.get(name)
    return str(found or name.replace("_", " "))


def in_words(value: object, field: models.Field | None, target: type[models.Model] | None, names: Names) -> str:
    if value is None or value == "":
        return ""
    if target and (target, str(value)) in names:
        return names[target, str(value)]
    if isinstance(value, bool) or value in ("True", "False"):
        return _("yes") if value in (True, "True") else _("no")
    if isinstance(value, list):
        return ", ".join(in_words(item, field, target, names) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {in_words(item, None, None, names)}" for key, item in value.items())
    words = dict(field.flatchoices) if field and field.choices else {}
    return str(words.get(value, value))
