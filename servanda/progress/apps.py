from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "servanda.progress"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.progress.assessments import bulk_assessing as assessing
        from servanda.progress.assessments import bulk_publishing as publishing
        from servanda.progress.sheets.columns import FollowUpColumns
        from servanda.recommendations.bulk import registry as bulk_registry

        register(FollowUpColumns())
        bulk_registry.register(
            assessing.ASSESSMENT, apply=assessing.apply_assessments, clear=assessing.clear_assessments
        )
        bulk_registry.register(
            publishing.PUBLICATION, apply=publishing.apply_publication, clear=publishing.clear_publication
        )
