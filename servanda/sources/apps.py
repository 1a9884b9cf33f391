from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "servanda.sources"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.sources.treaties.sheet import TreatySheets

        register(TreatySheets())
