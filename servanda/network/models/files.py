from typing import Self

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can, can
from servanda.people.models import User


class StoredFileQuerySet(models.QuerySet):
    def former_for(self, user: User) -> Self:
        """Withdrawn ones that this person may restore."""
        return self.filter(withdrawn_at__isnull=False) if can(user, Can.EDIT_NETWORK) else self.none()


class StoredFile(models.Model):
    """A file in one language; the same title in another language is another row."""

    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=8)
    name = models.CharField(_("file name"), max_length=255)
    mime = models.CharField(_("type of the file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(_("added on"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawing"), blank=True)

    file: models.FileField

    class Meta:
        abstract = True
        ordering = ["title", "language", "pk"]

    def __str__(self) -> str:
        return self.title

    def store(self, *, name: str, mime: str, content: bytes) -> None:
        """Write the file and save the row; if the row is refused, no file is left."""
        self.name, self.mime, self.size = name, mime, len(content)
        self.file.save(name, ContentFile(content), save=False)
        try:
            self.save()
        except BaseException:
            self.file.delete(save=False)
            raise
