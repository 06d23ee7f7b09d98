"""Addresses of the office."""

from django.urls import path

from office.views import factors, moving, starting

app_name = "office"

urlpatterns = [
    path("kom-igang/", starting.getting_started, name="getting_started"),
    path("kom-igang/ar-vi-redo/", starting.readiness, name="readiness"),
    path("personer/<int:pk>/avsluta/", moving.leaving, name="leaving"),
    path("personer/<int:pk>/tva-steg/", factors.remove_factors, name="remove_factors"),
    path("kategorier/<int:pk>/sla-ihop/", moving.merging_category, name="merging_category"),
    path("enheter/<int:pk>/sla-ihop/", moving.merging, name="merging"),
]
