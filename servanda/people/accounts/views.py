"""Pages of people, for those who manage them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, can, requires
from servanda.people.accounts import personal_data as services
from servanda.people.accounts import services as accounts
from servanda.people.accounts.forms import ErasureForm, PeopleFilter, RoleForm
from servanda.people.accounts.pages import personal_data_file, seen_person
from servanda.people.models import AccountState, User
from servanda.people.requests.refusals import attempt, refuse

PEOPLE_ON_A_PAGE = 50


@require_safe
@requires(Can.MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    form = PeopleFilter(request.GET, user=request.user)
    selected = form.choose(User.objects.visible_to(request.user)).order_by("name", "pk")
    page = Paginator(selected.with_standing(), PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/accounts/people.html", {"form": form, "page": page})


@require_safe
@requires(Can.MANAGE_PEOPLE)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    account = seen_person(request, pk)
    invitations = list(account.invitations.select_related("invited_by"))
    now = timezone.now()
    return render(
        request,
        "people/accounts/person.html",
        {
            "person": account,
            "appointments": account.appointments.select_related("institution"),
            "invitations": invitations,
            "open_invitation": account.invitations.open(on=now).first(),
            "now": now,
            "is_away": account.is_away(on=timezone.localdate(now)),
            "is_invited": account.state == AccountState.INVITED,
            "is_closed": account.state == AccountState.CLOSED,
            "may_give_roles": can(request.user, Can.GIVE_ROLES) and account.pk != request.user.pk,
        },
    )


@form_page
@requires(Can.GIVE_ROLES)
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    account = seen_person(request, pk)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": account.role})
    if request.method == "POST" and form.is_valid():
        message = _("Role changed. The person must log in again.")
        attempt(request, accounts.change_role, message, person=account, role=form.cleaned_data["role"])
        return redirect("people:person", pk=pk)
    page = {"person": account, "form": form}
    return render(request, "people/accounts/change_role.html", page, status=422 if form.errors else 200)


@form_page
@requires(Can.GIVE_ROLES)
def close_account(request: HttpRequest, pk: int) -> HttpResponse:
    account = seen_person(request, pk)
    if request.method == "POST":
        attempt(
            request, accounts.close_account, _("Account closed. The person can no longer log in."), person=account
        )
        return redirect("people:person", pk=pk)
    return render(request, "people/accounts/close_account.html", {"person": account})


@require_POST
@requires(Can.GIVE_ROLES)
def let_back_in(request: HttpRequest, pk: int) -> HttpResponse:
    message = _("Account reopened. The person can log in with the previous password.")
    attempt(request, accounts.let_back_in, message, person=seen_person(request, pk))
    return redirect("people:person", pk=pk)


@require_safe
@requires(Can.GIVE_ROLES)
def personal_data(request: HttpRequest, pk: int) -> HttpResponse:
    return personal_data_file(seen_person(request, pk), request.user)


@form_page
@requires(Can.GIVE_ROLES)
def erase_person(request: HttpRequest, pk: int) -> HttpResponse:
    account = seen_person(request, pk)
    form = ErasureForm(request.POST if request.method == "POST" else None, person=account)
    if request.method == "POST" and form.is_valid():
        try:
            services.erase_person(person=account, by=request.user)
        except Refused as refusal:
            refuse(request, refusal, "erase_person")
            return redirect("people:person", pk=pk)
        messages.success(request, _("Personal data erased. The audit trail shows a number instead of the name."))
        return redirect("people:people")
    page = {"person": account, "form": form}
    return render(request, "people/accounts/erase_person.html", page, status=422 if form.errors else 200)
