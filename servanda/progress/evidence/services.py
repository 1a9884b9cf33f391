"""Evidence: add files, after their content has been examined, and links; edit and withdraw them."""

import datetime
import hashlib
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.clean_files.apart import cleaned
from servanda.kit.files.viruses import refuse_infected
from servanda.kit.refusal import Refused
from servanda.people.access import Can, can
from servanda.people.models import Accreditation, Appointment, Institution, User
from servanda.progress.evidence.file_kinds import KINDS, kind_of, without_metadata
from servanda.progress.models import Assessment, Evidence, EvidenceRecommendation, Update
from servanda.progress.updates.permissions import holds, refuse_mixed
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event

MEGABYTE = 1_000_000
LONGEST_NAME = 120
MOST_LINKS = 5  # in one form
ODD_SIGNS = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069<>:"|?*\\/]')


@dataclass(frozen=True, kw_only=True)
class Described:
    """The description of a piece of evidence."""

    kind: str
    title: str = ""  # if empty, the name of the file
    stance: str = Evidence.Stance.SUPPORTS
    shows: str = Evidence.Shows.PROCESS
    date: datetime.date | None = None
    language: str = ""
    is_public: bool = False


@dataclass(frozen=True)
class Examined:
    """A file that has passed the examination, with the content to store."""

    name: str
    mime: str
    content: bytes


def add_file(
    *,
    file: File,
    name: str,
    described: Described,
    recommendations: Sequence[Recommendation],
    by: User | None,
    institution: Institution | None = None,
    update: Update | None = None,
) -> Evidence:
    """Store a file under a generated name, out of reach of the web server.

    It is examined before any row is locked. Raises `Refused` if the file, the quota or the update do not allow it.
    """
    examined = examine(file, name)
    return keep_file(
        examined=examined,
        described=described,
        recommendations=recommendations,
        by=by,
        institution=institution,
        update=update,
    )


@transaction.atomic
def keep_file(
    *,
    examined: Examined,
    described: Described,
    recommendations: Sequence[Recommendation],
    by: User | None,
    institution: Institution | None,
    update: Update | None,
    used: int | None = None,
) -> Evidence:
    """Store an examined file. `used` is how many bytes count towards the same limit; those of the institution unless
    it is given. Raises `Refused` if the quota or the update do not allow it."""
    sha256 = hashlib.sha256(examined.content).hexdigest()
    if update is not None and (existing := update.evidence.kept().filter(sha256=sha256).first()):
        return existing  # a form sent twice
    refuse_over_quota(used_by(institution) if used is None else used, examined)
    evidence = new_row(described, institution=institution, update=update, by=by, title=examined.name)
    evidence.name, evidence.mime, evidence.size = examined.name, examined.mime, len(examined.content)
    evidence.sha256 = sha256
    evidence.file.save(examined.name, ContentFile(examined.content), save=False)
    with file_only_if_kept(evidence):
        save_linked(evidence, recommendations, update, by=by)
    return evidence


@transaction.atomic
def add_link(
    *,
    link: str,
    described: Described,
    recommendations: Sequence[Recommendation],
    by: User | None,
    institution: Institution | None = None,
    update: Update | None = None,
) -> Evidence:
    """Add a link; the page is never fetched. Raises `Refused` unless it is a web address, or if the update is
    closed."""
    refuse_odd_link(link)
    if update is not None and (existing := update.evidence.kept().filter(link=link).first()):
        return existing
    evidence = new_row(described, institution=institution, update=update, by=by, title=link)
    evidence.link = link
    save_linked(evidence, recommendations, update, by=by)
    return evidence


