"""One recommendation as a PDF or Word file, in the order of its page, with what its reader may see."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servanda.kit.files.paper import Paper, Part, TextLine
from servanda.kit.pages.translations import listed
from servanda.people.models import Instance
from servanda.planning.models import Action
from servanda.progress.assessments.voices import Voices
from servanda.progress.models import Update
from servanda.recommendations.filters.facets import review_title
from servanda.recommendations.models import Position
from servanda.recommendations.pages.detail import Record
from servanda.vocab.own_state import own_state


@dataclass(frozen=True, slots=True)
class FollowUpRead:
    """What a reader may see of the follow-up; lead and deadline only inside."""

    planned: Sequence[Action]
    updates: Sequence[Update]
    voices: Voices
    lead: str = ""
    due_on: date | None = None


def file_of(record: Record, follow_up: FollowUpRead, *, address: str) -> Paper:
    it, first = record.recommendation, next(iter(record.texts), None)
    parts = [
        Part(_("Text"), [TextLine(text.text, text.language) for text in (*record.texts[1:], *record.plain)]),
        Part(_("Labels"), list(of_labels(record))),
        Part(_("Position of the State"), list(of_positions(record.positions_newest_first))),
        Part(_("Actions planned by the State"), list(of_actions(follow_up.planned))),
        Part(_("Updates"), list(of_updates(follow_up.updates))),
        Part(_("Implementation status"), list(of_voices(follow_up.voices))),
    ]
    statuses = [] if it.is_public else [_("Not published")]
    notices = [*statuses]
    if any(position.is_draft for position in record.positions):
        statuses.append(pgettext("document", "Draft"))
        notices.append(_("Draft: contains positions that are not decided."))
    return Paper(
        title=it.code,
        issuer=str(Instance.current()),
        day=day(timezone.localdate()),
        heading=TextLine(first.text, first.language) if first else None,
        status=" · ".join(statuses),
        notices=notices,
        facts=[(label, value) for label, value in of_facts(record, follow_up) if value],
        parts=[part for part in parts if part.lines],
        source=[TextLine(address, is_code=True)],
    )


def of_facts(record: Record, follow_up: FollowUpRead) -> Iterator[tuple[str, str]]:
    it = record.recommendation
    body = str(it.body.name)
    paragraph = f"{_('para.')} {it.paragraph}" if it.paragraph else ""
    yield _("State"), str(own_state() or "")
    yield _("Reference"), it.code
    yield _("Body"), str(review_title(body, it.review.cycle, it.review.year) if it.review else body)
    yield _("Document"), listed(filter(None, (it.document.symbol if it.document else "", paragraph, day(it.date))))
    yield _("Recommending States"), listed([str(state.country) for state in record.states])
    yield _("Lead institution"), follow_up.lead
    yield _("Deadline"), day(follow_up.due_on)
    yield _("Date"), day(timezone.localdate())


def of_labels(record: Record) -> Iterator[TextLine]:
    for group in record.labels:
        yield TextLine(f"{group.taxonomy}: {listed([str(tagging.term) for tagging in group.taggings])}")


def of_positions(positions: Iterable[Position]) -> Iterator[TextLine]:
    for position in positions:
        stand = position.get_stand_display()
        if position.is_draft:
            stand = _("Draft: %(stand)s") % {"stand": stand}
        yield TextLine(listed(filter(None, (stand, day(position.day), position.symbol))), is_strong=True)
        for words in filter(None, (position.words, position.comment)):
            yield TextLine(words, is_typed=True)


def of_actions(actions: Iterable[Action]) -> Iterator[TextLine]:
    for action in actions:
        due = _("due %(day)s") % {"day": day(action.due_on)} if action.due_on else ""
        yield TextLine(" · ".join(filter(None, (str(action.title), action.get_status_display(), due))))


def of_updates(updates: Iterable[Update]) -> Iterator[TextLine]:
    for update in updates:
        yield TextLine(" · ".join(filter(None, (str(update.institution), day(update.published_at)))), is_strong=True)
        yield TextLine(update.text, update.language, is_typed=not update.language)


def of_voices(voices: Voices) -> Iterator[TextLine]:
    for column in voices.columns:
        for line in column.now:
            assessment = line.assessment
            by = listed([line.who, day(assessment.date)])
            yield TextLine(f"{column.label}: {assessment.get_common_display()} ({by})", is_strong=True)
            if assessment.reason:
                yield TextLine(assessment.reason, is_typed=True)


def day(moment: date | None) -> str:
    return date_format(moment, "DATE_FORMAT") if moment else ""
