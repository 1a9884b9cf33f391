"""Practices: write, review, publish, withdraw; their endorsements; and what another system sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from servanda.jobs.services import enqueue_once
from servanda.kit.refusal import FieldRefused, Refused
from servanda.language.words.tokens import tokens_of_texts
from servanda.network.models import (
    Endorsement,
    MechanismProfile,
    Practice,
    PracticeEvidence,
)
from servanda.network.practices.encoding_tasks import encode_practices
from servanda.network.withdrawing import restore, withdraw
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed, save_version
from servanda.sources.printed.texts import clean, without_hidden
from servanda.trail.models import Event
from servanda.vocab.models import Body, Term

State = Practice.State
TEXTS = ("title", "problem", "context", "steps", "cost_words", "result", "failures")
NEEDED = ("title", "problem", "steps", "result")
FACTS = ("mechanism", "is_invented", "cost", "currency", "cost_year", "contact")
MOST_TOKENS, LONGEST_MECHANISM = 20_000, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeText:
    """The texts of a practice in one language; the steps are one a line."""

    title: str = ""
    problem: str = ""
    context: str = ""
    steps: str = ""
    cost_words: str = ""
    result: str = ""
    failures: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceValues:
    text: str
    source: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeValues:
    """What a practice has besides its texts."""

    mechanism: MechanismProfile | None = None
    is_invented: bool = False
    cost: Decimal | None = None
    currency: str = ""
    cost_year: int | None = None
    contact: str = ""
    capacities: Sequence[str] = ()
    themes: Sequence[Term] = ()
    bodies: Sequence[Body] = ()
    evidence: Sequence[EvidenceValues] = field(default=())


@transaction.atomic
def add_practice(*, language: str, text: PracticeText, values: PracticeValues, by: User | None) -> Practice:
    """Write a draft. Raises `FieldRefused` without its title, problem, steps or result."""
    practice = Practice(version=0, language=language)
    set_text(practice, language, text)
    set_values(practice, values, by=by)
    save_version(practice, "practice-added", by=by, difference={})
    write_parts(practice, values)
    return practice


@transaction.atomic
def edit_practice(
    *, practice: Practice, language: str, text: PracticeText, values: PracticeValues, seen: int | None, by: User
) -> None:
    """Change its facts and its texts in one language; a version in another language is added in the same way.
    A reviewed practice is a draft again.

    Raises `ChangedMeanwhile` if another user saved it since, `Refused` while it is published and for a received one,
    and `FieldRefused` without its title, problem, steps or result.
    """
    locked = lock_editable(practice)
    refuse_if_changed(locked.version, seen, overwriting_conflict(str(locked)))
    if locked.state == State.PUBLISHED:
        raise Refused(_("This practice is published. Stop publishing it before you change it."))
    before = values_in_trail(locked)
    set_text(locked, language, text)
    set_values(locked, values, by=by)
    if difference := difference_of(before, values_in_trail(locked, values)):
        locked.state, locked.reviewed_by, locked.reviewed_at = State.DRAFT, None, None
        save_version(locked, "practice-edited", by=by, difference=difference)
        write_parts(locked, values)


def set_text(practice: Practice, language: str, text: PracticeText) -> None:
    for name in TEXTS:
        words = cleaned(name, getattr(text, name))
        if name in NEEDED and not words:
            raise FieldRefused(name, _("Enter a text."))
        by_language = dict(in_languages(practice, name))
        by_language[language] = words
        setattr(practice, name, LazyI18nString({code: said for code, said in by_language.items() if said}))
    practice.languages = " ".join(dict.fromkeys([practice.language, *in_languages(practice, "title")]))


def cleaned(name: str, words: str) -> str:
    """Without markup and characters that are not seen; a title on one line, and steps without empty lines."""
    plain = clean(without_hidden(words))
    if name == "title":
        return one_line(words)
    return "\n".join(line for line in plain.splitlines() if line.strip()) if name == "steps" else plain


def one_line(words: str) -> str:
    return " ".join(clean(without_hidden(words)).split())


def in_languages(practice: Practice, name: str) -> dict[str, str]:
    """The versions of one text, by language."""
    value = getattr(practice, name)
    return dict(value.data) if isinstance(value, LazyI18nString) and isinstance(value.data, dict) else {}


def set_values(practice: Practice, values: PracticeValues, *, by: User | None) -> None:
    """Call it after `set_text`, because it makes the tokens of the texts.

    Raises `FieldRefused` for a cost without a currency.
    """
    if values.cost is not None and not values.currency:
        raise FieldRefused("currency", _("Enter the currency."))
    for name in FACTS:
        setattr(practice, name, getattr(values, name))
    practice.contact = one_line(values.contact)
    practice.capacities = " ".join(values.capacities)
    practice.written_by, practice.written_at = by, timezone.now()
    practice.tokens = tokens_of(practice)


def write_parts(practice: Practice, values: PracticeValues) -> None:
    practice.themes.set(values.themes)
    practice.bodies.set(values.bodies)
    practice.evidence.all().delete()
    PracticeEvidence.objects.bulk_create(
        PracticeEvidence(
            practice=practice, order=order, text=one_line(row.text), source=one_line(row.source), address=row.address
        )
        for order, row in enumerate(values.evidence)
    )
    enqueue_once(encode_practices)


def tokens_of(practice: Practice) -> str:
    """All texts as tokens between blanks, so that a blank ends each of them."""
    texts: dict[str, list[str]] = {}
    for name in TEXTS:
        for language, words in in_languages(practice, name).items():
            texts.setdefault(language, []).append(words)
    joined = {language: "\n".join(parts) for language, parts in texts.items()}
    return f" {' '.join(tokens_of_texts(joined)[:MOST_TOKENS])} "


def values_in_trail(practice: Practice, values: PracticeValues | None = None) -> dict[str, object]:
    """What changed, in a few words; long texts are shortened."""
    themes = values.themes if values else practice.themes.all()
    bodies = values.bodies if values else practice.bodies.all()
    evidence = values.evidence if values else practice.evidence.all()
    facts = {name: "" if getattr(practice, name) is None else str(getattr(practice, name)) for name in FACTS}
    texts = {
        f"{name}.{language}": words for name in TEXTS for language, words in in_languages(practice, name).items()
    }
    lists: dict[str, object] = {
        "capacities": practice.capacities,
        "themes": " ".join(sorted(term.code for term in themes)),
        "bodies": " ".join(sorted(body.code for body in bodies)),
        "evidence": "\n".join(f"{row.text} {row.source} {row.address}".strip() for row in evidence),
    }
    return facts | texts | lists


WRITTEN = ("practice-added", "practice-edited")


@transaction.atomic
def review_practice(*, practice: Practice, by: User) -> None:
    """Confirm that it can be published. Raises `Refused` if it is no draft, or to the person who wrote it."""
    locked = lock_editable(practice)
    if locked.state != State.DRAFT:
        raise Refused(_("This has already been done."))
    if locked.written_by_id == by.pk or wrote_since_review(locked, by):
        raise Refused(_("You wrote this version, so another person must review it."))
    locked.state, locked.reviewed_by, locked.reviewed_at = State.REVIEWED, by, timezone.now()
    save_version(locked, "practice-reviewed", by=by, difference={"state": [State.DRAFT, State.REVIEWED]})


def wrote_since_review(practice: Practice, person: User) -> bool:
    events = Event.objects.filter(object_type=Practice._meta.label_lower, object_id=str(practice.pk))
    reviewed = events.filter(action="practice-reviewed").order_by("-sequence").values_list("sequence", flat=True)[:1]
    written = events.filter(actor=person, action__in=WRITTEN)
    return written.filter(sequence__gt=next(iter(reviewed), 0)).exists()


@transaction.atomic
def return_practice(*, practice: Practice, by: User) -> None:
    """Return a reviewed one to its draft. Raises `Refused` for others."""
    locked = lock_editable(practice)
    if locked.state != State.REVIEWED:
        raise Refused(_("This practice is not reviewed."))
    locked.state, locked.reviewed_by, locked.reviewed_at = State.DRAFT, None, None
    save_version(locked, "practice-returned", by=by, difference={"state": [State.REVIEWED, State.DRAFT]})


@transaction.atomic
def publish_practice(*, practice: Practice, by: User) -> None:
    """Show it to everyone, and share it with peers. Raises `Refused` if it is not reviewed."""
    locked = lock_editable(practice)
    if locked.state != State.REVIEWED:
        raise Refused(_("Only a reviewed practice can be published."))
    locked.state, locked.published_at = State.PUBLISHED, timezone.now()
    save_version(locked, "practice-published", by=by, difference={"state": [State.REVIEWED, State.PUBLISHED]})


@transaction.atomic
def unpublish_practice(*, practice: Practice, by: User) -> None:
    """Raises `Refused` if it is not published."""
    locked = lock_editable(practice)
    if locked.state != State.PUBLISHED:
        raise Refused(_("This has already been done."))
    locked.state, locked.published_at = State.REVIEWED, None
    save_version(locked, "practice-unpublished", by=by, difference={"state": [State.PUBLISHED, State.REVIEWED]})


@transaction.atomic
def withdraw_practice(*, practice: Practice, reason: str, by: User) -> None:
    """Remove it from all lists and public pages. Raises `Refused` without a reason."""
    locked = lock(practice)
    withdraw(locked, "practice-withdrawn", reason=reason, by=by)


@transaction.atomic
def restore_practice(*, practice: Practice, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    locked = Practice.objects.select_for_update().get(pk=practice.pk)
    restore(locked, "practice-restored", by=by)


def lock(practice: Practice) -> Practice:
    """Raises `Refused` for a withdrawn one."""
    locked = Practice.objects.select_for_update(of=("self",)).select_related("mechanism").get(pk=practice.pk)
    if locked.withdrawn_at is not None:
        raise Refused(_("This practice is withdrawn. Restore it first."))
    return locked


def lock_editable(practice: Practice) -> Practice:
    locked = lock(practice)
    if locked.is_received:
        raise Refused(_("Another system sent this practice. It can only be changed there."))
    return locked


# Endorsements


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorsementValues:
    mechanism: MechanismProfile
    kind: str
    day: date
    note: str = ""
    is_shared: bool = False


@transaction.atomic
def set_endorsement(*, practice: Practice, values: EndorsementValues, by: User | None) -> Endorsement:
    """Enter that a mechanism endorses a practice or has tried it; the same mechanism again replaces its entry.

    Raises `FieldRefused` for the mechanism that the practice comes from, and for a date in the future.
    """
    locked = lock(practice)
    if values.mechanism.pk == locked.mechanism_id:
        raise FieldRefused("mechanism", _("The practice comes from this mechanism. Select another one."))
    if values.day > timezone.localdate():
        raise FieldRefused("day", _("Enter a date that is not in the future."))
    former = Endorsement.objects.select_for_update().filter(practice=locked, mechanism=values.mechanism).first()
    row = former or Endorsement(practice=locked, mechanism=values.mechanism)
    row.kind, row.day, row.note, row.by, row.withdrawn_at = values.kind, values.day, clean(values.note), by, None
    row.is_shared = values.is_shared
    row.save()
    Event.record("practice-endorsed", locked, by=by, difference={str(values.mechanism): ["", values.kind]})
    return row


@transaction.atomic
def withdraw_endorsement(*, endorsement: Endorsement, by: User) -> None:
    """Raises `Refused` if it is withdrawn already."""
    move_endorsement(endorsement, timezone.now())
    difference = {str(endorsement.mechanism): [endorsement.kind, ""]}
    Event.record("practice-endorsement-withdrawn", endorsement.practice, by=by, difference=difference)


@transaction.atomic
def restore_endorsement(*, endorsement: Endorsement, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    move_endorsement(endorsement, None)
    difference = {str(endorsement.mechanism): ["", endorsement.kind]}
    Event.record("practice-endorsement-restored", endorsement.practice, by=by, difference=difference)


def move_endorsement(endorsement: Endorsement, moment: datetime | None) -> None:
    locked = Endorsement.objects.select_for_update().get(pk=endorsement.pk)
    if (locked.withdrawn_at is None) == (moment is None):
        raise Refused(_("This has already been done."))
    locked.withdrawn_at = moment
    locked.save(update_fields=["withdrawn_at"])


def record_download(*, by: User) -> None:
    """Leave a line in the trail about a list of practices that left as a file."""
    Event.record("practices-downloaded", by=by)
