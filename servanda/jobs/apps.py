from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "servanda.jobs"

    def ready(self):
        import servanda.jobs.examining  # noqa: F401 -- registers its check; models are loaded only now
