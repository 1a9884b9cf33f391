from datetime import date, datetime

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.fields import I18nCharField
from simple_history.models import HistoricalRecords

from servanda.intake.models import Batch
from servanda.people.access import Can, Scope, can, scopes
from servanda.people.models import Institution
from servanda.planning.models.actions import Action
from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Term

SDG_INDICATOR = RegexValidator(
    r"^\d{1,2}\.(\d{1,2}|[a-d])\.\d{1,2}$", _("Enter an SDG indicator number, for example 16.3.2 or 5.a.1.")
)


class IndicatorQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(withdrawn_at=None)

    def kept_at(self, moment: datetime | None):
        """Those that were there at the moment, also if they were withdrawn since; today's without one."""
        if moment is None:
            return self.kept()
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment), created_at__lte=moment)

    def public(self):
        return self.kept().filter(is_published=True)

    def visible_to(self, user):
        """As with actions: for users of the desk, all except those about hidden records only."""
        if can(user, Can.READ_EVERYTHING):
            return self.kept()
        if not can(user, Can.READ_INTERNAL):
            return self.public()
        about = IndicatorRecommendation.objects.order_by()
        opened = about.filter(recommendation__in=Recommendation.every_kind.opened_to(user).order_by().values("pk"))
        own = Indicator.objects.in_scope_of(user, Can.READ_INTERNAL).order_by()
        condition = Q(is_published=True) | Q(pk__in=own.values("pk"))
        # One subquery for all rows instead of a correlated one.
        condition |= ~Q(pk__in=about.values("indicator")) | Q(pk__in=opened.values("indicator"))
        return self.kept().filter(condition)

    def in_scope_of(self, user, permission: Can):
        """Indicators kept by an institution for which this person holds the permission. An appointment limited to
        some bodies covers those about a record of these bodies, and those about no record."""
        condition = Q(pk__in=[])
        for scope in scopes(user, permission):
            condition |= Q(custodian__in=scope.institutions) & of_bodies(scope)
        return self.filter(condition)

    def measured_by(self, user):
        """Indicators whose values this person may enter: all for those who may edit the plan, otherwise those that
        their institution keeps."""
        return self.kept() if can(user, Can.EDIT_PLAN) else self.kept().in_scope_of(user, Can.EDIT_OWN_ACTIONS)

    def due_by(self, day: date):
        return self.filter(next_due_on__lte=day)

    def late(self, *, on: date):
        return self.filter(next_due_on__lt=on)

    def without_value(self):
        """Without a value for the whole country; stated reasons for its absence do not count."""
        values = Measurement.objects.headline().filter(indicator=OuterRef("pk"), value__isnull=False)
        return self.filter(~Exists(values))


def of_bodies(scope: Scope) -> Q:
    """As with actions, an indicator is of the bodies of its records."""
    if not scope.bodies:
        return Q()
    about = IndicatorRecommendation.objects.order_by()
    named = about.filter(recommendation__body__code__in=scope.bodies)
    return ~Q(pk__in=about.values("indicator")) | Q(pk__in=named.values("indicator"))


