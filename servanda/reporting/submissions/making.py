"""Make the files of a submission, in the background: they never change afterwards."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.jobs.declare import retryable
from servanda.kit.files.downloads import type_of
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.proceedings.models import Proceeding
from servanda.proceedings.submissions.by_report import answer_by_report, awaits_report
from servanda.reporting.documents.contents import document_of, in_language_of
from servanda.reporting.documents.files import MATRIX, PDF, WRITERS, name_of
from servanda.reporting.documents.page_numbers import pages_of_headings
from servanda.reporting.models import Report, ReportSnapshot, ReportTranslation, SnapshotFile
from servanda.reporting.returns.copies import mark_copy
from servanda.reporting.submissions.fingerprint import fingerprint_of
from servanda.sources.models import Obligation, Submission
from servanda.sources.obligations.submissions import SubmissionValues, enter_submission
from servanda.trail.models import Event

State = ReportSnapshot.State


class MadeFile(NamedTuple):
    format: str
    name: str
    content: bytes
    language: str = ""  # of a translation


@retryable
@task()
def make_submitted_files(key: str) -> None:
    """Make the files, and record the submission. If this fails, the reason is stored with the submission."""
    snapshot = ReportSnapshot.objects.filter(key=key, state=State.PREPARING).select_related("by").first()
    if snapshot is None or snapshot.by is None:
        return
    report = Report.objects.select_related("obligation__body", "review__body", "template", "word_template").get(
        pk=snapshot.report_id
    )
    problems: list[str] = []
    try:
        files = list(made_files(report, snapshot, snapshot.by, problems))
        complete(snapshot, files, problem="\n".join(dict.fromkeys(problems)), by=snapshot.by)
    except Refused as refusal:
        fail(snapshot, str(refusal))


@task()
def give_up_submission(key: str) -> None:
    """Inform those who wait that the files could not be made."""
    if snapshot := ReportSnapshot.objects.filter(key=key, state=State.PREPARING).first():
        fail(snapshot, _("The files could not be created. Submit the report again, or contact the administrator."))


def made_files(report: Report, snapshot: ReportSnapshot, by: User, problems: list[str]) -> Iterator[MadeFile]:
    """In the language of the report, then in those of its translations; without the PDF where the system cannot make
    one: `problems` then has the reason. Raises `Refused` where the Word template cannot be filled."""
    for into in (None, *report.translations.kept().order_by("language")):
        with in_language_of(into or report):
            yield from files_in_language(report, snapshot, by, into, problems)


def files_in_language(
    report: Report, snapshot: ReportSnapshot, by: User, into: ReportTranslation | None, problems: list[str]
) -> Iterator[MadeFile]:
    on = snapshot.submitted_on
    at = datetime.combine(on, datetime.min.time(), timezone.get_current_timezone())
    document = document_of(report, by, on=on, into=into, is_draft=False)
    if into is None:
        mark_copy(document, report, by=by)
    document.pages = pages_of_headings(document, at)
    language = into.language if into else ""
    for format, writer in WRITERS.items():
        if format == MATRIX and document.layout is None:
            continue
        try:
            with closing(writer(document, at)) as file:
                content = file.read()
        except Refused as refusal:
            if format != PDF:
                raise
            problems.append(_("The PDF could not be created: %(reason)s") % {"reason": refusal})
            continue
        yield MadeFile(format, name_of(report, format, on=on, language=language), content, language)


@transaction.atomic
def complete(snapshot: ReportSnapshot, files: list[MadeFile], *, problem: str, by: User) -> None:
    """Keep the files, with the reason why one is missing, and set the obligation to submitted. Raises `Refused` if
    the report was changed meanwhile.

    Of two workers on one submission, the second finds it complete and keeps nothing.
    """
    report = Report.objects.select_for_update(of=("self",)).get(pk=snapshot.report_id)
    if not ReportSnapshot.objects.filter(pk=snapshot.pk, state=State.PREPARING).exists():
        return
    if fingerprint_of(report) != snapshot.fingerprint or report.withdrawn_at is not None:
        raise Refused(
            _("The report was changed while its files were being created. Have it cleared, then submit it again.")
        )
    kept = []
    try:
        for made in files:
            kept.append(keep(snapshot, made))
        ReportSnapshot.objects.filter(pk=snapshot.pk).update(state=State.COMPLETE, problem=problem)
        submit_obligation(report, snapshot, by=by)
        if case := case_to_answer(report):
            answer_by_report(proceeding=case, submitted_on=snapshot.submitted_on, title=snapshot.title, by=by)
        hashes = {"-".join(filter(None, (file.format, file.language))): ["", file.sha256] for file in kept}
        Event.record("report-submitted", report, by=by, difference=hashes)
    except BaseException:
        for file in kept:
            file.file.delete(save=False)
        raise


def keep(snapshot: ReportSnapshot, made: MadeFile) -> SnapshotFile:
    row = SnapshotFile(snapshot=snapshot, format=made.format, language=made.language, name=made.name)
    row.mime = type_of(made.name)
    row.size, row.sha256 = len(made.content), hashlib.sha256(made.content).hexdigest()
    row.file.save(made.name, ContentFile(made.content), save=False)
    row.save()
    return row


def submit_obligation(report: Report, snapshot: ReportSnapshot, *, by: User) -> None:
    """Record the submission of the obligation.

    Does nothing if it already has one: the report is then a corrected version. The language is the one that the body
    expects, if the report is translated to it.
    """
    obligation = report.obligation
    if obligation is None or Submission.objects.filter(obligation=obligation).exists():
        return
    language, words = report.language, snapshot.words
    if into := report.translations.kept().filter(language=obligation.language).first():
        counted = into.sections.filter(section__is_counted=True)
        language, words = into.language, counted.aggregate(words=Sum("words", default=0))["words"]
    values = SubmissionValues(submitted_on=snapshot.submitted_on, language=language, words=words)
    version = Obligation.objects.values_list("version", flat=True).get(pk=obligation.pk)
    enter_submission(obligation=obligation, values=values, seen=version, by=by)


def case_to_answer(report: Report) -> Proceeding | None:
    """The case whose deadline the report meets: none if it answers an obligation, or the case awaits no report."""
    if report.obligation_id is not None or report.case is None or not awaits_report(report.case):
        return None
    return report.case


def fail(snapshot: ReportSnapshot, problem: str) -> None:
    """Mark the submission as failed, unless another worker has completed it."""
    preparing = ReportSnapshot.objects.filter(pk=snapshot.pk, state=State.PREPARING)
    preparing.update(state=State.FAILED, problem=problem)
