from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.sources.models import StoredFile


class FileInLanguage(StoredFile):
    """A file in one language; the same title in another language is another row."""

    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=8)

    class Meta:
        abstract = True
        ordering = ["title", "language", "pk"]

    def __str__(self) -> str:
        return self.title
