from collections.abc import Collection

from django.db import models
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField
from i18nfield.strings import LazyI18nString

from servanda.people.models import Instance, RegionalSystem
from servanda.vocab.procedures import KINDS_WITH_POSITIONS, Procedure, procedure_of


class Country(models.Model):
    """A State, or another entity that files name like a State (European Union, Holy See)."""

    code = models.CharField(_("code"), max_length=8, unique=True)  # ISO 3166-1 alpha-3 where there is one
    iso2 = models.CharField(max_length=2, blank=True)
    name = I18nCharField(_("name"), max_length=160)
    is_state = models.BooleanField(_("State"), default=True)
    uhri_id = models.CharField(max_length=36, blank=True)  # inferred, not official

    class Meta:
        verbose_name = _("country")
        ordering = ["code"]
        verbose_name_plural = _("countries")

    def __str__(self) -> str:
        return str(self.name)


class CountryAlias(models.Model):
    """A spelling of the name of a country that occurs in real files."""

    country = models.ForeignKey(Country, models.CASCADE, related_name="aliases")
    name = models.CharField(_("spelling"), max_length=160, unique=True)

    def __str__(self) -> str:
        return self.name


class ShortName(LazyI18nString):
    """What lists, filters and charts call a body: its short name in the language of the page, or else its code."""

    def __init__(self, names: LazyI18nString | None, code: str) -> None:
        super().__init__(getattr(names, "data", None))
        self.code = code

    def localize(self, lng: str) -> str:
        names = self.data if isinstance(self.data, dict) else {}
        return names.get(lng) or names.get(lng.partition("-")[0]) or self.code

    def __str__(self) -> str:
        return self.localize(get_language() or "en")


def other_systems() -> set[str]:
    """The regional systems that this State does not belong to."""
    return set(RegionalSystem.values).difference(Instance.current().regional_system_codes())


class BodyQuerySet(models.QuerySet):
    def with_positions(self):
        """Bodies on whose recommendations a State takes a position."""
        return self.filter(kind__in=KINDS_WITH_POSITIONS)

    def offered(self, *, also: Collection[str] = ()):
        """For forms: without bodies of regional systems that the State does not belong to. Local ones stay, and those
        with the codes `also`."""
        return self.filter(~models.Q(system__in=other_systems()) | models.Q(is_own=True) | models.Q(code__in=also))

    def assessing(self):
        """Bodies that assess how far their own recommendations are implemented."""
        return self.filter(assesses=True)


