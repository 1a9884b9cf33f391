"""Documents with questions, and the questions of one document as a filtered list and as a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.listing import ListFilter, page_number, words_in
from servanda.people.models import Institution, User
from servanda.sources.models import Document, Question, QuestionQuerySet

MOST_WORDS = 8
NONE = "none"  # the filter for questions without an institution
COLUMNS = (
    "document", "number", "question", "articles", "heading", "asked by", "language", "confidentiality",
    "institutions", "lead", "share", "records", "answers",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFilter(ListFilter):
    words: str = ""
    institution: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        return cls(words=words_in(params), institution=words_in(params, "institution"), number=page_number(params))


def documents_with_questions(user: User) -> QuerySet[Document]:
    """Documents of which the person sees a question, the newest first, with their numbers of visible questions and
    of those without an institution."""
    visible = Question.objects.visible_to(user).order_by().values("pk")
    shown = Q(questions__in=visible)
    unassigned = shown & Q(questions__institutions=None)
    rows = Document.objects.filter(Exists(Question.objects.filter(document=OuterRef("pk"), pk__in=visible)))
    return rows.annotate(
        asked=Count("questions", filter=shown, distinct=True),
        unassigned=Count("questions", filter=unassigned, distinct=True),
    ).order_by("-date", "symbol")


def find_questions(document: Document, user: User, filters: QuestionFilter) -> QuestionQuerySet:
    found = Question.objects.visible_to(user).filter(document=document)
    if filters.institution == NONE:
        found = found.filter(institutions=None)
    elif filters.institution:
        found = found.filter(pk__in=Question.objects.filter(institutions__code=filters.institution).values("pk"))
    for word in filters.words.split()[:MOST_WORDS]:
        found = found.filter(has_word("text", word) | has_word("heading", word) | Q(number__startswith=word))
    return found


def institutions_of(document: Document, user: User) -> QuerySet[Institution]:
    visible = Question.objects.visible_to(user).filter(document=document).order_by().values("pk")
    return Institution.objects.filter(questions__in=visible).distinct()


def export_rows(
    questions: QuestionQuerySet, records: Mapping[int, Sequence[str]], answers: Mapping[int, Sequence[str]]
) -> Iterator[tuple[str, ...]]:
    """The rows of the table; `records` are the references, `answers` the texts that the person sees, by question."""
    rows: Iterable[Question] = questions.select_related("document", "asked_by", "lead").prefetch_related(
        "institutions"
    )
    for question in rows:
        yield (
            question.symbol,
            question.number,
            question.text,
            question.articles,
            question.heading,
            question.asked_by.code if question.asked_by else "",
            question.language,
            str(question.confidentiality),
            ", ".join(institution.code for institution in question.institutions.all()),
            question.lead.code if question.lead else "",
            str(question.share or ""),
            ", ".join(records.get(question.pk, ())),
            "\n\n".join(answers.get(question.pk, ())),
        )
