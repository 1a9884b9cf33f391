from collections import defaultdict
from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, slice_of
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refuse
from servanda.vocab import provenance
from servanda.vocab.forms import BodyForm, InstrumentForm, PasteForm, SpellingForm, TaxonomyForm, TermForm
from servanda.vocab.models import Body, Country, Instrument, Taxonomy, Term
from servanda.vocab.provenance import Label
from servanda.vocab.services import editing
from servanda.vocab.services.loading import shipped

TERMS_ON_A_PAGE = 100


@require_safe
@requires(Can.USE_DESK)
def vocabulary(request: HttpRequest) -> HttpResponse:
    taxonomies = Taxonomy.objects.annotate(terms_there=Count("terms")).order_by("order", "code")
    page = {"taxonomies": taxonomies, "states": Country.objects.count(), "bodies": Body.objects.count()}
    return render(request, "vocab/vocabulary.html", page)


@require_safe
@requires(Can.USE_DESK)
def taxonomy(request: HttpRequest, code: str) -> HttpResponse:
    shown = get_object_or_404(Taxonomy, code=code)
    number = page_number(request.GET)
    page = page_of(shown.terms.count(), number=number, size=TERMS_ON_A_PAGE)
    terms = shown.terms.select_related("parent__parent")[slice_of(page)]
    is_shipped = code in shipped("taxonomies")
    labels = group_by_term(provenance.labels_of(terms))
    rows = [(term, labels[term.pk]) for term in terms]
    context = {"taxonomy": shown, "rows": rows, "page": page, "is_shipped": is_shipped}
    return render(request, "vocab/taxonomy.html", context)


def group_by_term(labels: Iterable[Label]) -> defaultdict[int, list[Label]]:
    labels_by_pk: defaultdict[int, list[Label]] = defaultdict(list)
    for label in labels:
        labels_by_pk[label.thing.pk].append(label)
    return labels_by_pk


@require_safe
@requires(Can.USE_DESK)
def bodies(request: HttpRequest) -> HttpResponse:
    bodies = list(Body.objects.all())
    page = {"bodies": bodies, "shipped": shipped("bodies"), "some_hidden": any(not row.is_offered for row in bodies)}
    return render(request, "vocab/bodies.html", page)


def ask(request: HttpRequest, form, *, title: str, cancel: str, **page) -> HttpResponse:
    """The page with the form; a form with mistakes is no success for a program either."""
    context = {"form": form, "title": title, "button": _("Save"), "cancel_url": cancel, **page}
    return render(request, "vocab/vocabulary_form.html", context, status=422 if form.errors else 200)


def ask_first(request: HttpRequest, *, title: str, text: str, cancel: str) -> HttpResponse:
    context = {"title": title, "text": text, "cancel_url": cancel, "button": _("Delete"), "is_danger": True}
    return render(request, "vocab/delete.html", context)


def page_address(taxonomy: Taxonomy) -> str:
    return resolve_url("vocab:taxonomy", taxonomy.code)


@form_page
@requires(Can.EDIT_VOCABULARY)
@makes_once
def add_taxonomy(request: HttpRequest) -> HttpResponse:
    form = TaxonomyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = editing.add_taxonomy(**form.cleaned_data, by=request.user)
        messages.success(request, _("Taxonomy saved. Add its terms one by one or as a table."))
        return redirect("vocab:taxonomy", made.code)
    return ask(request, form, title=_("Add a taxonomy"), cancel=resolve_url("vocab:vocabulary"))


@form_page
@requires(Can.EDIT_VOCABULARY)
def edit_taxonomy(request: HttpRequest, code: str) -> HttpResponse:
    known = get_object_or_404(Taxonomy, code=code)
    form = TaxonomyForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        if attempt(request, editing.edit_taxonomy, _("Saved."), taxonomy=known, **form.cleaned_data):
            return redirect("vocab:taxonomy", code)
        form.look_again()
    return ask(request, form, title=_("Edit the taxonomy"), cancel=page_address(known))


@form_page
@requires(Can.EDIT_VOCABULARY)
def delete_taxonomy(request: HttpRequest, code: str) -> HttpResponse:
    known = get_object_or_404(Taxonomy, code=code)
    if request.method != "POST":
        text = _("“%(name)s” will be removed from filters and forms.") % {"name": known}
        return ask_first(request, title=_("Delete this taxonomy?"), text=text, cancel=page_address(known))
    if attempt(request, editing.delete_taxonomy, _("Taxonomy deleted."), taxonomy=known):
        return redirect("vocab:vocabulary")
    return redirect("vocab:taxonomy", code)


