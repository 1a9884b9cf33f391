import uuid
from collections.abc import Sequence
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.strings import LazyI18nString
from simple_history.models import HistoricalRecords

from servanda.people.access import Can, Scope, can, scopes
from servanda.people.models import Institution, User
from servanda.people.reader_queries import once_per_reader
from servanda.proceedings.kinds import ProceedingKind, StepOfKind, kinds
from servanda.proceedings.models.clearances import Clearance, ClearanceVerdict
from servanda.proceedings.models.replies import DEADLINE_HAS_ITS_ORIGIN, StateReply
from servanda.sources.models import Document, DocumentReading, Obligation
from servanda.vocab.models import Body, ObligationRule


class ProceedingQuerySet(models.QuerySet):
    def kept(self) -> Self:
        return self.filter(withdrawn_at=None)

    @once_per_reader
    def visible_to(self, user: User) -> Self:
        """All for those who read everything; for others, those that name one of their institutions, and those that
        one of their institutions is to clear now."""
        if can(user, Can.READ_EVERYTHING):
            return self.kept()
        return self.kept().filter(named_for(user) | to_clear_by(user))

    def naming_institutions_of(self, user: User) -> Self:
        """Those that name one of their institutions, and are of the bodies that they are appointed for there."""
        return self.kept().filter(named_for(user))

    def former_for(self, user: User) -> Self:
        """Withdrawn ones that this person may restore."""
        return self.filter(withdrawn_at__isnull=False) if can(user, Can.RUN_PROCEEDINGS) else self.none()

    def unanswered(self) -> Self:
        return self.kept().filter(replied_on=None).exclude(step=CLOSED)

    def open(self) -> Self:
        return self.kept().exclude(step=CLOSED)

    def due_as(self, obligation: Obligation) -> Self:
        """Those of which it is the deadline, of the next submission, of an earlier one, or of the referral."""
        beside = Q(earlier__obligation=obligation) | Q(case__referral=obligation)
        before = Proceeding.objects.filter(beside).order_by()
        return self.filter(Q(obligation=obligation) | Q(pk__in=before.values("pk")))

    def late(self, *, on: date) -> Self:
        return self.unanswered().filter(due_on__lt=on).exclude(due_from=Proceeding.DueFrom.ESTIMATE)


CLOSED = "closed"  # the last step of each kind


def named_for(user: User) -> Q:
    return Q(pk__in=NamedInstitution.objects.in_scope_of(user, Can.READ_INTERNAL).values("proceeding"))


def of_bodies(scope: Scope) -> Q:
    """Proceedings of the bodies that an appointment is limited to; a joint letter is of each that sent it."""
    if not scope.bodies:
        return Q()
    sent_by = Proceeding.bodies.through.objects.filter(body__code__in=scope.bodies)
    return Q(pk__in=sent_by.values("proceeding"))


def to_clear_by(user: User) -> Q:
    """Open clearances whose next step is that of an institution whose validating authority this person is, for the
    bodies of the appointment."""
    pending = ClearanceVerdict.objects.filter(verdict=ClearanceVerdict.Verdict.PENDING)
    earlier = pending.filter(clearance=OuterRef("clearance"), place__lt=OuterRef("place"))
    turn = pending.filter(~Exists(earlier), clearance__state=Clearance.State.OPEN)
    condition = Q(pk__in=[])
    for scope in scopes(user, Can.VALIDATE_UPDATE):
        decided_here = Q(clearance__in=turn.filter(institution__in=scope.institutions).values("clearance"))
        condition |= decided_here & of_bodies(scope)
    return condition


