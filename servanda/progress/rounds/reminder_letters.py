"""The one mail of a day: everything that is asked of a person, and nothing of what the records say."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.people.models import Instance
from servanda.people.notifications.services import house_address
from servanda.planning.indicators.listing import MINE, NEAR
from servanda.progress.models import Reminder
from servanda.progress.rounds.reminder_plan import Addressee, Counted, OpenRequest
from servanda.progress.rounds.reports_due import Reported
from servanda.recommendations.filters.follow_up import DUE
from servanda.recommendations.filters.follow_up import KEY as FOLLOW_UP

MOST_LINES = 40
ESCALATED = (Reminder.Step.ALTERNATE, Reminder.Step.AUTHORITY)


def letter(to: Addressee, *, instance: Instance, on: date) -> tuple[str, str]:
    """Subject and text, in the language that is active."""
    own, overseen = to.own(), to.overseen()
    parts = [_("Dear %(name)s,") % {"name": to.person}]
    if own:
        parts.append(_("your answers are asked for in %(instance)s:") % {"instance": instance})
        parts.append(lines(own, on=on))
        if any(one.step in ESCALATED for one in own):
            parts.append(_("You hear of it because the day has passed and the answers are still missing."))
        parts.append(_("Write them here:") + f"\n{house_address('')}{reverse('desk:asked')}")
    if to.counted:
        parts.append(_("values of indicators that your institution keeps are due:"))
        parts.append(value_lines(to.counted, on=on))
        query = urlencode({"institution": MINE, "due": NEAR})
        parts.append(_("Enter them here:") + f"\n{house_address('')}{reverse('desk:indicators')}?{query}")
    if to.reported:
        parts.append(_("replies that bodies ask for are due:"))
        parts.append(reply_lines(to.reported, on=on))
        query = urlencode({FOLLOW_UP: DUE})
        parts.append(_("Look at them here:") + f"\n{house_address('')}{reverse('desk:register')}?{query}")
    if overseen:
        parts.append(_("these institutions are late by two weeks or more:"))
        parts.append(lines(overseen, on=on))
        parts.append(_("Look at them here:") + f"\n{house_address('')}{reverse('desk:rounds')}?show=late")
    return subject(to), "\n\n".join(parts) + "\n"


def subject(to: Addressee) -> str:
    own, counted, overseen = to.own(), to.counted, to.overseen()
    if own:
        owed = sum(one.owed for one in own)
        return ngettext("%(count)d answer is asked of you", "%(count)d answers are asked of you", owed) % {
            "count": owed
        }
    if counted:
        sentence = ngettext(
            "%(count)d value of an indicator is due", "%(count)d values of indicators are due", len(counted)
        )
        return sentence % {"count": len(counted)}
    if to.reported:
        return ngettext(
            "%(count)d reply to a body is due", "%(count)d replies to bodies are due", len(to.reported)
        ) % {"count": len(to.reported)}
    places = len({one.request.institution_id for one in overseen})
    sentence = ngettext("%(count)d institution has not answered", "%(count)d institutions have not answered", places)
    return sentence % {"count": places}


def lines(asked: list[OpenRequest], *, on: date) -> str:
    shown = [line(one, on=on) for one in sorted(asked, key=lambda one: one.request.due_on)[:MOST_LINES]]
    if more := len(asked) - len(shown):
        shown.append("– " + ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return "\n".join(shown)


def value_lines(counted: list[Counted], *, on: date) -> str:
    """By its reference only, as of records: a mail leaves the house."""
    shown = [value_line(one, on=on) for one in counted[:MOST_LINES]]
    if more := len(counted) - len(shown):
        shown.append("– " + ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return "\n".join(shown)


def reply_lines(reported: list[Reported], *, on: date) -> str:
    """By the document that asks, which is public, and never by what a record says."""
    shown = [reply_line(one, on=on) for one in reported[:MOST_LINES]]
    if more := len(reported) - len(shown):
        shown.append("– " + ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return "\n".join(shown)


def reply_line(one: Reported, *, on: date) -> str:
    words = {
        "document": one.reply.symbol or one.reply.body,
        "count": one.records,
        "when": when(one.reply.due_on, on=on),
    }
    return (
        ngettext(
            "– %(document)s, follow-up on %(count)d record: %(when)s",
            "– %(document)s, follow-up on %(count)d records: %(when)s",
            one.records,
        )
        % words
    )


def value_line(one: Counted, *, on: date) -> str:
    due_on = one.indicator.next_due_on or on
    words = {"institution": one.indicator.custodian, "code": one.indicator.code, "when": when(due_on, on=on)}
    return _("– %(institution)s, indicator %(code)s: %(when)s") % words


def line(one: OpenRequest, *, on: date) -> str:
    words = {
        "institution": one.request.institution,
        "round": one.request.round,
        "owed": one.owed,
        "total": one.total,
        "when": when(one.request.due_on, on=on),
    }
    return _("– %(institution)s, “%(round)s”: %(owed)d of %(total)d still to answer, %(when)s") % words


def when(due_on: date, *, on: date) -> str:
    days = (due_on - on).days
    said = {"day": date_format(due_on, "DATE_FORMAT"), "count": abs(days)}
    if days == 0:
        return _("due today (%(day)s)") % said
    if days > 0:
        return ngettext("due on %(day)s, in %(count)d day", "due on %(day)s, in %(count)d days", days) % said
    return ngettext("due on %(day)s, %(count)d day late", "due on %(day)s, %(count)d days late", -days) % said
