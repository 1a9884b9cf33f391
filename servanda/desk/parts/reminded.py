"""The outcome of reminders sent manually, in sentences."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.progress.rounds.reminders import Reminded


def report_reminders(request: HttpRequest, outcome: Reminded) -> None:
    if count := len(outcome.people):
        sentence = ngettext("Reminder sent to %(count)d person.", "Reminder sent to %(count)d people.", count)
        messages.success(request, sentence % {"count": count})
    if outcome.already:
        names = ", ".join(map(str, outcome.already))
        messages.info(request, _("Already e-mailed today; no second e-mail was sent: %(names)s.") % {"names": names})
    if outcome.nobody:
        places = ", ".join(map(str, outcome.nobody))
        messages.warning(
            request,
            _("No reminder sent, because there is no recipient or nothing left to answer: %(places)s.")
            % {"places": places},
        )
    if not (outcome.people or outcome.already or outcome.nobody):
        messages.info(request, _("No overdue answers. No reminders sent."))
