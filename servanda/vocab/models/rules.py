"""Treaties, and the rules that say what a State owes to a body and by when."""

from datetime import date, timedelta
from json import dumps, loads

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from simple_history.models import HistoricalRecords

from servanda.kit.days import end_of_term
from servanda.vocab.models.vocabulary import Body


class Instrument(models.Model):
    """A treaty, a protocol to it, or another instrument under which a State reports."""

    class Kind(models.TextChoices):
        TREATY = "treaty", _("Treaty")
        PROTOCOL = "protocol", _("Protocol")
        OTHER = "other", pgettext_lazy("kind of an instrument", "Other instrument")

    PROCEDURES = (
        ("complaints", _("Individual complaints")),
        ("collective", _("Collective complaints")),
        ("inquiry", _("Inquiry")),
        ("inter-state", _("Inter-State complaints")),
        ("urgent", _("Urgent action")),
        ("court", _("Jurisdiction of a court")),
    )

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = I18nCharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TREATY)
    system = models.CharField(_("system"), max_length=20)  # UN, OAS, AU, CoE, as in `Body.system`
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="instruments", verbose_name=_("monitoring body")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="protocols", verbose_name=_("protocol to")
    )
    is_core = models.BooleanField(_("core human rights treaty of the United Nations"), default=False)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    in_force_on = models.DateField(_("in force since"), null=True, blank=True)
    procedures = models.CharField(_("optional procedures"), max_length=200, blank=True)  # codes divided by blanks
    source = models.CharField(_("source"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=500)
    is_own = models.BooleanField(_("added or changed locally"), default=False, editable=False)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")

    def __str__(self) -> str:
        return str(self.name)


class ObligationKind(models.TextChoices):
    """What is due to a body."""

    NATIONAL_REPORT = "national-report", _("UPR national report")
    ADVANCE_QUESTIONS = "advance-questions", _("Arrival of advance questions")
    ADDENDUM = "addendum", _("UPR addendum")
    MID_TERM = "mid-term", _("UPR mid-term report")
    REVIEW = "review", _("Next review")
    COMMON_CORE = "common-core", _("Common core document")
    INITIAL_REPORT = "initial-report", _("Initial report")
    PERIODIC_REPORT = "periodic-report", _("Periodic report")
    LIST_OF_ISSUES = "list-of-issues", _("Replies to a list of issues")
    LOIPR = "loipr", _("Replies to a list of issues prior to reporting")
    FOLLOW_UP = "follow-up", _("Follow-up report")
    ACTION_PLAN = "action-plan", _("Action plan or action report")
    COMPLIANCE = "compliance", _("Report on compliance")
    REPLY = "reply", _("Reply to a letter")
    COMMENTS = "comments", _("Comments on a draft report")
    WRITTEN_RESPONSE = "written-response", _("Written response")
    REFERRAL = "referral", _("Referral to the Court")
    OTHER = "other", pgettext_lazy("kind of an obligation", "Other obligation")


class Force(models.TextChoices):
    """How strongly the State is bound; nothing voluntary is ever late."""

    BINDING = "binding", pgettext_lazy("force of an obligation", "Binding")
    REQUESTED = "requested", pgettext_lazy("force of an obligation", "Requested")
    VOLUNTARY = "voluntary", pgettext_lazy("force of an obligation", "Voluntary")
    NONE = "none", pgettext_lazy("force of an obligation", "For information")  # an event, nothing is due


class Certainty(models.TextChoices):
    """How sure a deadline is; only a fixed one can be missed."""

    FIXED = "fixed", pgettext_lazy("certainty of a deadline", "Fixed")
    ESTIMATE = "estimate", pgettext_lazy("certainty of a deadline", "Estimate")
    TO_BE_COMMUNICATED = "to-be-communicated", pgettext_lazy("certainty of a deadline", "To be communicated")


LONGEST_OFFSET = 3660  # in months, it leads from today to no year before 1 or after 9999
TIMES = {
    "days": ngettext_lazy("%(count)d day", "%(count)d days", "count"),
    "working-days": ngettext_lazy("%(count)d working day", "%(count)d working days", "count"),
    "weeks": ngettext_lazy("%(count)d week", "%(count)d weeks", "count"),
    "months": ngettext_lazy("%(count)d month", "%(count)d months", "count"),
}


class ObligationRuleQuerySet(models.QuerySet):
    def in_force(self):
        """The rules that this instance applies. A local rule hides the shipped one that it replaces, until it is
        retired itself."""
        return self.filter(is_retired=False).exclude(pk__in=self.replacing().values("replaces"))

    def in_place_of(self, code: str):
        """The rule with this code, or the one that the instance has put in its place, if one is applied."""
        return self.in_force().filter(Q(code=code) | Q(replaces__code=code))

    def replacing(self):
        """Local rules that stand in front of a shipped one."""
        return self.model.objects.filter(is_retired=False, replaces__isnull=False).order_by()

    def shipped(self):
        return self.filter(is_own=False)


class ObligationRule(models.Model):
    """One thing that a State owes to a body: what starts the clock, how long it runs, how strongly it binds, and how
    long the text may be.

    Shipped rules are never edited: a local rule with `replaces` stands in front, and notices when a newer version
    of the product ships other facts (`replaced_facts`). A deadline in a document outranks every rule.
    """

    class Trigger(models.TextChoices):
        SESSION = "session", _("Opening of the session")
        ADOPTION = "adoption", _("Adoption of the outcome in the Council")
        REVIEW = "review", _("Review by the Working Group")
        ENTRY_INTO_FORCE = "entry-into-force", _("Entry into force for the State")
        PREVIOUS_DEADLINE = "previous-deadline", _("Previous deadline")
        ISSUED = "issued", _("Date of the document")
        LETTER = "letter", _("Date of the letter")
        RECEIPT = "receipt", _("Receipt of the letter")
        NOTIFICATION = "notification", _("Notification of the decision")
        FINALITY = "finality", _("Judgment becomes final")
        LIST_OF_ISSUES = "list-of-issues", _("Transmission of the list of issues")
        DOCUMENT = "document", _("As the document sets it")
        BODY = "body", _("Communicated by the body")

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        WORKING_DAYS = "working-days", _("working days")
        WEEKS = "weeks", _("weeks")
        MONTHS = "months", _("months")

    WITHOUT_OFFSET = (Trigger.DOCUMENT, Trigger.BODY)

    code = models.SlugField(_("code"), max_length=60, unique=True)
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="rules", verbose_name=_("body")
    )
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, null=True, blank=True, related_name="rules", verbose_name=_("treaty")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ObligationKind)
    trigger = models.CharField(_("start of the time limit"), max_length=20, choices=Trigger)
    offset = models.SmallIntegerField(  # negative: before the trigger
        _("time"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-LONGEST_OFFSET), MaxValueValidator(LONGEST_OFFSET)],
    )
    unit = models.CharField(_("unit of time"), max_length=12, choices=Unit, blank=True)
    every = models.PositiveSmallIntegerField(_("repeated every … months"), null=True, blank=True)
    certainty = models.CharField(_("certainty"), max_length=20, choices=Certainty, default=Certainty.FIXED)
    force = models.CharField(_("force"), max_length=10, choices=Force, default=Force.BINDING)
    word_limit = models.PositiveIntegerField(_("word limit"), null=True, blank=True)
    is_limit_advisable = models.BooleanField(_("the limit is indicative"), default=False)
    counts = I18nTextField(_("what counts towards the limit"), blank=True)
    clock = I18nTextField(_("reason for this start"), blank=True)
    note = I18nTextField(_("note"), blank=True)
    source = models.CharField(_("source"), max_length=300)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    is_to_verify = models.BooleanField(_("to be verified"), default=False)
    is_retired = models.BooleanField(_("no longer applied"), default=False)
    is_own = models.BooleanField(_("added locally"), default=False, editable=False)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", editable=False
    )
    replaced_facts = models.TextField(blank=True, editable=False)  # `facts` of the replaced rule when last compared
    order = models.PositiveSmallIntegerField(_("order"), default=500)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()
    objects = ObligationRuleQuerySet.as_manager()

    FACTS = (
        "kind",
        "trigger",
        "offset",
        "unit",
        "every",
        "certainty",
        "force",
        "word_limit",
        "is_limit_advisable",
        "counts",
        "clock",
        "note",
        "source",
        "verified_on",
        "is_to_verify",
    )

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(offset=None, unit="") | Q(offset__isnull=False) & ~Q(unit=""),
                name="rule_time_has_a_unit",
                violation_error_message=_("Enter both the time and its unit, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(trigger__in=["document", "body"], offset=None)
                | ~Q(trigger__in=["document", "body"]) & Q(offset__isnull=False),
                name="rule_time_follows_its_trigger",
                violation_error_message=_("Enter the length of the time limit."),
            ),
            models.CheckConstraint(
                condition=~Q(certainty="to-be-communicated") | Q(offset=None),
                name="rule_to_be_communicated_has_no_time",
                violation_error_message=_("Clear the time: the document or the body sets this deadline."),
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | Q(is_own=True), name="only_a_local_rule_replaces_another"
            ),
        ]

    def __str__(self) -> str:
        """The body and the kind; without the body where the kind names it, as "UPR national report" does."""
        body, kind = str(self.body.short) if self.body else "", self.get_kind_display()
        return kind if kind.startswith(body) else f"{body} {kind}"

    def get_absolute_url(self) -> str:
        return reverse("vocab:rule", args=[self.code])

    @property
    def is_in_force(self) -> bool:
        """The same rule as `ObligationRuleQuerySet.in_force`."""
        local = getattr(self, "replaced_by", None)
        return not self.is_retired and (local is None or local.is_retired)

    @property
    def time_in_words(self) -> str:
        """How long the clock runs, such as "12 weeks before"; empty where the document or the body sets the
        deadline."""
        if self.offset is None:
            return ""
        time = TIMES[self.unit] % {"count": abs(self.offset)}
        return (gettext("%(time)s before") if self.offset < 0 else gettext("%(time)s after")) % {"time": time}

    @property
    def time_of_clock(self) -> str:
        """The same for the trail, in no language: "-12 weeks"."""
        return "" if self.offset is None else f"{self.offset} {self.unit}"

    @property
    def facts(self) -> str:
        """What a newer version of the product may ship differently, in one text that can be compared."""
        return dumps({name: fact(getattr(self, name)) for name in self.FACTS})

    @property
    def is_outdated(self) -> bool:
        """Whether the shipped rule that this one replaces has changed since."""
        return bool(self.changed_facts)

    @property
    def has_shipped_source(self) -> bool:
        """Whether it still names the source of the shipped rule, although it has other values."""
        return self.replaces is not None and self.source == self.replaces.source and self.facts != self.replaces.facts

    @property
    def changed_facts(self) -> list[str]:
        """The names of the facts that the newer shipped rule changes. What was not compared when the local rule was
        made or last decided on is no change."""
        if self.replaces is None:
            return []
        before, after = loads(self.replaced_facts or "{}"), loads(self.replaces.facts)
        return [name for name in self.FACTS if name in before and before[name] != after[name]]

    def day_after(self, start: date) -> date | None:
        """The deadline when the clock starts on `start`; None where the document or the body sets it.

        Working days are Mondays to Fridays, since holidays of a body's seat are not known.
        """
        if self.offset is None:
            return None
        if self.unit == self.Unit.MONTHS:
            return end_of_term(start, self.offset)
        if self.unit == self.Unit.WORKING_DAYS:
            return working_days_later(start, self.offset)
        days = self.offset * (7 if self.unit == self.Unit.WEEKS else 1)
        return start + timedelta(days=days)


def fact(value: object) -> str:
    """A value in all its languages, so that it is the same for every reader."""
    data = getattr(value, "data", value)
    return dumps(data, ensure_ascii=False, sort_keys=True) if isinstance(data, dict) else str(value)


def working_days_later(start: date, days: int) -> date:
    day, step = start, 1 if days >= 0 else -1
    left = abs(days)
    while left:
        day += timedelta(days=step)
        left -= day.weekday() < 5
    return day
