"""Members and rules of the network; each view that changes something has the name of its service."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.mechanisms.editing import find_profile
from servanda.desk.network.form_pages import handle
from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_table
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.network.members import services as deeds
from servanda.network.members.forms import ContactForm, MembershipForm, RuleForm
from servanda.network.members.queries import (
    COLUMNS,
    STATES,
    MemberFilter,
    export_rows,
    find_members,
    label_of,
    rules,
)
from servanda.network.models import MechanismProfile, MemberContact, MembershipStep, NetworkRule
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt

ON_A_PAGE = 25


@require_safe
@requires(Can.READ_INTERNAL)
def members(request: SignedIn) -> HttpResponse:
    filters = MemberFilter.read(request.GET)
    found = find_members(request.user, filters)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    query = urlencode(filters.query())
    context = {
        "rows": [(row, label_of(row.membership_kind)) for row in found[slice_of(page)]],
        "asked": filters,
        "query": f"?{query}" if query else "",
        "boxes": [filters.box("state", _("Status"), STATES.items())],
        **pager(page, filters.query()),
    }
    return render(request, "desk/mechanisms/members.html", context)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def members_export(request: SignedIn, format: str) -> HttpResponseBase:
    found = find_members(request.user, MemberFilter.read(request.GET))
    deeds.record_download(by=request.user)
    name = file_name(_("Members"), format, on=timezone.localdate())
    return send_table(name, _("Members"), COLUMNS, export_rows(found))


@require_safe
@requires(Can.READ_INTERNAL)
def member(request: SignedIn, key: UUID) -> HttpResponse:
    """The steps of one mechanism in the network, the latest first, and its contact persons."""
    profile = find_profile(request, key)
    steps = list(MembershipStep.objects.visible_to(request.user).newest_first().filter(profile=profile))
    contacts = MemberContact.objects.visible_to(request.user).filter(profile=profile)
    context = {
        "profile": profile,
        "steps": steps,
        "status": steps[0].get_kind_display() if steps else "",
        "contacts": contacts.current().order_by("name", "pk"),
        "former": MemberContact.objects.former_for(request.user).filter(profile=profile),
    }
    return render(request, "desk/mechanisms/member.html", context)


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def record_membership(request: SignedIn, key: UUID) -> HttpResponse:
    profile = find_profile(request, key)
    form = MembershipForm(request.POST or None, kinds=deeds.possible_steps(profile))
    return handle(
        request,
        form,
        deeds.record_membership,
        what=lambda: {"profile": profile} | form.cleaned_data,
        leads_to=member_page(profile),
        about=profile,
        title=_("Record a step of the membership"),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def undo_membership(request: SignedIn, pk: int) -> HttpResponse:
    step = find_step(request, pk)
    undo = resolve_url("desk:restore_membership", pk)
    attempt(request, deeds.undo_membership, _("The step was undone."), undo=undo, step=step)
    return redirect(member_page(step.profile))


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_membership(request: SignedIn, pk: int) -> HttpResponse:
    step = find_step(request, pk)
    attempt(request, deeds.restore_membership, _("The step was restored."), step=step)
    return redirect(member_page(step.profile))


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_contact(request: SignedIn, key: UUID) -> HttpResponse:
    profile = find_profile(request, key)
    form = ContactForm(request.POST or None)
    return handle(
        request,
        form,
        deeds.add_contact,
        what=lambda: {"profile": profile, "values": form.values()},
        leads_to=member_page(profile),
        about=profile,
        title=_("Add a contact person"),
    )


@form_page
@requires(Can.EDIT_NETWORK)
def edit_contact(request: SignedIn, pk: int) -> HttpResponse:
    contact = find_contact(request, pk)
    form = ContactForm(request.POST or None, contact=contact)
    return handle(
        request,
        form,
        deeds.edit_contact,
        what=lambda: {"contact": contact, "values": form.values(), "seen": form.cleaned_data["seen"]},
        edits=contact,
        leads_to=member_page(contact.profile),
        about=contact.profile,
        title=_("Edit the contact person"),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def end_contact(request: SignedIn, pk: int) -> HttpResponse:
    contact = find_contact(request, pk)
    undo = resolve_url("desk:restore_contact", pk)
    attempt(request, deeds.end_contact, _("The contact person was removed."), undo=undo, contact=contact)
    return redirect(member_page(contact.profile))


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_contact(request: SignedIn, pk: int) -> HttpResponse:
    contact = find_contact(request, pk)
    attempt(request, deeds.restore_contact, _("The contact person was restored."), contact=contact)
    return redirect(member_page(contact.profile))


@require_safe
@requires(Can.READ_INTERNAL)
def network_rules(request: SignedIn) -> HttpResponse:
    """What the network has agreed about itself, with the former texts."""
    return render(request, "desk/mechanisms/network_rules.html", {"rules": rules()})


@form_page
@requires(Can.EDIT_NETWORK)
def set_rule(request: SignedIn, subject: str) -> HttpResponse:
    if subject not in NetworkRule.Subject.values:
        raise Http404

    def newest() -> int:
        current = deeds.current_rule(subject)
        return current.number if current else 0

    form = RuleForm(request.POST or None, current=deeds.current_rule(subject))
    return handle(
        request,
        form,
        deeds.set_rule,
        what=lambda: {"subject": subject, "values": form.values(), "seen": form.cleaned_data["seen"]},
        edits=newest,
        leads_to=resolve_url("desk:network_rules"),
        about=None,
        title=NetworkRule.Subject(subject).label,
        list_label=_("Rules of the network"),
        lead=_("A changed text is a new version. The former one stays in the history."),
    )


def find_step(request: SignedIn, pk: int) -> MembershipStep:
    return get_object_or_404(MembershipStep.objects.visible_to(request.user).select_related("profile"), pk=pk)


def find_contact(request: SignedIn, pk: int) -> MemberContact:
    return get_object_or_404(MemberContact.objects.visible_to(request.user).select_related("profile"), pk=pk)


def member_page(profile: MechanismProfile) -> str:
    return resolve_url("desk:member", profile.key)
