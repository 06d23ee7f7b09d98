"""Addresses of the pages that are the same for everyone."""

from django.urls import path

from core import views

app_name = "core"

urlpatterns = [
    path("hjalp/", views.help_page, name="help"),
    path("kortkommandon/", views.shortcuts, name="shortcuts"),
    path("tillganglighet/", views.accessibility, name="accessibility"),
    path("personuppgifter/", views.privacy, name="privacy"),
    path("fortsatt/", views.kept_form, name="kept_form"),
    path("sprak/", views.set_language, name="set_language"),
    path("komponenter/", views.gallery, name="gallery"),
]