class Indicator(models.Model):
    """A human-rights indicator, as described in OHCHR's guide (HR/PUB/12/5)."""

    class Kind(models.TextChoices):
        STRUCTURE = "structure", _("Structural: commitments in law and policy")
        PROCESS = "process", _("Process: steps to fulfil the commitments")
        OUTCOME = "outcome", _("Outcome: enjoyment of rights in practice")

    class Unit(models.TextChoices):
        NUMBER = "number", pgettext_lazy("unit of an indicator", "Number")
        PERCENT = "percent", _("Per cent")
        RATE = "rate", _("Rate")
        INDEX = "index", _("Index")
        MONEY = "money", _("Amount of money")
        YES_NO = "yes-no", _("Yes (1) or no (0)")

    class Direction(models.TextChoices):
        UP = "up", _("Higher is better")
        DOWN = "down", _("Lower is better")

    class Schedule(models.TextChoices):
        MONTHLY = "monthly", _("Every month")
        QUARTERLY = "quarterly", _("Every three months")
        HALF_YEARLY = "half-yearly", _("Every six months")
        YEARLY = "yearly", _("Every year")
        TWO_YEARLY = "two-yearly", _("Every two years")
        IRREGULAR = "irregular", _("Without a schedule")

    code = models.CharField(_("reference"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("type"), max_length=9, choices=Kind)
    right = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("right or theme")
    )
    attribute = models.CharField(_("attribute of the right"), max_length=200, blank=True)
    definition = models.TextField(_("definition"), blank=True)
    formula = models.TextField(_("calculation method"), blank=True)
    unit = models.CharField(_("unit"), max_length=7, choices=Unit, default=Unit.NUMBER)
    unit_words = models.CharField(_("unit in words"), max_length=80, blank=True)  # per 100,000 people; EUR
    source = models.CharField(_("source"), max_length=300, blank=True)
    custodian = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name=_("kept by")
    )
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.UP)
    baseline = models.DecimalField(_("baseline"), max_digits=20, decimal_places=6, null=True, blank=True)
    baseline_on = models.DateField(_("date of the baseline"), null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=20, decimal_places=6, null=True, blank=True)
    target_on = models.DateField(_("date of the target"), null=True, blank=True)
    target_source = models.CharField(_("source of the target"), max_length=300, blank=True)
    schedule = models.CharField(_("reporting frequency"), max_length=11, choices=Schedule, default=Schedule.YEARLY)
    next_due_on = models.DateField(_("next value due"), null=True, blank=True)
    sdg_indicator = models.CharField(_("SDG indicator"), max_length=10, blank=True, validators=[SDG_INDICATOR])
    method_version = models.CharField(_("version of the method"), max_length=40, blank=True)
    is_published = models.BooleanField(pgettext_lazy("an indicator", "published"), default=False)

    progress_override = models.DecimalField(
        _("progress entered manually, in per cent"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    override_reason = models.TextField(_("reason for the manual entry"), blank=True)
    override_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    override_at = models.DateTimeField(null=True, blank=True)

    recommendations = models.ManyToManyField(
        Recommendation, through="IndicatorRecommendation", related_name="indicators"
    )
    actions = models.ManyToManyField(Action, blank=True, related_name="indicators", verbose_name=_("actions"))

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawal_reason = models.TextField(_("reason for withdrawing"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)  # incremented by every change

    history = HistoricalRecords()
    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target=None, target_on=None) | Q(target__isnull=False, target_on__isnull=False),
                name="indicator_target_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(baseline=None, baseline_on=None) | Q(baseline__isnull=False, baseline_on__isnull=False),
                name="indicator_baseline_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(baseline_on=None) | Q(target_on=None) | Q(target_on__gt=F("baseline_on")),
                name="indicator_target_after_baseline",
            ),
            models.CheckConstraint(
                condition=Q(progress_override=None)
                | (Q(progress_override__gte=0, progress_override__lte=100) & ~Q(override_reason="")),
                name="indicator_override_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawal_reason=""), name="indicator_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("desk:indicator", args=[self.code])

    @property
    def is_public(self) -> bool:
        return self.is_published and self.withdrawn_at is None

    def is_late(self, *, on: date) -> bool:
        return self.next_due_on is not None and self.next_due_on < on


class Dimension(models.Model):
    """A dimension by which values are broken down, such as sex, age, region or disability."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="dimensions")
    code = models.SlugField(_("code"), max_length=40)
    name = I18nCharField(_("name"), max_length=120)
    categories = models.TextField(_("categories, one per line"))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["indicator", "code"], name="one_dimension_of_a_code")]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def category_names(self) -> list[str]:
        return [line.strip() for line in self.categories.splitlines() if line.strip()]


class IndicatorRecommendation(models.Model):
    """A link: the indicator measures something about the recommendation."""

    class Weight(models.TextChoices):
        PRIMARY = "primary", _("Primary")
        SUPPORTING = "supporting", pgettext_lazy("weight of an indicator", "Supporting")

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="abouts")
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="indicator_abouts")
    weight = models.CharField(_("weight"), max_length=10, choices=Weight, default=Weight.PRIMARY)
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "indicator"], name="one_link_of_an_indicator_each")
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} → {self.recommendation.code}"


CURRENT_VALUE = Q(superseded_at=None)


class MeasurementQuerySet(models.QuerySet):
    def current(self):
        return self.filter(CURRENT_VALUE)

    def known_at(self, moment: datetime | None):
        """The values entered by that time and not yet corrected; without a time, the current ones."""
        if moment is None:
            return self.current()
        return self.filter(Q(superseded_at=None) | Q(superseded_at__gt=moment), entered_at__lte=moment)

    def headline(self, moment: datetime | None = None):
        """Values for the whole country and population, which the chart and the progress use."""
        return self.known_at(moment).filter(territory="", population="", breakdown="")

    def visible_to(self, user):
        return self.filter(indicator__in=Indicator.objects.visible_to(user).order_by().values("pk"))

    def public(self):
        return self.filter(indicator__in=Indicator.objects.public().order_by().values("pk"))


class Measurement(models.Model):
    """One value of an indicator for one period and group of people, or the reason why it is missing.

    Rows are never overwritten: a correction adds a new row and marks the old one as superseded.
    """

    class Missing(models.TextChoices):
        NOT_COLLECTED = "not-collected", _("Not collected")
        NOT_YET = "not-yet", _("Collected, not yet available")
        NOT_BROKEN_DOWN = "not-broken-down", _("Not disaggregated this way")
        CONFIDENTIAL = "confidential", _("Confidential: too few people")
        NOT_APPLICABLE = "not-applicable", _("Not applicable")

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="measurements")
    start = models.DateField(_("from"))
    end = models.DateField(_("until"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True, blank=True)
    missing = models.CharField(_("reason for missing value"), max_length=15, choices=Missing, blank=True)
    territory = models.CharField(_("territory"), max_length=80, blank=True)
    population = models.CharField(_("population"), max_length=120, blank=True)
    breakdown = models.CharField(
        _("disaggregated by"), max_length=300, blank=True
    )  # "age=0-14;sex=F", codes in order
    source = models.CharField(_("source"), max_length=300, blank=True)
    method_version = models.CharField(_("version of the method"), max_length=40, blank=True)
    is_break = models.BooleanField(_("break in the series"), default=False)
    note = models.TextField(_("note"), blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")
    correction_reason = models.TextField(_("reason for the correction"), blank=True)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["start", "end", "territory", "population", "breakdown", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="measurement_ends_after_it_begins"),
            models.CheckConstraint(
                condition=(Q(value__isnull=False) & Q(missing="")) | (Q(value=None) & ~Q(missing="")),
                name="measurement_or_a_reason",
            ),
            models.UniqueConstraint(
                fields=["indicator", "start", "end", "territory", "population", "breakdown"],
                condition=CURRENT_VALUE,
                name="one_current_value_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.start}–{self.end}: {self.get_missing_display() or self.value}"
