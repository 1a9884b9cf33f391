"""Templates of reports, and their sections."""

from functools import cached_property
from json import dumps, loads
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.fields import I18nCharField, I18nTextField

from servanda.vocab.models import Body, ObligationKind

CONCLUSION = "conclusion-1"  # key of a section of the shipped template on the Declaration
DEEPEST = 3
HEAD = "template"  # in facts: what belongs to the template itself, beside its sections


class ReportTemplateQuerySet(models.QuerySet):
    def in_use(self) -> Self:
        return self.filter(is_retired=False)


class ReportTemplate(models.Model):
    """The sections that a kind of report usually has.

    Shipped templates are never edited: a copy of one is edited instead, and notices when a newer version of the
    product ships other facts (`copied_facts`).
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = I18nCharField(_("name"), max_length=200)
    kinds = models.CharField(_("obligations"), max_length=200)  # codes of `ObligationKind` divided by blanks
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("body"))
    word_limit = models.PositiveIntegerField(_("word limit"), null=True, blank=True)
    counts = I18nTextField(_("what counts towards the limit"), blank=True)
    note = I18nTextField(_("note"), blank=True)
    source = models.CharField(_("source"), max_length=300)
    language = models.CharField(max_length=8, blank=True)  # of the headings, where they are in one language only
    is_draft = models.BooleanField(_("to be verified"), default=False)
    is_retired = models.BooleanField(_("no longer offered"), default=False)
    is_own = models.BooleanField(default=False, editable=False)
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies", editable=False
    )
    copied_facts = models.TextField(blank=True, editable=False)  # `facts` of the original when last compared
    order = models.PositiveSmallIntegerField(default=500)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReportTemplateQuerySet.as_manager()

    FACTS = ("word_limit", "counts", "note", "source")

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("report template")
        verbose_name_plural = _("report templates")
        constraints = [
            models.CheckConstraint(
                condition=Q(copied_from=None) | Q(is_own=True), name="only_a_local_template_is_a_copy"
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("desk:report_template", args=[self.code])

    @property
    def kind_codes(self) -> list[str]:
        return self.kinds.split()

    @property
    def kind_labels(self) -> list[str]:
        return [str(ObligationKind(code).label) for code in self.kind_codes if code in ObligationKind.values]

    @cached_property
    def outline(self) -> list["TemplateSection"]:
        """The sections in their order, without those that are left out."""
        return [section for section in self.sections.all() if not section.is_dropped]

    @cached_property
    def is_of_declaration(self) -> bool:
        """Whether it reports on the Marrakech Declaration, whose conclusions are commitments of the register."""
        return self.sections.filter(key=CONCLUSION).exists()

    @property
    def facts(self) -> dict[str, dict]:
        """What a newer version of the product may ship differently, by "template" and the keys of sections."""
        facts = {HEAD: {name: plain(getattr(self, name)) for name in self.FACTS}}
        return facts | {section.key: section.facts_shipped for section in self.outline}

    @cached_property
    def changed_facts(self) -> list[str]:
        """The keys of the facts in which the original differs from what it was when last compared."""
        if self.copied_from is None:
            return []
        before, now = loads(self.copied_facts or "{}"), loads(dumps(self.copied_from.facts))
        return [key for key in {**before, **now} if before.get(key) != now.get(key)]

    @property
    def is_outdated(self) -> bool:
        return bool(self.changed_facts)


class TemplateSection(models.Model):
    """One heading of a template, with what belongs below it."""

    class Content(models.TextChoices):
        TEXT = "text", pgettext_lazy("content of a section", "Text")
        QUESTIONS = "questions", pgettext_lazy("content of a section", "Questions and answers")
        MATRIX = "matrix", pgettext_lazy("content of a section", "Matrix of recommendations")

    template = models.ForeignKey(ReportTemplate, models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=40)
    place = models.PositiveSmallIntegerField()
    depth = models.PositiveSmallIntegerField(
        _("level of the heading"), default=1, validators=[MinValueValidator(1), MaxValueValidator(DEEPEST)]
    )
    heading = I18nCharField(_("heading"), max_length=300)
    guidance = I18nTextField(_("guidance"), blank=True)
    share = models.PositiveSmallIntegerField(
        _("share of the words"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    content = models.CharField(_("content"), max_length=10, choices=Content, default=Content.TEXT)
    facts = models.CharField(_("facts to draw on"), max_length=200, blank=True)  # codes divided by blanks
    is_counted = models.BooleanField(_("counts towards the word limit"), default=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_dropped = models.BooleanField(default=False)

    FACTS = ("depth", "heading", "guidance", "share", "content", "facts", "is_counted", "source")

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["template", "key"], name="one_section_of_a_key"),
            models.CheckConstraint(condition=Q(depth__range=(1, DEEPEST)), name="section_depth_in_range"),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__range=(1, 100)), name="section_share_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return str(self.heading)

    @property
    def fact_codes(self) -> list[str]:
        return self.facts.split()

    @property
    def facts_shipped(self) -> dict[str, object]:
        return {name: plain(getattr(self, name)) for name in self.FACTS}


def plain(value: object) -> object:
    """A text of several languages as a dictionary; anything else as it is."""
    data = getattr(value, "data", value)
    return dict(sorted(data.items())) if isinstance(data, dict) else data
