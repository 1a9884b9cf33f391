from django.apps import AppConfig


class ProceedingsConfig(AppConfig):
    name = "servanda.proceedings"
