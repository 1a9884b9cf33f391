from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.intake.models import Batch
from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution
from servanda.people.reader_queries import once_per_reader
from servanda.planning.models import Action
from servanda.progress.models.assessments import Grade
from servanda.progress.models.evidence import Evidence
from servanda.progress.models.rounds import InputRequest
from servanda.recommendations.models import Cluster, Recommendation, ThroughCluster
from servanda.sources.models import Question, question_of_bodies


class UpdateQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(withdrawn_at=None)

    def published(self):
        return self.kept().filter(state=Update.State.PUBLISHED)

    def public(self):
        """Published, on at least one public record, and on none that has been closed since."""
        public = Recommendation.every_kind.public()
        about = UpdateRecommendation.objects.filter(update=OuterRef("pk"))
        shown = Exists(about.filter(recommendation__in=public.order_by().values("pk")))
        through = UpdateCluster.objects.reaching(public).values("update")
        return self.not_closed().filter(Q(shown) | Q(pk__in=through))

    def not_closed(self):
        """Published, and on no record that has been closed since. Among updates on a public record, those are the
        public ones."""
        about = UpdateRecommendation.objects.filter(update=OuterRef("pk"))
        closed = about.exclude(recommendation__confidentiality=Recommendation.Confidentiality.PUBLIC)
        return self.published().filter(~Exists(closed))

    def in_scope_of(self, user, permission: Can):
        """Of the institutions, and the bodies, for which this person's appointments give the permission."""
        return self.filter(permitted_to(user, permission))

    def of_own(self, user):
        """Of the user's own institutions, in every state, unless a record is closed to the user."""
        about = UpdateRecommendation.objects.filter(update=OuterRef("pk"))
        institutions = frozenset().union(*(scope.institutions for scope in scopes(user, Can.READ_INTERNAL)))
        # Filter by institution here as well: otherwise the database reads the updates of all institutions.
        own = UpdateRecommendation.objects.filter(seen_by(user), update__institution__in=institutions)
        about_visible = Q(pk__in=own.values("update")) | Q(pk__in=through_clusters(user))
        is_open = (about_visible & ~closed_to(user)) | on_visible_question(user)
        return self.kept().filter(permitted_to(user, Can.READ_INTERNAL), is_open | Q(~Exists(about), question=None))

    @once_per_reader
    def visible_to(self, user):
        """Updates of the user's institutions in every state.

        Users of the mechanism who may publish also see submitted updates; others, published ones on records that they
        may see.
        """
        own, published = permitted_to(user, Can.READ_INTERNAL), Q(state=Update.State.PUBLISHED)
        if can(user, Can.READ_EVERYTHING):  # they see every record, so records need no check
            handed_in = Q(state__in=Update.HANDED_IN) | Q(on_behalf=True) | Q(from_file=True)
            return self.kept().filter(own | (handed_in if can(user, Can.PUBLISH_UPDATE) else published))
        about = UpdateRecommendation.objects.filter(update=OuterRef("pk"))
        actions = Update.actions.through.objects.filter(update=OuterRef("pk"))
        clusters = UpdateCluster.objects.filter(update=OuterRef("pk"))
        plan = actions.filter(action__in=Action.objects.visible_to(user).values("pk"))
        on_plan = ~Exists(about) & ~Exists(clusters) & Exists(plan)
        alone = Q(question=None)
        return self.kept().filter(
            ((own | published) & reached(user))
            | ((own | (published & in_sight_of_others())) & on_visible_question(user))
            | (alone & own & ~Exists(about))
            | (alone & published & on_plan)
        )


def permitted_to(user, permission: Can) -> Q:
    permitted = Q(pk__in=[])
    about = UpdateRecommendation.objects.filter(update=OuterRef("pk"))
    for scope in scopes(user, permission):
        within = Q(institution__in=scope.institutions)
        if scope.bodies:
            within &= ~Exists(about.exclude(recommendation__body__code__in=scope.bodies))
            within &= Q(question=None) | question_of_bodies(scope.bodies, "question__")
            within &= ~Exists(
                UpdateCluster.objects.filter(update=OuterRef("pk"))
            )  # a cluster has records of many bodies
        permitted |= within
    return permitted


def reached(user) -> Q:
    """On a record that this person sees, by name or through its cluster, and on none that is closed to them."""
    about = UpdateRecommendation.objects.filter(update=OuterRef("pk"))
    about_visible = Q(Exists(about.filter(seen_by(user)))) | Q(pk__in=through_clusters(user))
    return about_visible & ~closed_to(user)


def on_visible_question(user) -> Q:
    """Answers to questions that this person sees; only those whom a question names see it, and the offices."""
    return Q(question__in=Question.objects.visible_to(user).order_by().values("pk"))


def in_sight_of_others() -> Q:
    """Answers to questions of documents. Of a letter or dialogue, each institution reads its own part only."""
    return Q(question__is_of_proceeding=False)


def through_clusters(user) -> models.QuerySet:
    return UpdateCluster.objects.reaching(Recommendation.every_kind.visible_to(user)).values("update")


def seen_by(user) -> Q:
    """Links to a record that this person sees. A correlated EXISTS: with IN, SQLite tries each record for each
    link."""
    return Q(Exists(Recommendation.every_kind.visible_to(user).order_by().filter(pk=OuterRef("recommendation"))))


