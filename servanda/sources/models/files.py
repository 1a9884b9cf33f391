"""Files that only the desk reads: stored under a generated name, and withdrawn with a reason."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.sources.models.obligations import Obligation


class StoredFile(models.Model):
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

    def store(self, *, name: str, mime: str, content: bytes) -> None:
        """Write the file and save the row; if the row is refused, no file is left."""
        self.name, self.mime, self.size = name, mime, len(content)
        self.file.save(name, ContentFile(content), save=False)
        try:
            self.save()
        except BaseException:
            self.file.delete(save=False)
            raise

    def withdraw(self, reason: str) -> None:
        """From now on, no one can download it. The file itself is kept."""
        self.withdrawn_at, self.withdrawn_reason = timezone.now(), reason
        self.save(update_fields=["withdrawn_at", "withdrawn_reason"])


def place_of(file: "ObligationFile", _name: str) -> str:
    """A generated name without an extension: nothing that a person typed becomes a path."""
    return f"obligations/{file.key.hex[:2]}/{file.key}"


class ObligationFileQuerySet(models.QuerySet):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Files are internal, also those of a published obligation: readers of the desk see them in the scope of
        their appointments, those of a restricted one only its owner and the institutions of its steps. Those of a
        withdrawn one are for those who may restore it."""
        inside, former = (
            Obligation.objects.internal_to(user).order_by(),
            Obligation.objects.former_for(user).order_by(),
        )
        readable = Q(obligation__in=inside.values("pk")) | Q(obligation__in=former.values("pk"))
        return self.filter(readable, withdrawn_at=None)


class ObligationFile(StoredFile):
    """A file of an obligation: the proof of its submission, what was submitted, and its annexes."""

    class Kind(models.TextChoices):
        NOTE = "note", pgettext_lazy("file of an obligation", "Note verbale")
        ACKNOWLEDGEMENT = "acknowledged", pgettext_lazy("file of an obligation", "Acknowledgement")
        TEXT = "text", pgettext_lazy("file of an obligation", "Report or reply")
        ANNEX = "annex", pgettext_lazy("file of an obligation", "Annex")
        OTHER = "other", pgettext_lazy("file of an obligation", "Other")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="files")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.NOTE)
    file = models.FileField(_("file"), upload_to=place_of, max_length=200)

    objects = ObligationFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of an obligation")
        verbose_name_plural = _("files of obligations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="obligation_file_withdrawn_with_a_reason",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
