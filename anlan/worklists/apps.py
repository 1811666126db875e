from django.apps import AppConfig


class WorklistsConfig(AppConfig):
    name = "anlan.worklists"
    label = "worklists"
