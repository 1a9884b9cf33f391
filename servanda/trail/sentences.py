"""The sentence for each action of the trail, in the language of the reader."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.trail.models import Event

SENTENCES = {
    "logged-in": gettext_lazy("%(who)s logged in."),
    "logged-out": gettext_lazy("%(who)s logged out."),
    "log-in-failed": gettext_lazy("Somebody tried to log in as %(what)s and did not know the password."),
    "password-changed": gettext_lazy("%(who)s changed their password."),
    "password-reset": gettext_lazy("%(what)s set a new password through a link sent by e-mail."),
    "instance-edited": gettext_lazy("%(who)s changed the description of this instance."),
}


def sentence(event: Event) -> str:
    """What happened, for a person to read; an action without a sentence of its own is named by its code."""
    who = str(event.actor) if event.actor else _("The system")
    words = SENTENCES.get(event.action)
    if words is None:
        return _("%(who)s: %(action)s, %(what)s") % {"who": who, "action": event.action, "what": event.object_label}
    return str(words) % {"who": who, "what": event.object_label}


def action_label(action: str) -> str:
    """The sentence with its gaps open, for choosing among actions."""
    return str(SENTENCES[action]) % {"who": "…", "what": "…"}