@transaction.atomic
def edit_evidence(*, evidence: Evidence, described: Described, by: User) -> Evidence:
    """Edit the description; the file or link itself never changes. Raises `Refused` if this person may not, and for
    everyone if it came with a contribution, whose words are those of the contributor."""
    evidence = lock(evidence, by=by)
    if evidence.contributions.exists():
        raise Refused(_("The description of this evidence is part of a contribution. It stays as it was sent."))
    before = facts(evidence)
    for field in ("kind", "stance", "shows", "date", "language", "is_public"):
        setattr(evidence, field, getattr(described, field))
    evidence.title = clean_label(described.title)[:300] or evidence.title
    evidence.save()
    after = facts(evidence)
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changed:
        Event.record("evidence-edited", evidence, by=by, label=trail_label(evidence), difference=changed)
    return evidence


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, reason: str, by: User) -> None:
    """Withdraw: no one can download it, but its existence and the reason stay visible.

    Raises `Refused` if this person may not, or gives no reason, and if an accredited institution contributed it.
    """
    evidence = lock(evidence, by=by)
    if is_of_accredited(evidence):
        sentence = _(
            "An accredited institution contributed this evidence. If it must not be shown, decline the contribution "
            "or ask the institution."
        )
        raise Refused(sentence)
    evidence.withdrawn_at, evidence.withdrawn_by, evidence.withdrawal_reason = (
        timezone.now(),
        by,
        required_reason(reason),
    )
    evidence.save()
    Event.record("evidence-withdrawn", evidence, by=by, label=trail_label(evidence))


def examine(file: File, name: str) -> Examined:
    """Check size, content and viruses before anything is stored, and remove the metadata of pictures.

    Raises `Refused` if the file fails a check.
    """
    name = plain_name(name)
    if not file.size:
        raise Refused(_("%(file)s is empty. Choose it again.") % {"file": name})
    if file.size > settings.EVIDENCE_MB * MEGABYTE:
        sentence = _("%(file)s is larger than %(most)s MB. Send a smaller file or enter a link.")
        raise Refused(sentence % {"file": name, "most": settings.EVIDENCE_MB})
    with on_disk(file) as path:
        kind = kind_of(path, name)
        refuse_infected(path, name)
        drawn = without_metadata(path, kind, name)
        return Examined(name, kind.mime, path.read_bytes() if drawn is None else drawn)


def without_author(examined: Examined) -> Examined:
    """For senders who hide their identity: remove the author and replace the file name.

    Raises `Refused` if the format cannot be cleaned.
    """
    with on_disk(ContentFile(examined.content)) as path:
        content = cleaned(path, examined.mime, examined.name)
    return Examined(neutral_name("file", examined.mime), examined.mime, content)


def neutral_name(stem: str, mime: str) -> str:
    return stem + next((kind.endings[0] for kind in KINDS if kind.mime == mime), "")


@contextmanager
def on_disk(file: File) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="evidence-") as folder:
        path = Path(folder) / "file"
        with path.open("wb") as copy:
            for part in file.chunks():
                copy.write(part)
        yield path


@contextmanager
def file_only_if_kept(evidence: Evidence) -> Iterator[None]:
    """Delete the stored file again if the row cannot be saved."""
    try:
        yield
    except BaseException:
        evidence.file.delete(save=False)
        raise


