"""The sheet on which an institution answers a round without a connection: what it asks, and in which words."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Prefetch, Q
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.text_language import short
from servanda.kit.refusal import Refused
from servanda.people.models import User, answering_for
from servanda.progress.models import InputItem, InputRequest, Update, UpdateRecommendation
from servanda.recommendations.models import Recommendation, TextVersion
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
WORDS = ("text", "obstacles", "figures")
DAYS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y")
DASHES = re.compile("[\u2010-\u2015\u2212\u00ad\ufe58\ufe63\uff0d]")


@dataclass(slots=True)
class Block:
    """One record on the sheet, with what stands there already."""

    item: InputItem
    text: TextVersion | None
    given: dict[str, str]

    @property
    def code(self) -> str:
        return self.item.recommendation.code


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody filled in beside one record, and where in the file it stands."""

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
    """What is still to be answered, in the language of the sheet; drafts stand there for those who write them."""
    readable = Recommendation.every_kind.opened_to(to).filter(open_to(request))
    texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL)
    items = request.items.filter(answered_at=None, recommendation__in=readable.order_by().values("pk"))
    items = items.select_related("recommendation").prefetch_related(Prefetch("recommendation__texts", texts))
    is_theirs = InputRequest.objects.in_scope_of(to).filter(pk=request.pk).exists()
    drafts = drafts_of(request) if is_theirs else {}
    return [
        Block(
            item, in_language(item.recommendation.texts.all(), language), given_in(drafts.get(item.recommendation_id))
        )
        for item in items
    ]


def open_to(request: InputRequest) -> Q:
    """A record may have been restricted since it was asked about; then the sheet is silent of it."""
    named = Recommendation.restricted_to.through.objects.filter(
        institution__in=answering_for({request.institution_id})
    )
    is_open = ~Q(confidentiality=Recommendation.Confidentiality.RESTRICTED)
    return is_open | Q(pk__in=named.values("recommendation_id"))


def in_language(texts: Iterable[TextVersion], language: str) -> TextVersion | None:
    wanted = short(language)
    ordered = sorted(texts, key=lambda one: (short(one.language) != wanted, not one.is_original))
    return next(iter(ordered), None)


def drafts_of(request: InputRequest, *, on: Recommendation | None = None) -> dict[int, Update]:
    """By record, what is being written in answer to this request; on one record where only that is of interest."""
    there = UpdateRecommendation.objects.all() if on is None else on.update_abouts
    begun = there.filter(
        update__request=request,
        update__state__in=Update.EDITABLE,
        update__withdrawn_at=None,
        update__on_behalf=False,
    )
    return {one.recommendation_id: one.update for one in begun.select_related("update").order_by("pk")}


def given_in(update: Update | None) -> dict[str, str]:
    if update is None:
        return {}
    said = {name: getattr(update, name) for name in WORDS}
    return said | {name: day.isoformat() for name in ("start", "end") if (day := getattr(update, name))}


def known_labels() -> dict[str, str]:
    """The field by its label, in whichever language the sheet was made."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {folded(str(label)): name for name, label in LABELS.items()}
    return found


def folded(label: str) -> str:
    return " ".join(straightened(label).split()).casefold().rstrip(":")


def straightened(text: str) -> str:
    """As it was printed: without the dashes and digits that a word processor or another keyboard puts there."""
    plain = unicodedata.normalize("NFKC", DASHES.sub("-", text))
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in plain)


def as_day(label: str, given: str) -> date | None:
    if not (said := straightened(clean(given)).strip(" .")):
        return None
    for wanted in DAYS:
        try:
            return datetime.strptime(said, wanted).date()
        except ValueError:
            continue
    sentence = _("%(label)s: “%(given)s” is not a date. Enter it as YYYY-MM-DD, for example 2026-01-31.")
    raise Refused(sentence % {"label": label, "given": given})
