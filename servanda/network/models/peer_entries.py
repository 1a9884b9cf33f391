import re
from datetime import date
from typing import Self
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from servanda.network.models.commitments import Commitment
from servanda.network.models.meetings import Meeting
from servanda.network.models.profiles import MechanismProfile
from servanda.network.models.training import Course
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.models import Indicator, Measurement
from servanda.vocab.models import Country


def origin_of(address: str) -> str:
    """The beginning of all addresses of the system; empty for an entry of our own."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


PERIOD = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) – ([0-9]{4}-[0-9]{2}-[0-9]{2})(.*)")


def shown_line(line: str) -> str:
    """A line of sessions or values, as `exchange` writes it, with the days as a person reads them."""
    if not (found := PERIOD.fullmatch(line)):
        return line
    start, end, rest = found.groups()
    try:
        return f"{date_format(date.fromisoformat(start))} – {date_format(date.fromisoformat(end))}{rest}"
    except ValueError:
        return line


def shown_value(line: str) -> str:
    """A line of an indicator without codes: why a value is missing in words, and the unit as a sign or not at all."""
    before, comma, last = line.rpartition(", ")
    value, _blank, unit = last.rpartition(" ")
    if last in Measurement.Missing.values:
        last = str(Measurement.Missing(last).label)
    elif unit in Indicator.Unit.values:
        last = f"{value}%" if unit == Indicator.Unit.PERCENT else value
    return f"{before}{comma}{last}"


class PeerEntryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self if can(user, Can.READ_INTERNAL) else self.none()

    def of_mechanism(self, profile: MechanismProfile) -> Self:
        """From the system that published the profile, or of its State."""
        return self.filter(Q(country=profile.country_id) | Q(site=origin_of(profile.origin)))


class PeerEntry(models.Model):
    """A meeting, a course, a commitment, a report or an indicator of another mechanism, as its system published it
    and a person accepted it: read here, never edited, and never among our own."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("Meetings")
        TRAINING = "training", _("Training")
        COMMITMENT = "commitment", _("Commitments")
        REPORT = "report", _("Reports")
        INDICATOR = "indicator", _("Indicators")

    kind = models.CharField(max_length=10, choices=Kind)
    origin = models.CharField(_("origin"), max_length=500, unique=True)
    site = models.CharField(max_length=200)  # the beginning of all addresses of the peer
    sender = models.CharField(_("sender"), max_length=200)
    country = models.ForeignKey(Country, models.PROTECT, null=True, related_name="+", verbose_name=_("State"))
    title = models.CharField(_("title"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    variety = models.CharField(max_length=20, blank=True)  # kind of a meeting, level of a course, wording
    source = models.CharField(_("source"), max_length=300, blank=True)  # also the provider of a course
    place = models.CharField(_("venue"), max_length=300, blank=True)
    languages = models.CharField(_("languages"), max_length=100, blank=True)  # codes divided by blanks
    start = models.DateField(_("start date"), null=True)  # of a course, the next session when it was received
    end = models.DateField(_("end date"), null=True)  # of a commitment, its deadline
    lines = models.TextField(blank=True)  # the agenda, or the sessions, one a line
    government = models.CharField(max_length=300, blank=True)  # codes of the common scale, divided by blanks
    is_invented = models.BooleanField(_("invented"), default=False)
    is_cancelled = models.BooleanField(default=False)
    is_unsigned = models.BooleanField(default=False, editable=False)  # received in a file without a signature
    received_on = models.DateField(_("received on"))  # as the peer dates it

    objects = PeerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of another mechanism")
        verbose_name_plural = _("entries of other mechanisms")
        ordering = ["-start", "title", "pk"]
        indexes = [models.Index(fields=["kind", "-start"], name="peer_entries_of_a_kind")]

    def __str__(self) -> str:
        return self.title or self.text[:100]

    @property
    def is_received(self) -> bool:
        return True

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split()

    @property
    def shown_lines(self) -> list[str]:
        """The agenda, the sessions or the values, with days and codes as a person reads them."""
        lines = self.lines.splitlines()
        return [shown_line(shown_value(line) if self.kind == self.Kind.INDICATOR else line) for line in lines]

    @property
    def variety_label(self) -> object:
        choices: dict[str, type[models.TextChoices]] = {
            self.Kind.MEETING: Meeting.Kind,
            self.Kind.TRAINING: Course.Level,
            self.Kind.COMMITMENT: Commitment.Wording,
            self.Kind.INDICATOR: Indicator.Kind,
        }
        known = choices.get(self.kind)
        if known is None:
            return self.variety  # the body that receives a report
        return known(self.variety).label if self.variety in known.values else ""
