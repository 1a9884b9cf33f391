from django.apps import AppConfig


class VocabConfig(AppConfig):
    name = "servanda.vocab"

    def ready(self) -> None:
        from servanda.people.appointments.services import register_codes
        from servanda.vocab.models import Body

        register_codes(lambda codes: set(Body.objects.filter(code__in=codes).values_list("code", flat=True)))
