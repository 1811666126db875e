from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "anlan.config"
    label = "config"