class Body(models.Model):
    """A mechanism that makes recommendations: treaty body, UPR, special procedure, regional court or commission."""

    class Kind(models.TextChoices):
        UPR = "upr", _("Universal Periodic Review")
        TREATY_BODY = "treaty-body", _("Treaty body")
        SPECIAL_PROCEDURE = "special-procedure", _("Special procedure")
        COURT = "court", _("Court")
        COMMISSION = "commission", _("Commission")
        MONITORING = "monitoring", _("Monitoring body")
        OTHER = "other", pgettext_lazy("kind of a body", "Other")

    code = models.CharField(_("code"), max_length=80, unique=True)
    name = I18nCharField(_("name"), max_length=200)
    short_name = I18nCharField(_("short name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    system = models.CharField(_("system"), max_length=20)  # UN, OAS, AU, CoE, LAS, ILO
    symbol_pattern = models.CharField(_("pattern of document symbols"), max_length=300, blank=True)
    aliases = models.TextField(_("other names, one per line"), blank=True)
    assesses = models.BooleanField(_("assesses the implementation of its recommendations"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=500)
    is_own = models.BooleanField(_("added locally"), default=False, editable=False)
    uhri_id = models.CharField(max_length=36, blank=True)  # inferred, not official

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        ordering = ["order", "code"]
        verbose_name_plural = _("bodies")
        constraints = [
            # In the UPR States review each other; implementation is not graded (Human Rights Council resolution 5/1).
            models.CheckConstraint(
                condition=~models.Q(kind="upr", assesses=True),
                name="the_upr_grades_nothing",
                violation_error_message=_(
                    "The Universal Periodic Review does not assess implementation. Clear this box, or choose "
                    "another kind."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def short(self) -> ShortName:
        """For people, where the full name is too long. Addresses, the API and files for programs have the code."""
        return ShortName(self.short_name, self.code)

    @property
    def is_offered(self) -> bool:
        return self.is_own or self.system not in other_systems()

    @property
    def has_short_name(self) -> bool:
        """Whether there is one in the language of the page that is neither the code nor the name."""
        return str(self.short) not in (self.code, str(self.name))

    @property
    def procedure(self) -> Procedure:
        return procedure_of(kind=self.kind, code=self.code)

    @property
    def takes_positions(self) -> bool:
        return self.procedure.takes_positions

    @property
    def patterns(self) -> list[str]:
        return [pattern for pattern in self.symbol_pattern.split("|") if pattern]


class UprSession(models.Model):
    """A session of the UPR Working Group and the cycle that it belongs to."""

    number = models.PositiveSmallIntegerField(_("session"), unique=True)
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    uhri_id = models.CharField(max_length=36, blank=True)  # inferred, not official

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)


class Taxonomy(models.Model):
    """A set of terms that records are labelled with: UHRI's themes, the SDGs, a country's own axes."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = I18nCharField(_("name"), max_length=160)
    is_own = models.BooleanField(_("added locally"), default=False, editable=False)
    is_facet = models.BooleanField(_("offered as a list filter"), default=True)
    version = models.CharField(_("version"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=500)

    class Meta:
        verbose_name = _("taxonomy")
        ordering = ["order", "code"]
        verbose_name_plural = _("taxonomies")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def source_told(self) -> str:
        """The source in the language of the page; sources entered by users are not translated."""
        return gettext(self.source) if self.source else ""


class Term(models.Model):
    """One label of a taxonomy. Artefacts of a source are kept in imported records, but never offered as labels."""

    taxonomy = models.ForeignKey(Taxonomy, models.PROTECT, related_name="terms", verbose_name=_("taxonomy"))
    code = models.CharField(_("code"), max_length=80)
    label = I18nCharField(_("label"), max_length=300)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    synonyms = models.TextField(_("synonyms, one per line"), blank=True)
    is_artefact = models.BooleanField(_("artefact of the source"), default=False)
    order = models.PositiveIntegerField(_("order"), default=0)
    external_id = models.CharField(_("ID at the source"), max_length=64, blank=True)
    is_own = models.BooleanField(_("added or changed locally"), default=False, editable=False)

    class Meta:
        verbose_name = _("label")
        ordering = ["taxonomy", "order", "code"]
        constraints = [models.UniqueConstraint(fields=["taxonomy", "code"], name="one_term_of_a_code")]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def level(self) -> int:
        """How many terms are above this one; 0 at the top."""
        return self.parent.level + 1 if self.parent else 0


class Crosswalk(models.Model):
    """How a term of one taxonomy relates to a term of another."""

    class Relation(models.TextChoices):
        EXACT = "exact", _("means the same as")
        BROADER = "broader", _("is broader than")
        NARROWER = "narrower", _("is narrower than")
        RELATED = "related", _("is related to")

    from_term = models.ForeignKey(Term, models.CASCADE, related_name="crosswalks")
    to_term = models.ForeignKey(Term, models.CASCADE, related_name="+")
    relation = models.CharField(_("relation"), max_length=10, choices=Relation)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["from_term", "to_term"], name="one_crosswalk_each")]

    def __str__(self) -> str:
        return f"{self.from_term} {self.get_relation_display()} {self.to_term}"


class Confirmation(models.Model):
    """A speaker of the language confirmed the wording of a label that comes with Servanda; `words` is that wording.

    It refers to the line of a data file of the product, which stays the same when the vocabulary is loaded again.
    """

    file = models.CharField(_("file"), max_length=40)  # countries, bodies, taxonomies, terms-…
    code = models.CharField(_("code"), max_length=80)
    language = models.CharField(_("language"), max_length=8)
    words = models.TextField(_("words"))
    at = models.DateTimeField(_("when"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "code", "language"], name="one_confirmation_each")]

    def __str__(self) -> str:
        return f"{self.file} {self.code} {self.language}"
