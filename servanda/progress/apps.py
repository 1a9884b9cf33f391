from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "servanda.progress"

    def ready(self) -> None:
        from servanda.intake.columns.kinds import register
        from servanda.intake.sheets.kinds import register as register_sheet
        from servanda.people.models.notices import register_objects
        from servanda.progress.assessments.bulk_assessing import AssessRecords
        from servanda.progress.assessments.bulk_publishing import PublishAssessments
        from servanda.progress.models import InputRequest
        from servanda.progress.records.facets import KEYS, record_facets
        from servanda.progress.rounds.answer_sheet_kind import AnswerSheets
        from servanda.progress.rounds.ended_requests import QUESTIONS
        from servanda.progress.sheets.columns import FollowUpColumns
        from servanda.recommendations.bulk import registry as bulk_registry
        from servanda.recommendations.filters.registry import FacetSource, register_facets
        from servanda.sources.questions.requests import register_question_requests

        register(FollowUpColumns())
        register_question_requests(QUESTIONS)
        register_objects("progress.InputRequest", InputRequest.objects.visible_to)
        register_objects("progress.EndedInputRequest", InputRequest.objects.once_visible_to)
        register_sheet(AnswerSheets())
        bulk_registry.register(AssessRecords)
        bulk_registry.register(PublishAssessments)
        register_facets(FacetSource("progress", 60, KEYS, record_facets))
