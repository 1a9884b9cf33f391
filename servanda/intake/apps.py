from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "servanda.intake"

    def ready(self) -> None:
        from servanda.intake.people_sheets.kind import PeopleSheets
        from servanda.intake.sheets.kinds import register

        register(PeopleSheets())
