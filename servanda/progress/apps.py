from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "servanda.progress"

    def ready(self) -> None:
        from servanda.intake.columns.kinds import register
        from servanda.intake.sheets.kinds import register as register_sheet
        from servanda.progress.assessments.bulk_assessing import AssessRecords
        from servanda.progress.assessments.bulk_publishing import PublishAssessments
        from servanda.progress.rounds.answer_sheet_kind import AnswerSheets
        from servanda.progress.sheets.columns import FollowUpColumns
        from servanda.recommendations.bulk import registry as bulk_registry

        register(FollowUpColumns())
        register_sheet(AnswerSheets())
        bulk_registry.register(AssessRecords)
        bulk_registry.register(PublishAssessments)
