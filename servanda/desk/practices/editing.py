"""Pages that change a practice or its endorsements; each view has the name of its service."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.templatetags.pages import language_name
from servanda.network.models import Endorsement, MechanismProfile, Practice
from servanda.network.practices import services as deeds
from servanda.network.practices.forms import EndorsementForm, PracticeForm
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.recommendations.editing.forms import ReasonForm, is_language


def find_practice(request: SignedIn, key: UUID) -> Practice:
    return get_object_or_404(Practice.objects.visible_to(request.user), key=key)


def known_mechanisms(request: SignedIn):
    return MechanismProfile.objects.visible_to(request.user)


def ask(request: SignedIn, form, *, title: object, practice: Practice | None = None, **page) -> HttpResponse:
    cancel = practice.get_absolute_url() if practice else resolve_url("desk:practices")
    context = {"form": form, "title": title, "practice": practice, "cancel_url": cancel, "button": _("Save"), **page}
    return render(request, "desk/practices/practice_form.html", context, status=422 if form.errors else 200)


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_practice(request: SignedIn) -> HttpResponse:
    form = PracticeForm(request.POST or None, mechanisms=known_mechanisms(request))
    if request.method == "POST" and form.is_valid():
        written = {"language": form.written_in(), "text": form.text(), "values": form.values()}
        with refusals_in_form(request, form, "add_practice"):
            made = deeds.add_practice(**written, by=request.user)
            messages.success(request, _("Draft saved. Another person reviews it before it is published."))
            return redirect(made)
    needs_mechanism = not known_mechanisms(request).exists()
    return ask(request, form, title=_("Add a practice"), needs_mechanism=needs_mechanism)


@form_page
@requires(Can.EDIT_NETWORK)
def edit_practice(request: SignedIn, key: UUID, language: str) -> HttpResponse:
    """The facts, and the texts in one language; another language adds a version."""
    practice = find_practice(request, key)
    if not is_language(language):
        raise Http404
    options = {"mechanisms": known_mechanisms(request), "practice": practice, "language": language}
    form = PracticeForm(request.POST or None, **options)
    if request.method == "POST" and form.is_valid():
        written = {"language": language, "text": form.text(), "values": form.values()}
        with refusals_in_form(request, form, "edit_practice", edits=practice):
            deeds.edit_practice(practice=practice, **written, seen=form.cleaned_data["seen"], by=request.user)
            messages.success(request, _("Saved. The practice is a draft."))
            return redirect(practice)
    title = _("Edit the practice (%(language)s)") % {"language": language_name(language)}
    return ask(request, form, title=title, practice=practice)


@require_POST
@requires(Can.EDIT_NETWORK)
def review_practice(request: SignedIn, key: UUID) -> HttpResponse:
    practice = find_practice(request, key)
    undo = resolve_url("desk:return_practice", key)
    attempt(request, deeds.review_practice, _("Reviewed. It can now be published."), undo=undo, practice=practice)
    return redirect(practice)


@require_POST
@requires(Can.EDIT_NETWORK)
def return_practice(request: SignedIn, key: UUID) -> HttpResponse:
    practice = find_practice(request, key)
    undo = resolve_url("desk:review_practice", key)
    attempt(request, deeds.return_practice, _("The practice is a draft again."), undo=undo, practice=practice)
    return redirect(practice)


@require_POST
@requires(Can.EDIT_NETWORK)
def publish_practice(request: SignedIn, key: UUID) -> HttpResponse:
    practice = find_practice(request, key)
    undo = resolve_url("desk:unpublish_practice", key)
    attempt(request, deeds.publish_practice, _("The practice is published."), undo=undo, practice=practice)
    return redirect(practice)


@require_POST
@requires(Can.EDIT_NETWORK)
def unpublish_practice(request: SignedIn, key: UUID) -> HttpResponse:
    practice = find_practice(request, key)
    undo = resolve_url("desk:publish_practice", key)
    done = _("The practice is no longer published.")
    attempt(request, deeds.unpublish_practice, done, undo=undo, practice=practice)
    return redirect(practice)


@form_page
@requires(Can.EDIT_NETWORK)
def withdraw_practice(request: SignedIn, key: UUID) -> HttpResponse:
    practice = find_practice(request, key)
    form = ReasonForm(request.POST or None)
    lead = _("It is removed from all lists and public pages. You can restore it from its page.")
    page: dict = {"title": _("Withdraw this practice"), "button": _("Withdraw"), "lead": lead}
    if request.method == "POST" and form.is_valid():
        what = {"practice": practice, "reason": form.cleaned_data["reason"]}
        if attempt(request, deeds.withdraw_practice, _("The practice was withdrawn."), **what):
            return redirect(practice)
    return ask(request, form, practice=practice, **page)


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_practice(request: SignedIn, key: UUID) -> HttpResponse:
    practice = get_object_or_404(Practice.objects.former_for(request.user), key=key)
    attempt(request, deeds.restore_practice, _("The practice was restored."), practice=practice)
    return redirect(practice)


@form_page
@requires(Can.EDIT_NETWORK)
def set_endorsement(request: SignedIn, key: UUID) -> HttpResponse:
    practice = find_practice(request, key)
    others = known_mechanisms(request).exclude(pk=practice.mechanism_id)
    form = EndorsementForm(request.POST or None, mechanisms=others, practice=practice)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "set_endorsement"):
            deeds.set_endorsement(practice=practice, values=form.values(), by=request.user)
            messages.success(request, _("Saved."))
            return redirect(practice)
    lead = _("A mechanism has one entry; saving it again replaces the one before.")
    return ask(request, form, title=_("Endorsed or tried"), practice=practice, lead=lead)


def find_endorsement(request: SignedIn, key: UUID, pk: int) -> Endorsement:
    rows = Endorsement.objects.select_related("practice", "mechanism")
    return get_object_or_404(rows, practice=find_practice(request, key), pk=pk)


@require_POST
@requires(Can.EDIT_NETWORK)
def withdraw_endorsement(request: SignedIn, key: UUID, pk: int) -> HttpResponse:
    endorsement = find_endorsement(request, key, pk)
    undo = resolve_url("desk:restore_endorsement", key, pk)
    attempt(request, deeds.withdraw_endorsement, _("Entry withdrawn."), undo=undo, endorsement=endorsement)
    return redirect(endorsement.practice)


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_endorsement(request: SignedIn, key: UUID, pk: int) -> HttpResponse:
    endorsement = find_endorsement(request, key, pk)
    undo = resolve_url("desk:withdraw_endorsement", key, pk)
    attempt(request, deeds.restore_endorsement, _("Entry restored."), undo=undo, endorsement=endorsement)
    return redirect(endorsement.practice)
