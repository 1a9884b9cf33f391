"""The encoder of this installation: the operator's server, the package, or a model learned from the register."""

from functools import lru_cache

from django.conf import settings
from django.db import transaction

from servanda.language.vectors import encoder as text_encoder
from servanda.language.vectors import lsa
from servanda.language.vectors.encoder import Embedder, NoEncoder
from servanda.language.vectors.remote_encoder import Endpoint
from servanda.recommendations.models import LearnedEncoder, Recommendation, TextVersion

MOST_TEXTS = 50_000  # to learn from; of more, only every second, third, ... is used
WORTH_ANEW = 2  # learn again when there are this many times as many public texts
# Server, model and key are settings, so one endpoint per process is enough.
_endpoint = lru_cache(maxsize=1)(Endpoint)


def embedder() -> Embedder:
    """The encoder of this installation. Raises `NoEncoder` where there is none yet."""
    if settings.ENCODER_URL:
        return _endpoint(settings.ENCODER_URL, settings.ENCODER_MODEL, settings.ENCODER_KEY)
    try:
        return text_encoder.embedder()
    except NoEncoder:
        return learned()


def sends_texts(encoder: Embedder) -> bool:
    """Whether texts are sent to another program, perhaps on another machine."""
    return isinstance(encoder, Endpoint)


def knows_languages(encoder: Embedder) -> bool:
    """Whether it understands words that do not occur in the register, such as names of labels."""
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
    """Learn an encoder from the register where there is no better one, and again once twice as many texts are public.

    It learns from public texts only, so that confidential ones do not influence search results.
    """
    if settings.ENCODER_URL or has_package():
        return False
    texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL)
    texts = texts.filter(recommendation__in=Recommendation.objects.public().order_by().values("pk"))
    number, previous = texts.count(), LearnedEncoder.objects.values_list("texts", flat=True).first()
    if number < lsa.LEAST or (previous is not None and number < previous * WORTH_ANEW):
        return False
    ordered = texts.order_by("pk").values_list("text", flat=True)
    try:
        content = lsa.learn(list(ordered[:: -(-number // MOST_TEXTS)]))
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
