"""Find what a person may open, and show the forms of this wing and of those of visits, cases and dialogues."""

from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from servanda.desk.record.access import SignedIn
from servanda.kit.refusal import Refused
from servanda.people.requests.refusals import record_refusal, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.proceedings.kinds import kinds
from servanda.proceedings.models import Draft, Proceeding


def find_proceeding(request: SignedIn, key: UUID) -> Proceeding:
    seen = Proceeding.objects.visible_to(request.user).select_related("owner", "clearance")
    return get_object_or_404(seen, key=key)


def find_with(request: SignedIn, key: UUID, *pages: str) -> Proceeding:
    """A visit, a case or a dialogue that this person sees, if its kind has one of these pages."""
    codes = [code for code, kind in kinds().items() if kind.pages & set(pages)]
    found = Proceeding.objects.visible_to(request.user).filter(kind__in=codes)
    found = found.select_related("document", "case").prefetch_related("bodies")
    return get_object_or_404(found, key=key)


def find_draft(request: SignedIn, pk: int) -> Draft:
    """An answer that this person sees, of a communication that they see."""
    drafts = Draft.objects.visible_to(request.user).select_related("proceeding", "institution")
    return get_object_or_404(drafts.filter(proceeding__in=Proceeding.objects.visible_to(request.user)), pk=pk)


def back(proceeding: Proceeding) -> HttpResponse:
    return redirect(proceeding)


def ask(request: SignedIn, proceeding: Proceeding | None, form: BaseForm | None, **page) -> HttpResponse:
    """The page with the form; with status 422 if it has errors, and 409 if another user has saved since."""
    context = {"proceeding": proceeding, "form": form, **page}
    is_faulty = bool(form is not None and form.errors) or page.get("is_faulty")
    status = 409 if page.get("conflict") is not None else 422 if is_faulty else 200
    return render(request, "desk/proceedings/proceeding_form.html", context, status=status)


def save_with_service(request: SignedIn, form: BaseForm, deed, message: object, page: dict, **what) -> bool:
    """Call the service with the values of the form. After a conflict, the form is for the version that is saved now,
    and `page` has that text as `conflict`; `taken` is the entry that has the reference already."""
    try:
        deed(**what, by=request.user)
    except ChangedMeanwhile as refusal:
        record_refusal(request, refusal, deed.__name__)
        page["conflict"] = str(refusal)
    except Refused as refusal:
        refuse_in_form(request, form, refusal, deed.__name__)
        page["taken"] = getattr(refusal, "taken", None)
    else:
        messages.success(request, str(message))
        return True
    return False


def rebased(form: BaseForm, version: int) -> BaseForm:
    """The form with what was typed, for the version that is saved now."""
    data = form.data.copy()
    data["version"] = str(version)
    form.data = data
    return form


def saved() -> str:
    return _("Saved.")