@form_page
@requires(Can.EDIT_VOCABULARY)
@makes_once
def add_term(request: HttpRequest, code: str) -> HttpResponse:
    holder = get_object_or_404(Taxonomy, code=code)
    if holder.code in shipped("taxonomies"):
        sentence = _("The terms of this taxonomy come with Servanda. For other terms, add your own taxonomy.")
        refuse(request, Refused(sentence), "add_term")
        return redirect("vocab:taxonomy", code)
    form = TermForm(request.POST or None, taxonomy=holder, is_shipped=False)
    if request.method == "POST" and form.is_valid():
        editing.add_term(taxonomy=holder, **form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("vocab:taxonomy", code)
    return ask(request, form, title=_("Add a term"), cancel=page_address(holder), taxonomy=holder)


@form_page
@requires(Can.EDIT_VOCABULARY)
def edit_term(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    term = get_object_or_404(Term.objects.select_related("taxonomy", "parent"), taxonomy__code=code, pk=pk)
    is_shipped = code in shipped("taxonomies")
    form = TermForm(request.POST or None, instance=term, taxonomy=term.taxonomy, is_shipped=is_shipped)
    if request.method == "POST" and form.is_valid():
        words = {"parent": term.parent, **form.cleaned_data}
        if attempt(request, editing.edit_term, _("Saved."), term=term, **words):
            return redirect("vocab:taxonomy", code)
        form.look_again()
    return ask(request, form, title=_("Edit the term"), cancel=page_address(term.taxonomy), taxonomy=term.taxonomy)


@form_page
@requires(Can.EDIT_VOCABULARY)
def delete_term(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    term = get_object_or_404(Term.objects.select_related("taxonomy"), taxonomy__code=code, pk=pk)
    if request.method != "POST":
        text = _("“%(name)s” will be removed from filters and forms.") % {"name": term}
        return ask_first(request, title=_("Delete this term?"), text=text, cancel=page_address(term.taxonomy))
    attempt(request, editing.delete_term, _("Term deleted."), term=term)
    return redirect("vocab:taxonomy", code)


@form_page
@requires(Can.EDIT_VOCABULARY)
@makes_once
def paste_terms(request: HttpRequest, code: str) -> HttpResponse:
    """First look at what the table would do, then the same table again to have it done."""
    holder = get_object_or_404(Taxonomy, code=code)
    is_shipped = code in shipped("taxonomies")
    form = PasteForm(request.POST or None, taxonomy=holder, is_shipped=is_shipped)
    page = {"taxonomy": holder, "form": form, "is_shipped": is_shipped}
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            page["verdicts"] = editing.verdicts_on(holder, form.rows)
        elif attempt(request, editing.add_terms, _("Table imported."), taxonomy=holder, rows=form.rows):
            return redirect("vocab:taxonomy", code)
    return render(request, "vocab/paste_terms.html", page, status=422 if form.errors else 200)


@form_page
@requires(Can.EDIT_VOCABULARY)
@makes_once
def add_body(request: HttpRequest) -> HttpResponse:
    form = BodyForm(request.POST or None)
    if request.method == "POST" and "try" not in request.POST and form.is_valid():
        editing.add_body(**form.cleaned_data, by=request.user)
        messages.success(request, _("Body saved. Its recommendations can now be imported and entered."))
        return redirect("vocab:bodies")
    return ask_about_body(request, form, title=_("Add a body"))


@form_page
@requires(Can.EDIT_VOCABULARY)
def edit_body(request: HttpRequest, pk: int) -> HttpResponse:
    known = get_object_or_404(Body, pk=pk)
    form = BodyForm(request.POST or None, instance=known)
    title = _("Edit %(body)s") % {"body": known.short}
    if request.method == "POST" and "try" not in request.POST and form.is_valid():
        if attempt(request, editing.edit_body, _("Saved."), body=known, **form.cleaned_data):
            return redirect("vocab:bodies")
        form.look_again()
    return ask_about_body(request, form, title=title)


def ask_about_body(request: HttpRequest, form: BodyForm, *, title: str) -> HttpResponse:
    """The form of a body, with what the pattern makes of a symbol when a person tries one."""
    tried = form.trial() if "try" in request.POST else ""
    return ask(request, form, title=title, cancel=resolve_url("vocab:bodies"), can_try=True, tried=tried)


@form_page
@requires(Can.EDIT_VOCABULARY)
def delete_body(request: HttpRequest, pk: int) -> HttpResponse:
    known = get_object_or_404(Body, pk=pk)
    if request.method != "POST":
        text = _("%(code)s, “%(name)s”, will be removed from filters and forms.") % {
            "code": known.code,
            "name": known.name,
        }
        return ask_first(request, title=_("Delete this body?"), text=text, cancel=resolve_url("vocab:bodies"))
    attempt(request, editing.delete_body, _("Body deleted."), body=known)
    return redirect("vocab:bodies")


@form_page
@requires(Can.EDIT_VOCABULARY)
@makes_once
def add_instrument(request: HttpRequest) -> HttpResponse:
    form = InstrumentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        editing.add_instrument(**form.cleaned_data, by=request.user)
        messages.success(request, _("Treaty saved. You can now add it to the list."))
        return redirect("desk:list_treaties")
    return ask(request, form, title=_("Add a treaty"), cancel=resolve_url("desk:list_treaties"))


@form_page
@requires(Can.EDIT_VOCABULARY)
def edit_instrument(request: HttpRequest, pk: int) -> HttpResponse:
    known = get_object_or_404(Instrument, pk=pk)
    form = InstrumentForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        if attempt(request, editing.edit_instrument, _("Saved."), instrument=known, **form.cleaned_data):
            return redirect("desk:treaties")
        form.look_again()
    title = _("Edit %(body)s") % {"body": known.code}
    return ask(request, form, title=title, cancel=resolve_url("desk:treaties"))


@form_page
@requires(Can.EDIT_VOCABULARY)
@makes_once
def add_spelling(request: HttpRequest) -> HttpResponse:
    """How a file writes a State; the refused row of an import leads here."""
    form = SpellingForm(request.POST or None, initial={"name": request.GET.get("name", "")[:160]})
    if request.method == "POST" and form.is_valid():
        editing.add_spelling(**form.cleaned_data, by=request.user)
        messages.success(request, _("Spelling saved. The next import will recognise it."))
        return redirect("vocab:vocabulary")
    return ask(request, form, title=_("Add a spelling of a State"), cancel=resolve_url("vocab:vocabulary"))
