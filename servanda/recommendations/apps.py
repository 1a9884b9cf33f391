from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "servanda.recommendations"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.recommendations import checks  # noqa: F401 -- registers them
        from servanda.recommendations.services.sheet_facts import NationalFacts

        register(NationalFacts())
