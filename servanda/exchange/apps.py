from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "servanda.exchange"

    def ready(self) -> None:
        from servanda.exchange.accepted.evaluations import show_accepted_before
        from servanda.network.assistance.services import register_introduction

        register_introduction(show_accepted_before)
