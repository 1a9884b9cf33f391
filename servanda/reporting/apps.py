from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "servanda.reporting"

    def ready(self) -> None:
        from servanda.people.models.notices import register_objects
        from servanda.progress.rounds.further_due import register_further
        from servanda.reporting.facts import answers, comments, contributions, kinds, overdue, treaties
        from servanda.reporting.facts.registry import register_facts
        from servanda.reporting.models import Report
        from servanda.reporting.reports.reminding import SECTIONS

        of_records = (answers.SOURCE, comments.SOURCE, *kinds.SOURCES, contributions.SOURCE)
        for source in (*of_records, *overdue.SOURCES, *treaties.SOURCES):
            register_facts(source)
        register_further(SECTIONS)
        register_objects("reporting.Report", Report.objects.visible_to, not_in_mails=Report.objects.confidential())
