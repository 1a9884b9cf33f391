import copy
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from servanda.kit.database.prepared import OnceInProcess

# The instance as read in the present request, if it was; None outside of requests.
_read: ContextVar[list["Instance"] | None] = ContextVar("instance_read", default=None)


class RegionalSystem(models.TextChoices):
    """Organisations whose bodies make recommendations to their own members only; the codes are those of bodies."""

    COUNCIL_OF_EUROPE = "CoE", _("Council of Europe")
    AMERICAN_STATES = "OAS", _("Organization of American States")
    AFRICAN_UNION = "AU", _("African Union")
    ARAB_STATES = "LAS", _("League of Arab States")


class Instance(models.Model):
    """The settings of this installation. There is one row; pages say so until it is filled in."""

    state_code = models.CharField(_("State"), max_length=8, blank=True, help_text=_("ISO code, for example SVN."))
    name = I18nCharField(_("official name of the mechanism"), max_length=200, blank=True)
    languages = models.CharField(
        _("languages of the records"),
        max_length=60,
        default="en",
        help_text=_("Codes separated by commas, the most used first: sl,en,fr"),
    )
    regional_systems = models.CharField(
        _("regional systems"),
        max_length=40,
        blank=True,
        help_text=_("Forms offer the bodies of these systems. Imports recognise the bodies of all systems."),
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    contact = models.EmailField(_("public contact"), blank=True)
    second_factor_for_focal_points = models.BooleanField(
        _("two-step verification for focal points"),
        default=False,
        help_text=_("Requires a code from their phone at each log-in."),
    )
    second_factor_for_contributors = models.BooleanField(_("two-step verification for contributors"), default=False)
    updates_need_validation = models.BooleanField(
        _("updates require approval by the validating authority"),
        default=True,
        help_text=_("Otherwise updates go directly from the focal point to the coordinator."),
    )
    updates_need_publication = models.BooleanField(
        _("the coordinator publishes updates"),
        default=True,
        help_text=_("Otherwise updates from institutions are published immediately."),
    )
    writer_may_validate = models.BooleanField(
        _("the person who wrote an update may also validate it"),
        default=False,
        help_text=_("The update then shows that the same person did both."),
    )
    writer_may_publish = models.BooleanField(
        _("the person who wrote, entered or validated an update may also publish it"),
        default=False,
        help_text=_(
            "Select this if the secretariat has only one coordinator. The update then shows that the same person "
            "did both."
        ),
    )
    assessor_may_publish = models.BooleanField(
        _("the person who made a Government assessment may also publish it"),
        default=True,
        help_text=_("Otherwise another coordinator publishes the assessment."),
    )
    takes_public_contributions = models.BooleanField(
        _("anyone may contribute through a public form"),
        default=False,
        help_text=_("Each contribution remains open until the coordinator has answered it."),
    )
    consultation_step = models.CharField(
        _("clearance step before a consultation"),
        max_length=120,
        blank=True,
        help_text=_(
            "A draft report can be opened for comments once this step is cleared. Leave empty for the last step."
        ),
    )
    is_demonstration = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("settings")

    def __str__(self) -> str:
        return str(self.name) or "Servanda"

    def save(self, **options) -> None:
        super().save(**options)
        if cache := _read.get():
            cache.clear()

    @classmethod
    def current(cls) -> "Instance":
        """The instance, read once in each request. Every caller gets a copy, so that a form that fails changes only
        its own."""
        cache = _read.get()
        if cache is None:
            return cls.read()
        if not cache:
            cache.append(cls.read())
        return copy.copy(cache[0])

    @classmethod
    def read(cls) -> "Instance":
        return next(iter(FIRST.read()), None) or cls(pk=1)

    def regional_system_codes(self) -> list[str]:
        return [code for code in self.regional_systems.split(",") if code]

    def regional_system_names(self) -> list[str]:
        return [str(RegionalSystem(code).label) for code in self.regional_system_codes()]

    def language_codes(self) -> list[str]:
        return [code.strip() for code in self.languages.split(",") if code.strip()]


FIRST = OnceInProcess(lambda: Instance.objects.order_by("pk")[:1])


@contextmanager
def instance_read_once() -> Iterator[None]:
    """Within this context, the instance is read from the database once."""
    token = _read.set([])
    try:
        yield
    finally:
        _read.reset(token)
