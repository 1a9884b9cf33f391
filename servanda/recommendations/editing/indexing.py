"""Updates the search index of records whose texts or references have changed."""

from collections.abc import Iterable

from servanda.jobs.services import enqueue
from servanda.language.words.tokens import tokens_of_texts
from servanda.recommendations import encoding_tasks
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.recommendations.search import fulltext


def reindex(pks: Iterable[int]) -> None:
    """Update the full-text index of these records now, and their vectors in the background."""
    texts: dict[int, dict[str, str]] = {pk: {} for pk in pks}
    for version in TextVersion.objects.current().filter(recommendation__in=pks):
        language = version.language
        earlier_texts = texts[version.recommendation_id].get(language, "")
        texts[version.recommendation_id][language] = f"{earlier_texts}\n{version.text}".strip()
    places = ("pk", "code", "document__symbol", "national_code")
    records = Recommendation.objects.filter(pk__in=pks).values_list(*places)
    fulltext.write((pk, index_tokens(code, symbol or "", own, texts[pk])) for pk, code, symbol, own in records)
    enqueue(encoding_tasks.encode_texts_of, sorted(pks))


def index_tokens(code: str, symbol: str, national_code: str, texts: dict[str, str]) -> list[str]:
    """The tokens of a record: its texts, each in its own language, its references and its document."""
    return [*tokens_of_texts(texts), *place_tokens(code, symbol, national_code)]


def place_tokens(code: str, symbol: str, national_code: str = "") -> list[str]:
    return tokens_of_texts({"": f"{code} {symbol} {national_code}".rstrip()})
