from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "servanda.demo"
