"""The grades of a follow-up reply: from its obligation to the records that it is about."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext

from servanda.desk.record.access import SignedIn
from servanda.desk.record.shared_deadlines import records_of
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import refusals_in_form
from servanda.progress.assessments.follow_up_grades import MOST_RECORDS, GradesForm
from servanda.progress.assessments.follow_up_grades import enter_grades as deed
from servanda.sources.models import Obligation


@form_page
@requires(Can.ASSESS)
@makes_once
def enter_grades(request: SignedIn, code: str) -> HttpResponse:
    """What the body says of each record in its document on the reply; 404 for bodies that do not assess."""
    rows = Obligation.objects.visible_to(request.user).filter(has_records=True).select_related("body")
    shown = get_object_or_404(rows, code=code)
    records = list(records_of(shown, request.user).select_related("body")[:MOST_RECORDS])
    if not shown.body.assesses or not records:
        raise Http404
    form = GradesForm(request.POST or None, records=records)
    if request.method == "POST" and form.is_valid():
        given = {"symbol": form.cleaned_data["symbol"], "date": form.cleaned_data["date"]}
        with refusals_in_form(request, form, "enter_grades"):
            made = deed(graded=form.graded(), **given, by=request.user)
            sentence = ngettext(
                "%(count)d assessment saved. It is not public until it is published.",
                "%(count)d assessments saved. They are not public until they are published.",
                len(made),
            )
            messages.success(request, sentence % {"count": len(made)})
            return redirect(shown)
    context = {"it": shown, "form": form}
    return render(request, "desk/assessments/enter_grades.html", context, status=422 if form.errors else 200)
