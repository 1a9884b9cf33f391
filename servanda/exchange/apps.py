from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "servanda.exchange"
