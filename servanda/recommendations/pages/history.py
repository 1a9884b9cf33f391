"""The history of records: lines of the trail, changes by imports, and other changes of fields."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from itertools import chain, pairwise

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch
from servanda.kit.pages.translations import listed
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
SHORT = 6  # words
WORD = re.compile(r"[^\s,]*[^\s,.;:()]")
# Keys of a difference that contain references of other records. After a split, the reason of withdrawal does too.
NAMING = {"link", "merged", "merged_into", "split", "withdrawn_reason"}
IN_TRAIL = "recommendations.recommendation"
FIELDS = {
    "kind": gettext_lazy("kind"),
    "paragraph": gettext_lazy("paragraph"),
    "date": gettext_lazy("date of the document"),
    "language": gettext_lazy("language of the original"),
    "stand": gettext_lazy("position of the State"),
    "decide_by": gettext_lazy("deadline for the position"),
    "national_code": gettext_lazy("national code"),
    "priority": gettext_lazy("priority"),
    "horizon": gettext_lazy("time frame"),
    "articles": gettext_lazy("treaty articles"),
    "territory": gettext_lazy("territory"),
    "confidentiality": gettext_lazy("confidentiality"),
    "is_published": gettext_lazy("published"),
    "withdrawn_reason": gettext_lazy("reason for withdrawing"),
    "document": gettext_lazy("document"),
    "restricted_to": gettext_lazy("institutions with access"),
    "also_concerns": gettext_lazy("other States concerned"),
    "recommending": gettext_lazy("recommending States"),
    "labels": gettext_lazy("labels"),
    "follow_up": gettext_lazy("follow-up"),
    "reply": gettext_lazy("reply to the body"),
    "position": gettext_lazy("position of the State"),
    "link": gettext_lazy("link"),
    "obligation": gettext_lazy("obligation"),
    "merged": gettext_lazy("merged"),
    "merged_into": gettext_lazy("merged into"),
    "split": gettext_lazy("split"),
    "text": gettext_lazy("text"),
    "note": gettext_lazy("internal note"),
    "measure": gettext_lazy("facts of the measure"),
    "wording": gettext_lazy("wording"),
    "owner": gettext_lazy("mechanism"),
    "lead": gettext_lazy("lead institution"),
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
    """A changed value; `pieces` is the difference word by word. Short values, such as statuses and dates, are shown
    whole: "Absorbed into the next report" has two words of "Reviewed without a report"."""

    label: str
    old: str
    new: str
    language: str = ""  # of a text

    def pieces(self) -> list[tuple[str, str]]:
        is_short = all(0 < len(value.split()) <= SHORT for value in (self.old, self.new))
        if is_short and not self.language:
            return [("gone", self.old), ("new", self.new)]
        return with_whole_phrases(word_difference(self.old, self.new))


@dataclass(slots=True)
class Entry:
    at: datetime
    what: str
    changes: list[Change] = field(default_factory=list)


def word_difference(old: str, new: str) -> list[tuple[str, str]]:
    """The words of two texts in sequence, each run marked "same", "gone" or "new"."""
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


def with_whole_phrases(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Changed words that only blanks separate as one change: of a date with another day, month and year, the former
    and the new one, each in one piece."""
    row: list[tuple[str, str]] = []
    changed = {"gone": "", "new": ""}
    for kind, text in [*pieces, ("end", "")]:
        if kind in changed:
            changed[kind] += text
        elif kind == "same" and text.isspace() and all(changed.values()):
            changed = {name: words + text for name, words in changed.items()}
        else:
            row += [(name, words) for name, words in changed.items() if words]
            row += [(kind, text)] if text else []
            changed = {"gone": "", "new": ""}
    return row


def history(recommendation: Recommendation, known: Sequence[QuerySet], *, to) -> list[Entry]:
    """The entries of one record, newest first."""
    return histories([recommendation.pk], known, to=to)[recommendation.pk]


