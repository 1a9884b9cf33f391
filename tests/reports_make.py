"""Builders of reports and their templates: one call makes one valid thing."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from servanda.kit.pages.markdown_segments import segments_of
from servanda.people.models import Institution, User
from servanda.reporting.facts.registry import Fact, FactSource, fact_sources
from servanda.reporting.models import (
    Report,
    ReportDownload,
    ReportSection,
    ReportSnapshot,
    ReportTemplate,
    ReportTranslation,
    ReturnedNote,
    ReturnedSection,
    ReturnedTable,
    ReturnedTranslation,
    SectionNote,
    SectionTranslation,
    SentCopy,
    SentSection,
    SentTable,
    SnapshotFile,
    TemplateSection,
    UnansweredQuestion,
    WordReturn,
    WordTemplate,
)
from servanda.reporting.report_templates import services
from servanda.reporting.report_templates.services import SectionValues, TemplateValues
from servanda.reporting.reports import assigning
from servanda.reporting.reports import services as adding
from servanda.reporting.reports.services import ReportValues
from servanda.reporting.translations import services as translating
from servanda.reporting.translations.services import TranslationValues, Written
from servanda.sources.models import Question
from tests import make, obligation_make, questions_make
from tests.make import numbers


def english(text: str) -> LazyI18nString:
    return LazyI18nString({"en": text} if text else {})


def template(name: str = "Mid-term report", *headings: str, **fields) -> ReportTemplate:
    """A shipped template with a section for each heading."""
    fields.setdefault("code", f"template-{next(numbers)}")
    fields.setdefault("kinds", "mid-term")
    fields.setdefault("source", "Good practice")
    made = ReportTemplate.objects.create(name=english(name), **fields)
    for heading in headings or ("Method", "Chapters"):
        section(made, heading)
    return made


def section(of: ReportTemplate, heading: str = "Method", **fields) -> TemplateSection:
    fields.setdefault("key", heading.lower().replace(" ", "-"))
    fields.setdefault("place", of.sections.count() + 1)
    return TemplateSection.objects.create(template=of, heading=english(heading), **fields)


def copied(of: ReportTemplate, by: User, name: str = "Ours") -> ReportTemplate:
    return services.copy_report_template(template=of, name=english(name), by=by)


def template_values(name: str = "Ours", **fields) -> TemplateValues:
    usual = {"kinds": "mid-term", "body": None, "word_limit": None, "counts": english(""), "note": english("")}
    return TemplateValues(name=english(name), **usual | {"source": "Good practice"} | fields)


def section_values(heading: str = "Method", **fields) -> SectionValues:
    usual = {"guidance": english(""), "depth": 1, "share": None, "content": "text", "facts": "", "source": ""}
    return SectionValues(heading=english(heading), **usual | {"is_counted": True} | fields)


@dataclass(slots=True)
class Templates:
    """What the addresses of templates can name."""

    own: ReportTemplate
    section: TemplateSection
    dropped: TemplateSection
    retired: ReportTemplate
    outdated: ReportTemplate
    word_template: WordTemplate
    retired_word_template: WordTemplate


def templates(by: User) -> Templates:
    shipped = template("Shipped report")
    own, outdated = copied(shipped, by), copied(template("Renewed report"), by, "Older copy")
    section(outdated.copied_from, "Pledges")
    retired = template("Retired report", is_retired=True)
    services.drop_template_section(section=own.sections.get(key="chapters"), by=by)
    own.refresh_from_db()
    return Templates(
        own=own,
        section=own.sections.get(key="method"),
        dropped=own.sections.get(key="chapters"),
        retired=retired,
        outdated=outdated,
        word_template=word_template(),
        retired_word_template=word_template(is_retired=True),
    )


def word_template(name: str = "Ministry", **fields) -> WordTemplate:
    """One that was not checked, for pages that only name it."""
    made = WordTemplate(name=name, sha256=str(next(numbers)), **fields)
    made.file.save("template.docx", ContentFile(b"PK"), save=False)
    made.save()
    return made


def report(by: User, *, template: ReportTemplate | None = None, **fields) -> Report:
    """A report with the sections "Method" and "Chapters" unless the template has others."""
    return adding.add_report(values=report_values(template or shipped(), **fields), by=by)


def started_earlier(of: Report, days: int = 3) -> Report:
    """The report as if it had been started with its first sections so many days ago."""
    at = timezone.now() - timedelta(days=days)
    of.outlined.filter(since=of.outlined.order_by("since").values("since")[:1]).update(since=at)
    Report.objects.filter(pk=of.pk).update(created_at=at)
    of.refresh_from_db()
    return of


def shipped() -> ReportTemplate:
    return template()


def report_values(of: ReportTemplate, title: str = "Our report", **fields) -> ReportValues:
    usual = dict.fromkeys(["obligation", "start", "end", "word_limit", "review", "cluster", "facts_on"])
    return ReportValues(**usual | {"title": title, "template": of, "language": "en", "query": ""} | fields)


def assigned(of: Report, key: str, to: Institution, by: User) -> ReportSection:
    section = of.sections.get(key=key)
    seen = Report.objects.get(pk=of.pk).version
    assigning.assign_sections(report=of, owners={section.pk: (to, None)}, seen=seen, by=by)
    section.refresh_from_db()
    return section


def fact(text: str = "The law changed.", **fields) -> Fact:
    usual = {"key": "1", "title": "Ministry", "citation": "Update, Ministry", "address": "/desk/updates/1/"}
    return Fact(text=text, **usual | fields)


def source(code: str) -> FactSource:
    return next(source for source in fact_sources() if source.code == code)


def snapshot(of: Report, by: User, **fields) -> ReportSnapshot:
    """A submitted report with one stored file."""
    usual = {"state": "complete", "title": of.title, "issuer": "Slovenia", "language": of.language}
    usual |= {"submitted_on": date(2026, 11, 29), "by": by}
    made = ReportSnapshot.objects.create(report=of, **usual | fields)
    row = SnapshotFile(snapshot=made, format="docx", name="report.docx", mime="application/octet-stream", size=4)
    row.sha256 = hashlib.sha256(b"file").hexdigest()
    row.file.save("report.docx", ContentFile(b"file"))
    other = SnapshotFile(snapshot=made, format="docx", language="fr", name="report-fr.docx", mime=row.mime, size=4)
    other.sha256 = row.sha256
    other.file.save("report-fr.docx", ContentFile(b"file"))
    return made


def word_return(of: ReportSection, by: User, **fields) -> WordReturn:
    """A Word file that came back with a changed text of the section, and with a comment on it."""
    copy = SentCopy.objects.create(report=of.report, digest=str(next(numbers)), by=by)
    sent = SentSection.objects.create(copy=copy, section=of, number=1, heading=of.heading, text=of.text)
    usual = {"name": "returned.docx", "sha256": str(next(numbers)), "kept_at": timezone.now(), "by": by}
    made = WordReturn.objects.create(report=of.report, copy=copy, **usual | fields)
    ReturnedSection.objects.create(word_return=made, sent=sent, text=f"{of.text} Changed in Word.")
    ReturnedNote.objects.create(
        word_return=made, section=of, place=0, kind=ReturnedNote.Kind.COMMENT, author="Ana Legal", text="Why?"
    )
    return made


def returned_table(of: SectionTranslation, by: User, target: str = "Traduit.") -> ReturnedTable:
    """A table for translation that came back, with this text for the first paragraph of the section."""
    sent = SentTable.objects.create(into=of.into, digest=str(next(make.numbers)), by=by)
    table = ReturnedTable.objects.create(sent=sent, into=of.into, name="table.docx", sha256=sent.digest, by=by)
    rows = [[source, "", target] for source in segments_of(of.section.text)[:1]]
    ReturnedTranslation.objects.create(table=table, translation=of, heading=[of.section.heading, "", ""], rows=rows)
    return table


def download(of: Report, by: User, **fields) -> ReportDownload:
    """A file that the worker made for the person."""
    made = ReportDownload(report=of, format="pdf", by=by, state="ready", name="report.pdf", size=4, **fields)
    made.file.save("report.pdf", ContentFile(b"file"), save=False)
    made.save()
    return made


@dataclass(slots=True)
class Reported:
    """What the addresses of reports can name."""

    report: Report
    section: ReportSection
    following: Report  # on an obligation that had a report before
    withdrawn: Report
    note: SectionNote  # a suggestion
    resolved: SectionNote
    submitted: ReportSnapshot
    published: ReportSnapshot
    returned: WordReturn
    preview: WordReturn
    download: ReportDownload
    translation: SectionTranslation  # into French, with two versions
    table: ReturnedTable  # of the same, to be decided
    question: Question  # of the section, without an answer


def reported(institution: Institution, by: User, owner: User | None = None) -> Reported:
    """A report with a section of the institution that has two versions, and one that was withdrawn. `owner` asked for
    the file."""
    made, withdrawn = report(by), report(by)
    section = assigned(made, "method", institution, by)
    for text, writer in (("First.", by), ("Second.", make.user("coordinator"))):
        section = adding.write_section(section=section, text=text, seen=section.version, by=writer)
    adding.withdraw_report(report=withdrawn, reason="Started twice.", by=by)
    due = obligation_make.obligation()
    former = report(by, obligation=due)
    following = report(by, obligation=due)
    for written in (former, following):
        assigned(written, "method", institution, by)
    notes = {"section": section, "by": by}
    note = SectionNote.objects.create(kind="suggestion", passage="Second.", replacement="Two.", **notes)
    closed = {"outcome": "resolved", "closed_by": by, "closed_at": timezone.now()}
    resolved = SectionNote.objects.create(text="Which figure?", **notes, **closed)
    submitted, published = snapshot(made, by), snapshot(made, by, published_at=timezone.now())
    translation = into(made, "fr", by).sections.get(section=section)
    table = returned_table(translation, by)
    for text, writer in (("Premier.", by), ("Second.", make.user("coordinator"))):
        translation = translated(translation, [text], writer)
    translating.remove_report_translation(into=into(made, "es", by), by=by)
    question = questions_make.question()
    section.questions.add(question)
    UnansweredQuestion.objects.create(section=section, question=question, reason="No data exist.", by=by)
    returned, preview = word_return(section, by), word_return(section, by, kept_at=None)
    return Reported(
        report=made,
        section=section,
        following=following,
        withdrawn=withdrawn,
        note=note,
        resolved=resolved,
        submitted=submitted,
        published=published,
        returned=returned,
        preview=preview,
        download=download(made, owner or by),
        translation=translation,
        table=table,
        question=question,
    )


def into(of: Report, language: str, by: User, **fields) -> ReportTranslation:
    """The report is to be translated to this language."""
    values = TranslationValues(language=language, **fields)
    return translating.add_report_translation(report=of, values=values, by=by)


def translated(
    of: SectionTranslation,
    targets: Sequence[str],
    by: User,
    *,
    fitting: Collection[int] = (),
    seen: int | None = None,
) -> SectionTranslation:
    """Each paragraph of the section has a translation, as far as they go."""
    now = SectionTranslation.objects.select_related("section", "into__report").get(pk=of.pk)
    padded = [*targets, *[""] * len(segments_of(now.section.text))][: len(segments_of(now.section.text))]
    written = Written(heading="Titre", targets=padded, fitting=frozenset(fitting), source_seen=now.section.version)
    seen = now.version if seen is None else seen
    return translating.write_translation(translation=now, written=written, seen=seen, by=by)
