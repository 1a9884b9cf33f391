from datetime import date
from functools import cache

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.intake.models import Batch
from servanda.jobs.models import Mail
from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution, User
from servanda.planning.models import Indicator
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Obligation, ObligationStep, Question, question_of_bodies


class InputRound(models.Model):
    """One request by the coordinator to several institutions about some recommendations or questions put to the
    State, with a due date."""

    title = models.CharField(_("title"), max_length=200)
    question = models.TextField(_("question"))
    period_start = models.DateField(_("period from"), null=True, blank=True)
    period_end = models.DateField(_("until"), null=True, blank=True)
    due_on = models.DateField(_("deadline"))
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("round of requests")
        verbose_name_plural = _("rounds of requests")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_start=None) | Q(period_end=None) | Q(period_end__gte=F("period_start")),
                name="round_period_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk:round", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def asks_questions(self) -> bool:
        """Whether it is about questions put to the State, not about records."""
        return InputItem.objects.filter(request__round=self, question__isnull=False).exists()


class InputRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(round__closed_at=None)

    def in_scope_of(self, user, permission: Can = Can.WRITE_UPDATE):
        """Requests to an institution for which an appointment of this person gives the permission, with an item of
        the bodies of that appointment. What the institution is not asked any more counts no longer: a round can be
        named after a letter that does not name the institution now."""
        return self.with_items_in_scope_of(user, InputItem.objects.standing(), permission)

    def with_items_in_scope_of(self, user, asked: "InputItemQuerySet", permission: Can):
        condition = Q(pk__in=[])
        for scope in scopes(user, permission):
            items = asked.filter(request=OuterRef("pk"))
            if scope.bodies:
                of_records = Q(recommendation__body__code__in=scope.bodies)
                items = items.filter(of_records | question_of_bodies(scope.bodies, "question__"))
            condition |= Q(institution__in=scope.institutions) & Exists(items.order_by())
        return self.filter(condition)

    def visible_to(self, user):
        if can(user, Can.READ_EVERYTHING):
            return self
        return self.in_scope_of(user, Can.READ_INTERNAL)

    def once_visible_to(self, user):
        """Including requests of which no item is left, so that people who saw the question learn of its
        withdrawal."""
        if can(user, Can.READ_EVERYTHING):
            return self
        own = InputRequest.objects.with_items_in_scope_of(user, InputItem.objects.all(), Can.READ_INTERNAL)
        return self.filter(pk__in=own.values("pk"))

    def late(self, *, on: date):
        """Past their due date, with items still to be answered."""
        owed = InputItem.objects.owed().filter(request=OuterRef("pk"))
        return self.open().filter(Exists(owed), due_on__lt=on)


class InputRequest(models.Model):
    """What one round asks of one institution."""

    round = models.ForeignKey(InputRound, models.CASCADE, related_name="requests")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="input_requests")
    due_on = models.DateField(_("deadline"))  # that of the round, or later if it was extended
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InputRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for information")
        verbose_name_plural = _("requests for information")
        ordering = ["institution__code", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "institution"], name="one_request_of_a_round_each")]

    def __str__(self) -> str:
        return f"{self.round}: {self.institution}"


class InputItemQuerySet(models.QuerySet):
    def standing(self):
        """Without items whose record has left the register since, or whose question no longer names the
        institution."""
        return self.filter(Q(on_kept_record(), question=None) | Q(still_to_be_answered(), recommendation=None))

    def readable_by(self, user):
        """Items on records that this person may open, and on questions that they see."""
        records = Recommendation.every_kind.opened_to(user).order_by().values("pk")
        questions = Question.objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(recommendation__in=records) | (Q(question__in=questions) & Q(still_to_be_answered())))

    def in_order(self):
        """By deadline, and within a request in the order of the register or of the document."""
        return self.order_by("request__due_on", "request", "recommendation__order_key", "question__place", "pk")

    def owed(self):
        """Not answered yet, in open rounds. A draft is no answer."""
        return self.standing().filter(answered_at=None, request__round__closed_at=None)


@cache
def on_kept_record() -> Exists:
    """Correlated: with IN, SQLite tries each record for each request."""
    return Exists(Recommendation.every_kind.kept().order_by().filter(pk=OuterRef("recommendation")))


@cache
def still_to_be_answered() -> Exists:
    """Whether the question of an item still names the institution that is asked."""
    named = Question.objects.live().filter(institutions=OuterRef("request__institution"))
    return Exists(named.order_by().filter(pk=OuterRef("question")))


