"""The sentence for each action of the trail, in the language of the reader: a module for each room, one registry."""

import json
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.trail.models import Event
from servanda.trail.sentences import (
    exchange,
    network,
    people,
    planning,
    proceedings,
    progress,
    recommendations,
    reporting,
    sources,
    vocab,
)

SENTENCES = {
    **exchange.SENTENCES,
    **network.SENTENCES,
    **people.SENTENCES,
    **planning.SENTENCES,
    **proceedings.SENTENCES,
    **progress.SENTENCES,
    **recommendations.SENTENCES,
    **reporting.SENTENCES,
    **sources.SENTENCES,
    **vocab.SENTENCES,
}


def sentence(event: Event, who: str | None = None, what: str | None = None) -> str:
    """The sentence of an event; an action that has no sentence is shown by its code.

    `who` and `what` replace the names of actor and object when the reader may not see them.
    """
    if who is None:
        who = str(event.actor) if event.actor else _("The system")
    names = {"who": who, "what": event.object_label if what is None else what}
    if event.action == "refused-again" and event.difference:
        return sentence_of_repeats(json.loads(event.difference), names, is_person=event.actor_id is not None)
    words = SENTENCES.get(event.action)
    if words is None:
        return _("%(who)s: %(action)s, %(what)s") % {**names, "action": event.action}
    return str(words) % names


def sentence_of_repeats(repeats: dict, names: dict, *, is_person: bool) -> str:
    """How often it was refused again in the same hour. For visitors without an account the actor is not named."""
    times = repeats["times"]
    start, end = (timezone.localtime(datetime.fromisoformat(repeats[name])) for name in ("from", "until"))
    if is_person:
        words = ngettext(
            "An action by %(who)s was refused %(times)d more time between %(start)s and %(end)s on %(day)s: "
            "%(what)s.",
            "An action by %(who)s was refused %(times)d more times between %(start)s and %(end)s on %(day)s: "
            "%(what)s.",
            times,
        )
    else:
        words = ngettext(
            "Refused %(times)d more time between %(start)s and %(end)s on %(day)s: %(what)s.",
            "Refused %(times)d more times between %(start)s and %(end)s on %(day)s: %(what)s.",
            times,
        )
    hours = {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}", "day": date_format(start, "DATE_FORMAT")}
    return words % {**names, **hours, "times": times}


def action_label(action: str) -> str:
    """The sentence with … instead of actor and object, for the filter by action."""
    return str(SENTENCES[action]) % {"who": "…", "what": "…"}
