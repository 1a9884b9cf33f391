from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "servanda.reporting"

    def ready(self) -> None:
        from servanda.people.models.notices import register_objects
        from servanda.progress.rounds.further_due import register_further
        from servanda.reporting.facts import (
            actions,
            answers,
            assessments,
            comments,
            contributions,
            evidence,
            measurements,
            overdue,
            positions,
            treaties,
            updates,
        )
        from servanda.reporting.facts.registry import register_facts
        from servanda.reporting.models import Report
        from servanda.reporting.reports.reminding import SECTIONS

        sources = [kind.SOURCE for kind in (answers, comments, positions, updates, measurements, actions)]
        sources += [*assessments.SOURCES, evidence.SOURCE, contributions.SOURCE, *overdue.SOURCES, *treaties.SOURCES]
        for source in sources:  # in the order in which a section offers them
            register_facts(source)
        register_further(SECTIONS)
        register_objects("reporting.Report", Report.objects.visible_to, not_in_mails=Report.objects.confidential())
