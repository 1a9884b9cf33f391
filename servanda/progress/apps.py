from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "servanda.progress"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.progress.services import assessing_many as assessing
        from servanda.progress.services import publishing_many as publishing
        from servanda.progress.services.sheet_progress import FollowUpColumns
        from servanda.recommendations.services import bulk_kinds

        register(FollowUpColumns())
        bulk_kinds.register(
            assessing.ASSESSMENT, apply=assessing.apply_assessments, clear=assessing.clear_assessments
        )
        bulk_kinds.register(
            publishing.PUBLICATION, apply=publishing.apply_publication, clear=publishing.clear_publication
        )
