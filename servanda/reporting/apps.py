from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "servanda.reporting"

    def ready(self) -> None:
        from servanda.people.models.notices import register_objects
        from servanda.reporting.facts import answers, comments, kinds
        from servanda.reporting.facts.registry import register_facts
        from servanda.reporting.models import Report

        for source in (answers.SOURCE, comments.SOURCE, *kinds.SOURCES):
            register_facts(source)
        register_objects("reporting.Report", Report.objects.visible_to)
