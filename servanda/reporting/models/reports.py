"""Reports, their sections with earlier versions, and what the sections quote."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.fields import I18nTextField

from servanda.people.access import OFFICES, Can, can, roles_of, scopes
from servanda.people.models import Institution
from servanda.people.reader_queries import once_per_reader
from servanda.proceedings.models import Clearance, ClearanceVerdict, Proceeding
from servanda.recommendations.models import Cluster
from servanda.reporting.models.sittings import SittingVersion
from servanda.reporting.models.templates import DEEPEST, ReportTemplate, TemplateSection
from servanda.reporting.models.word_templates import WordTemplate
from servanda.sources.models import Obligation, Question, Review
from servanda.vocab.models import Term

Reader = AbstractBaseUser | AnonymousUser


def written_by_institutions_of(user: Reader) -> Q:
    """The condition for sections, or translations, of institutions for which the user writes, of the bodies that they
    are appointed for."""
    condition = Q(pk__in=[])
    for scope in scopes(user, Can.WRITE_UPDATE):
        of_scope = Q(institution__in=scope.institutions)
        if scope.bodies:
            of_scope &= Q(report__obligation__body__code__in=scope.bodies)
        condition |= of_scope
    return condition


def to_be_cleared_by(user: Reader) -> Q:
    """The condition for reports with a step that is to be decided by an institution for which the user validates, of
    the bodies that they are appointed for."""
    pending = ClearanceVerdict.objects.filter(verdict=ClearanceVerdict.Verdict.PENDING)
    pending = pending.filter(clearance__state=Clearance.State.OPEN).order_by()
    condition = Q(pk__in=[])
    for scope in scopes(user, Can.VALIDATE_UPDATE):
        steps = pending.filter(institution__in=scope.institutions)
        of_scope = Q(clearance__in=steps.values("clearance"))
        if scope.bodies:
            of_scope &= Q(obligation__body__code__in=scope.bodies)
        condition |= of_scope
    return condition


def to_be_translated_by(user: Reader) -> Q:
    """The condition for reports that the person, or an institution for which they write, is to translate."""
    rows = ReportTranslation.objects.kept().filter(assigned_to(user)).order_by()
    return Q(pk__in=rows.values("report"))


def assigned_to(user: Reader) -> Q:
    """The condition for translations that are assigned to an institution for which the person writes, or to the
    person, of the bodies that they are appointed for. It ends with the appointment; an office covers all bodies."""
    condition = written_by_institutions_of(user)
    if user.pk and not roles_of(user).isdisjoint(OFFICES):
        condition |= Q(translator=user.pk)
    for scope in scopes(user, Can.READ_INTERNAL):
        covered = Q(report__obligation__body__code__in=scope.bodies) if scope.bodies else Q()
        condition |= Q(translator=user.pk) & covered
    return condition


class ReportQuerySet(models.QuerySet):
    def kept(self) -> Self:
        return self.filter(withdrawn_at=None)

    def submitted(self) -> Self:
        return self.filter(snapshots__state="complete").distinct()

    def confidential(self) -> Self:
        """On a restricted obligation or a case: mails, which leave the system, do not contain their titles."""
        restricted = Q(obligation__confidentiality=Obligation.Confidentiality.RESTRICTED)
        return self.filter(restricted | Q(case__isnull=False))

    @once_per_reader
    def visible_to(self, user: Reader) -> Self:
        """All reports for people who edit reports. For others, reports with a section that their institution writes,
        reports that it has to clear, and reports that they have to translate."""
        if can(user, Can.EDIT_REPORTS):
            return self.kept()
        sections = ReportSection.objects.filter(written_by_institutions_of(user)).order_by()
        others = to_be_cleared_by(user) | to_be_translated_by(user)
        return self.kept().filter(Q(pk__in=sections.values("report")) | others)

    def former_for(self, user: Reader) -> Self:
        """Withdrawn reports, for those who may restore them."""
        withdrawn = self.exclude(withdrawn_at=None)
        return withdrawn if can(user, Can.EDIT_REPORTS) else withdrawn.none()


class Report(models.Model):
    """One report that is being written, on what it covers."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=300)
    obligation = models.ForeignKey(
        Obligation, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("obligation")
    )
    template = models.ForeignKey(
        ReportTemplate, models.PROTECT, related_name="reports", verbose_name=_("report template")
    )
    language = models.CharField(_("language"), max_length=8)
    start = models.DateField(_("period from"), null=True, blank=True)
    end = models.DateField(_("until"), null=True, blank=True)
    word_limit = models.PositiveIntegerField(_("word limit"), null=True, blank=True)
    review = models.ForeignKey(
        Review, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("review")
    )
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cluster")
    )
    case = models.ForeignKey(
        Proceeding,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("before a court or committee", "case"),
    )  # its measures, and those of the cases of its group
    facts_on = models.DateField(_("facts as of"), null=True, blank=True)  # empty: those of today
    query = models.CharField(_("filter"), max_length=2000, blank=True)  # of the register, as in saved lists
    word_template = models.ForeignKey(
        WordTemplate, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("Word template")
    )  # empty: the form of the United Nations
    clearance = models.OneToOneField(
        Clearance, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    translation_step = models.ForeignKey(  # cannot be cleared before all translations are reviewed
        ClearanceVerdict, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    cleared_scope = models.CharField(max_length=64, blank=True)  # hash of the records of the matrix, see `scope_of`
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawal"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")),
                name="report_period_ends_after_it_begins",
                violation_error_message=_("Enter an end date that is not before the start date."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="report_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk:report", args=[self.key])


