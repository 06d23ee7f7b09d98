"""Addresses of notices."""

from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("notiser/", views.notices, name="notices"),
    path("notiser/lasta/", views.read_all, name="read_all"),
    path("notiser/<int:pk>/last/", views.read_one, name="read"),
    path("notiser/val/", views.choices, name="choices"),
    path("notiser/brev/", views.unsent_letters, name="unsent_letters"),
    path("notiser/brev/<int:pk>/skicka-igen/", views.retry, name="retry"),
]
