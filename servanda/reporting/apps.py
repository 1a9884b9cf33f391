from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "servanda.reporting"

    def ready(self) -> None:
        from servanda.reporting.facts import answers, comments, kinds
        from servanda.reporting.facts.registry import register_facts

        for source in (answers.SOURCE, comments.SOURCE, *kinds.SOURCES):
            register_facts(source)
