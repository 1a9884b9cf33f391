from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.fields import I18nCharField

from servanda.intake.models import Batch
from servanda.people.access import Can, can
from servanda.people.models import Accreditation, Institution
from servanda.planning.models import Indicator, Measurement
from servanda.progress.models.evidence import Evidence
from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Body


class Voice(models.TextChoices):
    """Whose assessment it is. The voices are shown side by side and never merged."""

    GOVERNMENT = "government", _("Government assessment")
    MECHANISM = "mechanism", _("Mechanism assessment")
    INDEPENDENT = "independent", _("Independent assessment")


def voices_of(body: Body) -> list[Voice]:
    """The voices that may assess recommendations of the body; many bodies, such as the UPR, do not assess."""
    return [voice for voice in Voice if voice != Voice.MECHANISM or body.assesses]


class Common(models.TextChoices):
    """The common scale, to which the scales of all voices are mapped."""

    NOT_STARTED = "not-started", _("Not started")
    STARTED = "started", _("Started")
    PARTIAL = "partial", _("Partially implemented")
    SUBSTANTIAL = "substantial", _("Substantially implemented")
    FULL = "full", _("Fully implemented")
    REGRESSED = "regressed", _("Regressed")
    UNKNOWN = "unknown", _("Cannot be assessed")


UPPER = [Common.SUBSTANTIAL, Common.FULL]  # published by the government only with evidence of an outcome
ACTS = [Evidence.Kind.LAW, Evidence.Kind.TREATY_ACT]  # these show an outcome if an act is recommended


