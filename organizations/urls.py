"""Addresses of organizations."""

from django.urls import path

from organizations import views

app_name = "organizations"

urlpatterns = [
    path("api-nycklar/", views.api_tokens, name="api_tokens"),
    path("api-nycklar/<int:pk>/dra-in/", views.api_token_revoke, name="api_token_revoke"),
]
