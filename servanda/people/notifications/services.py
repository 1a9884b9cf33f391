"""Notifications: stored by the service that causes them, put into words when they are read."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.server.listening import address_by_default
from servanda.people.access import Can, can
from servanda.people.models import ApiToken, Appointment, HandOver, Notification, User
from servanda.people.models.notices import kept_out_of_mails
from servanda.people.naming import shown_names
from servanda.trail.models import Event

Kind = Notification.Kind
KEY_EXPIRES_WITHIN = timedelta(days=7)
RESTORE_IS_NEWS = timedelta(days=30)
READ_ONES_KEPT = timedelta(days=180)


class Page(NamedTuple):
    """The page of a notification, for those who may open it; `asked_by` is the attribute in its address."""

    name: str
    needs: Can | None = None
    asked_by: str = ""
    arguments: tuple[str, ...] = ()  # that stand before it in the address


IMPORT_PAGE = Page("desk:show_import", Can.IMPORT, "key")
SHEET_PAGE = Page("desk:sheet", Can.MANAGE_PEOPLE, "key", ("people",))
UPDATE_PAGE = Page("desk:update", Can.READ_INTERNAL, "pk")
PROCEEDING_PAGE = Page("desk:proceeding", Can.READ_INTERNAL, "key")
INSTITUTION_PAGE = Page("people:institution", Can.READ_DIRECTORY, "institution_id")
CONSULTATION_PAGE = Page("desk:consultation", Can.CONTRIBUTE, "key")
REPORT_PAGE = Page("desk:report", Can.READ_INTERNAL, "key")
PAGES: Mapping[str, Page] = {
    Kind.APPOINTED: INSTITUTION_PAGE,
    Kind.APPOINTMENT_ENDED: INSTITUTION_PAGE,
    Kind.HANDED_OVER: Page("desk:hand_over", None, "pk"),
    Kind.ROLE_CHANGED: Page("people:own_account"),
    Kind.INVITATION_ACCEPTED: Page("people:person", Can.MANAGE_PEOPLE, "pk"),
    Kind.IMPORT_READY: IMPORT_PAGE,
    Kind.IMPORT_APPLIED: IMPORT_PAGE,
    Kind.IMPORT_FAILED: IMPORT_PAGE,
    Kind.SHEET_READY: SHEET_PAGE,
    Kind.SHEET_APPLIED: SHEET_PAGE,
    Kind.SHEET_FAILED: SHEET_PAGE,
    Kind.ASSIGNMENT_REFUSED: Page("desk:record_follow_up", Can.ASSIGN, "code"),
    Kind.CONTRIBUTION_RECEIVED: Page("desk:contribution", Can.ANSWER_CONTRIBUTIONS, "pk"),
    Kind.CONTRIBUTION_ANSWERED: Page("desk:contribution", Can.USE_DESK, "pk"),
    **dict.fromkeys([Kind.INPUT_ASKED, Kind.INPUT_ENDED], Page("desk:asked", Can.READ_INTERNAL)),
    Kind.UPDATE_SUBMITTED: UPDATE_PAGE,
    Kind.UPDATE_VALIDATED: UPDATE_PAGE,
    Kind.UPDATE_RETURNED: UPDATE_PAGE,
    Kind.UPDATE_PUBLISHED: UPDATE_PAGE,
    Kind.REPLY_ASKED: PROCEEDING_PAGE,
    Kind.REPLY_SUBMITTED: PROCEEDING_PAGE,
    Kind.REPLY_VALIDATED: PROCEEDING_PAGE,
    Kind.REPLY_RETURNED: PROCEEDING_PAGE,
    **dict.fromkeys([Kind.REPLY_TO_CLEAR, Kind.REPLY_CLEARED, Kind.REPLY_SENT_BACK], PROCEEDING_PAGE),
    Kind.QUESTION_ASSIGNED: PROCEEDING_PAGE,
    Kind.ASSESSMENT_SIGNED: Page("desk:record_follow_up", Can.ASSESS, "code"),
    Kind.ASSESSMENT_REPLIED: Page("desk:own_assessments", Can.CONTRIBUTE),
    Kind.RECORD_CONCEALED: Page("desk:own_assessments", Can.CONTRIBUTE),
    Kind.CONSULTATION_OPENED: CONSULTATION_PAGE,
    Kind.CONSULTATION_CLOSES: CONSULTATION_PAGE,
    Kind.COMMENT_ANSWERED: CONSULTATION_PAGE,
    Kind.REPORT_TO_CLEAR: REPORT_PAGE,
    Kind.REPORT_CLEARED: REPORT_PAGE,
    Kind.REPORT_RETURNED: REPORT_PAGE,
    Kind.SECTION_ASSIGNED: REPORT_PAGE,
    Kind.OBLIGATION_ASSIGNED: Page("desk:obligations", Can.READ_INTERNAL),
    Kind.KEY_EXPIRES: Page("people:tokens", Can.USE_DESK),
    Kind.PEER_STOPPED: Page("exchange:peer", Can.IMPORT, "key"),
    Kind.RESTORE_ACCEPTED: Page("people:trail", Can.READ_TRAIL),
}
SENTENCES: Mapping[str, object] = {
    Kind.APPOINTED: gettext_lazy("%(who)s appointed you: %(what)s."),
    Kind.APPOINTMENT_ENDED: gettext_lazy("%(who)s set the end date of your appointment: %(what)s."),
    Kind.HANDED_OVER: gettext_lazy("%(who)s handed over a function to you: %(what)s."),
    Kind.ROLE_CHANGED: gettext_lazy("%(who)s changed your role in the mechanism."),
    Kind.INVITATION_ACCEPTED: gettext_lazy("%(who)s accepted your invitation."),
    Kind.IMPORT_READY: gettext_lazy(
        "The file %(what)s has been read. Review the changes, then apply or discard them."
    ),
    Kind.IMPORT_APPLIED: gettext_lazy("The file %(what)s has been applied to the register."),
    Kind.IMPORT_FAILED: gettext_lazy("The file %(what)s could not be imported. The reason is shown on its page."),
    Kind.SHEET_READY: gettext_lazy(
        "The file %(what)s with institutions and people has been read. Review the changes, then apply or discard "
        "them."
    ),
    Kind.SHEET_APPLIED: gettext_lazy("The institutions and people in the file %(what)s have been imported."),
    Kind.SHEET_FAILED: gettext_lazy("The file %(what)s with institutions and people could not be imported."),
    Kind.ASSIGNMENT_REFUSED: gettext_lazy("%(who)s refused the assignment of %(what)s. Assign another institution."),
    Kind.CONTRIBUTION_RECEIVED: gettext_lazy("A contribution on %(what)s needs an answer."),
    Kind.CONTRIBUTION_ANSWERED: gettext_lazy("Your contribution on %(what)s has been answered."),
    Kind.INPUT_ASKED: gettext_lazy("Your institution has received a request for information: %(what)s."),
    Kind.INPUT_ENDED: gettext_lazy(
        "%(who)s withdrew a request for information from your institution. No answer is needed: %(what)s."
    ),
    Kind.UPDATE_SUBMITTED: gettext_lazy("%(who)s submitted an update for your review: %(what)s."),
    Kind.UPDATE_VALIDATED: gettext_lazy("An update from an institution is ready for publication: %(what)s."),
    Kind.UPDATE_RETURNED: gettext_lazy("%(who)s returned an update for changes, with a reason: %(what)s."),
    Kind.UPDATE_PUBLISHED: gettext_lazy("An update from your institution has been published: %(what)s."),
    Kind.REPLY_ASKED: gettext_lazy("An answer is requested from your institution: %(what)s."),
    Kind.REPLY_SUBMITTED: gettext_lazy("%(who)s submitted an answer to review: %(what)s."),
    Kind.REPLY_VALIDATED: gettext_lazy("An institution approved its answer: %(what)s."),
    Kind.REPLY_RETURNED: gettext_lazy("%(who)s returned an answer, with a reason: %(what)s."),
    Kind.REPLY_TO_CLEAR: gettext_lazy("A reply of the State awaits your clearance: %(what)s."),
    Kind.REPLY_CLEARED: gettext_lazy("All steps of a reply of the State are cleared: %(what)s."),
    Kind.REPLY_SENT_BACK: gettext_lazy("%(who)s returned a reply of the State, with a reason: %(what)s."),
    Kind.QUESTION_ASSIGNED: gettext_lazy("You are responsible for a question asked during the dialogue: %(what)s."),
    Kind.ASSESSMENT_SIGNED: gettext_lazy("An accredited institution published its own assessment of %(what)s."),
    Kind.ASSESSMENT_REPLIED: gettext_lazy("The State replied to your assessment of %(what)s."),
    Kind.RECORD_CONCEALED: gettext_lazy(
        "Records that you assessed are no longer public: %(what)s. The reason is published on their pages."
    ),
    Kind.CONSULTATION_OPENED: gettext_lazy("A draft is open for your comments: %(what)s."),
    Kind.CONSULTATION_CLOSES: gettext_lazy("A consultation closes within a week: %(what)s."),
    Kind.COMMENT_ANSWERED: gettext_lazy("Your comment on a draft has a reply: %(what)s."),
    Kind.REPORT_TO_CLEAR: gettext_lazy("A report awaits your clearance: %(what)s."),
    Kind.REPORT_CLEARED: gettext_lazy("All steps of a report are cleared: %(what)s."),
    Kind.REPORT_RETURNED: gettext_lazy("%(who)s returned a report, with a reason: %(what)s."),
    Kind.SECTION_ASSIGNED: gettext_lazy("Your institution is to write sections of a report: %(what)s."),
    Kind.OBLIGATION_ASSIGNED: gettext_lazy("You are now the responsible person for obligations: %(what)s."),
    Kind.KEY_EXPIRES: gettext_lazy("Your access key %(what)s expires soon. Create a new one."),
    Kind.PEER_STOPPED: gettext_lazy("The peer %(what)s was stopped. Its page shows the reason."),
    Kind.RESTORE_ACCEPTED: gettext_lazy("An older backup was restored. Reason: %(what)s."),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification in the language of its reader, with a link if they may open the page."""

    notification: Notification
    sentence: str
    href: str
    thing: str