def plain_name(name: str) -> str:
    """The name without folders, and without characters that are special in paths or change the direction of text."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = ODD_SIGNS.sub("", clean_label(last)).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending}"[-LONGEST_NAME - 10 :] or "file"


def used_by(institution: Institution | None) -> int:
    """The bytes of all its files, or of those of the mechanism itself. Withdrawn files count as well: they are still
    on the disk. Files that came with contributions count for their contributors."""
    if institution is not None:
        institution = Institution.objects.select_for_update().get(pk=institution.pk)
    return bytes_of(Evidence.objects.filter(institution=institution, contributions=None))


def bytes_of(files: QuerySet) -> int:
    return files.aggregate(used=Sum("size"))["used"] or 0


def refuse_over_quota(used: int, examined: Examined) -> None:
    """Raises `Refused` if the file and what is `used` already, in bytes, exceed the limit of the installation."""
    if used + len(examined.content) > settings.EVIDENCE_QUOTA_MB * MEGABYTE:
        sentence = _("%(file)s was not saved: all files together would exceed %(most)s MB. Contact the coordinator.")
        raise Refused(sentence % {"file": examined.name, "most": settings.EVIDENCE_QUOTA_MB})


def refuse_odd_link(link: str) -> None:
    parts = urlsplit(link)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise Refused(_("Enter a link that begins with https:// or http://."))


def new_row(
    described: Described, *, institution: Institution | None, update: Update | None, by: User | None, title: str
) -> Evidence:
    return Evidence(
        title=(clean_label(described.title) or title)[:300],
        kind=described.kind,
        stance=described.stance,
        shows=described.shows,
        date=described.date,
        language=described.language,
        is_public=described.is_public,
        institution=institution,
        is_submitted=update is None or update.state not in Update.EDITABLE,
        added_by=by,
    )


def save_linked(
    evidence: Evidence, recommendations: Sequence[Recommendation], update: Update | None, *, by: User | None
) -> None:
    if update is not None:
        refuse_attaching(update, by)
    refuse_mixed(recommendations)
    evidence.save()
    EvidenceRecommendation.objects.bulk_create(
        EvidenceRecommendation(evidence=evidence, recommendation=record) for record in recommendations
    )
    if update is not None:
        update.evidence.add(evidence)
    Event.record("evidence-added", evidence, by=by, label=trail_label(evidence))


def refuse_attaching(update: Update, by: User | None) -> None:
    """Raises `Refused`, except for writers of a draft, and for the coordinator once it is submitted."""
    update = Update.objects.select_for_update(of=("self",)).select_related("institution").get(pk=update.pk)
    if by is not None and update.is_editable and holds(by, Can.WRITE_UPDATE, update.institution, []):
        return
    if (
        by is not None
        and not update.withdrawn_at
        and update.state != Update.State.DRAFT
        and can(by, Can.PUBLISH_UPDATE)
    ):
        return
    raise Refused(_("Evidence can no longer be added: this update was submitted or withdrawn."))


def lock(evidence: Evidence, *, by: User) -> Evidence:
    locked = Evidence.objects.select_for_update(of=("self",)).select_related("institution").get(pk=evidence.pk)
    if locked.withdrawn_at:
        raise Refused(_("This evidence has been withdrawn. No changes were made."))
    if not may_change(locked, by):
        raise Refused(_("You do not have permission to change this evidence. Contact the coordinator."))
    if locked.added_by_id != by.pk and shows_signed(locked):
        sentence = _(
            "This evidence belongs to an assessment that an accredited institution published under its own "
            "signature. Only the institution can change or withdraw it."
        )
        raise Refused(sentence)
    return locked


def is_of_accredited(evidence: Evidence) -> bool:
    """Whether it came with a contribution of a person whose institution is or was accredited."""
    senders = evidence.contributions.exclude(contributor=None).order_by().values("contributor")
    return are_accredited(User.objects.filter(pk__in=senders))


def are_accredited(people: QuerySet[User]) -> bool:
    """Whether one of these people contributes for an institution that is or was accredited."""
    contributing = Appointment.objects.filter(person__in=people, function=Appointment.Function.CONTRIBUTOR)
    return Accreditation.objects.filter(institution__in=contributing.order_by().values("institution")).exists()


def shows_signed(evidence: Evidence) -> bool:
    """Whether an accredited institution added it and uses it for its own assessment."""
    signed = Assessment.objects.signed().standing().filter(evidence=evidence)
    return evidence.added_by_id is not None and signed.filter(made_by=evidence.added_by_id).exists()


def may_change(evidence: Evidence, user: User) -> bool:
    """The institution until it is submitted, the coordinator afterwards; without an institution, whoever added it."""
    if can(user, Can.PUBLISH_UPDATE) and evidence.is_submitted:
        return True
    if evidence.institution is None:
        return evidence.added_by_id == user.pk and not evidence.contributions.exists()
    return not evidence.is_submitted and holds(user, Can.WRITE_UPDATE, evidence.institution, [])


def facts(evidence: Evidence) -> dict[str, str]:
    fields = ("kind", "stance", "shows", "date", "language", "is_public")
    return {field: str(getattr(evidence, field) or "") for field in fields}


def trail_label(evidence: Evidence) -> str:
    """Name it by institution and kind: the title may belong to a draft, which not every reader of the trail may
    see."""
    place = evidence.institution.code if evidence.institution else ""
    return ": ".join(part for part in (place, str(evidence.get_kind_display())) if part)
