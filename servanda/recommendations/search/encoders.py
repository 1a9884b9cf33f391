"""Who puts texts into numbers here: the server that the operator chose, the package, or what the register itself
taught."""

from functools import lru_cache

from django.conf import settings
from django.db import transaction

from servanda.language.vectors import encoder as text_encoder
from servanda.language.vectors import lsa
from servanda.language.vectors.encoder import Embedder, NoEncoder
from servanda.language.vectors.remote_encoder import Endpoint
from servanda.recommendations.models import LearnedEncoder, Recommendation, TextVersion

MOST_TEXTS = 50_000  # learned from; of more every second, third, ...
WORTH_ANEW = 2  # times as many public texts as it was learned from
# A model stands for one server, one name and one key; those are settings, so there is one in a process.
_endpoint = lru_cache(maxsize=1)(Endpoint)


def embedder() -> Embedder:
    """The one of this installation; `NoEncoder` where there is none yet, and words have to do."""
    if settings.ENCODER_URL:
        return _endpoint(settings.ENCODER_URL, settings.ENCODER_MODEL, settings.ENCODER_KEY)
    try:
        return text_encoder.embedder()
    except NoEncoder:
        return learned()


def sends_texts(encoder: Embedder) -> bool:
    """Whether texts leave this process for another program, and perhaps for another machine."""
    return isinstance(encoder, Endpoint)


def knows_languages(encoder: Embedder) -> bool:
    """Whether it understands words that the register does not have, such as names of labels."""
    return encoder.name != lsa.NAME


def learned() -> Embedder:
    version = LearnedEncoder.objects.values_list("version", flat=True).first()
    if version is None:
        raise NoEncoder("Nothing was learned from the register yet.")
    return _opened(version)


@lru_cache(maxsize=1)
def _opened(version: str) -> Embedder:
    content = LearnedEncoder.objects.filter(version=version).values_list("content", flat=True).first()
    if content is None:
        raise NoEncoder("What was learned from the register has just been replaced.")
    return lsa.opened(bytes(content))


def learn_when_due() -> bool:
    """Learn from the register where nothing better is here; again once twice as much is public.

    From public texts alone, so that nothing else moves what everybody finds.
    """
    if settings.ENCODER_URL or has_package():
        return False
    texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL)
    texts = texts.filter(recommendation__in=Recommendation.objects.public().order_by().values("pk"))
    number, before = texts.count(), LearnedEncoder.objects.values_list("texts", flat=True).first()
    if number < lsa.LEAST or (before is not None and number < before * WORTH_ANEW):
        return False
    said = texts.order_by("pk").values_list("text", flat=True)
    try:
        content = lsa.learn(list(said[:: -(-number // MOST_TEXTS)]))
    except NoEncoder:
        return False
    with transaction.atomic():
        facts = {"version": lsa.version_of(content), "texts": number, "content": content}
        LearnedEncoder.objects.update_or_create(pk=1, defaults=facts)
    return True


def has_package() -> bool:
    try:
        text_encoder.embedder()
    except NoEncoder:
        return False
    return True
