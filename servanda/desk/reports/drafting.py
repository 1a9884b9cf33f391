"""First drafts of a section: the draft from facts with its words before it is inserted, the insertion of any, and the
gaps that drafts leave."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.finding import find_section, short_number
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt
from servanda.reporting.inputs.drafts import draft_answers
from servanda.reporting.models import ReportSection
from servanda.reporting.reports import gaps
from servanda.reporting.reports import services as deeds
from servanda.reporting.reports.fact_drafts import drafted_sources
from servanda.reporting.reports.fact_drafts import fact_draft as draft_for
from servanda.reporting.reports.forms import DraftForm
from servanda.reporting.reports.queries import measured
from servanda.reporting.reports.uses import used_facts


@require_safe
@requires(Can.READ_INTERNAL)
def fact_draft(request: SignedIn, key: object, section: str) -> HttpResponse:
    """The draft from facts as it would be inserted, with the words that the section would have."""
    shown = find_section(request, key, section)
    form = draft_form(request, request.GET if "chosen" in request.GET else None, shown)
    is_valid = not form.is_bound or form.is_valid()
    draft = draft_for(shown, request.user, form.choice()) if is_valid else None
    context = {
        "section": shown,
        "form": form,
        "draft": draft,
        "added": measured(draft.words, None) if draft else None,
        "length": measured(shown.words + draft.words, shown.word_limit) if draft else None,
    }
    return render(request, "desk/reports/fact_draft.html", context)


def draft_form(request: SignedIn, sent: QueryDict | None, section: ReportSection) -> DraftForm:
    used = used_facts(section, drafted_sources(section), request.user)
    return DraftForm(sent, section=section, used=used)


@require_POST
@requires(Can.READ_INTERNAL)
def draft_section(request: SignedIn, key: object, section: str) -> HttpResponse:
    """Put a draft made from decided positions, approved answers, comments or facts below the saved text."""
    shown, version = find_section(request, key, section), short_number(request.POST.get("seen", ""))
    done = _("Draft added. Check each sentence.")
    if "answers" in request.POST:
        attempt(request, draft_answers, done, section=shown, seen=version)
        return redirect(shown)
    choice = None
    if "chosen" in request.POST:
        form = draft_form(request, request.POST, shown)
        if not form.is_valid():
            messages.error(request, _("Select at least one kind of facts."))
            return redirect(resolve_url("desk:fact_draft", key, section))
        choice = form.choice()
    attempt(request, deeds.draft_section, done, section=shown, seen=version, choice=choice)
    return redirect(shown)


@require_POST
@requires(Can.EDIT_REPORTS)
def accept_gap(request: SignedIn, key: object, section: str, gap: str) -> HttpResponse:
    """The gap stays open, for a reason."""
    shown, reason = find_section(request, key, section), request.POST.get("reason", "")
    done = _("The gap no longer blocks clearance.")
    attempt(request, gaps.accept_gap, done, section=shown, key=gap, reason=reason)
    return redirect(f"{shown.get_absolute_url()}#gaps")


@require_POST
@requires(Can.EDIT_REPORTS)
def reopen_gap(request: SignedIn, key: object, section: str, gap: str) -> HttpResponse:
    """Withdraw the reason for which the gap stays open."""
    shown = find_section(request, key, section)
    attempt(request, gaps.reopen_gap, _("The gap blocks clearance again."), section=shown, key=gap)
    return redirect(f"{shown.get_absolute_url()}#gaps")
