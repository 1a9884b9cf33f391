from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "servanda.sources"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.sources.obligations.sheet_kind import ObligationSheets
        from servanda.sources.questions.sheet import QuestionSheets
        from servanda.sources.treaties.sheet import TreatySheets

        for kind in (TreatySheets, ObligationSheets, QuestionSheets):
            register(kind())
