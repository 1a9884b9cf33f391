import hashlib
import json
import secrets

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servanda.kit.database.prepared import OnceInProcess
from servanda.kit.server import request_id


class ChainHead(models.Model):
    """The newest link of the chain; locking this one row is what puts events in order."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"


HEAD = OnceInProcess(lambda: ChainHead.objects.select_for_update().filter(pk=1))


def locked_head() -> ChainHead:
    """The head, locked to the end of the transaction; created with the first event."""
    return next(iter(HEAD.read()), None) or ChainHead.objects.select_for_update().get_or_create(pk=1)[0]


class Event(models.Model):
    """One deed or refusal, never changed afterwards.

    The hash covers a salted digest of the label and the difference, so that these two can be erased
    (a person's right), together with the salt, without breaking the chain.
    """

    sequence = models.BigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    role = models.CharField(_("role at the time"), max_length=80, blank=True)
    action = models.CharField(_("action"), max_length=64, db_index=True)
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    object_label = models.CharField(_("what"), max_length=200, blank=True)
    difference = models.TextField(blank=True)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "-sequence"]),
            models.Index(fields=["actor", "-sequence"], name="deeds_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.object_label}"

    @classmethod
    def record(cls, action, thing=None, *, by=None, difference=None, label=""):
        """Append one line to the trail; the chain's lock is taken here, so call it last in a deed.

        `label` names what there is no object for, such as the address of a page.
        """
        actor = by if by is not None and by.is_authenticated else None
        event = cls(
            at=timezone.now(),
            actor=actor,
            role=actor.roles_held if actor else "",
            action=action,
            object_type=thing._meta.label_lower if thing is not None else "",
            object_id=str(thing.pk) if thing is not None else "",
            request_id=request_id.current(),
            object_label=str(label or thing or "")[:200].replace("\0", ""),
            difference=(
                json.dumps(difference, ensure_ascii=False, sort_keys=True, default=str) if difference else ""
            ),
            salt=secrets.token_hex(16),
        )
        event.digest = event.digest_of_content()
        with transaction.atomic():
            head = locked_head()
            event.sequence = head.sequence + 1
            event.previous_hash = head.hash
            event.hash = event.link()
            event.save(force_insert=True)
            ChainHead.objects.filter(pk=head.pk).update(sequence=event.sequence, hash=event.hash)
        return event

    def digest_of_content(self) -> str:
        """What stays of the label and the difference when they are erased."""
        return hashlib.sha256(json.dumps([self.salt, self.object_label, self.difference]).encode()).hexdigest()

    def link(self) -> str:
        """The hash that ties this event to the one before it."""
        parts = [
            self.previous_hash,
            self.sequence,
            self.at.isoformat(),
            self.actor_id,
            self.role,
            self.action,
            self.object_type,
            self.object_id,
            self.request_id,
            self.digest,
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @property
    def is_erased(self) -> bool:
        return not self.salt


class RepeatedRefusal(models.Model):
    """How often one person was refused again on one page within an hour; deleted once the trail has a line of it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    action = models.CharField(max_length=64)
    page = models.CharField(max_length=128)
    path = models.CharField(max_length=200)
    hour = models.DateTimeField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "page", "action", "person"],
                condition=models.Q(person__isnull=False),
                name="one_count_of_a_person",
            ),
            models.UniqueConstraint(
                fields=["hour", "page", "action"],
                condition=models.Q(person=None),
                name="one_count_of_strangers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H:%M} {self.page} {self.times}"
