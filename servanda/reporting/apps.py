from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "servanda.reporting"

    def ready(self) -> None:
        from servanda.reporting.facts import kinds
        from servanda.reporting.facts.registry import register_facts

        for source in kinds.SOURCES:
            register_facts(source)
