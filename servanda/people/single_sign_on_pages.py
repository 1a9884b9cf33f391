from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.people.access import Can, requires
from servanda.people.persons import seen_person
from servanda.people.refusals import attempt
from servanda.people.services import single_sign_on as services


@require_POST
@requires(Can.GIVE_ROLES)
def unlink_single_sign_on(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody to whom the provider gave a new identity under the same address."""
    done = _("Undone. The next identity that comes with this address is linked.")
    attempt(request, services.unlink_single_sign_on, done, person=seen_person(request, pk))
    return redirect("people:person", pk=pk)
