"""Builders of obligations: one call makes one valid thing."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.people.models import Institution, User
from servanda.proceedings.retention.obligation_files import place_file_hold
from servanda.progress.evidence.obligation_files import add_obligation_file
from servanda.recommendations.models import RecordObligation
from servanda.sources.models import (
    Extension,
    Obligation,
    ObligationFile,
    ObligationLetter,
    ObligationStep,
    Submission,
    Suspension,
)
from servanda.sources.obligations.by_rules import SHAPE
from servanda.sources.obligations.feeds import renew_feed
from servanda.sources.obligations.sheet_kind import SHAPE as SHEET
from servanda.vocab.models import Body, ObligationRule
from tests import make, progress_make
from tests.make import numbers


def obligation(title: str = "Report on equality", **fields) -> Obligation:
    """A published, binding report to the committee, due in 60 days unless the fields say otherwise."""
    fields.setdefault("code", f"M-{next(numbers)}")
    fields.setdefault("body", make.committee("CEDAW"))
    fields.setdefault("kind", "periodic-report")
    if fields.get("certainty") != "to-be-communicated":
        fields.setdefault("due_on", timezone.localdate() + timedelta(days=60))
    fields.setdefault("is_published", fields.get("confidentiality", "public") == "public")
    return Obligation.objects.create(title=title, **fields)


def step(of: Obligation, title: str = "First draft", institution: Institution | None = None, **fields):
    return ObligationStep.objects.create(obligation=of, title=title, institution=institution, **fields)


def extension(of: Obligation, **fields) -> Extension:
    fields.setdefault("asked_on", date(2026, 2, 1))
    before = {"due_before": of.due_on, "day_from_before": of.day_from, "certainty_before": of.certainty}
    return Extension.objects.create(obligation=of, ground="Elections.", **before, **fields)


def referral(**fields) -> Obligation:
    """The time limit for the referral of a case to the Inter-American Court."""
    fields.setdefault("body", make.body("IACHR", Body.Kind.COMMISSION))
    return obligation("Referral", kind="referral", force="none", **fields)


def suspended_referral() -> Obligation:
    """The same, suspended without an end."""
    due = referral()
    before = {"due_before": due.due_on, "day_from_before": due.day_from, "certainty_before": due.certainty}
    since = timezone.localdate() - timedelta(days=9)
    Suspension.objects.create(obligation=due, starts_on=since, ground="Negotiations.", **before)
    Obligation.objects.filter(pk=due.pk).update(due_on=None, certainty="to-be-communicated", day_from="suspension")
    due.refresh_from_db()
    return due


def file(of: Obligation, by: User, name: str = "note.csv", **fields) -> ObligationFile:
    """The note verbale, as a small table."""
    content = progress_make.file()
    return add_obligation_file(obligation=of, file=content, name=name, kind=fields.pop("kind", "note"), by=by)


def submission(of: Obligation, **fields) -> Submission:
    fields.setdefault("submitted_on", date(2026, 2, 1))
    made = Submission.objects.create(obligation=of, state_before=of.state, **fields)
    Obligation.objects.filter(pk=of.pk).update(state="submitted")
    of.refresh_from_db()
    return made


def rule(code: str = "cedaw-periodic", **fields) -> ObligationRule:
    """A rule of the committee: four years after the previous deadline."""
    fields.setdefault("body", make.committee("CEDAW"))
    usual = {"kind": "periodic-report", "trigger": "previous-deadline", "certainty": "estimate"}
    usual |= {"offset": 48, "unit": "months", "word_limit": 21200, "source": "Article 18"}
    given = usual | fields
    if given["offset"] is None:
        given["unit"] = ""
    return ObligationRule.objects.create(code=code, **given)


def added_by_rules(by: User) -> Batch:
    batch = Batch.objects.create(shape=SHAPE, name="CEDAW", state=Batch.State.APPLIED, created_by=by)
    obligation("Next report", added_by=batch)
    return batch


def feed_of_a_stranger() -> str:
    """The key of a reader who is appointed for a body that asks for nothing here."""
    person = make.user(Role.PUBLIC)
    make.appointment(person, make.institution("elsewhere"), "reader", bodies="SPT")
    return renew_feed(by=person)


@dataclass(slots=True)
class Owed:
    """What the addresses of obligations can name."""

    obligation: Obligation
    step: ObligationStep
    done: ObligationStep
    extension: Extension
    referral: Obligation
    suspended: Obligation
    suspension: Suspension  # of the one that is suspended
    letter: ObligationLetter
    file: ObligationFile
    submitted: Obligation
    withdrawn: Obligation
    added: Batch  # by rules
    sheet: Batch
    feed_key: str  # of a person who sees nothing that is not public
    hidden: Obligation  # internal, so that it can be published
    held: Obligation  # whose files are under a legal hold


def owed(institution: Institution, by: User) -> Owed:
    """An obligation with everything that can hang on one, one that was submitted, and one that was withdrawn."""
    due = obligation(owner=institution)
    gone = {"withdrawn_at": timezone.now(), "withdrawn_reason": "It was entered twice."}
    submitted = obligation("Common core document", kind="common-core", every=12)
    submission(submitted, note_verbale="12/2026")
    suspended = suspended_referral()
    return Owed(
        obligation=due,
        step=step(due, "First draft", institution, due_on=due.due_on - timedelta(days=30)),
        done=step(due, "Translation", institution, done_on=date(2026, 2, 1), done_by=by),
        extension=extension(due),
        referral=referral(),
        suspended=suspended,
        suspension=suspended.suspensions.get(),
        file=file(due, by),
        letter=ObligationLetter.objects.create(obligation=due, kind="reminder", on=date(2026, 2, 1)),
        submitted=submitted,
        withdrawn=obligation("The same report", **gone),
        added=added_by_rules(by),
        sheet=Batch.objects.create(shape=SHEET, name="obligations.csv", created_by=by, sha256="3" * 64),
        feed_key=feed_of_a_stranger(),
        hidden=obligation("Reply to a letter", is_published=False),
        held=held(by),
    )


def held(by: User) -> Obligation:
    due = obligation("Report on prisons")
    place_file_hold(obligation=due, reason="A claim is pending.", by=by)
    return due


def hidden(word: str, institution: Institution, **fields) -> Obligation:
    """Not public; everything that it says, and what hangs on it, holds the word."""
    texts = dict.fromkeys(["combined", "paragraph", "words", "state_reason", "note"], word)
    due = obligation(word, code=f"O-{word}-{next(numbers)}", **texts, is_published=False, **fields)
    step(due, word, institution, due_on=due.due_on)
    Suspension.objects.create(
        obligation=due, starts_on=date(2026, 2, 1), ground=word, day_from_before="hand", certainty_before="fixed"
    )
    Extension.objects.create(
        obligation=due, asked_on=date(2026, 2, 1), ground=word, day_from_before="hand", certainty_before="fixed"
    )
    ObligationLetter.objects.create(obligation=due, kind="reminder", on=date(2026, 2, 1), reference=word, note=word)
    ObligationFile(obligation=due).store(name=f"{word}.csv", mime="text/csv", content=word.encode())
    given = dict.fromkeys(["note_verbale", "channel", "mission", "reply", "annexes"], word)
    Submission.objects.create(obligation=due, submitted_on=date(2026, 2, 1), state_before="open", **given)
    return due


def turned(by: User) -> RecordObligation:
    """A record that was turned into an obligation."""
    record = make.recommendation(withdrawn_at=timezone.now(), withdrawn_reason="It asks for a report.")
    due = obligation("Follow-up report", document=record.document, paragraph=record.paragraph)
    return RecordObligation.objects.create(
        recommendation=record, obligation=due, direction="obligation", turned_by=by
    )
