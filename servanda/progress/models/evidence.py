import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.intake.models import Batch
from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution
from servanda.recommendations.models import Recommendation
from servanda.sources.models import question_of_bodies


class EvidenceQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(withdrawn_at=None)

    def public(self):
        return self.kept().filter(open_to_all())

    def visible_to(self, user):
        """Public evidence, and evidence added by the user or their institution.

        The mechanism also sees evidence that belongs to no draft.
        """
        if not (user and user.is_authenticated):
            return self.public()
        # A merged record closes nothing: the record that it was merged into decides who reads.
        relevant = abouts().filter(recommendation__merged_into=None)
        closed = relevant.exclude(
            recommendation__in=Recommendation.every_kind.visible_to(user).order_by().values("pk")
        )
        own = (permitted_to(user) | Q(added_by=user, institution=None)) & ~Exists(closed)
        if can(user, Can.READ_EVERYTHING):
            return self.kept().filter(Q(is_submitted=True) | own | open_to_all())  # cheapest condition first
        return self.kept().filter(own | open_to_all())

    def in_scope_of(self, user):
        return self.filter(permitted_to(user))


def abouts() -> models.QuerySet:
    return EvidenceRecommendation.objects.filter(evidence=OuterRef("pk"))


def permitted_to(user) -> Q:
    """Of the user's own institutions; an appointment limited to some bodies covers evidence on their records only."""
    permitted = Q(pk__in=[])
    for scope in scopes(user, Can.READ_INTERNAL):
        within = Q(institution__in=scope.institutions)
        if scope.bodies:
            within &= ~Exists(abouts().exclude(recommendation__body__code__in=scope.bodies))
            answers = Evidence.updates.through.objects.filter(evidence=OuterRef("pk"), update__question__isnull=False)
            within &= ~Exists(answers.exclude(question_of_bodies(scope.bodies, "update__question__")))
        permitted |= within
    return permitted


def open_to_all() -> Q:
    """Marked as public, on at least one public record and on no other, and not before the update or the contribution
    that it came with is out."""
    shown = abouts().filter(recommendation__in=Recommendation.every_kind.public().order_by().values("pk"))
    closed = abouts().exclude(recommendation__confidentiality=Recommendation.Confidentiality.PUBLIC)
    return Q(is_public=True) & came_out() & Q(Exists(shown)) & ~Exists(closed)


def came_out() -> Q:
    """Evidence that came alone is out at once; other evidence once its update is published or its contribution
    accepted."""
    through_updates = Evidence.updates.through.objects.filter(evidence=OuterRef("pk"))
    with_updates = through_updates.filter(update__state="published", update__withdrawn_at=None)
    through_contributions = Evidence.contributions.through.objects.filter(evidence=OuterRef("pk"))
    with_others = through_contributions.filter(contribution__state__in=["accepted", "merged"])
    came_alone = ~Exists(through_updates) & ~Exists(through_contributions)
    return Q(came_alone) | Q(Exists(with_updates)) | Q(Exists(with_others))


def place_of(evidence: "Evidence", _name: str) -> str:
    """A generated name without an extension: nothing that a person typed becomes a path."""
    return f"evidence/{evidence.key.hex[:2]}/{evidence.key}"


class Evidence(models.Model):
    """A file or a link that shows something about recommendations: a law, a decision, a statistic, a testimony."""

    class Kind(models.TextChoices):
        LAW = "law", _("Law or regulation")
        TREATY_ACT = "treaty-act", _("Deposit, signature or withdrawal of a reservation")
        DECISION = "decision", _("Decision or judgment")
        BUDGET = "budget", _("Budget")
        STATISTIC = "statistic", _("Statistic")
        REPORT = "report", _("Report or study")
        TESTIMONY = "testimony", _("Testimony")
        OTHER = "other", pgettext_lazy("kind of evidence", "Other")

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("Supports the statement")
        CONTRADICTS = "contradicts", _("Contradicts the statement")
        CONTEXT = "context", _("Provides context")

    class Shows(models.TextChoices):
        STRUCTURE = "structure", _("Commitment in law or policy")
        PROCESS = "process", _("Implementation efforts")
        OUTCOME = "outcome", _("Results for people")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    stance = models.CharField(_("relation to the statement"), max_length=11, choices=Stance, default=Stance.SUPPORTS)
    shows = models.CharField(_("what it shows"), max_length=9, choices=Shows, default=Shows.PROCESS)
    date = models.DateField(_("date"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    is_public = models.BooleanField(_("public"), default=False)
    link = models.URLField(_("link"), max_length=500, blank=True)
    file = models.FileField(_("file"), upload_to=place_of, max_length=200, blank=True)
    name = models.CharField(_("file name"), max_length=255, blank=True)  # as uploaded
    size = models.BigIntegerField(_("size in bytes"), default=0)
    mime = models.CharField(_("type of the file"), max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    recommendations = models.ManyToManyField(
        Recommendation, through="EvidenceRecommendation", related_name="evidence"
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("institution")
    )
    is_submitted = models.BooleanField(default=True, editable=False)  # false as long as it belongs to a draft only
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawal_reason = models.TextField(_("reason for withdrawing"), blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(link="") & ~Q(file="")) | (~Q(link="") & Q(file="")), name="evidence_file_or_link"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawal_reason=""), name="evidence_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def domain(self) -> str:
        """Where a link leads; shown beside it, so that no one follows it unawares."""
        return urlsplit(self.link).hostname or ""


class EvidenceRecommendation(models.Model):
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="abouts")
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="evidence_abouts")
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "evidence"], name="one_link_of_evidence_each")
        ]

    def __str__(self) -> str:
        return f"{self.evidence} → {self.recommendation.code}"
