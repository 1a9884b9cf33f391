from django.apps import AppConfig


class VocabConfig(AppConfig):
    name = "servanda.vocab"
