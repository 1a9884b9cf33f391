"""The reply of the State: write, clear, dispatch; the publication by the body, the outcome, the public version."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import Notification, User
from servanda.people.notifications.services import notify
from servanda.people.versioning import overwriting_conflict, refuse_if_changed
from servanda.proceedings.clearance import services as clearing
from servanda.proceedings.models import Clearance, ClearanceVerdict, Proceeding, PublicLetter
from servanda.proceedings.persons.naming import PUBLIC_TEXTS, digest_of_parts, refuse_names
from servanda.proceedings.rules import (
    lock,
    lock_kept,
    refuse_closed,
    refuse_unless_running,
    save_version,
    text_in_clearance,
)
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

Kind = Notification.Kind


@transaction.atomic
def write_reply(*, proceeding: Proceeding, reply: str, language: str, seen: int, by: User) -> Proceeding:
    """Write the consolidated reply. A change of the text reopens its clearance.

    Raises `ChangedMeanwhile` if it was changed since the person was shown it, and `Refused` once it was sent.
    """
    proceeding = lock(proceeding, by=by, seen=seen)
    refuse_sent(proceeding)
    text = clean(reply)
    if (text, language) == (proceeding.reply, proceeding.reply_language):
        return proceeding
    reopened = clearing.reopen(proceeding.clearance)
    if proceeding.reply_written_by is not None:
        proceeding.reply_earlier_writers.add(proceeding.reply_written_by)
    proceeding.reply, proceeding.reply_language, proceeding.reply_written_by = text, language, by
    difference = {"clearance": ["", Clearance.State.REOPENED]} if reopened else {}
    save_version(proceeding, "reply-written", by=by, difference=difference)
    return proceeding


@transaction.atomic
def start_clearance(*, proceeding: Proceeding, by: User) -> None:
    """Send the reply through the clearance steps of this installation.

    Raises `Refused` for a reply that has no text, is in clearance already, or was sent.
    """
    proceeding = lock(proceeding, by=by)
    refuse_sent(proceeding)
    if not proceeding.reply:
        raise Refused(_("Write the reply of the State."))
    if proceeding.clearance is not None and proceeding.clearance.state == Clearance.State.OPEN:
        raise Refused(_("The reply is already in clearance."))
    proceeding.clearance = clearing.start(by=by)
    save_version(proceeding, "clearance-started", by=by)
    notify_of_step(proceeding, by=by)


@transaction.atomic
def clear_reply(*, proceeding: Proceeding, seen: int | None = None, by: User) -> None:
    """Clear the step of the reply that is to be decided; `seen` is the one that the person was shown.

    Raises `Refused` unless the person decides this step, and `ChangedMeanwhile` if another step is next by now.
    """
    proceeding = decide(proceeding, ClearanceVerdict.Verdict.CLEARED, seen=seen, by=by)
    save_version(proceeding, "reply-cleared", by=by)
    notify_of_step(proceeding, by=by)


@transaction.atomic
def return_reply(*, proceeding: Proceeding, reason: str, seen: int | None = None, by: User) -> None:
    """Return the reply with a reason; it is cleared again from the first step. Raises as `clear_reply`."""
    proceeding = decide(proceeding, ClearanceVerdict.Verdict.RETURNED, seen=seen, by=by, reason=reason)
    save_version(proceeding, "reply-returned", by=by, difference={"reason": ["", clean(reason)]})
    notify_of_reply(proceeding, Kind.REPLY_SENT_BACK, writers_of(proceeding), by=by)


def notify_of_step(proceeding: Proceeding, *, by: User) -> None:
    """Those who can decide the next step; after the last one, those who wrote the reply."""
    if step := clearing.next_verdict(proceeding.clearance):
        deciders = clearing.deciders(step, of=text_in_clearance(proceeding))
        notify_of_reply(proceeding, Kind.REPLY_TO_CLEAR, deciders, by=by)
    else:
        notify_of_reply(proceeding, Kind.REPLY_CLEARED, writers_of(proceeding), by=by)


def notify_of_reply(
    proceeding: Proceeding, kind: Notification.Kind, people: Iterable[User | None], *, by: User
) -> None:
    notify(people=people, kind=kind, thing=proceeding, by=by, label=proceeding.reference)


def writers_of(proceeding: Proceeding) -> list[User | None]:
    """Everyone who wrote the reply, and the person who sent it for clearance."""
    sender = proceeding.clearance.started_by if proceeding.clearance else None
    return [*proceeding.reply_earlier_writers.filter(is_active=True), proceeding.reply_written_by, sender]


def decide(proceeding: Proceeding, verdict: str, *, seen: int | None, by: User, reason: str = "") -> Proceeding:
    proceeding = lock_kept(proceeding)
    refuse_closed(proceeding)
    if proceeding.clearance is None:
        raise Refused(_("Nothing is awaiting clearance. Reload the page."))
    of = text_in_clearance(proceeding)
    proceeding.clearance = clearing.decide(
        proceeding.clearance, verdict=verdict, by=by, of=of, seen=seen, reason=reason
    )
    return proceeding


@transaction.atomic
def record_dispatch(
    *,
    proceeding: Proceeding,
    replied_on: date,
    note_verbale: str,
    channel: str,
    acknowledged_on: date | None,
    seen: int,
    by: User,
) -> None:
    """Record when and how the reply was sent, with its proof.

    Raises `Refused` unless the reply has been cleared, and `FieldRefused` for a date that is impossible.
    """
    proceeding = lock(proceeding, by=by, seen=seen)
    is_cleared = proceeding.clearance is not None and proceeding.clearance.state == Clearance.State.CLEARED
    if not is_cleared and not proceeding.is_by_report:
        raise Refused(_("The reply has not been cleared yet."))
    refuse_impossible_dispatch(proceeding, replied_on)
    if acknowledged_on and not replied_on <= acknowledged_on <= timezone.localdate():
        raise FieldRefused("acknowledged_on", _("Enter a date between the reply and today."))
    proceeding.replied_on, proceeding.acknowledged_on = replied_on, acknowledged_on
    proceeding.note_verbale, proceeding.channel = clean_label(note_verbale), clean_label(channel)
    save_version(proceeding, "dispatch-recorded", by=by, difference={"replied_on": ["", str(replied_on)]})


def refuse_impossible_dispatch(proceeding: Proceeding, replied_on: date) -> None:
    earlier = proceeding.earlier.last()
    if earlier is not None and earlier.replied_on and replied_on < earlier.replied_on:
        raise FieldRefused("replied_on", _("Enter a date that is not before the earlier submission."))
    if not proceeding.received_on <= replied_on <= timezone.localdate():
        raise FieldRefused("replied_on", _("Enter a date between the receipt of the letter and today."))


@transaction.atomic
def record_publication(*, proceeding: Proceeding, published_on: date, symbol: str, seen: int, by: User) -> None:
    """Record that the body published the letter; this publishes nothing here.

    Raises `ChangedMeanwhile` if another user saved the letter since, `Refused` for a report whose publication the
    State has not authorised, and `FieldRefused` for a date before the receipt or in the future.
    """
    refuse_unless_running(by)
    proceeding = lock_kept(proceeding)
    refuse_if_changed(proceeding.version, seen, overwriting_conflict(proceeding.reference))
    if proceeding.is_restricted and proceeding.authorised_on is None:
        raise Refused(_("This report is confidential until the State authorises its publication. Enter that first."))
    if not proceeding.received_on <= published_on <= timezone.localdate():
        raise FieldRefused("published_on", _("Enter a date between the receipt of the letter and today."))
    proceeding.published_on, proceeding.published_symbol = published_on, clean_label(symbol)
    save_version(proceeding, "publication-recorded", by=by, difference={"published_on": ["", str(published_on)]})


@transaction.atomic
def record_outcome(*, proceeding: Proceeding, outcome: str, reprisals_handling: str, seen: int, by: User) -> None:
    """Record the outcome of the letter, and how alleged reprisals were handled."""
    proceeding = lock(proceeding, by=by, seen=seen)
    proceeding.outcome, proceeding.reprisals_handling = clean(outcome), clean(reprisals_handling)
    save_version(proceeding, "outcome-recorded", by=by)


@transaction.atomic
def publish_letter(
    *,
    proceeding: Proceeding,
    title: str,
    summary: str,
    reply: str,
    source: str,
    is_checked: bool,
    parts_checked: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: User,
) -> PublicLetter:
    """Publish a version for the public, in the words of a person who has checked that it identifies no one; the days
    of a visit or a dialogue only if that person enters them.

    Raises `Refused` before the body has published the letter itself, and `FieldRefused` without the check or for a
    text that contains the name of a person concerned who has not consented; `parts_checked` as in `refuse_names`,
    and once for the same texts and names.
    """
    refuse_unless_running(by)
    proceeding = lock_kept(proceeding)
    refuse_unpublishable(proceeding, is_checked=is_checked)
    texts = {
        "title": clean_label(title),
        "summary": clean(summary),
        "reply": clean(reply),
        "source": clean_label(source),
    }
    refuse_impossible_days(starts_on, ends_on)
    parts = refuse_unchecked_names(proceeding, texts, parts_checked=parts_checked)
    letter, _is_new = PublicLetter.objects.update_or_create(
        proceeding=proceeding,
        defaults={
            **texts,
            "starts_on": starts_on,
            "ends_on": ends_on or starts_on,
            "is_checked": True,
            "parts_checked": parts,
            "published_at": timezone.now(),
            "published_by": by,
            "withdrawn_at": None,
        },
    )
    Event.record("public-letter-published", proceeding, by=by)
    return letter


def refuse_unpublishable(proceeding: Proceeding, *, is_checked: bool) -> None:
    if proceeding.published_on is None:
        sentence = _("%(what)s is confidential until the body has published it. Record its publication first.")
        raise Refused(sentence % {"what": proceeding})
    if not is_checked:
        raise FieldRefused("is_checked", _("Confirm that you have checked the texts."))


def refuse_impossible_days(starts_on: date | None, ends_on: date | None) -> None:
    if ends_on is not None and starts_on is None:
        raise FieldRefused("starts_on", _("Enter the first day."))
    if ends_on is not None and starts_on is not None and ends_on < starts_on:
        raise FieldRefused("ends_on", _("The end date is before the start date. Correct one of the two dates."))


def refuse_unchecked_names(proceeding: Proceeding, texts: dict[str, str], *, parts_checked: bool) -> str:
    """Return the digest of what is confirmed. Raises as `refuse_names`, unless the same was confirmed before."""
    digest = digest_of_parts(proceeding, texts.items())
    before = PublicLetter.objects.filter(proceeding=proceeding).values_list("parts_checked", flat=True).first()
    refuse_names(proceeding, texts.items(), parts_checked=parts_checked or (digest != "" and digest == before))
    return digest


@transaction.atomic
def unpublish_letter(*, proceeding: Proceeding, by: User) -> None:
    """Unpublish the version for the public; its texts are kept. Raises `Refused` if none is public."""
    refuse_unless_running(by)
    proceeding = lock_kept(proceeding)
    if not PublicLetter.objects.public().filter(proceeding=proceeding).update(withdrawn_at=timezone.now()):
        raise Refused(_("There is no version for the public."))
    Event.record("public-letter-unpublished", proceeding, by=by)


@transaction.atomic
def republish_letter(*, proceeding: Proceeding, by: User) -> None:
    """Show the version for the public again as it was. Raises `Refused` as `publish_letter` does."""
    refuse_unless_running(by)
    proceeding = lock_kept(proceeding)
    letters = PublicLetter.objects.filter(proceeding=proceeding, withdrawn_at__isnull=False)
    for row in letters:
        refuse_unchecked_names(proceeding, {name: getattr(row, name) for name in PUBLIC_TEXTS}, parts_checked=False)
    if not letters.update(withdrawn_at=None, published_at=timezone.now(), published_by=by):
        raise Refused(_("There is no version for the public."))
    Event.record("public-letter-published", proceeding, by=by)


def refuse_sent(proceeding: Proceeding) -> None:
    if proceeding.replied_on is not None:
        raise Refused(
            _("The reply has been sent. Its text can no longer be changed. Start the next submission instead.")
        )
