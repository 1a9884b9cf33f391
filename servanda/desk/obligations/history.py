"""The history of one obligation in words."""

from collections.abc import Iterable, Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.people.naming import shown_names
from servanda.people.trail_pages.stored_values import StoredValues, differences
from servanda.recommendations.pages.history import Change, Entry
from servanda.sources.models import Extension, Obligation, ObligationFile, ObligationLetter, Submission
from servanda.trail.models import Event
from servanda.trail.sentences import sentence
from servanda.vocab.models import Certainty, Force, ObligationKind, ObligationRule
from servanda.vocab.models.rules import TIMES

LATEST = 50
BY_RULE = "obligation-added-by-rule"
# Fields whose label is that of the model, and what the trail records besides.
FIELDS = (
    *("body", "instrument", "kind", "title", "combined", "rule", "review", "document", "paragraph", "words"),
    *(
        "clock_on",
        "due_on",
        "certainty",
        "day_from",
        "force",
        "word_limit",
        "language",
        "owner",
        "responsible",
        "note",
    ),
    *("confidentiality", "withdrawn_reason"),
)
OF_SUBMISSION = ("submitted_on", "note_verbale", "channel", "mission", "acknowledged_on", "reply", "annexes")
SUBMITTING = {"obligation-submitted", "submission-corrected", "submission-taken-back"}
RENAMED = {"words": "words_submitted"}  # a number; `words` of an obligation are those of its document
BESIDES = {
    "state": gettext_lazy("Status"),
    "state_reason": gettext_lazy("Reason"),
    "reason": gettext_lazy("Reason"),
    "is_published": gettext_lazy("Published"),
    "steps": gettext_lazy("Steps"),
    "extension": gettext_lazy("Extension"),
    "suspension": gettext_lazy("Suspension"),
    "file": gettext_lazy("File"),
    "letter": gettext_lazy("Letter"),
    "record": gettext_lazy("Record"),
    "trigger": gettext_lazy("start of the time limit"),
    "time": gettext_lazy("time"),
    "clock": gettext_lazy("reason for this start"),
}
WORDS: dict[str, dict] = {
    "kind": dict(ObligationKind.choices),
    "certainty": dict(Certainty.choices),
    "day_from": dict(Obligation.DayFrom.choices),
    "force": dict(Force.choices),
    "confidentiality": dict(Obligation.Confidentiality.choices),
    "state": dict(Obligation.State.choices),
    "file": dict(ObligationFile.Kind.choices),
    "letter": dict(ObligationLetter.Kind.choices),
    "trigger": dict(ObligationRule.Trigger.choices),
    "is_published": {True: gettext_lazy("yes"), False: gettext_lazy("no")},
}
# Fields with dates and codes of institutions as the trail records them; other texts are shown as they were written.
WITH_CODES = {
    *("due_on", "clock_on", "owner", "steps", "extension", "suspension", "asked_until", "submitted_on"),
    *("acknowledged_on", "letter"),
}


def labels() -> dict[str, str]:
    """The labels of what pages and the history show, in the language of the reader."""
    own = {name: Obligation._meta.get_field(name).verbose_name for name in FIELDS}
    own |= {name: Submission._meta.get_field(name).verbose_name for name in OF_SUBMISSION}
    own["asked_until"] = Extension._meta.get_field("asked_until").verbose_name
    own["words_submitted"] = Submission._meta.get_field("words").verbose_name
    return {name: capfirst(str(label)) for name, label in (own | BESIDES).items()}


def history(obligation: Obligation, *, to: User) -> list[Entry]:
    """The events, newest first. Who downloaded a file is in the audit trail only. Legal holds, with their reasons,
    are for those who see them on the page."""
    events = Event.objects.filter(object_type="sources.obligation", object_id=str(obligation.pk))
    events = events.exclude(action="obligation-file-read")
    if not can(to, Can.READ_EVERYTHING):
        events = events.exclude(action__in=("legal-hold-placed", "legal-hold-released"))
    read = list(events.select_related("actor").order_by("-sequence")[:LATEST])
    names, known = shown_names([event.actor for event in read], to=to), labels()
    persons = names_of_persons((key for event in read for key in differences(event).get("responsible", ())), to=to)
    values, rules = StoredValues(read, WITH_CODES, {"letter": WORDS["letter"]}), rules_in(read)
    entries = []
    for event in read:
        who = (event.actor_id and names.get(event.actor_id)) or _("The system")
        changes = [*changes_of(event, known, values, persons), *reason_of(event, known, rules)]
        entries.append(Entry(event.at, sentence(event, who=who, what=obligation.code), changes))
    return entries


def names_of_persons(keys: Iterable[str], *, to: User) -> dict[str, str]:
    """The names of responsible persons by their keys, as the trail records them."""
    numbers = {int(key) for key in keys if key}
    people = User.objects.filter(pk__in=numbers) if numbers else ()
    return {str(pk): name for pk, name in shown_names(people, to=to).items()}


def changes_of(
    event: Event, known: dict[str, str], values: StoredValues, persons: dict[str, str]
) -> Iterator[Change]:
    words = WORDS | {"responsible": persons}
    for name, pair in differences(event).items():
        if event.action in SUBMITTING:
            name = RENAMED.get(name, name)
        if name in known:
            old, new = (str(words.get(name, {}).get(value, value)) for value in pair)
            if name == "time":
                old, new = (time_in_words(value) for value in (old, new))
            yield Change(known[name], values.in_words(name, old), values.in_words(name, new))


def rules_in(events: Iterable[Event]) -> dict[str, ObligationRule]:
    """The rules by which obligations were added, in one query."""
    codes = {codes[1] for event in events if event.action == BY_RULE and (codes := differences(event).get("rule"))}
    return {rule.code: rule for rule in ObligationRule.objects.filter(code__in=codes)} if codes else {}


def reason_of(event: Event, known: dict[str, str], rules: dict[str, ObligationRule]) -> Iterator[Change]:
    """Why the clock of the rule starts where it does, in the language of the reader."""
    rule = rules.get(differences(event).get("rule", ["", ""])[1]) if event.action == BY_RULE else None
    if rule is not None and (clock := str(rule.clock)):
        yield Change(known["clock"], "", clock)


def time_in_words(value: str) -> str:
    """A time of a rule, such as "-12 weeks", in the language of the reader."""
    offset, _blank, unit = value.partition(" ")
    return ObligationRule(offset=int(offset), unit=unit).time_in_words if unit in TIMES else value