class Scale(models.Model):
    """A set of values of one voice, such as a body's follow-up grades or an ombudsman's ratings."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = I18nCharField(_("name"), max_length=160)
    voice = models.CharField(_("assessor"), max_length=11, choices=Voice)
    bodies = models.CharField(  # codes separated by commas; empty for all
        _("only for these bodies"), max_length=300, blank=True
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("scale")
        verbose_name_plural = _("scales")
        ordering = ["voice", "code"]

    def __str__(self) -> str:
        return str(self.name)

    def is_for(self, body_code: str) -> bool:
        codes = [code.strip() for code in self.bodies.split(",") if code.strip()]
        return not codes or body_code in codes


class Grade(models.Model):
    """One value of a scale, and its equivalent on the common scale."""

    scale = models.ForeignKey(Scale, models.CASCADE, related_name="grades")
    code = models.SlugField(_("code"), max_length=40)
    label = I18nCharField(_("label"), max_length=200)
    common = models.CharField(_("on the common scale"), max_length=11, choices=Common)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("value of a scale")
        ordering = ["scale", "order", "code"]
        constraints = [models.UniqueConstraint(fields=["scale", "code"], name="one_grade_of_a_code")]

    def __str__(self) -> str:
        return str(self.label)


# The only fields of an assessment that may change: those on publication and retraction.
CHANGES = {"is_published", "published_at", "published_in", "is_latest"}
CHANGES |= {"retracted_at", "retracted_by", "retraction_reason"}
BEFORE_PUBLICATION = {"act_is_outcome"}  # may change until it is published


class AssessmentQuerySet(models.QuerySet):
    def update(self, **fields):
        if set(fields) - CHANGES:
            raise TypeError("An assessment is never rewritten: take it back with a reason and make another.")
        return super().update(**fields)

    def delete(self):
        """Raises `TypeError` for signed assessments. Copies may be deleted: that happens when a merge is undone."""
        if self.signed().filter(copied_from=None).exists():
            raise TypeError("A signed assessment is never deleted: its institution withdraws it.")
        return super().delete()

    def signed(self):
        """Published by an accredited institution on its own signature."""
        return self.exclude(accreditation=None)

    def standing(self):
        """Not retracted."""
        return self.filter(retracted_at=None)

    def latest(self):
        """The latest published assessment of each voice on each record; of the independent voice, one for each
        author.

        Unpublished ones never count, so that no one outside can tell that they exist.
        """
        return self.standing().filter(is_latest=True, is_published=True)

    def latest_at(self, moment: datetime):
        """Those published by the moment that no later one had replaced: of the same voice, and of the independent
        voice by the same author. One that was retracted since counts, and a copy from a merge counts from the
        merge."""
        known = Q(is_published=True, published_at__lte=moment, made_at__lte=moment)
        known &= Q(retracted_at=None) | Q(retracted_at__gt=moment)
        published = self.filter(known)
        later = Assessment.objects.filter(known, recommendation=OuterRef("recommendation"), voice=OuterRef("voice"))
        later = later.annotate(place=Coalesce("institution", 0))
        same_author = Q(author=OuterRef("author"), place=Coalesce(OuterRef("institution"), 0))
        later = later.filter(~Q(voice=Voice.INDEPENDENT) | same_author)
        is_later = Q(date__gt=OuterRef("date")) | Q(date=OuterRef("date"), pk__gt=OuterRef("pk"))
        return published.filter(~Exists(later.filter(is_later)))

    def unpublished(self):
        return self.standing().filter(is_published=False)

    def touched(self):
        """Published, retracted, or given proof, after they were written as a whole by an import or a bulk change."""
        touched = Q(is_published=True) | Q(evidence__isnull=False) | Q(measurements__isnull=False)
        return self.filter(touched | Q(retracted_at__isnull=False) | Q(act_is_outcome=True))

    def lacking_outcome(self):
        """Assessments of the government on an upper step without evidence of an outcome; reported activity is
        none."""
        supporting = Evidence.objects.kept().filter(
            assessments=OuterRef("pk"), is_submitted=True, stance=Evidence.Stance.SUPPORTS
        )
        values = Measurement.objects.current().filter(
            assessments=OuterRef("pk"), value__isnull=False, indicator__kind=Indicator.Kind.OUTCOME
        )
        act = Q(act_is_outcome=True) & Exists(supporting.filter(kind__in=ACTS))
        outcome = Q(act_is_outcome=False) & (Exists(supporting.filter(shows=Evidence.Shows.OUTCOME)) | Exists(values))
        return self.filter(voice=Voice.GOVERNMENT, common__in=UPPER).exclude(act | outcome)

    def public(self):
        return self.standing().filter(
            is_published=True, recommendation__in=Recommendation.every_kind.public().order_by().values("pk")
        )

    def visible_to(self, user):
        """All for the offices; for others what is published on records that they see, and their own."""
        on_visible_records = self.filter(
            recommendation__in=Recommendation.every_kind.visible_to(user).order_by().values("pk")
        )
        if can(user, Can.READ_EVERYTHING):
            return on_visible_records
        own = Q(made_by=user) if user and user.is_authenticated else Q(pk__in=[])
        return on_visible_records.filter(own | Q(is_published=True, retracted_at=None))


class Assessment(models.Model):
    """How far one recommendation is implemented on a day, in one voice, and why.

    Append-only: newer assessments are added beside older ones, and mistakes are retracted with a reason.
    """

    class Confidence(models.TextChoices):
        LOW = "low", _("Low")
        MEDIUM = "medium", _("Medium")
        HIGH = "high", _("High")

    class Origin(models.TextChoices):
        ENTERED = "entered", pgettext_lazy("origin of an assessment", "Entered")
        IMPORTED = "imported", _("Imported from a file")
        PROPOSED = "proposed", _("Proposed by the institution")

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="assessments", db_index=False)
    voice = models.CharField(_("assessor"), max_length=11, choices=Voice)
    grade = models.ForeignKey(Grade, models.PROTECT, related_name="+", verbose_name=_("value"))
    common = models.CharField(
        _("on the common scale"), max_length=11, choices=Common
    )  # as mapped when it was entered
    reason = models.TextField(_("reason"))
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence, default=Confidence.MEDIUM)
    date = models.DateField(_("date"))
    act_is_outcome = models.BooleanField(_("the recommended act has been completed"), default=False)
    symbol = models.CharField(_("document of the body"), max_length=120, blank=True)
    paragraph = models.CharField(_("paragraph"), max_length=40, blank=True)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="assessments", verbose_name=_("institution")
    )
    # Under which the institution signed it; later changes of the accreditation do not matter.
    accreditation = models.ForeignKey(Accreditation, models.PROTECT, null=True, blank=True, related_name="+")
    # The original, if this is a copy from a merge: both are withdrawn and replied to as one.
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")
    author = models.CharField(
        _("author of the assessment"), max_length=200, blank=True
    )  # an organisation, as it called itself
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="assessments", verbose_name=_("evidence"))
    measurements = models.ManyToManyField(
        Measurement, blank=True, related_name="assessments", verbose_name=_("measurements")
    )
    is_published = models.BooleanField(_("published"), default=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    # Only among published ones; maintained by the services, so that lists can filter by it.
    is_latest = models.BooleanField(default=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    retracted_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    retraction_reason = models.TextField(_("reason for withdrawing"), blank=True)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.ENTERED)
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_in = models.ForeignKey("Update", models.PROTECT, null=True, blank=True, related_name="assessments_made")
    published_in = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-date", "-pk"]
        indexes = [
            models.Index(
                fields=["recommendation", "voice", "common", "is_published", "is_latest"],
                condition=Q(retracted_at=None),
                name="assessments_of_a_record",
            ),
            models.Index(
                fields=["voice", "common", "is_published", "recommendation"],
                condition=Q(retracted_at=None, is_latest=True),
                name="latest_assessments",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="assessment_has_a_reason"),
            models.CheckConstraint(
                condition=Q(is_published=False, published_at=None) | Q(is_published=True, published_at__isnull=False),
                name="assessment_is_published_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(accreditation=None)
                | Q(voice="independent", institution__isnull=False, is_published=True),
                name="signed_assessment_is_published_for_an_institution",
            ),
            models.CheckConstraint(
                condition=~Q(voice="mechanism") | ~Q(symbol=""), name="mechanism_assessment_cites_its_document"
            ),
            models.CheckConstraint(
                condition=Q(retracted_at=None) | ~Q(retraction_reason=""), name="assessment_retracted_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation.code}, {self.get_voice_display()}: {self.get_common_display()}"

    def save(self, **options) -> None:
        allowed = CHANGES if self.is_published else CHANGES | BEFORE_PUBLICATION
        if not self._state.adding and set(options.get("update_fields") or ["all"]) - allowed:
            raise TypeError("An assessment is never rewritten: take it back with a reason and make another.")
        super().save(**options)

    @property
    def is_signed(self) -> bool:
        return self.accreditation_id is not None

    @property
    def has_typed_author(self) -> bool:
        """Whether a person without an account typed in whose name they write."""
        return bool(self.author) and self.institution_id is None

    @property
    def origin_id(self) -> int:
        """The key of the original, or of the assessment itself if it is no copy."""
        return self.copied_from_id or self.pk

    def delete(self, *args, **options):
        if self.is_signed and not self.copied_from_id:
            raise TypeError("A signed assessment is never deleted: its institution withdraws it.")
        return super().delete(*args, **options)

    @property
    def speaker(self) -> tuple:
        """The author, whose next assessment replaces this one. A name typed by a stranger never replaces anything."""
        if self.voice != Voice.INDEPENDENT:
            return ()
        if self.institution_id:
            return "institution", self.institution_id
        return ("person", self.made_by_id) if self.made_by_id else ("alone", self.pk)


class AssessmentReply(models.Model):
    """A public reply of the State to a signed assessment. It cannot be changed; later replies are added below it."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="replies")
    text = models.TextField(_("reply of the State"))
    at = models.DateTimeField(_("replied at"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("reply to an assessment")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reply_says_something")]

    def __str__(self) -> str:
        return self.text[:60]
