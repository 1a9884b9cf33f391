from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "servanda.recommendations"

    def ready(self) -> None:
        from servanda.intake.columns.kinds import register
        from servanda.recommendations.bulk import registry as bulk_registry
        from servanda.recommendations.bulk.changes import Change
        from servanda.recommendations.imports.sheet_facts import NationalFacts
        from servanda.recommendations.labels.bulk_decisions import AnswerSuggestions
        from servanda.recommendations.search import checks  # noqa: F401 -- registers them

        register(NationalFacts())
        bulk_registry.register(Change)
        bulk_registry.register(AnswerSuggestions)
