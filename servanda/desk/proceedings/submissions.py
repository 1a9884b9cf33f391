"""One submission after the other: start the next one, undo that, and download all of them."""

from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.proceedings.finding import ask, back, find_proceeding, rebased, save_with_service
from servanda.desk.proceedings.submissions_paper import paper_of
from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_file
from servanda.kit.files.paper import WRITERS
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.refusals import attempt, refuse
from servanda.proceedings.life.detail import earlier_of, verdicts_of
from servanda.proceedings.submissions import by_report, services
from servanda.proceedings.submissions.forms import NextSubmissionForm
from servanda.reporting.submissions.services import reports_on
from servanda.trail.models import Event


@form_page
@requires(Can.RUN_PROCEEDINGS)
def start_next_submission(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    initial = {"version": proceeding.version, "due_on": services.next_day(proceeding)}
    form = NextSubmissionForm(request.POST or None, initial=initial)
    lead = _(
        "What was sent is kept below as an earlier submission, with its clearance and its proof. The reply is empty "
        "again, and the institutions named are asked for new answers."
    )
    title = _("Start the next submission")
    page: dict = {"title": title, "button": title, "lead": lead}
    if request.method == "POST" and form.is_valid():
        what = {name: form.cleaned_data[name] for name in ("due_on", "answers_to", "parts_checked")}
        what |= {"proceeding": proceeding, "seen": form.cleaned_data["version"]}
        if save_with_service(request, form, services.start_next_submission, "", page, **what):
            undo = resolve_url("desk:undo_next_submission", key)
            messages.success(request, _("The next submission was started."), extra_tags=undo)
            return back(proceeding)
        if "conflict" in page:
            form = rebased(form, find_proceeding(request, key).version)
    return ask(request, proceeding, form, **page)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def undo_next_submission(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    message = _("Undone. The earlier submission is the present one again.")
    attempt(request, services.undo_next_submission, message, proceeding=proceeding)
    return back(proceeding)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def undo_answer_by_report(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    attempt(request, by_report.undo_answer_by_report, _("Undone. The deadline is open again."), proceeding=proceeding)
    return back(proceeding)


@heavy(FILE)
@require_safe
@requires(Can.READ_EVERYTHING)
def proceeding_submissions(request: SignedIn, key: UUID, format: str) -> HttpResponseBase:
    """All submissions of the State in one document, each with its clearance and its proof."""
    if format not in WRITERS:
        raise Http404
    proceeding, today = find_proceeding(request, key), timezone.localdate()
    earlier = earlier_of(proceeding, request.user).get("earlier", [])
    try:
        reports = reports_on(proceeding, request.user)
        content = WRITERS[format](paper_of(proceeding, earlier, verdicts_of(proceeding), reports, on=today))
    except Refused as refusal:
        refuse(request, refusal, "proceeding_submissions")
        return back(proceeding)
    if request.method == "GET":
        difference = {"format": ["", format]}
        Event.record("submissions-downloaded", proceeding, by=request.user, difference=difference)
    return send_file(BytesIO(content), file_name(_("submissions"), format, on=today, about=proceeding.reference))
