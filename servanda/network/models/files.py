from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.sources.models import StoredFile


class FileInLanguage(StoredFile):
    """A file in one language; the same title in another language is another row."""

    OWNER: ClassVar[str]  # the field of what it belongs to
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=8)

    class Meta:
        abstract = True
        ordering = ["title", "language", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def owner(self) -> models.Model:
        return getattr(self, self.OWNER)
