from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "servanda.planning"

    def ready(self) -> None:
        from servanda.intake.sheets.kinds import register
        from servanda.intake.sheets.lists import register_list
        from servanda.planning.actions import bulk as answering
        from servanda.planning.assignments import bulk as assigning
        from servanda.planning.positions import bulk as deciding
        from servanda.planning.sheets.columns import PlanningColumns
        from servanda.planning.sheets.institution_list import InstitutionList
        from servanda.recommendations.bulk import registry as bulk_registry

        register(PlanningColumns())
        register_list(InstitutionList())
        bulk_registry.register(
            assigning.ASSIGNMENT, apply=assigning.apply_assignments, clear=assigning.clear_assignments
        )
        bulk_registry.register(answering.ANSWERS, apply=answering.apply_answers, clear=answering.clear_answers)
        bulk_registry.register(deciding.DECISION, apply=deciding.apply_decisions, clear=deciding.clear_decisions)
