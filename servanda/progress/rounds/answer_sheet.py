"""The sheet on which an institution answers a round without a connection: what it asks, and in which words."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from servanda.kit.database.sentences import gettext as _
from servanda.kit.pages.text_language import short
from servanda.kit.refusal import Refused
from servanda.people.models import User, answering_for
from servanda.progress.models import InputItem, InputRequest, Update, UpdateRecommendation
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.sources.models import Question
from servanda.sources.printed.texts import clean

KEY = "key"  # of the row, hidden from people: the item that it answers
LABELS = {
    "code": gettext_lazy("Reference"),
    "record": gettext_lazy("Recommendation"),
    "question": gettext_lazy("Question"),
    "text": gettext_lazy("Steps taken and results"),
    "obstacles": gettext_lazy("Obstacles"),
    "figures": gettext_lazy("Figures"),
    "start": format_lazy("{} ({})", gettext_lazy("Period from"), "2026-01-31"),
    "end": format_lazy("{} ({})", gettext_lazy("Until"), "2026-12-31"),
}
TO_FILL_IN = ("text", "obstacles", "figures", "start", "end")
# On a sheet of questions put to the State; the round's own words are the request.
OF_QUESTIONS = {
    "code": gettext_lazy("Reference"),
    "record": gettext_lazy("Question"),
    "question": gettext_lazy("Request to the institutions"),
    "text": gettext_lazy("Answer"),
}
WORDS = ("text", "obstacles", "figures")
DAYS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y")
DASHES = re.compile("[\u2010-\u2015\u2212\u00ad\ufe58\ufe63\uff0d]")


@dataclass(slots=True)
class Block:
    """One record, or one question, on the sheet, with what stands there already."""

    item: InputItem
    text: TextVersion | Question | None
    given: dict[str, str]

    @property
    def code(self) -> str:
        return self.item.reference

    @property
    def labels(self) -> dict[str, Any]:
        return LABELS if self.item.question_id is None else OF_QUESTIONS


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person filled in beside one record, and where in the file it stands."""

    where: str
    cells: dict[str, str]

    @property
    def is_empty(self) -> bool:
        return not any(clean(self.cells.get(name, "")) for name in WORDS)

    def words(self, name: str) -> str:
        return clean(self.cells.get(name, ""))

    def day(self, name: str) -> date | None:
        return as_day(str(LABELS[name]), self.cells.get(name, ""))


def blocks(request: InputRequest, *, to: User, language: str) -> list[Block]:
    """The items still to be answered, in the language of the sheet, with existing drafts for the people who write
    them."""
    texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL)
    items = readable_items(request, to).filter(answered_at=None)
    items = items.prefetch_related(Prefetch("recommendation__texts", texts))
    is_theirs = InputRequest.objects.in_scope_of(to).filter(pk=request.pk).exists()
    drafts = drafts_of(request) if is_theirs else {}
    return [Block(item, text_of(item, language=language), given_in(drafts.get(subject_of(item)))) for item in items]


def text_of(item: InputItem, *, language: str) -> TextVersion | Question | None:
    if item.recommendation is None:
        return item.question
    return in_language(item.recommendation.texts.all(), language)


def readable_items(request: InputRequest, to: User | None) -> QuerySet[InputItem]:
    """What the person may read of the request, and the institution still."""
    records = Recommendation.every_kind.opened_to(to).filter(open_to(request))
    open_records = Q(recommendation__in=records.order_by().values("pk"))
    items = request.items.readable_by(to).filter(open_records | Q(recommendation=None))
    return items.select_related("recommendation", "question__document__body", "question__body", "question__asked_by")


type Subject = tuple[int | None, int | None]  # the keys of the record and of the question: one of them


def subject_of(item: InputItem) -> Subject:
    return item.recommendation_id, item.question_id


def open_to(request: InputRequest) -> Q:
    """Whether the institution may still read the record; a record restricted since the request is left out of the
    sheet."""
    named = Recommendation.restricted_to.through.objects.filter(
        institution__in=answering_for({request.institution_id})
    )
    is_open = ~Q(confidentiality=Recommendation.Confidentiality.RESTRICTED)
    return is_open | Q(pk__in=named.values("recommendation_id"))


def in_language(texts: Iterable[TextVersion], language: str) -> TextVersion | None:
    wanted = short(language)
    ordered = sorted(texts, key=lambda text: (short(text.language) != wanted, not text.is_original))
    return next(iter(ordered), None)


def drafts_of(request: InputRequest, *, on: InputItem | None = None) -> dict[Subject, Update]:
    """By record or question, what is being written in answer to this request; for one item where only that is of
    interest."""
    drafts = Update.objects.kept().filter(request=request, state__in=Update.EDITABLE, on_behalf=False)
    links = UpdateRecommendation.objects.filter(update__in=drafts.order_by().values("pk"))
    answers = drafts.filter(question__isnull=False)
    if on is not None:
        links, answers = links.filter(recommendation=on.recommendation_id), answers.filter(question=on.question_id)
    found: dict[Subject, Update] = {
        (link.recommendation_id, None): link.update for link in links.select_related("update").order_by("pk")
    }
    return found | {(None, answer.question_id): answer for answer in answers.order_by("pk")}


def given_in(update: Update | None) -> dict[str, str]:
    if update is None:
        return {}
    values = {name: getattr(update, name) for name in WORDS}
    return values | {name: day.isoformat() for name in ("start", "end") if (day := getattr(update, name))}


def known_labels() -> dict[str, str]:
    """The field by its label, in any language in which the sheet was made."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for labels in (OF_QUESTIONS, LABELS):
                found |= {folded(str(label)): name for name, label in labels.items()}
    return found


def folded(label: str) -> str:
    return " ".join(straightened(label).split()).casefold().rstrip(":")


def straightened(text: str) -> str:
    """As it was printed: without the dashes and digits that a word processor or another keyboard puts there."""
    plain = unicodedata.normalize("NFKC", DASHES.sub("-", text))
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in plain)


def as_day(label: str, given: str) -> date | None:
    if not (printed := straightened(clean(given)).strip(" .")):
        return None
    for wanted in DAYS:
        try:
            return datetime.strptime(printed, wanted).date()
        except ValueError:
            continue
    sentence = _("%(label)s: “%(given)s” is not a date. Enter it as YYYY-MM-DD, for example 2026-01-31.")
    raise Refused(sentence % {"label": label, "given": given})
