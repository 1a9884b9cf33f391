"""Pages on which the mechanism replies to a comment on a draft, publishes it, or withholds what is unlawful."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.consultations.finding import find_comment
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.progress.rounds.days import local_day
from servanda.reporting.consultations import replying as deeds
from servanda.reporting.consultations.forms import ReplyForm, SeenForm, WithholdForm
from servanda.reporting.consultations.queries import comment_lines
from servanda.reporting.models import ConsultationComment


@form_page
@requires(Can.EDIT_REPORTS)
def reply_consultation_comment(request: SignedIn, key: UUID, pk: int) -> HttpResponse:
    """Reply, or correct a reply that was sent."""
    comment = find_comment(request, key, pk)
    start = {"verdict": comment.verdict, "reply": comment.reply, "seen": comment.version}
    form = ReplyForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "reply_consultation_comment", edits=comment):
            deeds.reply_consultation_comment(comment=comment, **form.cleaned_data, by=request.user)
            messages.success(request, _("Reply sent."))
            return redirect(comment)
    return ask(request, form, comment, title=_("Reply to the comment"), button=_("Send reply"))


@require_POST
@requires(Can.EDIT_REPORTS)
def show_consultation_comment(request: SignedIn, key: UUID, pk: int) -> HttpResponse:
    comment = find_comment(request, key, pk)
    attempt(request, deeds.show_consultation_comment, _("Comment published."), comment=comment)
    return redirect(comment)


@form_page
@requires(Can.EDIT_REPORTS)
def withhold_consultation_comment(request: SignedIn, key: UUID, pk: int) -> HttpResponse:
    comment = find_comment(request, key, pk)
    form = WithholdForm(request.POST or None, initial={"seen": comment.version})
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "withhold_consultation_comment", edits=comment):
            deeds.withhold_consultation_comment(comment=comment, **form.cleaned_data, by=request.user)
            undo = resolve_url("desk:show_consultation_comment", key, pk)
            messages.success(request, _("Comment withheld. Its reason is shown."), extra_tags=undo)
            return redirect(comment)
    page = {"title": _("Withhold the comment"), "button": _("Withhold"), "is_danger": True}
    return ask(request, form, comment, **page)


def ask(request: SignedIn, form: SeenForm, comment: ConsultationComment, **page: object) -> HttpResponse:
    """The form below the comment, as it is now."""
    now = find_comment(request, comment.consultation.key, comment.pk)
    (line,) = comment_lines([now], request.user, on=local_day(timezone.now()))
    context = {"form": form, "line": line, **page}
    return render(request, "desk/consultations/answer_comment.html", context, status=422 if form.errors else 200)
