"""Models trained on labels, the labels that they suggest, and the decisions of people on these."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.intake.models import Batch
from servanda.recommendations.models.recommendation import Recommendation
from servanda.recommendations.models.record_parts import Tagging
from servanda.vocab.models import Taxonomy, Term


class LearnedModelQuerySet(models.QuerySet):
    def newest(self):
        """The newest model of each taxonomy."""
        later = LearnedModel.objects.filter(taxonomy=models.OuterRef("taxonomy"), pk__gt=models.OuterRef("pk"))
        return self.exclude(models.Exists(later))


class LearnedModel(models.Model):
    """A trained model for the labels of one taxonomy, with its training date, number of texts and scores."""

    taxonomy = models.ForeignKey(Taxonomy, models.CASCADE, related_name="+")
    learned_at = models.DateTimeField(_("learned at"), auto_now_add=True)
    texts = models.PositiveIntegerField(_("texts"))
    encoder = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()  # of the file
    file = models.FileField(upload_to="models/")
    digest = models.CharField(max_length=64)
    threshold = models.FloatField(_("minimum probability of a suggestion"))
    micro_f1 = models.FloatField()
    macro_f1 = models.FloatField()
    newest_f1 = models.FloatField(
        null=True
    )  # on the newest fifth, trained on the others; empty where all texts are of one time

    objects = LearnedModelQuerySet.as_manager()

    class Meta:
        ordering = ["taxonomy__order", "taxonomy__code", "-pk"]

    def __str__(self) -> str:
        return str(self.taxonomy)


class LabelScore(models.Model):
    """The precision and recall of a model for one label, on held-out texts."""

    model = models.ForeignKey(LearnedModel, models.CASCADE, related_name="scores")
    term = models.ForeignKey(Term, models.CASCADE, related_name="+")
    cases = models.PositiveIntegerField(_("cases"))
    precision = models.FloatField(_("share of suggestions that are correct"))
    recall = models.FloatField(_("share of labels that were found"))

    class Meta:
        ordering = ["-cases", "term__order"]
        constraints = [models.UniqueConstraint(fields=["model", "term"], name="one_score_of_a_label")]

    def __str__(self) -> str:
        return f"{self.term}: {self.precision:.2f} / {self.recall:.2f}"


class RightFrom(models.Model):
    """The share of correct suggestions from a probability on, on held-out texts."""

    model = models.ForeignKey(LearnedModel, models.CASCADE, related_name="right_from")
    probability = models.FloatField()
    number = models.PositiveIntegerField()
    share = models.FloatField()

    class Meta:
        ordering = ["probability"]
        constraints = [models.UniqueConstraint(fields=["model", "probability"], name="one_share_from_there_on")]

    def __str__(self) -> str:
        return f"{self.probability}: {self.share:.2f}"


class SuggestionQuerySet(models.QuerySet):
    def waiting(self):
        """Undecided suggestions whose suggested label still exists."""
        current = Tagging.objects.current().filter(pk=models.OuterRef("tagging"))
        return self.filter(models.Exists(current), state=Suggestion.State.WAITING)

    def visible_to(self, user):
        return self.filter(recommendation__in=Recommendation.objects.visible_to(user).values("pk"))


class Suggestion(models.Model):
    """A label suggested for a record, once, with the decision on it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Pending")
        ACCEPTED = "accepted", _("Accepted")
        CHANGED = "changed", _("Changed")
        REJECTED = "rejected", _("Rejected")

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="suggestions")
    term = models.ForeignKey(Term, models.CASCADE, related_name="+")
    tagging = models.OneToOneField(Tagging, models.SET_NULL, null=True, related_name="suggestion")
    model = models.ForeignKey(LearnedModel, models.SET_NULL, null=True, related_name="suggestions")
    probability = models.FloatField(_("probability"))
    words = models.CharField(_("decisive words"), max_length=300, blank=True)
    state = models.CharField(_("decision"), max_length=8, choices=State, default=State.WAITING)
    instead = models.ForeignKey(Term, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_in = models.ForeignKey(Batch, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-probability", "pk"]
        constraints = [models.UniqueConstraint(fields=["recommendation", "term"], name="a_label_is_suggested_once")]
        indexes = [models.Index(fields=["state", "-probability"], name="suggestions_waiting")]

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.term}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING
