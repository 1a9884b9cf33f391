"""Drafts of reports that are open for comments of everyone, without an account and without tracking."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from servanda.kit.pages.addresses import page_name
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.requests.visitors import address_key
from servanda.progress.contributions.services import record_refused_contribution
from servanda.progress.contributions.visitors import Visitor
from servanda.progress.evidence.downloads import send_stored
from servanda.progress.rounds.days import local_day
from servanda.reporting.consultations import commenting
from servanda.reporting.consultations.forms import VisitorCommentForm
from servanda.reporting.consultations.queries import (
    CommentChoice,
    chosen_comments,
    comment_lines,
    public_comments_on,
    section_lines,
    submitted_since,
    unpublished_on,
)
from servanda.reporting.models import CommentFile, Consultation, ConsultationComment

ON_A_PAGE = 25
LONGEST_PLACE = 5  # digits


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    public = Consultation.objects.public().select_related("report").order_by("-opened_at", "-pk")
    page = page_of(public.count(), number=page_number(request.GET), size=ON_A_PAGE)
    today = local_day(timezone.now())
    rows = [(row, row.state_on(today)) for row in public[slice_of(page)]]
    return render(request, "portal/consultations.html", {"rows": rows, **pager(page)})


def find_public(key: UUID) -> Consultation:
    return get_object_or_404(Consultation.objects.public().select_related("report"), key=key)


@require_safe
def consultation(request: HttpRequest, key: UUID) -> HttpResponse:
    """The draft as it was opened, with the number of published comments on each section."""
    shown, today = find_public(key), local_day(timezone.now())
    context = {
        "consultation": shown,
        "state": shown.state_on(today),
        "submitted": submitted_since(shown),
        "lines": section_lines(shown, public_comments_on(shown)),
        "may_comment": shown.is_open_on(today),
    }
    return render(request, "portal/consultation.html", context)


@require_safe
def consultation_comments(request: HttpRequest, key: UUID) -> HttpResponse:
    """The published comments, of all sections or of one."""
    shown, today = find_public(key), local_day(timezone.now())
    given = request.GET.get("section", "")
    section = given if given.isdecimal() and given.isascii() and len(given) <= LONGEST_PLACE else ""
    found = chosen_comments(public_comments_on(shown), CommentChoice(section=section))
    page = page_of(found.count(), number=page_number(request.GET), size=ON_A_PAGE)
    lines = comment_lines(found[slice_of(page)], None, on=today)
    context = {"consultation": shown, "lines": lines, "may_comment": shown.is_open_on(today)}
    context["unpublished"] = unpublished_on(shown)
    context |= pager(page, {"section": section} if section else {})
    return render(request, "portal/consultation_comments.html", context)


@heavy(FILE)
@require_safe
def public_comment_file(request: HttpRequest, key: UUID) -> FileResponse:
    """A file of a published comment, always as a download."""
    row = get_object_or_404(CommentFile.objects.public(), key=key)
    return send_stored(row.file, name=row.name, mime=row.mime)


@form_page
@never_cache
def comment_on_draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """The public form. The trail records the reasons of refusals, and nothing about the visitor."""
    shown = find_public(key)
    start = {"section": request.GET.get("section", "")[:LONGEST_PLACE]}
    form = VisitorCommentForm(request.POST or None, consultation=shown, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            visitor = Visitor(address=address_key(request), opened_at=form.opened_at)
            form_key = form.cleaned_data["form_key"]
            made = commenting.add_consultation_comment(
                consultation=shown, values=form.values(), form_key=form_key, by=None, visitor=visitor
            )
        except Refused as refusal:
            form.add_error(getattr(refusal, "field", None), str(refusal))
            record_refused_contribution(str(refusal), page=page_name(request), path=request.path)
        else:
            return redirect("portal:comment_receipt", made.key)
    page = {"form": form, "consultation": shown, "is_open": shown.is_open_on(local_day(timezone.now()))}
    return render(request, "portal/comment_on_draft.html", page, status=422 if form.errors else 200)


def find_sent(key: UUID) -> ConsultationComment:
    """A comment without an account, for those who have its secret link."""
    rows = ConsultationComment.objects.filter(author=None).select_related("consultation__report", "section")
    return get_object_or_404(rows, key=key)


@require_safe
@never_cache
def comment_receipt(request: HttpRequest, key: UUID) -> HttpResponse:
    sent = find_sent(key)
    is_open = sent.consultation.is_open_on(local_day(timezone.now()))
    context = {"comment": sent, "may_withdraw": is_open and sent.is_answerable and not sent.verdict}
    return render(request, "portal/comment_receipt.html", context)


@form_page
@never_cache
def withdraw_comment(request: HttpRequest, key: UUID) -> HttpResponse:
    """Withdraw one's own comment, after a confirmation."""
    sent = find_sent(key)
    if request.method == "POST":
        try:
            commenting.withdraw_consultation_comment(comment=sent, by=None)
        except Refused as refusal:
            messages.error(request, str(refusal))
            record_refused_contribution(str(refusal), page=page_name(request), path=request.path)
        else:
            messages.success(request, _("Comment withdrawn."))
        return redirect("portal:comment_receipt", key)
    return render(request, "portal/withdraw_comment.html", {"comment": sent})
