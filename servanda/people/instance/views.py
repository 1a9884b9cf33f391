from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.kit.pages.forms import form_page
from servanda.people.access import PERMISSIONS, ROLES, Can, Role, requires
from servanda.people.instance.forms import InstanceForm
from servanda.people.instance.proposals import proposal_for
from servanda.people.instance.services import edit_instance as save_instance
from servanda.people.models import Instance


@require_safe
@requires(Can.EDIT_INSTANCE)
def instance(request: HttpRequest) -> HttpResponse:
    return render(request, "people/instance/instance.html")


@form_page
@requires(Can.EDIT_INSTANCE)
def edit_instance(request: HttpRequest) -> HttpResponse:
    saved = Instance.current()
    proposed = None if saved.state_code else proposal_for(request.GET.get("state", ""))
    form = InstanceForm(request.POST or None, instance=saved, initial=proposed)
    if request.method == "POST" and form.is_valid():
        save_instance(**form.cleaned_data, by=request.user)
        messages.success(request, _("Settings saved."))
        return redirect(
            settings.LOGIN_REDIRECT_URL if proposed else "people:instance"
        )  # the first steps continue there
    return render(request, "people/instance/edit_instance.html", {"form": form, "is_proposed": bool(proposed)})


@require_safe
@requires(Can.EDIT_INSTANCE)
def roles(request: HttpRequest) -> HttpResponse:
    rows = [
        {"label": PERMISSIONS[permission], "held": [(role.label, permission in ROLES[role]) for role in Role]}
        for permission in Can
    ]
    return render(request, "people/instance/roles.html", {"roles": [role.label for role in Role], "rows": rows})
