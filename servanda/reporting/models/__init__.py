from servanda.reporting.models.templates import ReportTemplate, ReportTemplateQuerySet, TemplateSection

__all__ = ["ReportTemplate", "ReportTemplateQuerySet", "TemplateSection"]
