from servanda.reporting.models.reports import (
    Quotation,
    Report,
    ReportQuerySet,
    ReportSection,
    ReportSectionQuerySet,
    SectionVersion,
)
from servanda.reporting.models.templates import ReportTemplate, ReportTemplateQuerySet, TemplateSection

__all__ = [
    "Quotation",
    "Report",
    "ReportQuerySet",
    "ReportSection",
    "ReportSectionQuerySet",
    "ReportTemplate",
    "ReportTemplateQuerySet",
    "SectionVersion",
    "TemplateSection",
]
