"""The texts of recommendations as the bodies wrote them, for replies that answer paragraph by paragraph."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from servanda.recommendations.models import TextVersion
from servanda.recommendations.records.as_of import current_at
from servanda.reporting.facts.registry import FactContext


@dataclass(frozen=True, slots=True)
class RecordText:
    text: str
    language: str


def texts_of(codes: Collection[str], context: FactContext, language: str) -> dict[str, RecordText]:
    """By the code of the record: the text in this language if the body, or a person, wrote one, otherwise the
    original."""
    inside = {"recommendation__code__in": codes, "recommendation__in": context.records.order_by().values("pk")}
    texts = TextVersion.objects.filter(form=TextVersion.Form.FULL, is_machine=False, **inside)
    rows: QuerySet = current_at(texts, context.as_of) if context.as_of else texts.current()
    found: dict[str, RecordText] = {}
    for code, text, written_in, is_original in rows.order_by("is_original", "pk").values_list(
        "recommendation__code", "text", "language", "is_original"
    ):
        known = found.get(code)
        if written_in == language or is_original and not (known and known.language == language):
            found[code] = RecordText(text, written_in)
    return found
