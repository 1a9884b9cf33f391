from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
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
from servanda.people.reader_queries import once_per_reader
from servanda.planning.models.assignments import SOON
from servanda.recommendations.models import Cluster, Recommendation, ThroughCluster


class PlanQuerySet(models.QuerySet):
    def public(self):
        return self.filter(is_published=True)

    def visible_to(self, user):
        """All plans for users of the desk: visibility is decided for each action."""
        return self if can(user, Can.READ_INTERNAL) else self.public()


class Plan(models.Model):
    """A group of actions, such as a national human-rights action plan, a development plan or a strategy."""

    class Kind(models.TextChoices):
        HUMAN_RIGHTS = "human-rights", _("National human rights action plan")
        DEVELOPMENT = "development", _("Development plan")
        STRATEGY = "strategy", _("Sector strategy")
        OTHER = "other", _("Other plan")

    code = models.SlugField(_("abbreviation"), max_length=40, unique=True)
    name = I18nCharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.HUMAN_RIGHTS)
    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("until"), null=True, blank=True)
    description = models.TextField(_("description"), blank=True)
    is_published = models.BooleanField(pgettext_lazy("a plan", "published"), default=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["-start", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")), name="plan_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("desk:plan", args=[self.code])


class ActionQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(withdrawn_at=None)

    def kept_at(self, moment: datetime | None):
        """Those that were there at the moment, also if they were withdrawn since; today's without one."""
        if moment is None:
            return self.kept()
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment), created_at__lte=moment)

    def public(self):
        return self.kept().filter(is_published=True)

    @once_per_reader
    def visible_to(self, user):
        """For users of the desk, all actions except those that serve hidden records only or are restricted to the
        institutions that take part, and always their own."""
        if can(user, Can.READ_EVERYTHING):
            return self.kept()
        if not can(user, Can.READ_INTERNAL):
            return self.public()
        # One subquery for all rows: a correlated one takes a second for 3,000 actions.
        opened = ActionRecommendation.objects.filter(
            recommendation__in=Recommendation.every_kind.opened_to(user).order_by().values("pk")
        )
        through = ActionCluster.objects.reaching(Recommendation.every_kind.opened_to(user))
        opened_somehow = Q(pk__in=opened.values("action")) | Q(pk__in=through.values("action"))
        condition = Q(is_published=True) | serves_nothing() | opened_somehow
        return self.kept().filter(
            (condition & Q(is_restricted=False))
            | Q(pk__in=Action.objects.in_scope_of(user, Can.READ_INTERNAL).values("pk"))
        )

    def in_scope_of(self, user, permission: Can):
        """Actions in which an institution takes part for which this person holds the permission. An appointment
        limited to some bodies covers those on a record of these bodies, and those on no record."""
        return self.filter(taken_part_in(ActionInstitution.objects.all(), user, permission))

    def editable_by(self, user):
        """All for those who may edit the plan; for others, those that their own institution leads."""
        if can(user, Can.EDIT_PLAN):
            return self.kept()
        return self.kept().filter(pk__in=self.model.objects.led_by(user).values("pk"))

    def former_for(self, user):
        """Withdrawn actions that this person may restore."""
        withdrawn = self.filter(withdrawn_at__isnull=False)
        return (
            withdrawn
            if can(user, Can.EDIT_PLAN)
            else withdrawn.filter(pk__in=self.model.objects.led_by(user).values("pk"))
        )

    def led_by(self, user):
        return self.filter(taken_part_in(ActionInstitution.objects.filter(part="lead"), user, Can.EDIT_OWN_ACTIONS))

    def open(self):
        return self.filter(status__in=Action.OPEN)

    def late(self, *, on: date):
        return self.open().filter(due_on__lt=on)

    def due_soon(self, *, on: date):
        return self.open().filter(due_on__gte=on, due_on__lte=on + SOON)


def taken_part_in(parts: models.QuerySet, user, permission: Can) -> Q:
    condition = Q(pk__in=[])
    for scope in scopes(user, permission):
        theirs = parts.filter(institution__in=scope.institutions)
        condition |= Q(pk__in=theirs.values("action")) & of_bodies(scope)
    return condition


def of_bodies(scope: Scope) -> Q:
    """An action has no body of its own: its records have."""
    if not scope.bodies:
        return Q()
    named = ActionRecommendation.objects.filter(recommendation__body__code__in=scope.bodies)
    through = ActionCluster.objects.reaching(Recommendation.every_kind.filter(body__code__in=scope.bodies))
    return serves_nothing() | Q(pk__in=named.values("action")) | Q(pk__in=through.values("action"))


def serves_nothing() -> Q:
    served = ActionRecommendation.objects.filter(action=OuterRef("pk"))
    clustered = ActionCluster.objects.filter(action=OuterRef("pk"))
    return Q(~Exists(served), ~Exists(clustered))


