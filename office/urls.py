"""Addresses of the office."""

from django.urls import path

from office.views import moving, starting

app_name = "office"

urlpatterns = [
    path("kom-igang/", starting.getting_started, name="getting_started"),
    path("kom-igang/ar-vi-redo/", starting.readiness, name="readiness"),
    path("personer/<int:pk>/avsluta/", moving.leaving, name="leaving"),
    path("enheter/<int:pk>/sla-ihop/", moving.merging, name="merging"),
]
