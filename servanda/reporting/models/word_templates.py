"""Word templates of the State, in which reports are downloaded and submitted."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

WORD_TEMPLATES = "word-templates"


def place_of_template(template: "WordTemplate", _name: str) -> str:
    """A generated name without an extension."""
    return f"{WORD_TEMPLATES}/{template.key.hex[:2]}/{template.key}"


class WordTemplateQuerySet(models.QuerySet):
    def offered(self) -> Self:
        return self.filter(is_retired=False)


class WordTemplate(models.Model):
    """A Word file with fields. It never changes: what was submitted in it can be made again."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=8, blank=True)  # empty: for reports in every language
    file = models.FileField(_("file"), upload_to=place_of_template, max_length=200)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, unique=True)  # of the file as it was sent
    is_retired = models.BooleanField(_("no longer offered"), default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(_("added on"), auto_now_add=True)

    objects = WordTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("Word template")
        verbose_name_plural = _("Word templates")

    def __str__(self) -> str:
        return self.name

    @property
    def content(self) -> bytes:
        with self.file.open("rb") as file:
            return file.read()
