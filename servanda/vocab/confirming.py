"""The page of labels that no speaker of their language has confirmed yet."""

from collections import Counter
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.kit.pages.listing import page_number, page_of, slice_of
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt
from servanda.vocab import provenance
from servanda.vocab.models import Body, Instrument, Taxonomy, Term
from servanda.vocab.provenance import Label
from servanda.vocab.services.confirming import confirm_labels as confirm

LABELS_ON_A_PAGE = 50
NAMES = {
    "taxonomies": gettext_lazy("Taxonomies"),
    "bodies": gettext_lazy("Bodies"),
    "countries": gettext_lazy("States"),
    "instruments": gettext_lazy("Treaties"),
    "rule_texts": gettext_lazy("Explanations of rules"),
}


@require_safe
@requires(Can.USE_DESK)
def unconfirmed(request: HttpRequest) -> HttpResponse:
    waiting = provenance.waiting()
    by_language = Counter(label.language for label in waiting)
    language = choose_language(request.GET.get("language", ""), by_language)
    in_language = [label for label in waiting if label.language == language]
    by_file = Counter(label.file for label in in_language)
    file = request.GET.get("file", "")
    shown = [label for label in in_language if label.file == file] if file in by_file else in_language
    page = page_of(len(shown), number=page_number(request.GET), size=LABELS_ON_A_PAGE)
    context = {
        "language": language,
        "file": file if file in by_file else "",
        "languages": sorted(by_language.items()),
        "files": with_names(by_file),
        "total": len(in_language),
        "labels": [(label, edit_address(label)) for label in shown[slice_of(page)]],
        "page": page,
    }
    return render(request, "vocab/unconfirmed.html", context)


def choose_language(language: str, by_language: Counter[str]) -> str:
    """The requested language, else that of the page, else the first one with unconfirmed labels."""
    own = (get_language() or "").partition("-")[0]
    candidates = (language, own, *sorted(by_language))
    return next((candidate for candidate in candidates if candidate in by_language), "")


def with_names(by_file: Counter[str]) -> list[tuple[str, object, int]]:
    taxonomies = {f"terms-{taxonomy.code}": taxonomy.name for taxonomy in Taxonomy.objects.all()}
    return [(file, NAMES.get(file) or taxonomies.get(file, file), count) for file, count in by_file.items()]


def edit_address(label: Label) -> str:
    """The page where the label can be edited; empty for names of States and explanations of rules."""
    match label.thing:
        case Term() as term:
            return reverse("vocab:edit_term", args=[term.taxonomy.code, term.pk])
        case Body() as body:
            return reverse("vocab:edit_body", args=[body.pk])
        case Instrument() as instrument:
            return reverse("vocab:edit_instrument", args=[instrument.pk])
        case Taxonomy() as taxonomy:
            return reverse("vocab:edit_taxonomy", args=[taxonomy.code])
    return ""


@require_POST
@requires(Can.EDIT_VOCABULARY)
def confirm_labels(request: HttpRequest) -> HttpResponse:
    """Confirm one label by its own button, or all that are ticked."""
    sent = request.POST
    chosen = {"language": sent.get("language", ""), "chosen": sent.getlist("only") or sent.getlist("label")}
    attempt(request, confirm, _("Confirmed. The confirmation is recorded in the audit trail."), **chosen)
    return redirect(f"{reverse('vocab:unconfirmed')}?{urlencode(list_parameters(sent.items()))}")


def list_parameters(sent: Iterable[tuple[str, object]]) -> dict[str, object]:
    """The parameters that lead back to the same list; confirmed labels are no longer on it."""
    return {key: value for key, value in sent if key in ("language", "file", "page") and value}
