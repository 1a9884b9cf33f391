"""The history of one record: deeds of the trail, what imports brought and ended, fields changed in silence."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from itertools import chain

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch
from servanda.kit.templatetags.pages import language_name
from servanda.people.access import Can, can
from servanda.people.naming import shown_names
from servanda.recommendations.bulk.registry import BULK
from servanda.recommendations.editing.copying import Model
from servanda.recommendations.editing.merging import MERGE
from servanda.recommendations.editing.positions import is_about_draft
from servanda.recommendations.models import (
    FollowUp,
    Link,
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Stand,
    Tagging,
    TextVersion,
    source_family,
)
from servanda.recommendations.pages.detail import SCHEMES
from servanda.trail.models import Event
from servanda.trail.sentences import sentence

CHINESE = "\u3040-\u30ff\u3400-\u9fff"
PIECES = re.compile(rf"\s+|[^\W{CHINESE}]+|.", re.DOTALL)
WORD = re.compile(r"[^\s,]*[^\s,.;:()]")
# Parts of a difference that name other records; the reason why one was withdrawn names what it was split into.
NAMING = {"link", "merged", "merged_into", "split", "withdrawn_reason"}
IN_TRAIL = "recommendations.recommendation"
FIELDS = {
    "kind": gettext_lazy("kind"),
    "paragraph": gettext_lazy("paragraph"),
    "date": gettext_lazy("date of the document"),
    "language": gettext_lazy("language of the original"),
    "stand": gettext_lazy("position of the State"),
    "decide_by": gettext_lazy("position to be decided by"),
    "national_code": gettext_lazy("national code"),
    "priority": gettext_lazy("priority"),
    "horizon": gettext_lazy("term"),
    "articles": gettext_lazy("treaty articles"),
    "territory": gettext_lazy("territory"),
    "confidentiality": gettext_lazy("confidentiality"),
    "is_published": gettext_lazy("published"),
    "withdrawn_reason": gettext_lazy("reason for withdrawing"),
    "document": gettext_lazy("document"),
    "restricted_to": gettext_lazy("institutions that may see it"),
    "also_concerns": gettext_lazy("other States concerned"),
    "recommending": gettext_lazy("recommending States"),
    "labels": gettext_lazy("labels"),
    "follow_up": gettext_lazy("follow-up"),
    "reply": gettext_lazy("reply to the body"),
    "position": gettext_lazy("position of the State"),
    "link": gettext_lazy("link"),
    "merged": gettext_lazy("merged"),
    "merged_into": gettext_lazy("merged into"),
    "split": gettext_lazy("split"),
    "text": gettext_lazy("text"),
    "note": gettext_lazy("internal note"),
    "lead": gettext_lazy("leading institution"),
    "supporting": gettext_lazy("supporting institutions"),
}
IN_CONFIDENCE = {"note": Can.READ_NOTES, "position": Can.READ_DRAFT_POSITIONS}
WORDS: dict[str, dict] = {
    "kind": dict(Recommendation.Kind.choices),
    "priority": dict(Recommendation.Priority.choices),
    "horizon": dict(Recommendation.Horizon.choices),
    "stand": dict(Stand.choices),
    "position": {**dict(Stand.choices), "draft": gettext_lazy("draft")},
    "confidentiality": dict(Recommendation.Confidentiality.choices),
    "is_published": {"True": gettext_lazy("yes"), "False": gettext_lazy("no")},
    "link": dict(Link.Relation.choices),
    "follow_up": dict(FollowUp.Kind.choices),
}
TRACKED = (
    *("kind", "paragraph", "date", "language", "stand", "decide_by", "confidentiality", "is_published"),
    *Recommendation.NATIONAL,
)


@dataclass(slots=True)
class Change:
    """One thing that became another; `pieces` tells word by word what went and what came."""

    label: str
    old: str
    new: str
    language: str = ""  # of a text

    def pieces(self) -> list[tuple[str, str]]:
        return word_difference(self.old, self.new)


@dataclass(slots=True)
class Entry:
    at: datetime
    what: str
    changes: list[Change] = field(default_factory=list)


def word_difference(old: str, new: str) -> list[tuple[str, str]]:
    """The words of two texts in one row, each run marked "same", "gone" or "new"."""
    before, after = PIECES.findall(old), PIECES.findall(new)
    row: list[tuple[str, str]] = []
    for step, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            row.append(("same", "".join(before[start:end])))
            continue
        if start < end:
            row.append(("gone", "".join(before[start:end])))
        if new_start < new_end:
            row.append(("new", "".join(after[new_start:new_end])))
    return row


def history(recommendation: Recommendation, known: Sequence[QuerySet], *, to) -> list[Entry]:
    """Newest first, without what names a record that is not among those `known` to the reader, and without drafts
    and notes that are not theirs to read; the number of queries is the same for every record."""
    told = [deeds(recommendation, known, to), silent_changes(recommendation, to), imports(recommendation, known, to)]
    return sorted(chain.from_iterable(told), key=lambda entry: entry.at, reverse=True)


def deeds(recommendation: Recommendation, known: Sequence[QuerySet], to) -> Iterator[Entry]:
    events = Event.objects.filter(object_type=IN_TRAIL, object_id=str(recommendation.pk)).select_related("actor")
    told = [(event, part) for event in events if (part := told_to(to, event)) is not None]
    named = {event: named_in(difference) for event, difference in told}
    secret = not_among(known, set().union(*named.values()))
    names = shown_names((event.actor for event, _difference in told), to=to)
    for event, difference in told:
        if not named[event] & secret:
            what = sentence(event, names.get(event.actor_id))
            yield Entry(event.at, what, [said(name, *pair) for name, pair in difference.items()])


def told_to(reader, event: Event) -> dict | None:
    """What of the difference of a deed on a record this reader may know; None when all of the deed is not for them.

    A deed whose difference was erased is told only to those who might have read it.
    """
    hears = {field for field, permission in IN_CONFIDENCE.items() if can(reader, permission)}
    kept = json.loads(event.difference) if event.difference else {}
    if "position" in kept and "position" not in hears:
        kept["position"] = ["" if is_about_draft(words) else words for words in kept["position"]]
        if not any(kept["position"]):
            return None
    about = about_of(event.action)
    if about in IN_CONFIDENCE and about not in hears and (about == "note" or not kept):
        return None
    return kept


def about_of(action: str) -> str:
    """The thing that a deed on a record is about: note-added, position-decided."""
    return action.partition("-")[0]


def named_in(difference: Mapping[str, Sequence[str]]) -> set[str]:
    """The references of other records in a stored difference, among other words."""
    return {word for name in NAMING & difference.keys() for part in difference[name] for word in WORD.findall(part)}


def names_only_known(text: str, known: Sequence[QuerySet]) -> bool:
    return not not_among(known, set(WORD.findall(text)))


def not_among(known: Sequence[QuerySet], codes: Set[str]) -> set[str]:
    """Those of the references that belong to records which the reader does not know."""
    there = Recommendation.objects.filter(code__in=codes).values_list("code", flat=True)
    return set(there).difference(
        *(records.filter(code__in=codes).values_list("code", flat=True) for records in known)
    )


def said(name: str, old: object, new: object) -> Change:
    """One line of a stored difference; the trail keeps codes, and people read words."""
    field, *which = name.split(" ")
    label, language = str(FIELDS.get(field, field)), ""
    if len(which) == 2:
        language, form = which
        label = " · ".join([label, language_name(language), str(TextVersion.Form(form).label)])
    before, after = (in_words(field, "" if value is None else str(value)) for value in (old, new))
    return Change(label, before, after, language)


def in_words(field: str, value: str) -> str:
    """The words for a stored code, also where more follows it: "partly; draft; …", "repeats SVN-UPR-4-140.12"."""
    parts = re.split("(; | )", value)
    words = {str(code): str(label) for code, label in WORDS.get(field, {}).items()}
    return "".join(words.get(part, part) for part in parts[:3]) + "".join(parts[3:])


def silent_changes(recommendation: Recommendation, to) -> Iterator[Entry]:
    """Fields that moved without a deed on this record alone: an import, or a change in bulk."""
    rows = list(recommendation.history.select_related("history_user").order_by("history_date", "history_id"))
    told = Event.objects.filter(object_type=IN_TRAIL, object_id=str(recommendation.pk)).values("action")
    actions = {event["action"] for event in told}
    names = shown_names((row.history_user for row in rows), to=to)
    for before, after in zip(rows, rows[1:], strict=False):
        changed = [
            said(name, getattr(before, name), getattr(after, name))
            for name in TRACKED
            if getattr(before, name) != getattr(after, name)
        ]
        if changed and after.history_change_reason not in actions:
            yield Entry(after.history_date, told_of(names.get(after.history_user_id)), changed)


def imports(recommendation: Recommendation, known: Sequence[QuerySet], to) -> Iterator[Entry]:
    """What each batch brought to the record, and what it ended."""
    by_batch: dict[Batch, list[Change]] = {}
    hidden = {} if can(to, Can.READ_DRAFT_POSITIONS) else {Position: Q(is_draft=True)}
    for model, label in BROUGHT.items():
        rows = model.objects.filter(recommendation=recommendation).exclude(added_by=None, ended_by=None)
        rows = rows.exclude(hidden[model]) if model in hidden else rows
        rows = rows.select_related("added_by__created_by", "ended_by__created_by", *NAMED_BY.get(model, []))
        for row in rows:
            for batch, change in brought_or_ended(row, str(label)):
                by_batch.setdefault(batch, []).append(change)
    secret = not_among(known, {batch.name for batch in by_batch if batch.shape == MERGE})
    names = shown_names((batch.created_by for batch in by_batch), to=to)
    for batch, changes in by_batch.items():
        if batch.state == Batch.State.APPLIED and batch.applied_at and batch.name not in secret:
            yield Entry(batch.applied_at, told_by(batch, names.get(batch.created_by_id)), changes)


BROUGHT: dict[Model, object] = {
    TextVersion: gettext_lazy("text"),
    RecommendingState: gettext_lazy("recommending State"),
    Position: gettext_lazy("position of the State"),
    Tagging: gettext_lazy("label"),
    SourceRecord: gettext_lazy("source"),
    FollowUp: gettext_lazy("follow-up"),
}
NAMED_BY = {RecommendingState: ["country"], Tagging: ["term"]}


def brought_or_ended(row, label: str) -> Iterable[tuple[Batch, Change]]:
    says, language = str(row), ""
    if isinstance(row, TextVersion):
        says, language = row.text, row.language
    elif isinstance(row, SourceRecord):
        says = f"{SCHEMES.get(source_family(row.scheme), row.scheme)} {row.external_id}"
    if row.added_by:
        yield row.added_by, Change(label, "", says, language)
    if row.ended_by:
        yield row.ended_by, Change(label, says, "", language)


def told_by(batch: Batch, who: str | None) -> str:
    said = {"what": batch.name, "who": who or _("The system")}
    if batch.shape.startswith(BULK):
        return _("%(who)s changed several records: %(what)s.") % said
    if batch.shape == MERGE:
        return _("%(who)s merged %(what)s into this record.") % said
    return _("%(who)s imported %(what)s.") % said


def told_of(who: str | None) -> str:
    if who:
        return _("%(who)s changed this record together with others.") % {"who": who}
    return _("An import changed this record.")
