from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "servanda.people"

    def ready(self):
        import servanda.people.checks  # noqa: F401 -- registers what production must not have
        import servanda.people.log_in.events  # noqa: F401 -- connects the receivers; models are loaded only now
