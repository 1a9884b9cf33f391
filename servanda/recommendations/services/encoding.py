"""Vectors of texts, written beside them: after an import, after an edit, and anew when the encoder is another one.

Texts wait for theirs without harm, so all is done in the background, in short transactions, and may be repeated.
"""

import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from hashlib import md5

import numpy as np
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from servanda.language.embed import Embedder, NoEncoder, Vectors, embedder, encoding, mark_of
from servanda.recommendations.models import TextVector, TextVersion, VectorStamp

AT_ONCE = 1_024  # texts encoded between two commits
Encode = Callable[[Sequence[str]], Vectors]


def encode_missing() -> int:
    """Give every text that counts its vector; how many got one. Without an encoder none does, and nothing fails."""
    try:
        encoder = embedder()
    except NoEncoder:
        return 0
    begin_series(encoder)
    waiting = waiting_for(mark_of(encoder))
    return encode_all(waiting, waiting.count(), encoder)


def encode_texts_of(records: Collection[int]) -> int:
    """The same for the texts of a few records; which of them speaks for its record may have changed too."""
    try:
        encoder = embedder()
    except NoEncoder:
        return 0
    begin_series(encoder)
    theirs = waiting_for(mark_of(encoder)).filter(recommendation__in=records)
    done = encode_all(theirs, len(records), encoder)
    with transaction.atomic():
        TextVector.objects.filter(text__recommendation__in=records).update(written=next_number())
    return done


def waiting_for(mark: str) -> QuerySet[TextVersion]:
    """Full texts that count and have no vector of this encoder."""
    has_one = TextVector.objects.filter(text=OuterRef("pk"), encoder=mark)
    return TextVersion.objects.current().filter(~Exists(has_one), form=TextVersion.Form.FULL)


def begin_series(encoder: Embedder) -> None:
    """From another encoder on, what was written before is worth nothing any more."""
    mark = mark_of(encoder)
    if VectorStamp.objects.filter(pk=1, encoder=mark).exists():
        return
    with transaction.atomic():
        VectorStamp.objects.update_or_create(pk=1, defaults={"encoder": mark, "series": uuid.uuid4()})


def encode_all(waiting: QuerySet[TextVersion], number: int, encoder: Embedder) -> int:
    done, mark = 0, mark_of(encoder)
    with encoding(encoder, number) as encode:
        for texts in chunks(waiting):
            write(texts, vectors_for(list(texts.values()), encode, mark), mark)
            done += len(texts)
    return done


def chunks(waiting: QuerySet[TextVersion]) -> Iterator[dict[int, str]]:
    last = 0
    rows = waiting.order_by("pk").values_list("pk", "text")
    while texts := dict(rows.filter(pk__gt=last)[:AT_ONCE]):
        yield texts
        last = max(texts)


def vectors_for(texts: Sequence[str], encode: Encode, mark: str) -> list[bytes]:
    """The vector of each text as it is stored; one text that stands in several records is encoded once."""
    digests = [digest_of(text) for text in texts]
    stored = TextVector.objects.filter(encoder=mark, digest__in=set(digests)).values_list("digest", "vector")
    known = {digest: bytes(vector) for digest, vector in stored.iterator()}
    new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
    if new:
        made = encode(list(new.values())).astype(np.float16)
        known |= {digest: vector.tobytes() for digest, vector in zip(new, made, strict=True)}
    return [known[digest] for digest in digests]


def digest_of(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


@transaction.atomic
def write(texts: dict[int, str], vectors: Sequence[bytes], mark: str) -> None:
    """Keep the vectors of the texts that still count; the transaction holds the stamp, so numbers come in order."""
    number = next_number()
    held = TextVersion.objects.current().select_for_update(no_key=True).filter(pk__in=texts)
    there = set(held.order_by("pk").values_list("pk", flat=True))
    rows = [
        TextVector(text_id=pk, encoder=mark, digest=digest_of(text), vector=vector, written=number)
        for (pk, text), vector in zip(texts.items(), vectors, strict=True)
        if pk in there
    ]
    TextVector.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["text"],
        update_fields=["encoder", "digest", "vector", "written"],
    )


def next_number() -> int:
    """Call it in the transaction that writes under this number."""
    VectorStamp.objects.filter(pk=1).update(number=F("number") + 1)
    return VectorStamp.objects.values_list("number", flat=True).get(pk=1)
