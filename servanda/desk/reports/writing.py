"""The editor of a section: text, words, facts to quote; and its earlier versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import localize, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.finding import find_section, short_number
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number
from servanda.kit.refusal import Refused
from servanda.people.access import Can, can, requires
from servanda.people.models import User
from servanda.people.naming import shown_names
from servanda.people.requests.refusals import attempt, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.pages.history import word_difference
from servanda.reporting.facts.registry import Fact, FactSource
from servanda.reporting.inputs.queries import input_of
from servanda.reporting.models import Quotation, ReportSection, ReturnedNote
from servanda.reporting.models.sittings import SITTING
from servanda.reporting.reports import renewing
from servanda.reporting.reports import services as deeds
from servanda.reporting.reports.addendum import can_be_drafted
from servanda.reporting.reports.comments import comments_to_draft
from servanda.reporting.reports.counting import words_of
from servanda.reporting.reports.fact_drafts import drafted_sources
from servanda.reporting.reports.forms import SectionForm
from servanda.reporting.reports.gaps import gaps_in
from servanda.reporting.reports.left_out import left_out_of
from servanda.reporting.reports.queries import (
    FACTS_AT_ONCE,
    Measured,
    changed_facts,
    days_of_withdrawal,
    fact_of,
    facts_beside,
    measured,
    offered_facts,
    sources_of,
    total_of,
)

MOST_VERSIONS = 50
MOST_COMMENTS = 50


@form_page
@requires(Can.READ_INTERNAL)
def write_section(request: SignedIn, key: object, section: str) -> HttpResponse:
    shown = find_section(request, key, section)
    form = SectionForm(request.POST or None, section=shown)
    is_to_save = request.method == "POST" and form.is_valid() and "preview" not in request.POST
    is_saved = is_to_save and save(request, form, shown)
    if "autosave" in request.POST:
        return autosave_response(find_section(request, key, section), form, request.user)
    if is_saved:
        messages.success(request, _("Saved."))
        place = "#facts" if "quote" in request.POST else "#quoted" if {"renew", "undo"} & set(request.POST) else ""
        return redirect(f"{request.get_full_path()}{place}")
    page = page_of_section(request, shown, form)
    return render(request, "desk/reports/write_section.html", page, status=status_of(form))


def save(request: SignedIn, form: SectionForm, section: ReportSection) -> bool:
    """Save the text, with the quotation that was asked for; False if it was refused."""
    what = {"section": section, "by": request.user, **{name: form.cleaned_data[name] for name in ("text", "seen")}}
    deed = deed_of(request)
    try:
        if deed == "quote_fact":
            source, fact = fact_to_quote(section, request)
            deeds.quote_fact(**what, source=source, fact=fact)
        elif deed == "renew_quotations":
            renewing.renew_quotations(**what, facts=facts_to_renew(section, request.POST["renew"], request.user))
        elif deed == "undo_renewal":
            renewing.undo_renewal(**what, number=short_number(request.POST["undo"]))
        else:
            deeds.write_section(**what, is_autosave="autosave" in request.POST)
    except Refused as refusal:
        if isinstance(refusal, ChangedMeanwhile):
            section.refresh_from_db()
            form.look_again(section.version)
            form.is_outdated = True
        refuse_in_form(request, form, refusal, deed)
        return False
    return True


def deed_of(request: SignedIn) -> str:
    """The service that the pressed button calls."""
    if request.POST.get("quote"):
        return "quote_fact"
    if request.POST.get("renew"):
        return "renew_quotations"
    return "undo_renewal" if short_number(request.POST.get("undo", "")) else "write_section"


def fact_to_quote(section: ReportSection, request: SignedIn) -> tuple[FactSource, Fact]:
    code, _colon, key = request.POST["quote"].partition(":")
    if (found := fact_of(section, code, key, request.user)) is None:
        raise Refused(_("This fact is no longer available. Choose another one."))
    return found


def facts_to_renew(section: ReportSection, wanted: str, user: User) -> dict[int, Fact]:
    """The present facts of the quotation with this number, or of all that have changed."""
    changed = changed_facts(section, section.quotations.all(), user)
    facts = {number: fact for number, fact in changed.items() if fact is not None}
    if wanted == "all":
        return facts
    return {number: fact for number, fact in facts.items() if number == short_number(wanted)}


def status_of(form: SectionForm) -> int:
    return 409 if form.is_outdated else 422 if form.errors else 200


def page_of_section(request: SignedIn, section: ReportSection, form: SectionForm) -> dict:
    text = form["text"].value() or ""
    start = (page_number(request.GET) - 1) * FACTS_AT_ONCE
    beside, sources = facts_beside(section, request.user), sources_of(section)
    shown = {"start": start, "is_new": "new" in request.GET}
    offered = offered_facts(section, request.GET.get("facts", ""), request.user, sources=sources, **shown)
    quoted = quoted_in(section, request.user)
    given = input_of(section.report, [section], request.user).get(section.pk)
    words = words_of(text) if form.is_bound else section.words
    if form.is_bound and section.is_counted and (total := beside["total"]):
        beside["total"] = measured(total.words - section.words + words, total.limit)
    return {
        "section": section,
        "form": form,
        **beside,
        "length": measured(words, section.word_limit),
        "left_out": left_out_of(text),
        "gaps": gaps_in([section]).get(section.pk),
        "changed": [row for row in quoted if row.is_changed],
        "quoted": quoted,
        "withdrawn": [row.quotation.mark for row in quoted if row.withdrawn_on],
        "busy": busy_on(section, request.user),
        "given": given,
        "draft_label": draft_label(section, request.user),
        "has_questions": given is not None and not can_be_drafted(section),
        "has_facts": not can_be_drafted(section) and bool(drafted_sources(section)),
        "sources": sources,
        "comments": returned_comments(section, request),
        "offered": offered,
        "next_page": page_number(request.GET) + 1 if offered and start + FACTS_AT_ONCE < offered.total else None,
        "preview": text if "preview" in request.POST and not form.errors else None,
        "conflict": word_difference(section.text, text) if form.is_outdated else None,
    }


@dataclass(slots=True)
class Quoted:
    """A quotation, and what its source says now if that is something else; None if it is no longer offered."""

    quotation: Quotation
    is_changed: bool = False
    now: Fact | None = None
    difference: Sequence | None = None
    withdrawn_on: date | None = None


def quoted_in(section: ReportSection, user: User) -> list[Quoted]:
    quotations = list(section.quotations.all())
    changed = changed_facts(section, quotations, user)
    rows = [Quoted(row, row.number in changed, changed.get(row.number)) for row in quotations]
    gone = days_of_withdrawal(row.quotation for row in rows if row.is_changed and row.now is None)
    for row in rows:
        row.withdrawn_on = gone.get(row.quotation.number)
        if row.now is not None:
            row.difference = word_difference(row.quotation.text, row.now.text)
    return rows


def busy_on(section: ReportSection, user: User) -> str:
    """The name of another person who saved the section a short time ago; empty if there is none."""
    writer = section.changed_by
    if writer is None or writer.pk == user.pk or section.changed_at is None:
        return ""
    is_recent = timezone.now() - section.changed_at < SITTING
    return shown_names([writer], to=user)[writer.pk] if is_recent else ""


def draft_label(section: ReportSection, user: User) -> str:
    """What the section can be drafted from beside questions and facts; empty if there is nothing."""
    if can_be_drafted(section):
        return _("Draft from the decided positions")
    return _("Draft from the comments") if comments_to_draft(section, user).exists() else ""


def returned_comments(section: ReportSection, request: SignedIn) -> list[ReturnedNote]:
    """The open comments from Word files, for those who edit reports."""
    if not can(request.user, Can.EDIT_REPORTS):
        return []
    rows = ReturnedNote.objects.comments_on(section).select_related("word_return")
    return list(rows.order_by("-word_return", "place")[:MOST_COMMENTS])


def lengths_of(section: ReportSection, user: User) -> dict[str, Measured | None]:
    """The words of the section, and of the whole report for those who see all its sections."""
    return {"length": measured(section.words, section.word_limit), "total": total_of(section.report, user)}


def autosave_response(section: ReportSection, form: SectionForm, user: User) -> JsonResponse:
    """The response for the autosave script, with the words as they are counted now."""
    if form.errors:
        reasons = [reason for messages_of_field in form.errors.values() for reason in messages_of_field]
        return JsonResponse({"refused": str(reasons[0])}, status=status_of(form))
    at = time_format(timezone.localtime(), "TIME_FORMAT")
    saved = _("Saved at %(time)s.") % {"time": at}
    lengths = lengths_of(section, user)
    rendered = render_to_string("desk/reports/write_section.html#lengths", lengths)
    saved_words = f"{saved} {in_words(lengths['length'])}"
    return JsonResponse({"seen": section.version, "saved": saved_words, "lengths": rendered})


def in_words(length: Measured) -> str:
    if length.limit:
        counted = {"words": localize(length.words), "limit": localize(length.limit)}
        warning = {"over": _("over the limit"), "near": _("near the limit")}.get(length.warning, "")
        return f"{_('%(words)s of %(limit)s words') % counted} {warning}".strip()
    return ngettext("%(words)s word", "%(words)s words", length.words) % {"words": localize(length.words)}


@require_safe
@requires(Can.READ_INTERNAL)
def section_versions(request: SignedIn, key: object, section: str) -> HttpResponse:
    """The versions of the text, and what the chosen one changed."""
    shown = find_section(request, key, section)
    context = {"section": shown, **compared_versions(request, shown.versions.all())}
    return render(request, "desk/reports/section_versions.html", context)


def compared_versions(request: SignedIn, stored: QuerySet) -> dict[str, object]:
    """The latest versions with their authors, the newest first; the chosen one, and what it changed."""
    versions = list(stored.select_related("by")[: MOST_VERSIONS + 1])
    wanted = request.GET.get("version", "")
    place = next((place for place, version in enumerate(versions) if str(version.number) == wanted), 0)
    chosen = versions[place] if versions else None
    before = versions[place + 1].text if place + 1 < len(versions) else ""
    names = shown_names((version.by for version in versions), to=request.user)
    return {
        "versions": [(version, names.get(version.by_id, "")) for version in versions[:MOST_VERSIONS]],
        "chosen": chosen,
        "difference": word_difference(before, chosen.text) if chosen else [],
    }


@require_POST
@requires(Can.READ_INTERNAL)
def restore_section_version(request: SignedIn, key: object, section: str, number: int) -> HttpResponse:
    shown = find_section(request, key, section)
    get_object_or_404(shown.versions, number=number)
    done = _("Version %(number)s was restored.") % {"number": number}
    attempt(request, deeds.restore_section_version, done, section=shown, number=number)
    return redirect(resolve_url("desk:section_versions", key, section))
