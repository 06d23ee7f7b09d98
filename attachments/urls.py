"""Addresses of files."""

from django.urls import path

from attachments import views

app_name = "attachments"

urlpatterns = [
    path("bilagor/<uuid:key>/", views.attachment, name="attachment"),
    path("bilagor/<uuid:key>/liten/", views.attachment, {"size": "small"}, name="small"),
]
