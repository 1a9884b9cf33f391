import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servanda.intake.models import Batch
from servanda.people.access import Can, can
from servanda.people.models import Institution
from servanda.progress.models.assessments import Assessment, Grade
from servanda.progress.models.evidence import Evidence
from servanda.recommendations.models import Recommendation


class ContributionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=Contribution.State.RECEIVED)

    def public(self):
        about = ContributionRecommendation.objects.filter(contribution=OuterRef("pk"))
        shown = about.filter(recommendation__in=Recommendation.every_kind.public().order_by().values("pk"))
        return self.filter(Exists(shown), state=Contribution.State.ACCEPTED)

    def unpublished(self):
        """Declined, merged with another or long without an answer, and about a public record."""
        about = ContributionRecommendation.objects.filter(contribution=OuterRef("pk"))
        shown = about.filter(recommendation__in=Recommendation.every_kind.public().order_by().values("pk"))
        long_ago = Q(state=Contribution.State.RECEIVED, received_at__lt=timezone.now() - Contribution.TIME_TO_ANSWER)
        return self.filter(Exists(shown), long_ago | Q(state__in=Contribution.COUNTED))

    def visible_to(self, user):
        if can(user, Can.READ_EVERYTHING):
            return self
        own = Q(contributor=user) if user and user.is_authenticated else Q(pk__in=[])
        return self.filter(own | Q(pk__in=Contribution.objects.public().values("pk")))


class Contribution(models.Model):
    """What a national human-rights institution, civil society or anyone else submits; each one is answered."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Awaiting answer")
        ACCEPTED = "accepted", _("Accepted")
        MERGED = "merged", _("Merged with another")
        DECLINED = "declined", _("Declined with a reason")
        WITHDRAWN = "withdrawn", _("Withdrawn by the contributor")

    class DeclineReason(models.TextChoices):
        """Why a contribution was not published. Criticism of the Government is no reason."""

        OFF_TOPIC = "off-topic", _("Off topic")
        IDENTIFIES_PERSON = "identifies-person", _("Identifies a person")
        UNLAWFUL = "unlawful", _("Offensive or unlawful content")
        DUPLICATE = "duplicate", _("Duplicate")
        NO_SOURCE = "no-source", _("No source for a factual claim")
        ADVERTISING = "advertising", _("Advertising or spam")
        TEST = "test", _("Test or empty message")
        NOT_RECORDED = "not-recorded", _("Reason not recorded")  # declined before reasons were recorded

    COUNTED = (State.DECLINED, State.MERGED)  # in public, with nothing of their content
    TIME_TO_ANSWER = timedelta(days=30)  # then those without an answer are counted as well

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.RECEIVED)
    text = models.TextField(_("text of the contribution"))
    language = models.CharField(_("language"), max_length=8, blank=True)
    grade = models.ForeignKey(
        Grade, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("rating")
    )
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="contributions")
    recommendations = models.ManyToManyField(
        Recommendation, through="ContributionRecommendation", related_name="contributions"
    )
    contributor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )  # for which its sender spoke
    email = models.EmailField(_("e-mail address"), blank=True)  # from the public form: used to send the answer only
    hides_identity = models.BooleanField(_("hide my identity"), default=False)
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    answer = models.TextField(_("answer"), blank=True)
    decline_reason = models.CharField(
        _("reason for not publishing"), max_length=17, choices=DeclineReason, blank=True
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    assessments = models.ManyToManyField(Assessment, blank=True, related_name="contributions")
    form_key = models.UUIDField(null=True, blank=True, unique=True)  # a form sent twice makes one row

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["state", "received_at"], name="contributions_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "withdrawn"]) | Q(answered_at__isnull=False),
                name="contribution_answered_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False),
                name="contribution_withdrawn_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="contribution_declined_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="declined", decline_reason__gt="") | (~Q(state="declined") & Q(decline_reason="")),
                name="contribution_declined_for_a_listed_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False), name="contribution_merged_into_one"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def has_typed_author(self) -> bool:
        """Whether a person without an account typed in whose name they write."""
        return bool(self.organisation) and self.contributor_id is None and not self.hides_identity


class ContributionRecommendation(models.Model):
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="abouts")
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="contribution_abouts")
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "recommendation"], name="one_link_of_a_contribution_each")
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} → {self.recommendation.code}"