class Proceeding(StateReply):
    """A letter or a visit of a body, from its arrival to its closure. Confidential: it is never public itself."""

    class Answer(models.TextChoices):
        """Of the State, to the request for a visit."""

        STANDING = "standing", _("Under the standing invitation")
        INVITED = "invited", _("Invited on request")
        UNASKED = "unasked", _("No invitation needed")
        POSTPONED = "postponed", pgettext_lazy("answer to a request for a visit", "Postponed")
        DECLINED = "declined", pgettext_lazy("answer to a request for a visit", "Declined")

    BY_RULE = (StateReply.DueFrom.RULE, StateReply.DueFrom.ESTIMATE)
    TAKES_PLACE = (Answer.STANDING, Answer.INVITED, Answer.UNASKED)

    FACTS = ("reference", "sort", "title", "sent_on", "received_on", "due_on", "due_from", "other_addressees", "note")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # numbers would show how many there are
    kind = models.CharField(_("kind"), max_length=20)  # a code of `data/kinds.yaml`
    reference = models.CharField(_("reference"), max_length=60)
    sort = models.CharField(_("type of letter"), max_length=20)
    title = models.CharField(_("subject"), max_length=300)
    bodies = models.ManyToManyField(Body, related_name="proceedings", verbose_name=_("mandates or body"))
    sent_on = models.DateField(_("date of the letter"), null=True, blank=True)
    received_on = models.DateField(_("received on"))
    other_addressees = models.TextField(_("other addressees"), blank=True)
    note = models.TextField(_("internal note"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible person"),
    )
    step = models.CharField(_("step"), max_length=20)
    institutions = models.ManyToManyField(Institution, through="NamedInstitution", related_name="proceedings")

    answer = models.CharField(_("answer to the request"), max_length=9, choices=Answer, blank=True)
    answered_on = models.DateField(_("date of the answer"), null=True, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("final day"), null=True, blank=True)
    authorised_on = models.DateField(_("publication authorised on"), null=True, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("report in the register")
    )

    published_on = models.DateField(_("published by the body on"), null=True, blank=True)
    published_symbol = models.CharField(_("symbol of the publication"), max_length=120, blank=True)
    outcome = models.TextField(pgettext_lazy("of a communication", "outcome"), blank=True)
    alleges_reprisals = models.BooleanField(_("alleges reprisals"), default=False)
    reprisals_handling = models.TextField(_("handling of the alleged reprisals"), blank=True)

    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawing"), blank=True)
    # The imported letter or judgment with which it was begun; erased with the personal data if it is a letter.
    reading = models.ForeignKey(DocumentReading, models.SET_NULL, null=True, blank=True, related_name="+")
    erased_at = models.DateTimeField(_("personal data erased at"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    person_count: int  # annotated by `retention.queries`, like the next two
    file_count: int
    held: bool

    history = HistoricalRecords()
    objects = ProceedingQuerySet.as_manager()

    class Meta:
        verbose_name = _("communication or visit")
        verbose_name_plural = _("communications and visits")
        ordering = [F("due_on").asc(nulls_last=True), "reference"]
        indexes = [
            models.Index(fields=["due_on", "reference"], name="proceedings_by_due"),
            models.Index(fields=["step", "due_on"], name="proceedings_by_step"),
            models.Index(fields=["-received_on"], name="proceedings_by_arrival"),
            models.Index(
                fields=["starts_on", "ends_on"],
                condition=models.Q(starts_on__isnull=False),
                name="proceedings_that_take_place",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reference"],
                name="one_reference_in_a_kind",
                violation_error_message=_(
                    "Another entry of this kind has this reference. Check whether it was already entered."
                ),
            ),
            models.CheckConstraint(
                condition=Q(sent_on=None) | Q(received_on__gte=F("sent_on")),
                name="received_after_it_was_sent",
                violation_error_message=_("The letter was received before its date. Correct one of the two."),
            ),
            models.CheckConstraint(
                condition=DEADLINE_HAS_ITS_ORIGIN,
                name="a_deadline_has_its_origin",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None, ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_visit_ends_after_it_starts",
                violation_error_message=_("The end date is before the start date. Correct one of the two dates."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="proceeding_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("desk:proceeding", args=[self.key])

    @property
    def kind_facts(self) -> ProceedingKind:
        return kinds()[self.kind]

    @property
    def sort_label(self) -> LazyI18nString | str:
        sorts = self.kind_facts.sorts
        return sorts[self.sort].label if self.sort in sorts else ""

    def body_codes(self) -> frozenset[str]:
        return frozenset(body.code for body in self.bodies.all())  # prefetched for its page

    def rule(self) -> ObligationRule | None:
        """The rule that computes the deadline of this sort, or the one that the instance has put in its place."""
        code = self.kind_facts.rule_for(self.sort)
        return ObligationRule.objects.in_place_of(code).first() if code else None

    def starts(self) -> dict[str, date | None]:
        """The dates that start the clocks of rules, by their triggers."""
        trigger = ObligationRule.Trigger
        starts = {trigger.LETTER: self.sent_on, trigger.RECEIPT: self.received_on}
        case = getattr(self, "case", None)
        return {str(name): day for name, day in (starts | (case.starts() if case else {})).items()}

    @property
    def step_label(self) -> LazyI18nString:
        return self.kind_facts.step(self.step).label

    @property
    def is_restricted(self) -> bool:
        """Whether the body publishes only if the State authorises it."""
        return self.kind_facts.restricts(self.sort)

    @property
    def is_invited(self) -> bool:
        """Whether the standing invitation of the State is addressed to its bodies."""
        return self.kind_facts.invites(self.sort)

    @property
    def answers(self) -> list[str]:
        """The answers of the State that its bodies know, and the present one."""
        standing = self.Answer.STANDING
        return [
            value for value in self.Answer.values if value != standing or self.is_invited or self.answer == standing
        ]

    @property
    def following(self) -> Sequence[StepOfKind]:
        """The steps that may be taken next; a visit that does not take place is closed at once."""
        kind = self.kind_facts
        if self.answer in (self.Answer.POSTPONED, self.Answer.DECLINED) and not self.is_closed:
            return (kind.last,)
        return kind.after(self.step)

    @property
    def is_closed(self) -> bool:
        return self.step == CLOSED

    @property
    def is_later(self) -> bool:
        """Whether the State has sent an earlier submission. The rule of the body computes the first deadline only."""
        return self.pk is not None and self.earlier.exists()

    def is_late(self, *, on: date) -> bool:
        """The same rule as `ProceedingQuerySet.late`."""
        is_pending = self.withdrawn_at is None and self.replied_on is None and not self.is_closed
        is_past = self.due_on is not None and self.due_on < on
        return is_pending and is_past and self.due_from != self.DueFrom.ESTIMATE


class NamedInstitutionQuerySet(models.QuerySet):
    def in_scope_of(self, user: User, permission: Can) -> Self:
        """Institutions on which the user has the permission by an appointment that covers the body of the proceeding.

        Everything that belongs to an institution named follows this rule.
        """
        condition = Q(pk__in=[])
        for scope in scopes(user, permission):
            within = Q(institution__in=scope.institutions)
            if scope.bodies:
                within &= Q(proceeding__in=Proceeding.objects.filter(of_bodies(scope)).order_by().values("pk"))
            condition |= within
        return self.filter(condition)


class NamedInstitution(models.Model):
    """An institution that a proceeding names: it sees its part, and drafts an answer by its internal deadline."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="named")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", verbose_name=_("institution"))
    due_on = models.DateField(_("internal deadline"), null=True, blank=True)

    objects = NamedInstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["institution__code"]
        indexes = [models.Index(fields=["institution", "due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["proceeding", "institution"], name="one_place_in_a_proceeding")
        ]

    def __str__(self) -> str:
        return f"{self.proceeding} → {self.institution}"


class OfInstitutionQuerySet(models.QuerySet):
    """Rows of a proceeding that belong to one of the institutions that it names."""

    def of_institutions_of(self, user: User) -> Self:
        named = NamedInstitution.objects.in_scope_of(user, Can.READ_INTERNAL).order_by()
        own = named.filter(proceeding=OuterRef("proceeding"), institution=OuterRef("institution"))
        return self.filter(Exists(own), proceeding__withdrawn_at=None)

    def visible_to(self, user: User) -> Self:
        """All for those who read everything; for others, what belongs to their institutions."""
        return self if can(user, Can.READ_EVERYTHING) else self.of_institutions_of(user)


class TakenStep(models.Model):
    """A step that was taken, or a return to an earlier one with its reason. Append-only."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="steps")
    step = models.CharField(_("step"), max_length=20)
    on = models.DateField(_("date"))
    is_return = models.BooleanField(_("returned"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_return=False) | ~Q(reason=""), name="proceeding_returned_with_a_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.proceeding}: {self.step}"

    @property
    def label(self) -> LazyI18nString:
        return self.proceeding.kind_facts.step(self.step).label
