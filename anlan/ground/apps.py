from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "anlan.ground"
    label = "ground"