def histories(pks: Sequence[int], known: Sequence[QuerySet], *, to) -> dict[int, list[Entry]]:
    """The entries of each of these records, newest first, without those that mention a record not `known` to the
    reader, and without drafts and notes that the reader may not read. The number of queries is the same for any
    number of records."""
    entries: dict[int, list[Entry]] = {pk: [] for pk in pks}
    events = list(Event.objects.filter(object_type=IN_TRAIL, object_id__in=map(str, pks)).select_related("actor"))
    groups = trail_entries(events, known, to), other_entries(pks, events, to), import_entries(pks, known, to)
    for pk, entry in chain(*groups):
        entries[pk].append(entry)
    return {pk: sorted(found, key=lambda entry: entry.at, reverse=True) for pk, found in entries.items()}


def trail_entries(events: Sequence[Event], known: Sequence[QuerySet], to) -> Iterator[tuple[int, Entry]]:
    visible = [(event, part) for event in events if (part := visible_difference(to, event)) is not None]
    codes = {event: codes_in(difference) for event, difference in visible}
    secret = unknown_codes(known, set().union(*codes.values()))
    names = shown_names((event.actor for event, _difference in visible), to=to)
    for event, difference in visible:
        if not codes[event] & secret:
            text = sentence(event, names.get(event.actor_id))
            changes = [change_of(name, *pair) for name, pair in difference.items()]
            yield int(event.object_id), Entry(event.at, text, changes)


def visible_difference(reader, event: Event) -> dict | None:
    """The part of an event's difference that this reader may see; None where they may not see the event at all.

    An event whose difference was erased is shown only to readers who could have read it.
    """
    hears = {field for field, permission in IN_CONFIDENCE.items() if can(reader, permission)}
    difference = json.loads(event.difference) if event.difference else {}
    if "position" in difference and "position" not in hears:
        difference["position"] = [
            "" if is_about_draft(description) else description for description in difference["position"]
        ]
        if not any(difference["position"]):
            return None
    about = about_of(event.action)
    if about in IN_CONFIDENCE and about not in hears and (about == "note" or not difference):
        return None
    return difference


def about_of(action: str) -> str:
    """What an action on a record is about: "note" of "note-added"."""
    return action.partition("-")[0]


def codes_in(difference: Mapping[str, Sequence[str]]) -> set[str]:
    """The references of other records in a stored difference (possibly with other words)."""
    return {word for name in NAMING & difference.keys() for part in difference[name] for word in WORD.findall(part)}


def names_only_known(text: str, known: Sequence[QuerySet]) -> bool:
    return not unknown_codes(known, set(WORD.findall(text)))


def unknown_codes(known: Sequence[QuerySet], codes: Set[str]) -> set[str]:
    """Those of the codes that belong to records which the reader may not know of."""
    existing = Recommendation.objects.filter(code__in=codes).values_list("code", flat=True)
    return set(existing).difference(
        *(records.filter(code__in=codes).values_list("code", flat=True) for records in known)
    )


def change_of(name: str, old: object, new: object) -> Change:
    """One entry of a stored difference, with words instead of the stored codes."""
    field, *which = name.split(" ")
    label, language = str(FIELDS.get(field, field)), ""
    if len(which) == 2:
        language, form = which
        label = " · ".join([label, language_name(language), str(TextVersion.Form(form).label)])
    old_words, new_words = (in_words(field, "" if value is None else str(value)) for value in (old, new))
    return Change(label, old_words, new_words, language)


def in_words(field: str, value: str) -> str:
    """The words for a stored code, even if text follows it: "partly; draft; …", "repeats SVN-UPR-4-140.12"."""
    parts = re.split("(; | )", value)
    labels = {str(code): str(label) for code, label in WORDS.get(field, {}).items()}
    return "".join(labels.get(part, part) for part in parts[:3]) + "".join(parts[3:])


