"""Addresses of the one map."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
