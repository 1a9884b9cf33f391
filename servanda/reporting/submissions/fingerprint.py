"""Whether a report is still what was cleared."""

import hashlib
import json

from servanda.people.models import User
from servanda.recommendations.models import TextVersion
from servanda.reporting.models import Report, SectionTranslation, TemplateSection
from servanda.reporting.reports.scope import records_of

OF_SECTION = ("key", "place", "depth", "heading", "text", "content", "is_counted")
OF_TRANSLATION = ("into__language", "section", "heading", "segments", "state")
OF_REPORT = ("title", "language", "start", "end", "review_id", "cluster_id", "query", "obligation_id")


def scope_of(report: Report, user: User) -> str:
    """Equal as long as the matrix has the same records with the same texts and positions. `user` sees all records."""
    if not report.sections.filter(content=TemplateSection.Content.MATRIX).exists():
        return ""
    records = records_of(report, user).order_by()
    positions = sorted(records.values_list("pk", "stand"))
    texts = TextVersion.objects.current().filter(recommendation__in=records.values("pk")).order_by("pk")
    return hashlib.sha256(json.dumps([positions, list(texts.values_list("pk", flat=True))]).encode()).hexdigest()


def fingerprint_of(report: Report) -> str:
    """Equal for equal texts in the same order, of the same scope, in the same languages and Word template.

    What a report does not use adds nothing, so that its fingerprint stays as it was in earlier versions.
    """
    sections = list(report.sections.order_by("place", "pk").values_list(*OF_SECTION))
    facts = [str(getattr(report, name)) for name in OF_REPORT]
    facts += [str(report.word_template_id)] if report.word_template_id else []
    facts += [f"case {report.case_id}"] if report.case_id else []
    titles = list(report.translations.kept().order_by("language").values_list("language", "title"))
    translations = SectionTranslation.objects.filter(into__report=report, into__is_dropped=False)
    texts = list(translations.order_by("into__language", "section").values_list(*OF_TRANSLATION))
    translated = [titles, texts] if titles else []
    return hashlib.sha256(json.dumps([facts, sections, *translated]).encode()).hexdigest()
