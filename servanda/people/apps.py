from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "servanda.people"

    def ready(self):
        import servanda.people.log_in_events  # noqa: F401 -- connects the receivers; models are loaded only now
