"""A section of a report beside its translation; and the earlier versions of the translation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.finding import short_number
from servanda.desk.reports.writing import compared_versions, in_words
from servanda.kit.files.word import is_right_to_left
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.markdown_segments import join_segments
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.naming import shown_names
from servanda.people.requests.refusals import attempt, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.pages.history import word_difference
from servanda.reporting.models import SectionTranslation
from servanda.reporting.models.sittings import SITTING
from servanda.reporting.reports.queries import measured
from servanda.reporting.translations import services as deeds
from servanda.reporting.translations.aligning import Segment, aligned, key_of
from servanda.reporting.translations.forms import (
    SectionTranslationForm,
    fitting,
    typed_targets,
)
from servanda.reporting.translations.memory import chosen_for, similar_to
from servanda.reporting.translations.queries import Offered, offered_for

LINE, MOST_LINES = 48, 14  # characters of a line; lines of a text area


def find_translation(request: SignedIn, key: object, language: str, section: str) -> SectionTranslation:
    rows = SectionTranslation.objects.visible_to(request.user).select_related(
        "into__report", "section__report__clearance", "changed_by", "reviewed_by"
    )
    return get_object_or_404(rows, section__report__key=key, section__key=section, into__language=language)


@form_page
@requires(Can.READ_INTERNAL)
def translate_section(request: SignedIn, key: object, language: str, section: str) -> HttpResponse:
    shown = find_translation(request, key, language, section)
    form = SectionTranslationForm(request.POST or None, translation=shown, direction=direction_of(language))
    is_to_save = request.method == "POST" and form.is_valid() and "preview" not in request.POST
    is_saved = is_to_save and save(request, form, shown)
    if "autosave" in request.POST:
        return autosave_response(find_translation(request, key, language, section), form)
    if is_saved:
        place = short_number(request.POST.get("similar", "") or request.POST.get("use", "").partition(":")[0])
        if "similar" in request.POST:
            return redirect(f"{request.path}?similar={place}#segment-{place}")
        messages.success(request, _("Saved."))
        return redirect(f"{request.path}#segment-{place}" if "use" in request.POST else request.path)
    page = page_of_translation(request, shown, form)
    return render(request, "desk/reports/translate_section.html", page, status=status_of(form))


def direction_of(language: str) -> str:
    return "rtl" if is_right_to_left(language) else "ltr"


def status_of(form: SectionTranslationForm) -> int:
    return 409 if form.is_outdated else 422 if form.errors else 200


def save(request: SignedIn, form: SectionTranslationForm, translation: SectionTranslation) -> bool:
    """Save what was typed, with the earlier translation that was chosen; False if it was refused."""
    rows, _lost = typed_rows(request, translation)
    try:
        if wanted := request.POST.get("use", ""):
            use_remembered(request, translation, rows, wanted)
        written = deeds.Written(
            heading=form.cleaned_data["heading"],
            targets=[row.target for row in rows],
            fitting=fitting(request.POST),
            source_seen=form.cleaned_data["source_seen"],
        )
        seen = form.cleaned_data["seen"]
        deeds.write_translation(
            translation=translation,
            written=written,
            seen=seen,
            by=request.user,
            is_autosave="autosave" in request.POST,
        )
    except Refused as refusal:
        if isinstance(refusal, ChangedMeanwhile):
            translation.refresh_from_db()
            translation.section.refresh_from_db()
            form.look_again(translation)
            form.is_outdated = True
        refuse_in_form(request, form, refusal, "translate_section")
        return False
    return True


def use_remembered(request: SignedIn, translation: SectionTranslation, rows: Sequence[Segment], wanted: str) -> None:
    """Put an earlier translation, by its place and key, into the paragraph; that of a sentence behind its text."""
    place, _colon, number = wanted.partition(":")
    row = next((row for row in rows if row.place == short_number(place)), None)
    found = chosen_for(translation, row.source, short_number(number), request.user) if row else None
    if row is None or found is None:
        raise Refused(_("This translation is no longer available. Choose another one."))
    target = found.segment.target
    row.target = f"{row.target.rstrip()} {target}".strip() if found.is_sentence else target


def typed_rows(request: SignedIn, translation: SectionTranslation) -> tuple[list[Segment], list[str]]:
    """The paragraphs of the section as it is now with what was typed, and what was typed for deleted paragraphs."""
    rows = aligned(translation.section.text, translation.segments)
    if request.method != "POST":
        return rows, []
    typed = typed_targets(request.POST)
    if [(row.place, row.key) for row in rows] == [(place, key) for place, key, _target in typed]:
        for row, (_place, _key, target) in zip(rows, typed, strict=True):
            row.target = target
        return rows, []
    known = {row.key: row.source for row in rows} | {key_of(source): source for source, _t in translation.segments}
    moved = aligned(translation.section.text, [(known.get(key, ""), target) for _place, key, target in typed])
    kept = "\n".join(row.target for row in moved)
    return moved, [target for _place, _key, target in typed if target.strip() and target not in kept]


def page_of_translation(request: SignedIn, shown: SectionTranslation, form: SectionTranslationForm) -> dict:
    rows, lost = typed_rows(request, shown)
    similar = request.GET.get("similar", "")
    place = short_number(similar) if similar else None
    chosen = next((row for row in rows if row.place == place), None)
    text = join_segments((row.source, row.target) for row in rows)
    names = shown_names([shown.changed_by, shown.reviewed_by], to=request.user)
    return {
        "translation": shown,
        "section": shown.section,
        "report": shown.section.report,
        "form": form,
        "rows": with_changes(offered_for(shown, rows, request.user)),
        "similar": similar_to(shown, chosen.source, request.user) if chosen else [],
        "similar_place": chosen.place if chosen else None,
        "source_direction": direction_of(shown.section.report.language),
        "direction": direction_of(shown.into.language),
        "length": measured(shown.words, shown.section.word_limit),
        "may_write": deeds.may_translate(shown.into, request.user),
        "why_not_review": deeds.why_not_review(shown, request.user),
        "busy": busy_on(shown, request),
        "translator_name": names.get(shown.changed_by_id, ""),
        "reviewer_name": names.get(shown.reviewed_by_id, ""),
        "lost": lost,
        "conflict": word_difference(shown.text, text) if form.is_outdated else None,
        "preview": text if "preview" in request.POST and not form.errors else None,
    }


@dataclass(slots=True)
class ShownRow:
    """A paragraph on the page; `difference` is what changed in its source since it was translated."""

    offered: Offered
    difference: Sequence | None
    lines: int
    place: str
    label: str


def with_changes(offered: Sequence[Offered]) -> list[ShownRow]:
    label = _("Translation of paragraph %(number)s")
    rows = []
    for row in offered:
        segment = row.segment
        changed = word_difference(segment.translated_from, segment.source) if segment.is_changed else None
        lines = min(MOST_LINES, 2 + max(len(segment.source), len(segment.target)) // LINE)
        rows.append(ShownRow(row, changed, lines, str(segment.place), label % {"number": segment.place + 1}))
    return rows


def busy_on(translation: SectionTranslation, request: SignedIn) -> str:
    """The name of another person who saved the translation a short time ago; empty if there is none."""
    writer = translation.changed_by
    if writer is None or writer.pk == request.user.pk or translation.changed_at is None:
        return ""
    is_recent = timezone.now() - translation.changed_at < SITTING
    return shown_names([writer], to=request.user)[writer.pk] if is_recent else ""


def autosave_response(translation: SectionTranslation, form: SectionTranslationForm) -> JsonResponse:
    """The response for the autosave script, with the words as they are counted now."""
    if form.errors:
        reasons = [reason for messages_of_field in form.errors.values() for reason in messages_of_field]
        return JsonResponse({"refused": str(reasons[0])}, status=status_of(form))
    saved = _("Saved at %(time)s.") % {"time": time_format(timezone.localtime(), "TIME_FORMAT")}
    length = measured(translation.words, translation.section.word_limit)
    rendered = render_to_string("desk/reports/_length.html", {"length": length})
    return JsonResponse({"seen": translation.version, "saved": f"{saved} {in_words(length)}", "lengths": rendered})


@require_POST
@requires(Can.READ_INTERNAL)
def review_translation(request: SignedIn, key: object, language: str, section: str) -> HttpResponse:
    shown = find_translation(request, key, language, section)
    seen = short_number(request.POST.get("seen", ""))
    attempt(request, deeds.review_translation, _("Translation reviewed."), translation=shown, seen=seen)
    return redirect(shown)


@require_safe
@requires(Can.READ_INTERNAL)
def translation_versions(request: SignedIn, key: object, language: str, section: str) -> HttpResponse:
    """The versions of the translation, and what the chosen one changed."""
    shown = find_translation(request, key, language, section)
    context = {
        "translation": shown,
        "section": shown.section,
        **compared_versions(request, shown.versions.all()),
        "direction": direction_of(language),
        "may_write": deeds.may_translate(shown.into, request.user),
    }
    return render(request, "desk/reports/translation_versions.html", context)


@require_POST
@requires(Can.READ_INTERNAL)
def restore_translation_version(
    request: SignedIn, key: object, language: str, section: str, number: int
) -> HttpResponse:
    shown = find_translation(request, key, language, section)
    get_object_or_404(shown.versions, number=number)
    done = _("Version %(number)s was restored.") % {"number": number}
    attempt(request, deeds.restore_translation_version, done, translation=shown, number=number)
    return redirect("desk:translation_versions", key, language, section)
