"""Questions put to the State: of letters, lists of issues, questionnaires, and of States before a review; and what
the mechanism asks in its own words. Whatever refers to a question is in a higher room: records, rounds, sections of
reports, and the letter or dialogue in which it was asked."""

from collections.abc import Collection
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.intake.models import Batch, hidden_batches
from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution
from servanda.people.reader_queries import once, once_per_reader
from servanda.sources.models.documents import Document
from servanda.vocab.models import Body, Country


def question_of_bodies(codes: Collection[str], path: str = "") -> Q:
    """The condition for questions of documents of these bodies, and for own ones asked for them."""
    return Q(**{f"{path}document__body__code__in": codes}) | Q(**{f"{path}body__code__in": codes})


class QuestionQuerySet(models.QuerySet):
    @once
    def live(self) -> Self:
        """Questions except those of imports that are not applied or were undone, and of a letter or dialogue that was
        withdrawn."""
        return self.filter(withdrawn_at=None).exclude(added_by__in=hidden_batches())

    def listed(self) -> Self:
        """What lists and reports show: without the questions of letters and dialogues."""
        return self.live().filter(is_of_proceeding=False)

    @once_per_reader
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """All for those who read everything; for others the questions that their institutions are to answer, of the
        bodies that they are appointed for."""
        if can(user, Can.READ_EVERYTHING):
            return self.live()
        named = Q(pk__in=[])
        for scope in scopes(user, Can.READ_INTERNAL):
            rows = Question.institutions.through.objects.filter(institution__in=scope.institutions).values("question")
            named |= Q(pk__in=rows) & (question_of_bodies(scope.bodies) if scope.bodies else Q())
        return self.live().filter(named)


class Question(models.Model):
    """One question, with the institutions that are to answer it.

    It is part of a document, or has none: then its heading shows its origin. Questions without a document are those
    that the mechanism asks in its own words (the heading is the title of the section) and those of a letter or a
    dialogue (`is_of_proceeding`; the heading is its reference). The latter have none because lists and exports of
    questions go by document, and a letter is confidential. They are restricted, which the database checks, and read
    with their letter, or by the institutions that they name when these are asked in a round.
    """

    class Confidentiality(models.TextChoices):
        PUBLIC = "public", pgettext_lazy("confidentiality", "Public")
        INTERNAL = "internal", _("Internal")
        RESTRICTED = "restricted", _("Restricted to named institutions")

    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("document")
    )
    body = models.ForeignKey(  # of a question without a document
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("body"), editable=False
    )
    place = models.PositiveIntegerField(editable=False)  # the order in the document
    number = models.CharField(_("number"), max_length=40, blank=True)
    text = models.TextField(pgettext_lazy("of a unit of a document", "question"))
    language = models.CharField(_("language"), max_length=8, blank=True)
    articles = models.CharField(_("articles"), max_length=200, blank=True)  # "2, 3, 26"
    heading = models.CharField(_("heading"), max_length=300, blank=True)
    asked_by = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("State that asks")
    )
    confidentiality = models.CharField(
        _("confidentiality"), max_length=10, choices=Confidentiality, default=Confidentiality.INTERNAL
    )
    institutions = models.ManyToManyField(
        Institution, related_name="questions", blank=True, verbose_name=_("institutions")
    )
    lead = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead institution")
    )  # one of those above
    share = models.PositiveSmallIntegerField(  # per cent of the words of the reply
        _("share of the words"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    is_of_proceeding = models.BooleanField(default=False, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)  # with its letter or dialogue
    added_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["document", "place", "pk"]
        verbose_name = pgettext_lazy("of a unit of a document", "question")
        verbose_name_plural = pgettext_lazy("of a document", "questions")
        indexes = [models.Index(fields=["document", "place"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=False, body=None) | (Q(document=None) & ~Q(heading="")),
                name="question_of_a_document_or_with_a_heading",
            ),
            models.CheckConstraint(
                condition=Q(is_of_proceeding=False) | Q(document=None, confidentiality="restricted"),
                name="question_of_a_proceeding_is_restricted",
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__range=(1, 100)), name="share_of_a_question_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        source = str(self.document or self.heading)
        return f"{source}, {self.label}" if self.label else f"{source}: {self.text[:40]}"

    def get_absolute_url(self) -> str:
        """The page of its document, or of its letter or dialogue; another one without a document is read at the
        requests to its institutions."""
        if self.is_of_proceeding:
            return reverse("desk:proceeding_of_question", args=[self.pk])
        if self.document_id is None:
            return reverse("desk:asked")
        return f"{reverse('desk:document_questions', args=[self.document_id])}#question-{self.pk}"

    @property
    def label(self) -> str:
        """The number, with the State that asks: "Belgium 3"."""
        return f"{self.asked_by} {self.number}".strip() if self.asked_by else self.number

    @property
    def is_restricted(self) -> bool:
        return self.confidentiality == self.Confidentiality.RESTRICTED

    @property
    def reference(self) -> str:
        """Never the text: document and number, such as "CEDAW/C/SVN/Q/7, 3", the same with the reference of a letter,
        or the heading of an own question."""
        source = self.heading if self.is_of_proceeding else self.symbol
        return f"{source}, {self.label or self.place}" if source else self.heading

    @property
    def symbol(self) -> str:
        return self.document.symbol if self.document else ""

    @property
    def body_code(self) -> str:
        """Of the body that asks, or for which it is asked."""
        body = self.document.body if self.document else self.body
        return body.code if body else ""
