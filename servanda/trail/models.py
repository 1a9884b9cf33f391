import hashlib
import json
import secrets

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ChainHead(models.Model):
    """The newest link of the chain; locking this one row is what puts events in order."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"


class Event(models.Model):
    """One deed or refusal, never changed afterwards.

    The hash covers a salted digest of the difference, so that the difference itself can be erased
    (a person's right) without breaking the chain.
    """

    sequence = models.BigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    role = models.CharField(_("role then held"), max_length=32, blank=True)
    action = models.CharField(_("action"), max_length=64, db_index=True)
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    object_label = models.CharField(_("what"), max_length=200, blank=True)
    difference = models.TextField(blank=True)
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["object_type", "object_id", "-sequence"])]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.object_label}"

    @classmethod
    def record(cls, action, thing=None, *, by=None, difference=None):
        """Append one line to the trail; the chain's lock is taken here, so call it last in a deed."""
        actor = by if by is not None and by.is_authenticated else None
        text = json.dumps(difference, ensure_ascii=False, sort_keys=True, default=str) if difference else ""
        salt = secrets.token_hex(16)
        event = cls(
            at=timezone.now(),
            actor=actor,
            role=actor.role if actor else "",
            action=action,
            object_type=thing._meta.label_lower if thing is not None else "",
            object_id=str(thing.pk) if thing is not None else "",
            object_label=str(thing)[:200] if thing is not None else "",
            difference=text,
            salt=salt,
            digest=hashlib.sha256((salt + text).encode()).hexdigest(),
        )
        with transaction.atomic():
            head, _created = ChainHead.objects.select_for_update().get_or_create(pk=1)
            event.sequence = head.sequence + 1
            event.previous_hash = head.hash
            event.hash = event.link()
            event.save(force_insert=True)
            head.sequence, head.hash = event.sequence, event.hash
            head.save()
        return event

    def link(self) -> str:
        """The hash that ties this event to the one before it."""
        parts = [
            self.previous_hash,
            str(self.sequence),
            self.at.isoformat(),
            str(self.actor_id or ""),
            self.role,
            self.action,
            self.object_type,
            self.object_id,
            self.object_label,
            self.digest,
        ]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
