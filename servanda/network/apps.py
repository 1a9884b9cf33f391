from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "servanda.network"

    def ready(self) -> None:
        from servanda.network.practices.facts import SOURCE
        from servanda.reporting.facts.registry import register_facts

        register_facts(SOURCE)
