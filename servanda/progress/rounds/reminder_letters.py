"""The daily reminder: everything that a person has to answer, and no text of any record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.people.models import Instance
from servanda.people.notifications.services import origin_for_links
from servanda.planning.indicators.listing import MINE, NEAR
from servanda.progress.models import Reminder
from servanda.progress.rounds.further_due import DueFurther, FurtherSource, FurtherThing
from servanda.progress.rounds.obligations_due import DueObligation
from servanda.progress.rounds.reminder_plan import QUESTIONS, Addressee, DueValue, OpenRequest
from servanda.progress.rounds.reports_due import DueReply
from servanda.recommendations.filters.follow_up import DUE
from servanda.recommendations.filters.follow_up import KEY as FOLLOW_UP
from servanda.sources.models import Obligation

MOST_LINES = 40
ESCALATED = (Reminder.Step.ALTERNATE, Reminder.Step.AUTHORITY)


def letter(to: Addressee, *, instance: Instance, on: date) -> tuple[str, str]:
    """Subject and text, in the language that is active."""
    own_requests, overseen = to.own(), to.overseen()
    parts = [_("Dear %(name)s,") % {"name": to.person}]
    if own_requests:
        words = words_for(own_requests)
        parts.append(words.requested % {"instance": instance})
        parts.append(lines(own_requests, on=on))
        if any(request.step in ESCALATED for request in own_requests):
            parts.append(words.missing)
        parts.append(words.write_here + f"\n{origin_for_links('')}{reverse('desk:asked')}")
    if to.values:
        parts.append(_("Indicator values from your institution are due:"))
        parts.append(value_lines(to.values, on=on))
        query = urlencode({"institution": MINE, "due": NEAR})
        parts.append(_("Enter the values here:") + f"\n{origin_for_links('')}{reverse('desk:indicators')}?{query}")
    if to.replies:
        parts.append(_("Replies requested by bodies are due:"))
        parts.append(reply_lines(to.replies, on=on))
        query = urlencode({FOLLOW_UP: DUE})
        parts.append(_("See the list here:") + f"\n{origin_for_links('')}{reverse('desk:register')}?{query}")
    if to.obligations:
        parts.append(_("Obligations to bodies, or steps to meet them, are due:"))
        parts.append(obligation_lines(to.obligations, on=on))
        parts.append(_("See the list here:") + f"\n{origin_for_links('')}{reverse('desk:obligations')}")
    for source, things in by_source(to.further).items():
        parts += [str(source.heading), further_lines(source, things, on=on)]
        parts.append(f"{source.link}\n{origin_for_links('')}{source.address()}")
    if overseen:
        parts.append(_("These institutions are overdue by two weeks or more:"))
        parts.append(lines(overseen, on=on))
        parts.append(_("See the list here:") + f"\n{origin_for_links('')}{reverse('desk:rounds')}?show=late")
    return subject(to), "\n\n".join(parts) + "\n"


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences about requests, in the words of what is asked."""

    requested: str
    missing: str
    write_here: str
    subject: Callable[[int], str]


def words_for(requests: Iterable[OpenRequest]) -> Words:
    """Updates on records, answers to questions, or both."""
    about = frozenset[str]().union(*(request.about for request in requests))
    if about == {QUESTIONS}:
        return Words(
            _("Answers to questions are requested from you in %(instance)s:"),
            _("You receive this reminder because the deadline has passed and answers are still missing."),
            _("Write the answers here:"),
            answers_requested,
        )
    if QUESTIONS in about:
        return Words(
            _("Updates, and answers to questions, are requested from you in %(instance)s:"),
            _("You receive this reminder because the deadline has passed and updates or answers are still missing."),
            _("Write the updates and answers here:"),
            both_requested,
        )
    return Words(
        _("Updates are requested from you in %(instance)s:"),
        _("You receive this reminder because the deadline has passed and updates are still missing."),
        _("Write the updates here:"),
        updates_requested,
    )


def updates_requested(count: int) -> str:
    return ngettext("%(count)d update is requested from you", "%(count)d updates are requested from you", count)


def answers_requested(count: int) -> str:
    return ngettext("%(count)d answer is requested from you", "%(count)d answers are requested from you", count)


def both_requested(count: int) -> str:
    return ngettext(
        "%(count)d update or answer is requested from you",
        "%(count)d updates and answers are requested from you",
        count,
    )


def subject(to: Addressee) -> str:
    own_requests, values, overseen = to.own(), to.values, to.overseen()
    if own_requests:
        owed = sum(request.owed for request in own_requests)
        return words_for(own_requests).subject(owed) % {"count": owed}
    if values:
        sentence = ngettext("%(count)d indicator value is due", "%(count)d indicator values are due", len(values))
        return sentence % {"count": len(values)}
    if to.replies:
        return ngettext(
            "%(count)d reply to a body is due", "%(count)d replies to bodies are due", len(to.replies)
        ) % {"count": len(to.replies)}
    if to.obligations:
        return ngettext(
            "%(count)d obligation or step is due", "%(count)d obligations or steps are due", len(to.obligations)
        ) % {"count": len(to.obligations)}
    for source, things in by_source(to.further).items():
        return source.subject(len(things))
    institutions = len({request.request.institution_id for request in overseen})
    sentence = ngettext(
        "%(count)d institution has not answered", "%(count)d institutions have not answered", institutions
    )
    return sentence % {"count": institutions}