class InputItem(models.Model):
    """One recommendation, or one question put to the State, on which the institution is asked; `answered_at` is when
    it submitted its answer."""

    request = models.ForeignKey(InputRequest, models.CASCADE, related_name="items")
    recommendation = models.ForeignKey(
        Recommendation, models.CASCADE, null=True, blank=True, related_name="input_items"
    )
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="input_items")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    objects = InputItemQuerySet.as_manager()

    class Meta:
        ordering = ["recommendation__order_key", "question__place", "pk"]
        indexes = [models.Index(fields=["request", "answered_at"], name="items_of_a_request")]
        constraints = [
            models.UniqueConstraint(fields=["request", "recommendation"], name="one_item_of_a_request_each"),
            models.UniqueConstraint(fields=["request", "question"], name="one_item_of_a_question_each"),
            models.CheckConstraint(
                condition=Q(recommendation__isnull=False, question=None)
                | Q(recommendation=None, question__isnull=False),
                name="item_on_a_record_or_a_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.reference}"

    @property
    def reference(self) -> str:
        """That of the record, or of the question."""
        if self.recommendation is not None:
            return self.recommendation.code
        return self.question.reference if self.question is not None else ""


def reminder_of(thing: str) -> Q:
    """Of the things that a reminder can be about, only this one; a step goes with its obligation, a key with the kind
    of thing that another room registered."""
    things = ("request", "indicator", "obligation", "further_key")
    about = Q(**{f"{name}__isnull": name != thing for name in things})
    about &= ~Q(further="") if thing == "further_key" else Q(further="")
    return about if thing == "obligation" else about & Q(obligation_step=None)


class Reminder(models.Model):
    """One person was reminded of one thing on one day: a request, a value of an indicator, an obligation (also the
    reply on records), a step towards one, or what another room registered, such as a section of a report.

    All reminders of a person on a day go out in one mail.
    """

    class Step(models.TextChoices):
        BEFORE = "before", _("Before the deadline")
        DUE = "due", _("On the deadline")
        AFTER = "after", _("After the deadline")
        ALTERNATE = "alternate", _("To the alternate")
        AUTHORITY = "authority", _("To the validating authority")
        COORDINATOR = "coordinator", _("To the coordinator")
        BY_HAND = "by-hand", _("Sent manually")

    request = models.ForeignKey(InputRequest, models.CASCADE, null=True, blank=True, related_name="reminders")
    indicator = models.ForeignKey(Indicator, models.CASCADE, null=True, blank=True, related_name="+")
    obligation = models.ForeignKey(Obligation, models.CASCADE, null=True, blank=True, related_name="reminders")
    obligation_step = models.ForeignKey(ObligationStep, models.CASCADE, null=True, blank=True, related_name="+")
    further = models.CharField(max_length=16, blank=True, editable=False)  # see `rounds/further_due.py`
    further_key = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    on = models.DateField(_("date"))
    step = models.CharField(_("step"), max_length=11, choices=Step)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "person", "on"], name="one_reminder_of_a_day_each"),
            models.UniqueConstraint(fields=["indicator", "person", "on"], name="one_reminder_of_a_value_a_day"),
            models.UniqueConstraint(
                fields=["obligation", "person", "on"],
                condition=Q(obligation_step=None),
                name="one_reminder_of_an_obligation_a_day",
            ),
            models.UniqueConstraint(fields=["obligation_step", "person", "on"], name="one_reminder_of_a_step_a_day"),
            models.UniqueConstraint(
                fields=["further", "further_key", "person", "on"],
                condition=Q(further_key__isnull=False),
                name="one_reminder_of_a_thing_a_day",
            ),
            models.CheckConstraint(
                condition=reminder_of("request")
                | reminder_of("indicator")
                | reminder_of("obligation")
                | reminder_of("further_key"),
                name="reminder_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request or self.indicator or self.obligation or self.further}, {self.on}"


class AnswerSheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Drafts of an institution for those who write for it; what came by letter for the coordinator."""
        requests = InputRequest.objects.in_scope_of(user).values("pk")
        for_all_bodies = [scope.institutions for scope in scopes(user, Can.WRITE_UPDATE) if not scope.bodies]
        for_whole_institution = Q(batch__created_by=user.pk) | Q(
            request__institution__in=frozenset().union(*for_all_bodies)
        )
        own = Q(for_whole_institution, letter="", request__in=requests)
        by_letter = ~Q(letter="") if can(user, Can.PUBLISH_UPDATE) else Q(pk__in=[])
        return self.filter(own | by_letter)


class AnswerSheet(models.Model):
    """A spreadsheet filled in offline and uploaded as the answer to one request."""

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="answer_sheet")
    request = models.ForeignKey(InputRequest, models.PROTECT, related_name="sheets")
    letter = models.CharField(_("letter no."), max_length=80, blank=True)  # of what the coordinator enters
    letter_date = models.DateField(pgettext_lazy("from an institution", "date of the letter"), null=True, blank=True)

    objects = AnswerSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("Answer sheet")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(letter="") | Q(letter_date__isnull=False), name="answer_sheet_letter_has_a_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.batch.name}"

    @property
    def is_on_behalf(self) -> bool:
        return bool(self.letter)
