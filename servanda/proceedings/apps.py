from django.apps import AppConfig


class ProceedingsConfig(AppConfig):
    name = "servanda.proceedings"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.people.models.notices import register_objects
        from servanda.proceedings.cases.into_measures import IntoMeasures
        from servanda.proceedings.cases.measure_sheet import MeasureSheets
        from servanda.proceedings.models import Proceeding
        from servanda.proceedings.retention.periods import label_of_period
        from servanda.recommendations.bulk import registry as bulk_registry
        from servanda.trail.labels import register_labels

        register_objects("proceedings.Proceeding", Proceeding.objects.visible_to)
        register_labels("retention-periods-set", label_of_period)
        bulk_registry.register(IntoMeasures)
        register(MeasureSheets())
