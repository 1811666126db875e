"""Begins the assessment."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "anlan.assessment"
    label = "assessment"
