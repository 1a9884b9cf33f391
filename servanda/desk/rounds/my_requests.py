"""The requests of rounds to the person's institutions, record by record."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.rounds.views import Shown
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.people.access import Can, requires
from servanda.progress.models import InputItem, InputRequest, Update, UpdateRecommendation
from servanda.progress.rounds.days import local_day
from servanda.progress.rounds.status import item_counts
from servanda.recommendations.models import TextVersion, by_language
from servanda.sources.models import Question


@dataclass(slots=True)
class AskedItem:
    item: InputItem
    text: TextVersion | Question | None
    draft: Update | None
    may_write: bool
    form_key: UUID  # a button that is pressed twice starts one draft


@require_safe
@requires(Can.READ_INTERNAL)
def asked(request: SignedIn) -> HttpResponse:
    requests = open_requests(request.user)
    items = asked_items(request.user).filter(request__in=[input_request.pk for input_request in requests])
    numbers = item_counts(items)
    choices = [
        Shown("owed", _("To answer"), items.filter(answered_at=None)),
        Shown("answered", _("Answered"), items.exclude(answered_at=None)),
    ]
    shown = next((choice for choice in choices if choice.key == request.GET.get("show")), choices[0])
    page = page_of(shown.rows.count(), number=page_number(request.GET))
    rows = shown.rows.in_order()
    writable = set(InputRequest.objects.in_scope_of(request.user).values_list("pk", flat=True))
    context = {
        "requests": [
            (input_request, *numbers.get(input_request.pk, (0, 0)), input_request.pk in writable)
            for input_request in requests
        ],
        "shown": shown,
        "lists": choices,
        "rows": with_drafts(list(rows[slice_of(page)]), writable),
        "on": local_day(timezone.now()),
        **pager(page, {"show": shown.key}),
    }
    return render(request, "desk/rounds/asked.html", context)


def open_requests(user) -> list[InputRequest]:
    """Open requests to the institutions of one's appointments; holders of offices use the page of rounds."""
    requests = InputRequest.objects.in_scope_of(user, Can.READ_INTERNAL).open()
    return list(requests.select_related("round", "institution").order_by("due_on", "pk"))


def asked_items(user) -> QuerySet[InputItem]:
    """Items on records and questions that one may read, within the bodies of one's appointments."""
    texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL)
    related = ("request__round", "request__institution", "recommendation", "question__document", "question__asked_by")
    items = InputItem.objects.readable_by(user).select_related(*related)
    return items.prefetch_related(Prefetch("recommendation__texts", texts))


def with_drafts(items: list[InputItem], writable: set[int]) -> list[AskedItem]:
    begun = Update.objects.kept().filter(request__in=[item.request_id for item in items], state__in=Update.EDITABLE)
    links = UpdateRecommendation.objects.filter(
        recommendation__in=[item.recommendation_id for item in items], update__in=begun.order_by().values("pk")
    )
    drafts = {
        (link.update.request_id, link.recommendation_id, None): link.update for link in links.select_related("update")
    }
    if questions := [item.question_id for item in items if item.question_id]:
        drafts |= {
            (answer.request_id, None, answer.question_id): answer for answer in begun.filter(question__in=questions)
        }
    return [
        AskedItem(
            item,
            item.question or next(iter(by_language(item.recommendation.texts.all())), None),
            drafts.get((item.request_id, item.recommendation_id, item.question_id)),
            item.request_id in writable,
            form_key,
        )
        for item, form_key in zip(items, form_keys(), strict=False)
    ]


def form_keys() -> Iterator[UUID]:
    """Random keys that differ only in their last digits: a page with many of them is sent in fewer bytes."""
    first = uuid4().int & ~0xFFFF
    return (UUID(int=first + number) for number in range(0x10000))
