"""The page of e-mails that were not sent, for administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.people.access import Can, requires
from servanda.people.notifications import unsent_mails as unsent


@require_safe
@requires(Can.EDIT_INSTANCE)
def unsent_mails(request: SignedIn) -> HttpResponse:
    mails = unsent.unsent_mails()
    page = page_of(mails.count(), number=page_number(request.GET))
    context = {"mails": unsent.describe(list(mails[slice_of(page)])), **pager(page)}
    return render(request, "desk/home/unsent_mails.html", context)


@require_POST
@requires(Can.EDIT_INSTANCE)
def retry_unsent_mails(request: SignedIn) -> HttpResponse:
    number = unsent.retry_unsent_mails(by=request.user)
    sentence = ngettext("%(number)d e-mail will be sent again.", "%(number)d e-mails will be sent again.", number)
    messages.success(request, sentence % {"number": number})
    return redirect("desk:unsent_mails")