class Action(models.Model):
    """A planned measure. It can answer many recommendations, and be part of a larger action."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Not started")
        IN_PROGRESS = "in-progress", _("In progress")
        SUSPENDED = "suspended", _("Suspended")
        COMPLETED = "completed", _("Completed")
        ABANDONED = "abandoned", _("Abandoned")

    OPEN = [Status.PLANNED, Status.IN_PROGRESS, Status.SUSPENDED]

    code = models.CharField(_("reference"), max_length=40, unique=True)  # also the key of rows in spreadsheets
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("plan")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PLANNED)
    start = models.DateField(_("start"), null=True, blank=True)
    due_on = models.DateField(_("deadline"), null=True, blank=True)
    act = models.CharField(_("legal or policy act"), max_length=300, blank=True)
    obstacles = models.TextField(_("obstacles"), blank=True)
    assistance = models.TextField(_("need for assistance"), blank=True)
    budget = models.DecimalField(_("budget"), max_digits=16, decimal_places=2, null=True, blank=True)
    funded = models.DecimalField(_("funded amount"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("ISO code, for example EUR."))
    budget_line = models.CharField(_("budget line"), max_length=120, blank=True)
    is_published = models.BooleanField(pgettext_lazy("an action", "published"), default=False)

    # Promised in a confidential letter: seen by the mechanism and the institutions that take part.
    is_restricted = models.BooleanField(_("restricted to the institutions that take part"), default=False)

    institutions = models.ManyToManyField(Institution, through="ActionInstitution", related_name="actions")
    recommendations = models.ManyToManyField(Recommendation, through="ActionRecommendation", related_name="actions")
    clusters = models.ManyToManyField(Cluster, through="ActionCluster", related_name="actions")

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
    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["code"]
        indexes = [models.Index(fields=["status", "due_on"], name="actions_by_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None) | Q(due_on=None) | Q(due_on__gte=F("start")), name="action_due_after_start"
            ),
            models.CheckConstraint(condition=Q(budget=None) | Q(budget__gte=0), name="action_budget_not_negative"),
            models.CheckConstraint(
                condition=Q(funded=None) | Q(funded__gte=0, budget__isnull=False), name="action_funded_of_a_budget"
            ),
            models.CheckConstraint(condition=Q(budget=None) | ~Q(currency=""), name="action_budget_has_a_currency"),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="action_not_part_of_itself"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawal_reason=""), name="action_withdrawn_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(is_restricted=False) | Q(is_published=False), name="a_restricted_action_is_not_published"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("desk:action", args=[self.code])

    @property
    def is_public(self) -> bool:
        return self.is_published and self.withdrawn_at is None

    @property
    def gap(self) -> Decimal | None:
        """The part that is not funded yet; None without a budget."""
        return None if self.budget is None else max(self.budget - (self.funded or 0), Decimal(0))

    def is_late(self, *, on: date) -> bool:
        return self.status in self.OPEN and self.due_on is not None and self.due_on < on


class ActionInstitution(models.Model):
    """The part of one institution in one action."""

    class Part(models.TextChoices):
        LEAD = "lead", _("Lead")
        SUPPORTING = "supporting", _("Supporting")

    action = models.ForeignKey(Action, models.CASCADE, related_name="parts")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="action_parts")
    part = models.CharField(_("role"), max_length=10, choices=Part, default=Part.LEAD)

    class Meta:
        ordering = ["part", "institution__code"]
        constraints = [
            models.UniqueConstraint(fields=["action", "institution"], name="one_part_in_an_action"),
            models.UniqueConstraint(fields=["action"], condition=Q(part="lead"), name="one_lead_of_an_action"),
        ]

    def __str__(self) -> str:
        return f"{self.institution}, {self.get_part_display()}"


class ActionRecommendation(models.Model):
    """A link: the action answers the recommendation."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="answers")
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="action_answers")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "action"], name="one_answer_of_an_action_each")
        ]

    def __str__(self) -> str:
        return f"{self.action.code} → {self.recommendation.code}"


class ActionCluster(models.Model):
    """A link: the action answers the cluster, which means all its present members, including those that joined
    later."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="cluster_answers")
    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="action_answers")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ThroughCluster.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "action"], name="one_answer_to_a_cluster_each")]

    def __str__(self) -> str:
        return f"{self.action.code} → {self.cluster}"


class Milestone(models.Model):
    """A step of an action, with the day on which it is due and the day on which it was reached."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="milestones")
    title = models.CharField(_("milestone"), max_length=200)
    due_on = models.DateField(_("deadline"), null=True, blank=True)
    reached_on = models.DateField(_("reached on"), null=True, blank=True)

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        return self.title
