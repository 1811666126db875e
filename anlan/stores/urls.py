"""Addresses of reserve points and shelters."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
