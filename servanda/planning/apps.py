from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "servanda.planning"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.intake.sheets.lists import register_list
        from servanda.planning.services import answering_in_bulk as answering
        from servanda.planning.services import bulk as assigning
        from servanda.planning.services import bulk_deciding as deciding
        from servanda.planning.sheets.institution_list import InstitutionList
        from servanda.planning.sheets.kind import PlanningColumns
        from servanda.recommendations.services import bulk_kinds

        register(PlanningColumns())
        register_list(InstitutionList())
        bulk_kinds.register(
            assigning.ASSIGNMENT, apply=assigning.apply_assignments, clear=assigning.clear_assignments
        )
        bulk_kinds.register(answering.ANSWERS, apply=answering.apply_answers, clear=answering.clear_answers)
        bulk_kinds.register(deciding.DECISION, apply=deciding.apply_decisions, clear=deciding.clear_decisions)