def closed_to(user) -> Q:
    """On a restricted record that this person may not see."""
    about = UpdateRecommendation.objects.filter(update=OuterRef("pk"))
    restricted = about.filter(recommendation__confidentiality=Recommendation.Confidentiality.RESTRICTED)
    return Q(Exists(restricted.exclude(seen_by(user))))


class Update(models.Model):
    """What one institution says it did about one or several recommendations, in a period, or its answer to a question
    put to the State.

    It says what was reported, never that a recommendation is implemented: that is an assessment. An answer to a
    question is about no record, and never public.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Awaiting validating authority")
        VALIDATED = "validated", _("Awaiting coordinator")
        RETURNED = "returned", _("Returned for changes")
        PUBLISHED = "published", _("Published")

    EDITABLE = [State.DRAFT, State.RETURNED]
    HANDED_IN = [State.SUBMITTED, State.VALIDATED, State.RETURNED, State.PUBLISHED]

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="updates", verbose_name=_("institution")
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    text = models.TextField(_("what was done and what changed"), blank=True)
    obstacles = models.TextField(_("obstacles"), blank=True)
    figures = models.TextField(_("figures"), blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    start = models.DateField(_("period from"), null=True, blank=True)
    end = models.DateField(_("until"), null=True, blank=True)
    request = models.ForeignKey(
        InputRequest, models.PROTECT, null=True, blank=True, related_name="updates", verbose_name=_("answer to")
    )
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="answers", verbose_name=_("question")
    )
    on_behalf = models.BooleanField(_("entered on behalf of the institution"), default=False)
    letter = models.CharField(_("letter no."), max_length=80, blank=True)
    letter_date = models.DateField(pgettext_lazy("from an institution", "date of the letter"), null=True, blank=True)
    proposed_grade = models.ForeignKey(  # by the institution; the coordinator decides
        Grade, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposed level")
    )
    from_file = models.BooleanField(_("entered from a file"), default=False)

    recommendations = models.ManyToManyField(Recommendation, through="UpdateRecommendation", related_name="updates")
    clusters = models.ManyToManyField(Cluster, through="UpdateCluster", related_name="updates")
    actions = models.ManyToManyField(Action, blank=True, related_name="updates", verbose_name=_("actions"))
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="updates", verbose_name=_("evidence"))

    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    # Before `written_by`: whoever wrote any of it does not validate or publish it.
    earlier_writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    return_reason = models.TextField(_("reason for returning"), blank=True)  # of the last return
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    form_key = models.UUIDField(null=True, blank=True, unique=True)  # a form sent twice makes one row
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawal_reason = models.TextField(_("reason for withdrawing"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)  # incremented by every change

    objects = UpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["institution", "state", "published_at"], name="updates_of_an_institution"),
            models.Index(fields=["state", "changed_at"], name="updates_by_state"),
            models.Index(fields=["-changed_at", "-id"], name="updates_by_change"),
            # A covering index for the dates of the last updates, so that the texts are not read.
            models.Index(fields=["state", "published_at"], condition=Q(withdrawn_at=None), name="published_updates"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")), name="update_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False) | (~Q(state="published")),
                name="update_published_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""), name="update_returned_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(on_behalf=False) | (~Q(letter="") & Q(letter_date__isnull=False)),
                name="update_on_behalf_by_a_letter",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawal_reason=""), name="update_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution}: {self.text[:60]}"

    def get_absolute_url(self) -> str:
        return reverse("desk:update", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        return self.state in self.EDITABLE and self.withdrawn_at is None


class UpdateRecommendation(models.Model):
    """A link to one recommendation: a text on several recommendations is one update with several links."""

    update = models.ForeignKey(Update, models.CASCADE, related_name="abouts", db_index=False)
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="update_abouts")
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["update", "recommendation"], name="one_link_of_an_update_each")
        ]

    def __str__(self) -> str:
        return f"{self.update_id} → {self.recommendation.code}"


class LastUpdate(models.Model):
    """When the newest update on a record was published; no row if there is none.

    The services refresh it whenever an update is published or withdrawn, so that lists need not read all updates.
    """

    recommendation = models.OneToOneField(
        Recommendation, models.CASCADE, primary_key=True, related_name="last_update_kept"
    )
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        indexes = [models.Index(fields=["published_at", "recommendation"], name="records_by_last_update")]

    def __str__(self) -> str:
        return f"{self.recommendation.code}, {self.published_at}"


class UpdateCluster(models.Model):
    """A link to a cluster: the update is shown at each of its present members, including those that joined later."""

    update = models.ForeignKey(Update, models.CASCADE, related_name="cluster_abouts")
    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="update_abouts")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = ThroughCluster.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "update"], name="one_link_of_an_update_to_a_cluster_each")
        ]

    def __str__(self) -> str:
        return f"{self.update_id} → {self.cluster}"


class UpdateStep(models.Model):
    """One step of an update from a draft to the public: who took it, when, and why it was returned. Append-only."""

    update = models.ForeignKey(Update, models.CASCADE, related_name="steps")
    state = models.CharField(_("state"), max_length=9, choices=Update.State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("date and time"), auto_now_add=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.update_id}: {self.get_state_display()}"
