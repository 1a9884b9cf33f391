"""Whether a report is still what was cleared."""

import hashlib
import json

from servanda.reporting.models import Report, SectionTranslation

OF_SECTION = ("key", "place", "depth", "heading", "text", "content", "is_counted")
OF_TRANSLATION = ("into__language", "section", "heading", "segments", "state")
OF_REPORT = ("title", "language", "start", "end", "review_id", "cluster_id", "query", "obligation_id")


def fingerprint_of(report: Report) -> str:
    """Equal for equal texts in the same order, of the same scope, in the same languages and Word template.

    What a report does not use adds nothing, so that its fingerprint stays as it was in earlier versions.
    """
    sections = list(report.sections.order_by("place", "pk").values_list(*OF_SECTION))
    facts = [str(getattr(report, name)) for name in OF_REPORT]
    facts += [str(report.word_template_id)] if report.word_template_id else []
    titles = list(report.translations.kept().order_by("language").values_list("language", "title"))
    translations = SectionTranslation.objects.filter(into__report=report, into__is_dropped=False)
    texts = list(translations.order_by("into__language", "section").values_list(*OF_TRANSLATION))
    translated = [titles, texts] if titles else []
    return hashlib.sha256(json.dumps([facts, sections, *translated]).encode()).hexdigest()
