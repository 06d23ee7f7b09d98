"""Addresses of procurement, one list per module of views."""

from django.urls import URLPattern, URLResolver

app_name = "procurement"

ordering: list[URLPattern | URLResolver] = []

urlpatterns = [*ordering]
