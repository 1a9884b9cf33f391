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
from servanda.vocab.models import Body, Taxonomy, Term
from servanda.vocab.provenance import Label
from servanda.vocab.services.confirming import confirm_labels as confirm

LABELS_ON_A_PAGE = 50
NAMES = {
    "taxonomies": gettext_lazy("Taxonomies"),
    "bodies": gettext_lazy("Bodies"),
    "countries": gettext_lazy("States"),
}


@require_safe
@requires(Can.USE_DESK)
def unconfirmed(request: HttpRequest) -> HttpResponse:
    waiting = provenance.waiting()
    by_language = Counter(label.language for label in waiting)
    language = chosen_of(request.GET.get("language", ""), by_language)
    here = [label for label in waiting if label.language == language]
    by_file = Counter(label.file for label in here)
    file = request.GET.get("file", "")
    shown = [label for label in here if label.file == file] if file in by_file else here
    page = page_of(len(shown), number=page_number(request.GET), size=LABELS_ON_A_PAGE)
    context = {
        "language": language,
        "file": file if file in by_file else "",
        "languages": sorted(by_language.items()),
        "files": named(by_file),
        "total": len(here),
        "labels": [(label, edit_address(label)) for label in shown[slice_of(page)]],
        "page": page,
    }
    return render(request, "vocab/unconfirmed.html", context)


def chosen_of(asked: str, by_language: Counter[str]) -> str:
    """The language asked for, or that of the page, or the first that waits for a speaker."""
    own = (get_language() or "").partition("-")[0]
    known = [language for language in (asked, own, *sorted(by_language)) if language in by_language]
    return known[0] if known else ""


def named(by_file: Counter[str]) -> list[tuple[str, object, int]]:
    taxonomies = {f"terms-{one.code}": one.name for one in Taxonomy.objects.all()}
    return [(file, NAMES.get(file) or taxonomies.get(file, file), count) for file, count in by_file.items()]


def edit_address(label: Label) -> str:
    """Where its words can be changed; names of States have no page of their own."""
    match label.thing:
        case Term() as term:
            return reverse("vocab:edit_term", args=[term.taxonomy.code, term.pk])
        case Body() as body:
            return reverse("vocab:edit_body", args=[body.pk])
        case Taxonomy() as taxonomy:
            return reverse("vocab:edit_taxonomy", args=[taxonomy.code])
    return ""


@require_POST
@requires(Can.EDIT_VOCABULARY)
def confirm_labels(request: HttpRequest) -> HttpResponse:
    """One label by its own button, or all that are ticked."""
    asked = request.POST
    chosen = {"language": asked.get("language", ""), "chosen": asked.getlist("only") or asked.getlist("label")}
    attempt(request, confirm, _("Confirmed. The trail keeps who did it."), **chosen)
    return redirect(f"{reverse('vocab:unconfirmed')}?{urlencode(place_of(asked.items()))}")


def place_of(asked: Iterable[tuple[str, object]]) -> dict[str, object]:
    """The same list as before; what was confirmed has left it, so the page fills up from behind."""
    return {key: value for key, value in asked if key in ("language", "file", "page") and value}
