"""The history of one action, without what the reader may not see."""

from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.people.naming import shown_names
from servanda.people.trail_pages.stored_values import StoredValues, differences
from servanda.planning.models import Action
from servanda.recommendations.pages.history import Change, Entry
from servanda.trail.models import Event
from servanda.trail.sentences import sentence

LATEST, MOST_READ = 50, 500
LABELS = {
    "code": gettext_lazy("Reference"),
    "title": gettext_lazy("Title"),
    "description": gettext_lazy("Description"),
    "plan": gettext_lazy("Plan"),
    "status": gettext_lazy("Status"),
    "start": gettext_lazy("Start"),
    "due_on": gettext_lazy("Due"),
    "act": gettext_lazy("Legal or policy act"),
    "obstacles": gettext_lazy("Obstacles"),
    "assistance": gettext_lazy("Need for assistance"),
    "budget": gettext_lazy("Budget"),
    "funded": gettext_lazy("Funded"),
    "currency": gettext_lazy("Currency"),
    "budget_line": gettext_lazy("Budget line"),
    "lead": gettext_lazy("Lead"),
    "supporting": gettext_lazy("Supporting"),
    "milestones": gettext_lazy("Milestones"),
    "is_published": gettext_lazy("Published"),
    "withdrawal_reason": gettext_lazy("Reason for withdrawal"),
}
# Fields that name records or other actions are for readers who see everything.
NAMING = {
    "answers": gettext_lazy("Recommendations"),
    "clusters": gettext_lazy("Clusters"),
    "parent": gettext_lazy("Part of the action"),
}
WORDS: dict[str, dict] = {
    "status": dict(Action.Status.choices),
    "is_published": {True: gettext_lazy("yes"), False: gettext_lazy("no")},
}
WITH_CODES = {"start", "due_on", "lead", "supporting", "milestones"}
AMOUNTS = {"budget", "funded"}


def history(action: Action, *, to: User) -> list[Entry]:
    """The events, newest first. An event is left out if none of its changes may be shown."""
    events = Event.objects.filter(object_type="planning.action", object_id=str(action.pk)).select_related("actor")
    read = list(events.order_by("-sequence")[:MOST_READ])
    names = shown_names([event.actor for event in read], to=to)
    values = StoredValues(read, WITH_CODES)
    labels = LABELS | (NAMING if can(to, Can.READ_EVERYTHING) else {})
    entries = []
    for event in read:
        changes = list(changes_of(event, labels, values))
        if changes or not event.difference:
            who = (event.actor_id and names.get(event.actor_id)) or _("The system")
            entries.append(Entry(event.at, sentence(event, who=who, what=action.code), changes))
    return entries[:LATEST]


def changes_of(event: Event, labels: dict, values: StoredValues) -> Iterator[Change]:
    for name, pair in differences(event).items():
        if name in labels:
            old, new = (str(WORDS.get(name, {}).get(value, value)) for value in pair)
            if name in AMOUNTS:
                old, new = amount_in_words(old), amount_in_words(new)
            yield Change(str(labels[name]), values.in_words(name, old), values.in_words(name, new))


def amount_in_words(value: str) -> str:
    return number_format(value, use_l10n=True, force_grouping=True) if value else ""
