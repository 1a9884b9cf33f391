"""Vectors of texts, made by an encoder; all of them can be computed again."""

import uuid

from django.db import models

from servanda.recommendations.models.record_parts import TextVersion


class TextVector(models.Model):
    """The vector of one text. A text without one is still found by its words."""

    text = models.OneToOneField(TextVersion, models.CASCADE, primary_key=True, related_name="vector")
    encoder = models.CharField(max_length=80)  # name and version: vectors of two encoders are never compared
    digest = models.CharField(max_length=32, db_index=True)  # of the text
    vector = models.BinaryField()  # float16, of length one
    written = models.PositiveBigIntegerField(db_index=True)  # `VectorStamp.number` when it was written

    def __str__(self) -> str:
        return f"{self.encoder} {self.digest}"


class LearnedEncoder(models.Model):
    """An encoder trained on public texts, for installations without the encoder package; there is one row."""

    version = models.CharField(max_length=16)  # of its content
    texts = models.PositiveIntegerField()  # that were public when it was learned
    content = models.BinaryField()  # arrays, see `servanda.language.vectors.lsa`

    def __str__(self) -> str:
        return self.version


class VectorStamp(models.Model):
    """A single row that counts writes of vectors, so that each process can tell which ones it has not read yet."""

    # changes with the encoder: vectors read before cannot be used any more

    series = models.UUIDField(default=uuid.uuid4)  # another one: what was read before is worth nothing
    encoder = models.CharField(max_length=80)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.encoder} {self.number}"
