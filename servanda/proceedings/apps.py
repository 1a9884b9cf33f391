from django.apps import AppConfig


class ProceedingsConfig(AppConfig):
    name = "servanda.proceedings"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.proceedings.cases.into_measures import IntoMeasures
        from servanda.proceedings.cases.measure_sheet import MeasureSheets
        from servanda.recommendations.bulk import registry as bulk_registry

        bulk_registry.register(IntoMeasures)
        register(MeasureSheets())
