from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "servanda.intake"
