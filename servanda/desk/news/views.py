"""The page of changes since the last visit, or since a chosen day."""

from datetime import date, datetime

from django import forms
from django.core.validators import MinValueValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from servanda.desk.news.changes import count_changed, institutions_of, latest, lines_of, moments_of
from servanda.kit.pages.forms import DateInput
from servanda.kit.pages.listing import page_number, page_of, slice_of
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.recommendations.models import Recommendation

RECORDS_A_PAGE = 10  # few, as the history of each is read
MOMENTS_SHOWN = 20
EARLIEST = date(2000, 1, 1)


class SinceForm(forms.Form):
    since = forms.DateField(
        label=pgettext_lazy("what is new", "Since"),
        required=False,
        widget=DateInput,
        validators=[MinValueValidator(EARLIEST)],
    )


@require_safe
@requires(Can.READ_INTERNAL)
def whats_new(request: HttpRequest) -> HttpResponse:
    form = SinceForm(request.GET)
    chosen = form.cleaned_data["since"] if form.is_valid() else None
    since = beginning_of(chosen) if chosen else request.user.previous_visit
    shown = {"form": form, "since": since, "chosen": chosen}
    if since is not None:
        shown |= news(request.user, since, number=page_number(request.GET))
    return render(request, "desk/news/whats_new.html", shown, status=422 if form.errors else 200)


def beginning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def news(user: User, since: datetime, *, number: int) -> dict:
    seen = Recommendation.objects.opened_to(user)
    page = page_of(count_changed(seen, since, user), number=number, size=RECORDS_A_PAGE)
    changed = latest(seen, since, user, most=RECORDS_A_PAGE, start=slice_of(page).start)
    return {
        "page": page,
        "changed": lines_of(changed, since, user),
        "moments": moments_of(institutions_of(user), since, user, most=MOMENTS_SHOWN),
    }
