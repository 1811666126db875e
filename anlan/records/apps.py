from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "anlan.records"
    label = "records"
