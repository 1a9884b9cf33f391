from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "servanda.planning"

    def ready(self) -> None:
        from servanda.intake.columns.kinds import register
        from servanda.intake.columns.lists import register_list
        from servanda.intake.sheets.kinds import register as register_sheet
        from servanda.planning.actions.bulk import AnswerWithAction
        from servanda.planning.actions.sheet_kind import ActionSheets
        from servanda.planning.assignments.bulk import AssignInstitution
        from servanda.planning.assignments.facets import KEYS, assignment_facets
        from servanda.planning.indicators.value_sheets import ValueSheets
        from servanda.planning.positions.bulk import DecidePosition
        from servanda.planning.sheets.columns import PlanningColumns
        from servanda.planning.sheets.institution_list import InstitutionList
        from servanda.recommendations.bulk import registry as bulk_registry
        from servanda.recommendations.filters.registry import FacetSource, register_facets

        register(PlanningColumns())
        register_list(InstitutionList())
        for sheet_kind in (ActionSheets, ValueSheets):
            register_sheet(sheet_kind())
        for kind in (AssignInstitution, AnswerWithAction, DecidePosition):
            bulk_registry.register(kind)
        register_facets(FacetSource("planning", 20, KEYS, assignment_facets))
