from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "servanda.network"
