from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "servanda.planning"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.planning.sheets.kind import PlanningColumns

        register(PlanningColumns())
