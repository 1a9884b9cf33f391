"""Computes and stores vectors of texts: after an import, after an edit, and again when the encoder changes.

Texts without a vector do no harm, so the work is done in the background, in short transactions, and can be repeated.
"""

import logging
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from hashlib import md5

import numpy as np
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from servanda.language.vectors.encoder import Embedder, NoEncoder, Vectors, encoding, mark_of
from servanda.recommendations.models import Recommendation, TextVector, TextVersion, VectorStamp
from servanda.recommendations.search.encoders import embedder, sends_texts

log = logging.getLogger(__name__)
AT_ONCE = 1_024  # texts encoded between two commits
Encode = Callable[[Sequence[str]], Vectors]


def encode_missing() -> int:
    """Compute the vectors of all current texts that have none; returns how many. Without an encoder, returns 0."""
    try:
        encoder = embedder()
    except NoEncoder:
        return 0
    begin_series(encoder)
    waiting = may_be_encoded(waiting_for(mark_of(encoder)), encoder)
    return encode_all(waiting, waiting.count(), encoder)


def encode_texts_of(records: Collection[int]) -> int:
    """The same for a few records, which are also marked as changed: another text may represent its record now."""
    try:
        encoder = embedder()
    except NoEncoder:
        return 0
    begin_series(encoder)
    waiting = may_be_encoded(waiting_for(mark_of(encoder)), encoder).filter(recommendation__in=records)
    count = encode_all(waiting, len(records), encoder)
    with transaction.atomic():
        TextVector.objects.filter(text__recommendation__in=records).update(written=next_number())
    return count


def waiting_for(mark: str) -> QuerySet[TextVersion]:
    """Current full texts that have no vector of this encoder."""
    has_one = TextVector.objects.filter(text=OuterRef("pk"), encoder=mark)
    return TextVersion.objects.current().filter(~Exists(has_one), form=TextVersion.Form.FULL)


def may_be_encoded(texts: QuerySet[TextVersion], encoder: Embedder) -> QuerySet[TextVersion]:
    """Exclude texts restricted to named institutions where texts are sent to another program."""
    if not sends_texts(encoder):
        return texts
    return texts.exclude(recommendation__confidentiality=Recommendation.Confidentiality.RESTRICTED)


def encoded(texts: QuerySet[TextVersion]) -> tuple[int, int]:
    """How many of these texts have their vector, and how many will get one; (0, 0) without an encoder."""
    try:
        encoder = embedder()
    except NoEncoder:
        return 0, 0
    all_of_them = may_be_encoded(texts, encoder).filter(form=TextVersion.Form.FULL)
    has_one = Count("pk", filter=Q(vector__encoder=mark_of(encoder)))
    counted = all_of_them.order_by().aggregate(done=has_one, total=Count("pk"))
    return counted["done"], counted["total"]


def begin_series(encoder: Embedder) -> None:
    """Start a new series of vectors where the encoder is another one: vectors of two encoders cannot be compared."""
    mark = mark_of(encoder)
    if VectorStamp.objects.filter(pk=1, encoder=mark).exists():
        return
    with transaction.atomic():
        VectorStamp.objects.update_or_create(pk=1, defaults={"encoder": mark, "series": uuid.uuid4()})


def encode_all(waiting: QuerySet[TextVersion], number: int, encoder: Embedder) -> int:
    """Encode until all texts are done or the encoder fails; returns how many were encoded."""
    done, mark = 0, mark_of(encoder)
    with encoding(encoder, number) as encode:
        for texts in chunks(waiting):
            try:
                vectors = stored_or_made(list(texts.values()), encode, mark)
            except NoEncoder as problem:
                log.warning("Texts wait for their vectors: %s", problem)
                break
            write(texts, vectors, mark)
            done += len(texts)
    return done


def chunks(waiting: QuerySet[TextVersion]) -> Iterator[dict[int, str]]:
    last = 0
    rows = waiting.order_by("pk").values_list("pk", "text")
    while texts := dict(rows.filter(pk__gt=last)[:AT_ONCE]):
        yield texts
        last = max(texts)


def stored_or_made(texts: Sequence[str], encode: Encode, mark: str) -> list[bytes]:
    """The vector of each text, as bytes; a text that occurs in several records is encoded once.

    Raises `NoEncoder`.
    """
    digests = [digest_of(text) for text in texts]
    stored = TextVector.objects.filter(encoder=mark, digest__in=set(digests)).values_list("digest", "vector")
    vectors_by_digest = {digest: bytes(vector) for digest, vector in stored.iterator()}
    new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in vectors_by_digest}
    if new:
        encoded_vectors = encode(list(new.values())).astype(np.float16)
        refuse_other_length(encoded_vectors[0].nbytes, mark)
        vectors_by_digest |= {digest: vector.tobytes() for digest, vector in zip(new, encoded_vectors, strict=True)}
    return [vectors_by_digest[digest] for digest in digests]


def refuse_other_length(size: int, mark: str) -> None:
    """Raises `NoEncoder` where a server uses another model under the same name: the vectors cannot be compared."""
    stored = TextVector.objects.filter(encoder=mark).values_list("vector", flat=True).first()
    if stored is not None and len(stored) != size:
        raise NoEncoder(f"{mark} answers with vectors of another length than before: give the model another name.")


def digest_of(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


@transaction.atomic
def write(texts: dict[int, str], vectors: Sequence[bytes], mark: str) -> None:
    """Store the vectors of texts that are still current. The transaction locks the stamp, so numbers are ordered."""
    number = next_number()
    locked = TextVersion.objects.current().select_for_update(no_key=True).filter(pk__in=texts)
    current = set(locked.order_by("pk").values_list("pk", flat=True))
    rows = [
        TextVector(text_id=pk, encoder=mark, digest=digest_of(text), vector=vector, written=number)
        for (pk, text), vector in zip(texts.items(), vectors, strict=True)
        if pk in current
    ]
    TextVector.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["text"],
        update_fields=["encoder", "digest", "vector", "written"],
    )


def next_number() -> int:
    """The next number of a write; call this in the transaction that writes."""
    VectorStamp.objects.filter(pk=1).update(number=F("number") + 1)
    return VectorStamp.objects.values_list("number", flat=True).get(pk=1)
