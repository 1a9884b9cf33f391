from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "servanda.network"

    def ready(self) -> None:
        from servanda.network.practices.facts import SOURCE
        from servanda.network.profiles.fields import label_of_field
        from servanda.network.self_assessments.questions import label_of_question
        from servanda.reporting.facts.registry import register_facts
        from servanda.trail.labels import register_labels

        register_facts(SOURCE)
        register_labels("network.mechanismprofile", label_of_field)
        register_labels("network.selfassessment", label_of_question)
