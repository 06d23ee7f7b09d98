"""Addresses of provisioning's pages."""

from django.urls import path

from provisioning import views

app_name = "provisioning"

urlpatterns = [
    path("personalkatalogen/", views.directory, name="directory"),
    path("personalkatalogen/nycklar/<int:pk>/dra-in/", views.key_revoke, name="key_revoke"),
]
