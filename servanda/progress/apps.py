from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "servanda.progress"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.progress.services.sheet_progress import FollowUpColumns

        register(FollowUpColumns())