class ReportTranslationQuerySet(models.QuerySet):
    def kept(self) -> Self:
        return self.filter(is_dropped=False)

    def visible_to(self, user: Reader) -> Self:
        """Translations of reports whose sections the person may see."""
        return self.kept().filter(report__in=Report.objects.visible_to(user).order_by().values("pk"))

    def assigned_to(self, user: Reader) -> Self:
        """Those that the person, or an institution for which they write, is to make."""
        return self.visible_to(user).filter(assigned_to(user))

    def made_by(self, user: Reader) -> Self:
        """Those that the person may make: all for those who edit reports, otherwise those that are assigned."""
        return self.visible_to(user) if can(user, Can.EDIT_REPORTS) else self.assigned_to(user)


class ReportTranslation(models.Model):
    """A report in one more language: its title, who translates it, until when."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=8)
    title = models.CharField(_("title"), max_length=300, blank=True)
    translator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("translator"),
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible institution"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    is_dropped = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReportTranslationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = pgettext_lazy("of a report", "translation")
        verbose_name_plural = pgettext_lazy("of a report", "translations")
        constraints = [models.UniqueConstraint(fields=["report", "language"], name="one_translation_of_a_language")]

    def __str__(self) -> str:
        return f"{self.report}: {self.language}"

    def get_absolute_url(self) -> str:
        return reverse("desk:report_translations", args=[self.report.key])


class ReportSectionQuerySet(models.QuerySet):
    def without_text(self) -> Self:
        """Sections that need a text: no matrices, and no headings whose text is in the sections below."""
        of_same = ReportSection.objects.filter(report=OuterRef("report"), place__gt=OuterRef("place"))
        following = of_same.order_by("place", "pk").values("depth")[:1]
        has_no_deeper = Q(following__isnull=True) | Q(following__lte=F("depth"))
        empty = self.filter(text="").exclude(content=TemplateSection.Content.MATRIX)
        return empty.alias(following=Subquery(following)).filter(has_no_deeper)

    def to_be_written(self) -> Self:
        """Those without a text, of reports that are not submitted."""
        submitted = Report.objects.submitted().order_by().values("pk")
        return self.without_text().filter(report__withdrawn_at=None).exclude(report__in=submitted)

    def written_for(self, user: Reader) -> Self:
        """Those of institutions for which the user writes."""
        return self.filter(written_by_institutions_of(user))

    def visible_to(self, user: Reader) -> Self:
        """All for those who edit reports; for others the sections that their institution writes."""
        of_kept = self.filter(report__withdrawn_at=None)
        return of_kept if can(user, Can.EDIT_REPORTS) else of_kept.filter(written_by_institutions_of(user))

    def readable_by(self, user: Reader) -> Self:
        """Those that the person writes, and all of reports that the person has to translate or their institution to
        clear."""
        of_kept = self.filter(report__withdrawn_at=None)
        if can(user, Can.EDIT_REPORTS):
            return of_kept
        whole = Report.objects.filter(to_be_cleared_by(user) | to_be_translated_by(user)).order_by()
        return of_kept.filter(written_by_institutions_of(user) | Q(report__in=whole.values("pk")))


class ReportSection(models.Model):
    """A section of a report: its text in Markdown, who writes it, until when."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=40)
    place = models.PositiveSmallIntegerField()
    depth = models.PositiveSmallIntegerField(default=1)
    heading = models.CharField(_("heading"), max_length=300)
    guidance = I18nTextField(_("guidance"), blank=True)
    share = models.PositiveSmallIntegerField(_("share of the words"), null=True, blank=True)
    content = models.CharField(_("content"), max_length=10, choices=TemplateSection.Content)
    facts = models.CharField(_("facts to draw on"), max_length=200, blank=True)  # codes divided by blanks
    is_counted = models.BooleanField(_("counts towards the word limit"), default=True)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="report_sections",
        verbose_name=_("responsible institution"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    theme = models.ForeignKey(  # the section is about the records with this label
        Term, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("theme")
    )
    cluster = models.ForeignKey(  # or about the records of this cluster
        Cluster, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cluster")
    )
    questions = models.ManyToManyField(
        Question, related_name="report_sections", blank=True, verbose_name=pgettext_lazy("of a document", "questions")
    )
    text = models.TextField(_("text"), blank=True)
    words = models.PositiveIntegerField(default=0, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReportSectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section of a report")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="one_report_section_of_a_key"),
            models.CheckConstraint(condition=Q(depth__range=(1, DEEPEST)), name="report_section_depth_in_range"),
        ]
        indexes = [models.Index(fields=["institution", "due_on"])]

    def __str__(self) -> str:
        return f"{self.report}: {self.heading}"

    def get_absolute_url(self) -> str:
        return reverse("desk:write_section", args=[self.report.key, self.key])

    @property
    def fact_codes(self) -> list[str]:
        return self.facts.split()

    @property
    def word_limit(self) -> int | None:
        """The words that the section may have by its share of the limit of the report."""
        if not (self.report.word_limit and self.share and self.is_counted):
            return None
        return round(self.report.word_limit * self.share / 100)


class SectionVersion(SittingVersion):
    """The text of a section at the end of one sitting of one person."""

    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    drafted = models.TextField(blank=True, editable=False)  # from positions; of a draft from facts, its gaps

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="one_version_of_a_section_each")]

    def __str__(self) -> str:
        return f"{self.section_id} {self.number}"


class Quotation(models.Model):
    """A quotation in a section, with its source; the text refers to it as `[^1]`."""

    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="quotations")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=40)  # code of a `FactSource`
    object_id = models.CharField(max_length=64)
    text = models.TextField()
    citation = models.CharField(max_length=400)
    address = models.CharField(max_length=300)
    day = models.DateField(null=True, blank=True)
    earlier_text = models.TextField(blank=True)  # before the last renewal, which can be undone
    earlier_citation = models.CharField(max_length=400, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="one_quotation_of_a_number")]

    def __str__(self) -> str:
        return self.citation

    @property
    def mark(self) -> str:
        return f"[^{self.number}]"
