"""One's own account: pages for every person who is logged in, whatever their role."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from servanda.kit.pages.forms import form_page
from servanda.kit.pages.translations import remember_language
from servanda.people.accounts import services
from servanda.people.accounts.forms import AccountForm
from servanda.people.accounts.pages import personal_data_file
from servanda.people.models import User


@require_safe
@login_required
def own_account(request: HttpRequest) -> HttpResponse:
    appointments = request.user.appointments.select_related("institution")
    return render(request, "people/accounts/own_account.html", {"appointments": appointments})


@form_page
@login_required
def edit_own_account(request: HttpRequest) -> HttpResponse:
    account = User.objects.get(
        pk=request.user.pk
    )  # a second object: the form changes it, and the header of the page shows the user
    form = AccountForm(request.POST if request.method == "POST" else None, instance=account)
    if request.method == "POST" and form.is_valid():
        person = services.edit_own_account(**form.cleaned_data, by=request.user)
        with override(person.language):
            messages.success(request, _("Saved."))
        return remember_language(redirect("people:own_account"), person.language)
    return render(
        request, "people/accounts/edit_own_account.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
@login_required
def own_personal_data(request: HttpRequest) -> HttpResponse:
    return personal_data_file(request.user, request.user)