def notify(
    *, people: Iterable[User | None], kind: Kind, thing: models.Model, by: User | None, label: str = ""
) -> None:
    """Notify each person once, except the one who caused it. `label` must not contain names of people; its first line
    names the thing, further lines are details."""
    asked_by = PAGES[kind].asked_by
    recipients = {person.pk: person for person in people if person and not person.erased_at and person != by}
    Notification.objects.bulk_create(
        Notification(
            person=person,
            kind=kind,
            by=by,
            object_type=thing._meta.label_lower,
            object_id=str(thing.pk),
            page_key=str(getattr(thing, asked_by)) if asked_by else "",
            label=label.replace("\0", "")[:200],
            created_at=timezone.now(),
        )
        for person in recipients.values()
    )


def mark_read(*, notifications: models.QuerySet, by: User) -> int:
    return notifications.filter(person=by, read_at=None).update(read_at=timezone.now())


def in_words(notifications: Iterable[Notification], *, to: User, in_mail: bool = False) -> list[Notice]:
    """The notifications in the words of this reader; confidential titles are not in mails, which leave the system.
    The number of queries is constant."""
    rows = list(notifications)
    names = names_for(rows, to=to)
    things = things_of(rows, to=to)
    if in_mail:
        things |= dict.fromkeys(kept_out_of_mails(rows), _("confidential, named on the page"))
    return [notice_of(row, names, things, to=to) for row in rows]


