from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "servanda.exchange"

    def ready(self) -> None:
        from servanda.network.assistance.services import register_introduction

        register_introduction(show_accepted_before)


def show_accepted_before() -> None:
    """Imported when it is called: it needs the shapes of the API, which take long to load."""
    from servanda.exchange.accepted import evaluations

    evaluations.show_accepted_before()
