from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "servanda.desk"