def lines(requests: list[OpenRequest], *, on: date) -> str:
    first_due = sorted(requests, key=lambda request: request.request.due_on)[:MOST_LINES]
    shown = [line(request, on=on) for request in first_due]
    if more := len(requests) - len(shown):
        shown.append("– " + ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return "\n".join(shown)


def value_lines(values: list[DueValue], *, on: date) -> str:
    """Indicators appear by reference only, like records: a mail leaves the system."""
    shown = [value_line(value, on=on) for value in values[:MOST_LINES]]
    if more := len(values) - len(shown):
        shown.append("– " + ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return "\n".join(shown)


def reply_lines(replies: list[DueReply], *, on: date) -> str:
    """Replies appear by the document that asks for them, which is public, never by the text of a record."""
    shown = [reply_line(reply, on=on) for reply in replies[:MOST_LINES]]
    if more := len(replies) - len(shown):
        shown.append("– " + ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return "\n".join(shown)


def by_source(further: Iterable[DueFurther]) -> dict[FurtherSource, list[FurtherThing]]:
    things: dict[FurtherSource, list[FurtherThing]] = {}
    for due in further:
        things.setdefault(due.source, []).append(due.thing)
    return things


def further_lines(source: FurtherSource, things: Iterable[FurtherThing], *, on: date) -> str:
    """One line for all things of one group that one institution has to do by one day."""
    grouped: dict[tuple[date, int, object], list[FurtherThing]] = {}
    for thing in things:
        grouped.setdefault((thing.due_on, thing.institution.pk, thing.group), []).append(thing)
    groups = sorted(grouped.values(), key=lambda group: group[0].due_on)
    shown = [source.line(group, when(group[0].due_on, on=on)) for group in groups[:MOST_LINES]]
    if more := len(groups) - len(shown):
        shown.append("– " + ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return "\n".join(shown)


def obligation_lines(obligations: list[DueObligation], *, on: date) -> str:
    shown = [obligation_line(due, on=on) for due in obligations[:MOST_LINES]]
    if more := len(obligations) - len(shown):
        shown.append("– " + ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return "\n".join(shown)


def obligation_line(due: DueObligation, *, on: date) -> str:
    """By reference and, unless it is restricted, by body and kind; never by a title, as a mail leaves the system."""
    obligation, values = due.obligation, {"code": due.obligation.code, "when": when(due.due_on, on=on)}
    if obligation.confidentiality == Obligation.Confidentiality.RESTRICTED:
        return _("– %(code)s, restricted obligation: %(when)s") % values
    values |= {"body": obligation.body.short, "kind": obligation.get_kind_display()}
    if due.step_row:
        return _("– %(code)s, step towards %(kind)s (%(body)s): %(when)s") % values
    return _("– %(code)s, %(kind)s (%(body)s): %(when)s") % values


def reply_line(reply: DueReply, *, on: date) -> str:
    obligation, when_due = reply.reply.obligation, when(reply.reply.due_on, on=on)
    if obligation.confidentiality == Obligation.Confidentiality.RESTRICTED:
        return _("– %(code)s, restricted obligation: %(when)s") % {"code": obligation.code, "when": when_due}
    values = {
        "document": reply.reply.symbol or obligation.body.short,
        "count": reply.records,
        "when": when_due,
    }
    return (
        ngettext(
            "– %(document)s, follow-up on %(count)d record: %(when)s",
            "– %(document)s, follow-up on %(count)d records: %(when)s",
            reply.records,
        )
        % values
    )


def value_line(value: DueValue, *, on: date) -> str:
    due_on = value.indicator.next_due_on or on
    values = {"institution": value.indicator.custodian, "code": value.indicator.code, "when": when(due_on, on=on)}
    return _("– %(institution)s, indicator %(code)s: %(when)s") % values


def line(request: OpenRequest, *, on: date) -> str:
    values = {
        "institution": request.request.institution,
        "round": request.request.round,
        "owed": request.owed,
        "total": request.total,
        "when": when(request.request.due_on, on=on),
    }
    return _("– %(institution)s, “%(round)s”: %(owed)d of %(total)d still to answer, %(when)s") % values


def when(due_on: date, *, on: date) -> str:
    days = (due_on - on).days
    values = {"day": date_format(due_on, "DATE_FORMAT"), "count": abs(days)}
    if days == 0:
        return _("due today (%(day)s)") % values
    if days > 0:
        return ngettext("due on %(day)s, in %(count)d day", "due on %(day)s, in %(count)d days", days) % values
    return ngettext("due on %(day)s, %(count)d day overdue", "due on %(day)s, %(count)d days overdue", -days) % values
