"""Whether a report is still what was cleared."""

import hashlib
import json

from servanda.reporting.models import Report

OF_SECTION = ("key", "place", "depth", "heading", "text", "content", "is_counted")
OF_REPORT = ("title", "language", "start", "end", "review_id", "cluster_id", "query", "obligation_id")


def fingerprint_of(report: Report) -> str:
    """Equal for equal texts in the same order, of the same scope."""
    sections = list(report.sections.order_by("place", "pk").values_list(*OF_SECTION))
    facts = [str(getattr(report, name)) for name in OF_REPORT]
    return hashlib.sha256(json.dumps([facts, sections]).encode()).hexdigest()