def notice_of(
    row: Notification, names: Mapping[int, str], things: Mapping[tuple[str, str], str], *, to: User
) -> Notice:
    name, *_details = name_of_thing(row, things).split("\n")
    return Notice(row, sentence_of(row, names, things), address_of(row, to=to), name)


type ByThing = list[tuple[str, list[Notice]]]


def by_day(notices: Iterable[Notice]) -> list[tuple[date, ByThing]]:
    """By local day, the newest first; within a day those about things of one name together. Things with several come
    last, as they have a heading, under which no other thing belongs."""
    days: dict[date, dict[str, list[Notice]]] = {}
    for notice in notices:
        things = days.setdefault(timezone.localdate(notice.notification.created_at), {})
        things.setdefault(notice.thing, []).append(notice)
    return [(day, sorted(things.items(), key=lambda item: len(item[1]) > 1)) for day, things in days.items()]


def names_for(rows: Sequence[Notification], *, to: User) -> dict[int, str]:
    wanted = {row.by_id for row in rows if row.by_id}
    return shown_names(User.objects.filter(pk__in=wanted), to=to) if wanted else {}


def things_of(rows: Sequence[Notification], *, to: User) -> dict[tuple[str, str], str]:
    """Names of appointments in the language of the reader; other objects go by their label."""
    kept = [row for row in rows if row.object_type in ("people.appointment", "people.handover")]
    if not kept:
        return {}
    own = Appointment.objects.filter(person=to, pk__in=ids(kept, Appointment)).select_related("institution")
    over = HandOver.objects.filter(to=to, pk__in=ids(kept, HandOver)).select_related("appointment__institution")
    return {("people.appointment", str(item.pk)): office(item) for item in own} | {
        ("people.handover", str(item.pk)): office(item.appointment) for item in over
    }


