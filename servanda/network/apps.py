from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "servanda.network"

    def ready(self) -> None:
        from servanda.network.agreements import facts as agreements
        from servanda.network.assistance import facts as assistance
        from servanda.network.commitments import facts as commitments
        from servanda.network.meetings import facts as meetings
        from servanda.network.members import facts as members
        from servanda.network.practices import facts as practices
        from servanda.network.profiles import facts as profiles
        from servanda.network.profiles.fields import label_of_field
        from servanda.network.self_assessments.questions import label_of_question
        from servanda.network.training import facts as training
        from servanda.reporting.facts.registry import register_facts
        from servanda.trail.labels import register_labels

        network = (commitments.SOURCE, meetings.SOURCE, practices.SHARED, *assistance.SOURCES)
        of_the_year = (members.SOURCE, agreements.SOURCE, training.SOURCE, profiles.SOURCE)
        for source in (practices.SOURCE, *network, *of_the_year):
            register_facts(source)
        register_labels("network.mechanismprofile", label_of_field)
        register_labels("network.selfassessment", label_of_question)
