"""Assign unrecognised names of States and bodies in a file, once for all rows."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from servanda.desk.imports.name_forms import UnknownNamesForm
from servanda.desk.imports.queries import batch_of
from servanda.jobs.services import enqueue
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import refuse
from servanda.recommendations import tasks
from servanda.recommendations.imports import unknown_names


@require_POST
@requires(Can.IMPORT)
def use_names(request: HttpRequest, key) -> HttpResponse:
    batch = batch_of(request, key)
    form = UnknownNamesForm(request.POST, batch=batch)
    try:
        if not form.is_valid():
            raise Refused(_("Select a State or body from the list for each name."))
        states, bodies = form.chosen(is_body=False), form.chosen(is_body=True)
        used = unknown_names.use_names(batch=batch, states=states, bodies=bodies, by=request.user)
        enqueue(tasks.preview_import, str(batch.key))
        message = ngettext(
            "%(count)d name is used for all rows. The file is being checked again.",
            "%(count)d names are used for all rows. The file is being checked again.",
            used,
        )
        messages.success(request, message % {"count": used})
    except Refused as refusal:
        refuse(request, refusal, "use_names")
    return redirect("desk:show_import", key=key)
