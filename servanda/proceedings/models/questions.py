from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.proceedings.models.proceedings import NamedInstitution, Proceeding
from servanda.proceedings.models.submissions import EarlierSubmission
from servanda.progress.models import InputItem, Update
from servanda.sources.models import Question


class ProceedingQuestionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """All for those who read everything; for others, those that go to one of their institutions."""
        kept = self.filter(proceeding__withdrawn_at=None)
        if can(user, Can.READ_EVERYTHING):
            return kept
        goes_to = Question.institutions.through.objects.filter(
            question=OuterRef(OuterRef("question")), institution=OuterRef("institution")
        )
        named = NamedInstitution.objects.in_scope_of(user, Can.READ_INTERNAL).order_by()
        return kept.filter(Exists(named.filter(Exists(goes_to), proceeding=OuterRef("proceeding"))))

    def owed_by(self, user: User) -> Self:
        """Questions asked during a dialogue for which this person is responsible: those without a written reply that
        the person can see."""
        pending = self.visible_to(user).filter(owner=user, answer="", submission=None, proceeding__replied_on=None)
        return pending.filter(proceeding__in=Proceeding.objects.open().order_by().values("pk"))


FromQuerySet = models.Manager.from_queryset(ProceedingQuestionQuerySet)


class ProceedingQuestionManager(FromQuerySet):
    def get_queryset(self) -> ProceedingQuestionQuerySet:
        return super().get_queryset().select_related("question")


class ProceedingQuestion(models.Model):
    """A question of a letter or a dialogue: how it came up, until when, and what was prepared.

    Its text, number, language and institutions are those of the question itself, in `sources`: so institutions can be
    asked about it in a round, like about a question of a document.
    """

    class Origin(models.TextChoices):
        LETTER = "letter", pgettext_lazy("origin of a question", "In the letter")
        ADVANCE = "advance", pgettext_lazy("origin of a question", "Sent in advance")
        ANTICIPATED = "anticipated", pgettext_lazy("origin of a question", "Anticipated")
        ROOM = "room", pgettext_lazy("origin of a question", "Asked during the dialogue")

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="questions")
    question = models.OneToOneField(Question, models.PROTECT, related_name="+", verbose_name=_("question"))
    submission = models.ForeignKey(
        EarlierSubmission, models.SET_NULL, null=True, blank=True, related_name="questions"
    )  # that answered it, if it was asked during the dialogue
    # The question of a document that it was copied from.
    taken_from = models.ForeignKey(Question, models.SET_NULL, null=True, blank=True, related_name="+")
    origin = models.CharField(_("origin"), max_length=11, choices=Origin, default=Origin.LETTER)
    due_at = models.DateTimeField(_("written reply due at"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible person"),
    )
    answer = models.TextField(_("prepared answer"), blank=True)

    # Set by `life.detail`: what institutions were asked about it, and their answers that came by letter.
    asked: list[InputItem]
    by_letter: list[Update]

    objects = ProceedingQuestionManager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["question__place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(origin="room"), name="a_question_put_in_the_room_has_an_hour"
            ),
            models.UniqueConstraint(fields=["proceeding", "taken_from"], name="a_question_is_taken_over_once"),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(origin="room"), name="only_a_question_put_in_the_room_has_an_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:60]}"

    @property
    def number(self) -> int:
        return self.question.place

    @property
    def text(self) -> str:
        return self.question.text

    @property
    def language(self) -> str:
        return self.question.language

    @property
    def institutions(self) -> Any:
        return self.question.institutions
