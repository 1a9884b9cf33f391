from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "servanda.recommendations"

    def ready(self) -> None:
        from servanda.intake.columns.kinds import register
        from servanda.recommendations.bulk import registry as bulk_registry
        from servanda.recommendations.bulk.changes import Change
        from servanda.recommendations.bulk.past_deadlines import SettlePastDeadlines
        from servanda.recommendations.filters import cluster, follow_up, suggested
        from servanda.recommendations.filters.registry import FacetSource, register_facets
        from servanda.recommendations.imports.sheet_facts import NationalFacts
        from servanda.recommendations.labels.bulk_decisions import AnswerSuggestions
        from servanda.recommendations.search import checks  # noqa: F401 -- registers them

        register(NationalFacts())
        bulk_registry.register(Change)
        bulk_registry.register(AnswerSuggestions)
        bulk_registry.register(SettlePastDeadlines)
        for order, module, make in (
            (30, cluster, cluster.cluster_facets),
            (40, suggested, suggested.suggested_facets),
            (50, follow_up, follow_up.follow_up_facets),
        ):
            register_facets(FacetSource(module.KEY, order, frozenset({module.KEY}), make))
