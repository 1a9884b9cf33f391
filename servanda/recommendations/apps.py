from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "servanda.recommendations"

    def ready(self) -> None:
        from servanda.recommendations import checks  # noqa: F401 -- registers them