def other_entries(pks: Sequence[int], events: Iterable[Event], to) -> Iterator[tuple[int, Entry]]:
    """Changes of fields without an event of their record: by an import, or in bulk."""
    rows = Recommendation.history.filter(id__in=pks).select_related("history_user")
    rows = list(rows.order_by("id", "history_date", "history_id"))
    deeds = {(int(event.object_id), event.action) for event in events}
    names = shown_names((row.history_user for row in rows), to=to)
    for before, after in pairwise(rows):
        if before.id != after.id or (after.id, after.history_change_reason) in deeds:
            continue
        changed = [
            change_of(name, getattr(before, name), getattr(after, name))
            for name in TRACKED
            if getattr(before, name) != getattr(after, name)
        ]
        if changed:
            actor = names.get(after.history_user_id)
            yield after.id, Entry(after.history_date, unnamed_change_sentence(actor), changed)


def import_entries(pks: Sequence[int], known: Sequence[QuerySet], to) -> Iterator[tuple[int, Entry]]:
    """What each batch added to each record, and what it ended."""
    brought: dict[tuple[int, Batch], list[Change]] = {}
    hidden = {} if can(to, Can.READ_DRAFT_POSITIONS) else {Position: Q(is_draft=True)}
    for model, label in BROUGHT.items():
        of_model: dict[tuple[int, Batch], list[Change]] = {}
        rows = model.objects.filter(recommendation__in=pks).exclude(added_by=None, ended_by=None)
        rows = rows.exclude(hidden[model]) if model in hidden else rows
        rows = rows.select_related("added_by__created_by", "ended_by__created_by", *NAMED_BY.get(model, []))
        for row in rows:
            for batch, change in brought_or_ended(row, str(label)):
                of_model.setdefault((row.recommendation_id, batch), []).append(change)
        for place, changes in of_model.items():
            brought.setdefault(place, []).extend(as_one(changes) if model in LISTED else changes)
    secret = unknown_codes(known, {batch.name for _pk, batch in brought if batch.shape == MERGE})
    names = shown_names((batch.created_by for _pk, batch in brought), to=to)
    for (pk, batch), changes in brought.items():
        if batch.state == Batch.State.APPLIED and batch.applied_at and batch.name not in secret:
            yield pk, Entry(batch.applied_at, batch_sentence(batch, names.get(batch.created_by_id)), changes)


BROUGHT: dict[Model, object] = {
    TextVersion: gettext_lazy("text"),
    RecommendingState: gettext_lazy("recommending States"),
    Position: gettext_lazy("position of the State"),
    Tagging: gettext_lazy("labels"),
    SourceRecord: gettext_lazy("source"),
    FollowUp: gettext_lazy("follow-up"),
}
LISTED = {RecommendingState, Tagging}
NAMED_BY = {RecommendingState: ["country"], Tagging: ["term"]}


def as_one(changes: Sequence[Change]) -> list[Change]:
    """All changes of one kind in one line, such as ten labels."""
    old, new = [change.old for change in changes if change.old], [change.new for change in changes if change.new]
    return [Change(changes[0].label, listed(old), listed(new))]


def brought_or_ended(row, label: str) -> Iterable[tuple[Batch, Change]]:
    description, language = str(row), ""
    if isinstance(row, TextVersion):
        description, language = row.text, row.language
    elif isinstance(row, SourceRecord):
        description = f"{SCHEMES.get(source_family(row.scheme), row.scheme)} {row.external_id}"
    if row.added_by:
        yield row.added_by, Change(label, "", description, language)
    if row.ended_by:
        yield row.ended_by, Change(label, description, "", language)


def batch_sentence(batch: Batch, actor: str | None) -> str:
    values = {"what": batch.name, "who": actor or _("The system")}
    if batch.shape.startswith(BULK):
        return _("%(who)s changed several records: %(what)s.") % values
    if batch.shape == MERGE:
        return _("%(who)s merged %(what)s into this record.") % values
    return _("%(who)s imported %(what)s.") % values


def unnamed_change_sentence(actor: str | None) -> str:
    if actor:
        return _("%(who)s changed this record together with others.") % {"who": actor}
    return _("An import changed this record.")
