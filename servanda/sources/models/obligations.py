"""What the State owes to which body, by when, and where that day comes from."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from servanda.intake.models import Batch, hidden_batches
from servanda.people.access import OFFICES, ROLES, Can, Scope, can, scopes
from servanda.people.models import Appointment, Institution
from servanda.people.reader_queries import once, once_per_reader
from servanda.sources.models.documents import Document, Review
from servanda.trail.models import Event
from servanda.vocab.models import Body, Certainty, Force, Instrument, ObligationKind, ObligationRule

SOON = timedelta(days=30)
# Functions, and roles in the mechanism, in which a person can be responsible for an obligation.
ANSWERING = (Appointment.Function.PRINCIPAL, Appointment.Function.ALTERNATE, Appointment.Function.AUTHORITY)
EDITING = tuple(role for role in OFFICES if Can.EDIT_OBLIGATIONS in ROLES[role])


def opened_by(granted: Iterable[Scope]) -> Q:
    """The condition for obligations that are not public and that these scopes open."""
    opened = Q(pk__in=[])
    for scope in granted:
        open_to_all = ~Q(confidentiality=Obligation.Confidentiality.RESTRICTED)
        opened |= (open_to_all | of_institutions(scope)) & of_bodies(scope)
    return opened


def internal_to(user: AbstractBaseUser | AnonymousUser) -> Q:
    """The condition for obligations whose internal side this person sees."""
    if can(user, Can.READ_EVERYTHING):
        return ~Q(pk__in=[])
    return opened_by(scopes(user, Can.READ_INTERNAL)) | of_person(user)


def of_person(user: AbstractBaseUser | AnonymousUser) -> Q:
    """The condition for obligations for which this person is responsible, and whose body an office or an appointment
    as focal point or validating authority still covers."""
    if can(user, Can.READ_EVERYTHING):
        return Q(responsible=user.pk)
    condition = Q(pk__in=[])
    for scope in scopes(user, Can.COMPLETE_STEPS):
        condition |= Q(responsible=user.pk) & of_bodies(scope)
    return condition


def of_institutions(scope: Scope) -> Q:
    with_step = Obligation.objects.filter(steps__institution__in=scope.institutions).order_by().values("pk")
    return Q(owner__in=scope.institutions) | Q(pk__in=with_step)


def of_bodies(scope: Scope) -> Q:
    return Q(body__code__in=scope.bodies) if scope.bodies else Q()


def is_late(on: date) -> Q:
    """Of unfinished obligations: binding and requested ones whose fixed deadline has passed."""
    return Q(
        due_on__lt=on,
        certainty=Certainty.FIXED,
        force__in=[Force.BINDING, Force.REQUESTED],
        is_past_at_entry=False,
    )


def is_dateless() -> Q:
    """The condition for obligations for which the document sets no date, such as the dissemination of its text."""
    return Q(
        kind=ObligationKind.OTHER,
        day_from=Obligation.DayFrom.DOCUMENT,
        certainty=Certainty.FIXED,
        due_on=None,
        words="",
    )


def has_former_person(on: date) -> Q:
    """The condition for obligations whose responsible person does not work on the body any more: the account is
    closed, or no role and no appointment as focal point or validating authority covers it."""
    current = Appointment.objects.current(on=on).filter(person=OuterRef("responsible"), function__in=ANSWERING)
    body = OuterRef("body__code")  # among codes that commas separate, or semicolons
    listed = {
        "with_commas": (Concat(Value(","), "bodies", Value(",")), Concat(Value(","), body, Value(","))),
        "with_semicolons": (Concat(Value("; "), "bodies"), Concat(Value("; "), body, Value(";"))),
    }
    covers = Q(bodies="")
    for name, (codes, code) in listed.items():
        current, covers = current.alias(**{name: codes}), covers | Q(**{f"{name}__contains": code})
    answers = Q(responsible__role__in=EDITING) | Q(Exists(current.filter(covers)))
    return Q(responsible__isnull=False) & ~(Q(responsible__is_active=True) & answers)


class ObligationQuerySet(models.QuerySet):
    @once
    def live(self) -> Self:
        """Obligations except those of imports that are not applied or were undone."""
        return self.exclude(added_by__in=hidden_batches())

    @once
    def kept(self) -> Self:
        return self.live().filter(withdrawn_at=None)

    def public(self) -> Self:
        return self.kept().filter(is_published=True, confidentiality=Obligation.Confidentiality.PUBLIC)

    @once_per_reader
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """What is published for everyone. For readers of the desk also what is internal, of the bodies that they
        are appointed for; restricted obligations for their owner and the institutions of their steps."""
        published = Q(is_published=True, confidentiality=Obligation.Confidentiality.PUBLIC)
        return self.kept().filter(published | internal_to(user))

    def internal_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those of which this person sees more than the public does: who prepares them, from which document, in
        which steps, and how they were submitted."""
        return self.kept().filter(internal_to(user))

    def with_internal_side(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Each with `is_internal`: whether it is among `internal_to` this person."""
        yes, no = Value(value=True), Value(value=False)
        inside = When(internal_to(user), then=yes)
        return self.annotate(is_internal=Case(inside, default=no, output_field=models.BooleanField()))

    @once_per_reader
    def of_institutions_of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Obligations for which the user is responsible, and those that an institution of the user's appointments
        owns or has a step in."""
        condition = of_person(user)
        for scope in scopes(user, Can.READ_INTERNAL):
            condition |= of_institutions(scope) & of_bodies(scope)
        return self.filter(condition)

    def former_for(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Withdrawn obligations, for those who may restore them."""
        withdrawn = self.live().exclude(withdrawn_at=None)
        return withdrawn if can(user, Can.EDIT_OBLIGATIONS) else withdrawn.none()

    def reported_on(self) -> Self:
        """Those that a report may be written on. Deadlines of communications are met by a reply to the letter, and
        whoever writes a section of a report would read of it."""
        return self.filter(is_derived=False)

    def with_parts(self) -> Self:
        """Those with something that would be deleted with them: files, letters, steps, extensions, suspensions, a
        submission. Also those that are, or were, under a legal hold."""
        own = OuterRef("pk")
        of_obligation = Event.objects.filter(object_type="sources.obligation", action="legal-hold-placed")
        condition = Q(Exists(of_obligation.filter(object_id=Cast(own, models.CharField()))))
        for name in ("files", "letters", "steps", "extensions", "suspensions", "submission"):
            condition |= Q(Exists(Obligation.objects.filter(**{"pk": own, f"{name}__isnull": False})))
        return self.filter(condition)

    def unfinished(self) -> Self:
        return self.filter(state__in=Obligation.UNFINISHED)

    def late(self, *, on: date) -> Self:
        """Binding and requested ones whose fixed deadline has passed without submission."""
        return self.unfinished().filter(is_late(on))

    def of_former_persons(self, *, on: date) -> Self:
        """Unfinished ones whose responsible person does not work on the body any more."""
        return self.unfinished().filter(has_former_person(on))

    def with_former_persons(self, *, on: date) -> Self:
        """Each with `is_of_former`: whether it is among `of_former_persons`."""
        yes, no = Value(value=True), Value(value=False)
        former = When(Q(state__in=Obligation.UNFINISHED) & has_former_person(on), then=yes)
        return self.annotate(is_of_former=Case(former, default=no, output_field=models.BooleanField()))

    def past_at_entry(self) -> Self:
        """Unfinished ones whose deadline had passed before an import added them: whether they were answered is not
        known, so they are not late."""
        return self.unfinished().filter(is_past_at_entry=True)

    def due_soon(self, *, on: date) -> Self:
        return self.unfinished().filter(due_on__range=(on, on + SOON))

    def between(self, first: date, last: date) -> Self:
        return self.filter(due_on__range=(first, last))


class Obligation(models.Model):
    """One thing due to one body: a report, a reply, an action plan, or a day to know of."""

    class State(models.TextChoices):
        EXPECTED = "expected", pgettext_lazy("state of an obligation", "Expected")
        OPEN = "open", pgettext_lazy("state of an obligation", "Open")
        IN_PREPARATION = "in-preparation", pgettext_lazy("state of an obligation", "In preparation")
        CLEARED = "cleared", pgettext_lazy("state of an obligation", "Cleared")
        SUBMITTED = "submitted", pgettext_lazy("state of an obligation", "Submitted")
        CONSIDERED = "considered", pgettext_lazy("state of an obligation", "Considered by the body")
        CLOSED = "closed", pgettext_lazy("state of an obligation", "Closed")
        ABSORBED = "absorbed", pgettext_lazy("state of an obligation", "Absorbed into the next report")
        WITHOUT_REPORT = "without-report", pgettext_lazy("state of an obligation", "Reviewed without a report")
        POSTPONED = "postponed", pgettext_lazy("state of an obligation", "Postponed by the body")
        LAPSED = "lapsed", pgettext_lazy("state of an obligation", "Lapsed")

    UNFINISHED = (State.EXPECTED, State.OPEN, State.IN_PREPARATION, State.CLEARED)
    STILL_DUE = (*UNFINISHED, State.POSTPONED)  # a postponed one goes on once it has its new deadline
    WITH_REASON = (State.ABSORBED, State.WITHOUT_REPORT, State.POSTPONED, State.LAPSED)

    class DayFrom(models.TextChoices):
        """Where the deadline comes from; a date in a document takes precedence over the rule."""

        DOCUMENT = "document", _("Document")
        RULE = "rule", _("Rule")
        EXTENSION = "extension", _("Extension granted")
        SUSPENSION = "suspension", _("Suspension of the time limit")
        HAND = "hand", pgettext_lazy("deadline", "Entered manually")

    class Confidentiality(models.TextChoices):
        PUBLIC = "public", pgettext_lazy("confidentiality", "Public")
        INTERNAL = "internal", _("Internal")
        RESTRICTED = "restricted", _("Restricted to named institutions")

    code = models.CharField(_("reference"), max_length=80, unique=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="obligations", verbose_name=_("body"))
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name=_("instrument")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ObligationKind)
    title = models.CharField(_("title"), max_length=300, blank=True)
    combined = models.CharField(_("combined reports"), max_length=80, blank=True)  # "eighth and ninth"
    rule = models.ForeignKey(
        ObligationRule, models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name=_("rule")
    )
    review = models.ForeignKey(
        Review, models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name=_("review")
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name=_("document")
    )
    paragraph = models.CharField(_("paragraph"), max_length=80, blank=True)
    words = models.CharField(_("deadline as worded in the document"), max_length=300, blank=True)
    clock_on = models.DateField(_("time limit starts on"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    certainty = models.CharField(
        _("certainty of the deadline"), max_length=20, choices=Certainty, default=Certainty.FIXED
    )
    day_from = models.CharField(_("deadline from"), max_length=10, choices=DayFrom, default=DayFrom.HAND)
    # As its document says; without it, as its rule says.
    every = models.PositiveSmallIntegerField(_("repeated every … months"), null=True, blank=True, editable=False)
    force = models.CharField(_("force"), max_length=10, choices=Force, default=Force.BINDING)
    word_limit = models.PositiveIntegerField(_("word limit"), null=True, blank=True)
    language = models.CharField(_("language of submission"), max_length=8, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.EXPECTED)
    state_reason = models.TextField(_("reason"), blank=True)
    owner = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("responsible institution"),
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("responsible person"),
    )
    note = models.TextField(_("note"), blank=True)
    confidentiality = models.CharField(
        _("confidentiality"), max_length=10, choices=Confidentiality, default=Confidentiality.PUBLIC
    )
    is_published = models.BooleanField(_("published"), default=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawal"), blank=True)
    added_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    # An import added it after its deadline, and no one has said since whether it was answered.
    is_past_at_entry = models.BooleanField(default=False, editable=False)
    is_derived = models.BooleanField(default=False, editable=False)  # follows a proceeding, and changes only with it
    # Records of the register have its deadline and its reply, and it is as confidential as they are.
    has_records = models.BooleanField(default=False, editable=False)
    is_made_for_records = models.BooleanField(default=False, editable=False)  # ends with the last of them
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords()
    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "code"]
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        indexes = [
            models.Index(fields=["due_on", "code"]),
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["body", "due_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner=None) | Q(responsible=None),
                name="an_institution_or_a_person_is_responsible",
                violation_error_message=_("Choose a responsible institution or a responsible person, not both."),
            ),
            models.CheckConstraint(
                condition=~Q(certainty="to-be-communicated") | Q(due_on=None),
                name="a_day_to_be_communicated_is_empty",
                violation_error_message=_("A deadline that is to be communicated has no date yet."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["absorbed", "without-report", "postponed", "lapsed"]) | ~Q(state_reason=""),
                name="an_exceptional_state_has_a_reason",
                violation_error_message=_("Enter a reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("desk:obligation", args=[self.code])

    @property
    def is_public(self) -> bool:
        is_live = self.withdrawn_at is None and (self.added_by is None or self.added_by.state == Batch.State.APPLIED)
        return self.is_published and self.confidentiality == self.Confidentiality.PUBLIC and is_live

    def mark_past(self, *, on: date) -> None:
        """For one that an import adds: whether its deadline has passed already."""
        self.is_past_at_entry = is_overdue(self.due_on, self.certainty, self.force, self.state, on=on)

    @property
    def interval(self) -> int | None:
        """The months after which it is due again."""
        return self.every or (self.rule.every if self.rule else None)

    @property
    def may_be_suspended(self) -> bool:
        """Only the time limit for the referral to a court can be: its clock stops, and runs again."""
        return self.kind == ObligationKind.REFERRAL

    @property
    def is_unknown(self) -> bool:
        """The same rule as `ObligationQuerySet.past_at_entry`."""
        return self.is_past_at_entry and self.state in Obligation.UNFINISHED

    @property
    def is_dateless(self) -> bool:
        """The same rule as the function `is_dateless`."""
        is_of_document = self.kind == ObligationKind.OTHER and self.day_from == Obligation.DayFrom.DOCUMENT
        return is_of_document and self.certainty == Certainty.FIXED and self.due_on is None and not self.words

    @property
    def mark(self) -> str:
        return mark_of(self.state)

    def is_late(self, *, on: date) -> bool:
        return not self.is_past_at_entry and is_overdue(self.due_on, self.certainty, self.force, self.state, on=on)


def mark_of(state: str) -> str:
    """The shape and colour of a state, which it shares with those of actions."""
    if state in Obligation.WITH_REASON:
        return "abandoned"
    if state in (Obligation.State.IN_PREPARATION, Obligation.State.CLEARED):
        return "in-progress"
    return "planned" if state in Obligation.UNFINISHED else "completed"


def is_overdue(due_on: date | None, certainty: str, force: str, state: str, *, on: date) -> bool:
    """The same rule as `ObligationQuerySet.late`."""
    is_due = force in (Force.BINDING, Force.REQUESTED) and certainty == Certainty.FIXED
    return is_due and state in Obligation.UNFINISHED and due_on is not None and due_on < on