def ids(rows: Sequence[Notification], model: type[models.Model]) -> list[int]:
    return [int(row.object_id) for row in rows if row.object_type == model._meta.label_lower]


def office(appointment: Appointment) -> str:
    names = {"function": appointment.get_function_display(), "institution": appointment.institution}
    return _("%(function)s, %(institution)s") % names


def sentence_of(row: Notification, names: Mapping[int, str], things: Mapping[tuple[str, str], str]) -> str:
    who = names.get(row.by_id, "") if row.by_id else _("The system")
    return str(SENTENCES[row.kind]) % {"who": who, "what": name_of_thing(row, things).replace("\n", ": ")}


def name_of_thing(row: Notification, things: Mapping[tuple[str, str], str]) -> str:
    return things.get((row.object_type, row.object_id), row.label) or _("(no longer exists)")


def address_of(row: Notification, *, to: User) -> str:
    page = PAGES[row.kind]
    if page.needs and not can(to, page.needs):
        return ""
    return reverse(page.name, args=[*page.arguments, *([row.page_key] if page.asked_by else [])])


def notify_of_expiring_keys(*, on: datetime) -> int:
    """Notify owners once of keys that expire within a week; returns how many."""
    notified = Notification.objects.filter(kind=Kind.KEY_EXPIRES).values_list("object_id", flat=True)
    ending = ApiToken.objects.usable(on=on).filter(expires_at__lte=on + KEY_EXPIRES_WITHIN).select_related("person")
    notified_keys = set(notified.filter(object_id__in=[str(pk) for pk in ending.values_list("pk", flat=True)]))
    new = [token for token in ending if str(token.pk) not in notified_keys]
    for token in new:
        notify(people=[token.person], kind=Kind.KEY_EXPIRES, thing=token, by=None, label=token.name)
    return len(new)


def notify_of_restores(*, on: datetime) -> int:
    """Notify every administrator once of a restore; it is recorded in the trail, which cannot notify people."""
    restores = Event.objects.filter(action="restore-accepted", at__gt=on - RESTORE_IS_NEWS)
    for event in restores:
        notified = Notification.objects.filter(kind=Kind.RESTORE_ACCEPTED, object_id=str(event.pk)).values("person")
        unaware = User.objects.administrators().exclude(pk__in=notified)
        notify(people=unaware, kind=Kind.RESTORE_ACCEPTED, thing=event, by=None, label=event.object_label)
    return len(restores)


def forget_old_notifications(*, on: datetime) -> int:
    """Delete notifications that were read half a year ago; the trail stays."""
    number, _by_model = Notification.objects.filter(read_at__lt=on - READ_ONES_KEPT).delete()
    return number


def in_language_of(person: User | None) -> AbstractContextManager:
    """Activate the language of the person, or of the instance if they have not chosen one."""
    return translation.override((person.language if person else "") or settings.LANGUAGE_CODE)


def origin_for_links(origin: str) -> str:
    """The address for links in mails: as configured, otherwise that of the inviter, otherwise that of the server."""
    return settings.ORIGIN or origin or address_by_default()
