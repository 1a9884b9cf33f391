from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "servanda.recommendations"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.recommendations.bulk import registry as bulk_registry
        from servanda.recommendations.bulk import services as bulk
        from servanda.recommendations.imports.sheet_facts import NationalFacts
        from servanda.recommendations.labels import bulk_decisions
        from servanda.recommendations.search import checks  # noqa: F401 -- registers them

        register(NationalFacts())
        bulk_registry.register(bulk.BULK, apply=bulk.apply_bulk, clear=bulk.clear_bulk)
        bulk_registry.register(
            bulk_decisions.DECIDING, apply=bulk_decisions.apply_decided, clear=bulk_decisions.clear_decided
        )
