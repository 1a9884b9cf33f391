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


class EvidenceQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(withdrawn_at=None)

    def public(self):
        return self.kept().filter(open_to_all())

    def visible_to(self, user):
        """What is public; what one's own institution or oneself brought; to the offices what is not a draft's."""
        if not (user and user.is_authenticated):
            return self.public()
        # A record that was merged away closes nothing: the one that took it in says who reads.
        alone = abouts().filter(recommendation__merged_into=None)
        closed = alone.exclude(recommendation__in=Recommendation.objects.visible_to(user).order_by().values("pk"))
        own = (held(user) | Q(added_by=user, institution=None)) & ~Exists(closed)
        if can(user, Can.READ_EVERYTHING):
            return self.kept().filter(Q(is_submitted=True) | own | open_to_all())  # what is asked fastest comes first
        return self.kept().filter(own | open_to_all())

    def held_by(self, user):
        return self.filter(held(user))


def abouts() -> models.QuerySet:
    return EvidenceRecommendation.objects.filter(evidence=OuterRef("pk"))


def held(user) -> Q:
    """Of one's own institution; an appointment limited to some bodies opens what is on their records alone."""
    there = Q(pk__in=[])
    for scope in scopes(user, Can.READ_INTERNAL):
        within = Q(institution__in=scope.institutions)
        if scope.bodies:
            within &= ~Exists(abouts().exclude(recommendation__body__code__in=scope.bodies))
        there |= within
    return there


def open_to_all() -> Q:
    """Said to be public, on at least one record that is and on none that is not, and not before what it came with: an
    update that is published, a contribution that was accepted."""
    shown = abouts().filter(recommendation__in=Recommendation.objects.public().order_by().values("pk"))
    closed = abouts().exclude(recommendation__confidentiality=Recommendation.Confidentiality.PUBLIC)
    return Q(is_public=True) & came_out() & Q(Exists(shown)) & ~Exists(closed)


def came_out() -> Q:
    """What came with nothing counts from the start; what came with something, when one of these is out."""
    through = Evidence.updates.through.objects.filter(evidence=OuterRef("pk"))
    with_updates = through.filter(update__state="published", update__withdrawn_at=None)
    others = Evidence.contributions.through.objects.filter(evidence=OuterRef("pk"))
    with_others = others.filter(contribution__state__in=["accepted", "merged"])
    came_alone = ~Exists(through) & ~Exists(others)
    return Q(came_alone) | Q(Exists(with_updates)) | Q(Exists(with_others))


def place_of(evidence: "Evidence", _name: str) -> str:
    """A made-up name without an ending: nothing that a person chose becomes a path."""
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
        SUPPORTS = "supports", _("Supports what is said")
        CONTRADICTS = "contradicts", _("Contradicts what is said")
        CONTEXT = "context", _("Gives the context")

    class Shows(models.TextChoices):
        STRUCTURE = "structure", _("A commitment in law or policy")
        PROCESS = "process", _("Something that was done")
        OUTCOME = "outcome", _("What changed for people")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    stance = models.CharField(_("what it does"), max_length=11, choices=Stance, default=Stance.SUPPORTS)
    shows = models.CharField(_("what it shows"), max_length=9, choices=Shows, default=Shows.PROCESS)
    date = models.DateField(_("date"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    is_public = models.BooleanField(_("public"), default=False)
    link = models.URLField(_("link"), max_length=500, blank=True)
    file = models.FileField(_("file"), upload_to=place_of, max_length=200, blank=True)
    name = models.CharField(_("file name"), max_length=255, blank=True)  # as the person called it
    size = models.BigIntegerField(_("size in bytes"), default=0)
    mime = models.CharField(_("type of the file"), max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    recommendations = models.ManyToManyField(
        Recommendation, through="EvidenceRecommendation", related_name="evidence"
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("institution")
    )
    is_submitted = models.BooleanField(default=True, editable=False)  # false while it hangs on a draft only
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
        """Where a link leads, so that nobody follows it unawares."""
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
