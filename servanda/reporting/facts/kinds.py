"""The facts of the rooms below."""

from django.utils.translation import gettext_lazy as _

from servanda.reporting.facts.registry import FactSource

SOURCES = (
    FactSource("positions", _("Positions of the State")),
    FactSource("updates", _("Updates")),
    FactSource("measurements", _("Indicator values")),
    FactSource("actions", _("Actions")),
    FactSource("assessments", _("Assessments")),
    FactSource("evidence", _("Evidence")),
)
