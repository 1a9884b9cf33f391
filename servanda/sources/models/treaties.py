"""To which instruments the State is party, since when, and with what reservations."""

from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from servanda.vocab.models import Country, Instrument


class TreatyStatusQuerySet(models.QuerySet):
    def public(self) -> Self:
        """All of them: to what a State is party is a public fact."""
        return self.all()

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        return self.all()

    def of_standing(self, standing: str) -> Self:
        """The same rule as `TreatyStatus.standing`."""
        bound = ~Q(consent="")
        return self.filter(
            {
                Standing.PARTY: bound & Q(denounced_on=None),
                Standing.DENOUNCED: bound & ~Q(denounced_on=None),
                Standing.SIGNED: ~bound & Q(signed_on__isnull=False),
                Standing.NOT_PARTY: ~bound & Q(signed_on=None) & ~Q(source=""),
                Standing.UNKNOWN: ~bound & Q(signed_on=None, source=""),
            }[Standing(standing)]
        )


class Standing(models.TextChoices):
    """What the recorded facts add up to; without facts and source, nothing is known."""

    PARTY = "party", pgettext_lazy("standing under a treaty", "Party")
    SIGNED = "signed", pgettext_lazy("standing under a treaty", "Signed, not ratified")
    NOT_PARTY = "not-party", pgettext_lazy("standing under a treaty", "Not party")
    DENOUNCED = "denounced", pgettext_lazy("standing under a treaty", "Denounced")
    UNKNOWN = "unknown", pgettext_lazy("standing under a treaty", "Source needed")


class TreatyStatus(models.Model):
    """The State's standing under one instrument. A day that no source gives stays empty."""

    class Consent(models.TextChoices):
        RATIFICATION = "ratification", _("Ratification")
        ACCESSION = "accession", _("Accession")
        SUCCESSION = "succession", _("Succession")
        ACCEPTANCE = "acceptance", _("Acceptance or approval")

    instrument = models.OneToOneField(Instrument, models.PROTECT, related_name="status", verbose_name=_("instrument"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    consent = models.CharField(_("consent to be bound"), max_length=12, choices=Consent, blank=True)
    consent_on = models.DateField(_("instrument of consent dated"), null=True, blank=True)
    deposited_on = models.DateField(_("deposited on"), null=True, blank=True)
    in_force_on = models.DateField(_("in force for the State since"), null=True, blank=True)
    denounced_on = models.DateField(_("denunciation in force since"), null=True, blank=True)
    territory = models.TextField(_("territorial scope"), blank=True)
    opted_out_on = models.DateField(_("opted out of simplified reporting on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()
    objects = TreatyStatusQuerySet.as_manager()

    class Meta:
        ordering = ["instrument__order", "instrument__code"]
        verbose_name = _("treaty")
        verbose_name_plural = _("treaties")
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_on=None) | Q(in_force_on=None) | Q(in_force_on__gte=F("signed_on")),
                name="in_force_after_signature",
                violation_error_message=_("The treaty cannot enter into force before it was signed."),
            ),
            models.CheckConstraint(
                condition=Q(denounced_on=None) | Q(in_force_on=None) | Q(denounced_on__gte=F("in_force_on")),
                name="denounced_after_in_force",
                violation_error_message=_("The denunciation is before the entry into force."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.instrument)

    def get_absolute_url(self) -> str:
        return reverse("desk:treaty", args=[self.instrument.code])

    @property
    def is_public(self) -> bool:
        return True

    @property
    def standing(self) -> Standing:
        if self.consent:
            return Standing.PARTY if self.denounced_on is None else Standing.DENOUNCED
        if self.signed_on:
            return Standing.SIGNED
        return Standing.NOT_PARTY if self.source else Standing.UNKNOWN


class AcceptedProcedure(models.Model):
    """An optional procedure that the State accepted: its committee may then receive complaints or inquire."""

    status = models.ForeignKey(TreatyStatus, models.CASCADE, related_name="procedures")
    kind = models.CharField(_("procedure"), max_length=12, choices=Instrument.PROCEDURES)
    article = models.CharField(_("article or protocol"), max_length=80, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["status", "kind", "article"], name="one_procedure_each"),
            models.CheckConstraint(
                condition=Q(accepted_on=None) | Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("accepted_on")),
                name="procedure_withdrawn_after_accepted",
                violation_error_message=_("The withdrawal is before the acceptance."),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.get_kind_display(), self.article) if part)


class Reservation(models.Model):
    """A reservation or declaration of the State, and what became of it."""

    class Kind(models.TextChoices):
        RESERVATION = "reservation", _("Reservation")
        DECLARATION = "declaration", _("Declaration")

    status = models.ForeignKey(TreatyStatus, models.CASCADE, related_name="reservations")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.RESERVATION)
    article = models.CharField(_("article"), max_length=80, blank=True)
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=8, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    modified_on = models.DateField(_("modified on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        ordering = ["made_on", "pk"]
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            models.CheckConstraint(
                condition=Q(made_on=None) | Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("made_on")),
                name="reservation_withdrawn_after_made",
                violation_error_message=_("The withdrawal is before the reservation was made."),
            )
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.get_kind_display(), self.article) if part)

    @property
    def has_bare_number(self) -> bool:
        """Whether the article is written as its number only, such as "16 (1)"."""
        return self.article[:1].isdigit()


class Objection(models.Model):
    """Another State's objection to a reservation."""

    reservation = models.ForeignKey(Reservation, models.CASCADE, related_name="objections")
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("objecting State"))
    made_on = models.DateField(_("made on"), null=True, blank=True)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        ordering = ["made_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["reservation", "country"], name="one_objection_each")]

    def __str__(self) -> str:
        return str(self.country)
