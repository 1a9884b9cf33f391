"""End an appointment, and the hand-over pack as a page, PDF or Word file."""

from datetime import date
from io import BytesIO

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from servanda.desk.hand_over import services as deeds
from servanda.desk.hand_over.documents import paper_of, title_of
from servanda.desk.hand_over.pack import IN_A_FILE, ON_A_PAGE, addresses, facts, obligations_url, read_pack
from servanda.kit.files.downloads import send_file
from servanda.kit.files.paper import WRITERS
from servanda.kit.pages.addresses import origin_of
from servanda.kit.pages.forms import DateInput, form_page
from servanda.kit.pages.listing import page_number
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.models import Appointment, HandOver, User
from servanda.people.requests.refusals import record_refusal, refuse
from servanda.trail.models import Event

FIELD_OF = {
    "on": "on",
    "end": "on",
    "start": "on",
    "person": "to",
    "act": "act",
}  # field of a refusal -> field of this form


class EndAppointmentForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("End date"),
        help_text=gettext_lazy("The appointment includes this date."),
        widget=DateInput,
    )
    to = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Successor"),
        required=False,
        empty_label=gettext_lazy("To be determined"),
        help_text=gettext_lazy(
            "The successor has the same function from the following day. Imports awaiting a decision are "
            "transferred at once, saved lists are copied, and an e-mail is sent."
        ),
    )
    act = forms.CharField(
        label=gettext_lazy("Act of appointment"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("The decree, decision or letter appointing the successor, with its date."),
    )
    note = forms.CharField(
        label=gettext_lazy("Notes for the successor"), required=False, max_length=5000, widget=forms.Textarea
    )

    def __init__(self, *args, appointment: Appointment, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.visible_to(by).filter(erased_at=None).exclude(pk__in=[appointment.person_id, by.pk])
        self.fields["to"].queryset = people.order_by("name", "pk")

    def refuse(self, refusal: Refused) -> None:
        """Show the refusal beside its field, if the form has it."""
        self.add_error(FIELD_OF.get(getattr(refusal, "field", "")), str(refusal))


@form_page
@requires(Can.MANAGE_PEOPLE)
def end_appointment(request: HttpRequest, pk: int) -> HttpResponse:
    appointments = Appointment.objects.visible_to(request.user).select_related("person", "institution")
    appointment = get_object_or_404(appointments, pk=pk)
    form = EndAppointmentForm(
        request.POST if request.method == "POST" else None,
        initial={"on": timezone.localdate()},
        appointment=appointment,
        by=request.user,
    )
    if form.is_valid() and (made := ended(request, appointment, form)):
        message = _("Appointment ended. This hand-over pack is for the successor.")
        messages.success(request, message, extra_tags=reverse("people:reopen_appointment", args=[pk]))
        return redirect("desk:hand_over", pk=made.pk)
    shown = {"form": form, "appointment": appointment}
    return render(request, "desk/hand_over/end_appointment.html", shown, status=422 if form.errors else 200)


def ended(request: HttpRequest, appointment: Appointment, form: EndAppointmentForm) -> HandOver | None:
    origin = origin_of(request)
    try:
        return deeds.end_appointment(appointment=appointment, **form.cleaned_data, origin=origin, by=request.user)
    except Refused as refusal:
        form.refuse(refusal)
        record_refusal(request, refusal, "end_appointment")
        return None


def find(request: HttpRequest, pk: int) -> HandOver:
    seen = HandOver.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("to", "appointment__person", "appointment__institution__parent"), pk=pk
    )


@require_safe
@requires(Can.READ_PUBLISHED)  # the former holder has no role any more, and the new one none yet
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    handed_over = find(request, pk)
    start = (max(1, page_number(request.GET)) - 1) * ON_A_PAGE
    pack = read_pack(handed_over, request.user, on=today(), most=ON_A_PAGE, start=start)
    is_more = start + ON_A_PAGE < pack.named.total
    context = {
        "pack": pack,
        "obligations_url": obligations_url(handed_over),
        "title": title_of(pack),
        "facts": facts(pack),
        "addresses": addresses(pack),
        "previous": start // ON_A_PAGE,
        "next": start // ON_A_PAGE + 2 if is_more else 0,
    }
    return render(request, "desk/hand_over/hand_over.html", context)


def today() -> date:
    return timezone.localdate()


@heavy(FILE)
@require_safe
@requires(Can.READ_PUBLISHED)
def hand_over_file(request: HttpRequest, pk: int, format: str) -> HttpResponseBase:
    handed_over = find(request, pk)
    if format not in WRITERS:
        raise Http404
    address = origin_of(request) + reverse("desk:hand_over", args=[pk])
    pack = read_pack(handed_over, request.user, on=today(), most=IN_A_FILE, is_file=True)
    try:
        content = WRITERS[format](paper_of(pack, address))
    except Refused as refusal:
        refuse(request, refusal, "hand_over_file")
        return redirect("desk:hand_over", pk=pk)
    if request.method == "GET":
        Event.record("hand-over-downloaded", handed_over, by=request.user, difference={"format": ["", format]})
    name = file_name(_("hand-over"), format, on=today(), about=handed_over.appointment.institution.code)
    return send_file(BytesIO(content), name)
