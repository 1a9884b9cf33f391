"""A consultation, or a comment, that this person sees; and the page of a form about one of them."""

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from servanda.desk.record.access import SignedIn
from servanda.reporting.models import Consultation, ConsultationComment


def find_consultation(request: SignedIn, key: object) -> Consultation:
    rows = Consultation.objects.visible_to(request.user).select_related("report__clearance")
    return get_object_or_404(rows, key=key)


def find_comment(request: SignedIn, key: object, pk: int) -> ConsultationComment:
    rows = ConsultationComment.objects.visible_to(request.user)
    rows = rows.select_related("consultation__report", "section", "author", "replied_by")
    return get_object_or_404(rows, consultation__key=key, pk=pk)


def ask(request: SignedIn, form: BaseForm, consultation: Consultation, **page: object) -> HttpResponse:
    context = {"form": form, "consultation": consultation, "cancel_url": consultation.get_absolute_url(), **page}
    return render(request, "desk/consultations/consultation_form.html", context, status=422 if form.errors else 200)
