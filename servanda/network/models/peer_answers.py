"""What other States answered, as their systems published it and a person accepted it: never part of our own register,
figures, lists and files."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.vocab.models import Country, Term


class PeerAnswerQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self if can(user, Can.READ_INTERNAL) else self.none()


class PeerAnswer(models.Model):
    """A recommendation to another State, with its text, position and status as that State published them."""

    origin = models.CharField(_("origin"), max_length=500, unique=True)
    site = models.CharField(max_length=200)  # the beginning of all addresses of the peer
    sender = models.CharField(_("sender"), max_length=200)
    country = models.ForeignKey(Country, models.PROTECT, null=True, related_name="+", verbose_name=_("State"))
    code = models.CharField(_("reference"), max_length=300)
    body = models.CharField(_("body"), max_length=100)
    language = models.CharField(_("language"), max_length=40)
    text = models.TextField(_("text"))
    stand = models.CharField(_("position"), max_length=20, blank=True)
    # Statuses by assessor: codes of the common scale, separated by spaces.
    government = models.CharField(max_length=300, blank=True)
    mechanism = models.CharField(max_length=300, blank=True)
    independent = models.CharField(max_length=300, blank=True)
    themes = models.ManyToManyField(Term, related_name="+", blank=True, verbose_name=_("themes"))
    changed_on = models.DateField(_("date"))  # as the peer dates it
    is_unsigned = models.BooleanField(default=False, editable=False)  # received from a file without a signature
    is_invented = models.BooleanField(default=False, editable=False)  # it comes from a demonstration
    encoder = models.CharField(max_length=100, blank=True)
    vector = models.BinaryField(null=True)

    objects = PeerAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of another State")
        verbose_name_plural = _("answers of other States")
        ordering = ["site", "code", "pk"]
        indexes = [models.Index(fields=["site", "code"], name="answers_of_a_site")]

    def __str__(self) -> str:
        return self.code


class PeerAction(models.Model):
    """An action of another State, with the references of the records that it answers there."""

    origin = models.CharField(_("origin"), max_length=500, unique=True)
    site = models.CharField(max_length=200)
    title = models.TextField(_("title"))
    status = models.CharField(_("status"), max_length=20)
    due_on = models.DateField(_("deadline"), null=True)
    lead = models.CharField(_("lead institution"), max_length=300, blank=True)
    changed_on = models.DateField(_("date"))
    is_unsigned = models.BooleanField(default=False, editable=False)  # received from a file without a signature

    class Meta:
        ordering = ["site", "pk"]

    def __str__(self) -> str:
        return self.title


class PeerActionRecord(models.Model):
    action = models.ForeignKey(PeerAction, models.CASCADE, related_name="records")
    code = models.CharField(max_length=300)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["code"], name="actions_by_peer_code")]

    def __str__(self) -> str:
        return self.code
