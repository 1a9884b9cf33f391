from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "servanda.recommendations"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.recommendations import checks  # noqa: F401 -- registers them
        from servanda.recommendations.services import bulk, bulk_kinds, deciding_many
        from servanda.recommendations.services.sheet_facts import NationalFacts

        register(NationalFacts())
        bulk_kinds.register(bulk.BULK, apply=bulk.apply_bulk, clear=bulk.clear_bulk)
        bulk_kinds.register(
            deciding_many.DECIDING, apply=deciding_many.apply_decided, clear=deciding_many.clear_decided
        )
