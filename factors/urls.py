"""Addresses of second factors; those on the way in stand with the sign-in page's."""

from django.urls import path

from factors.views import confirming, own

app_name = "factors"

urlpatterns = [
    path("mitt-konto/tva-steg/", own.factors, name="factors"),
    path("mitt-konto/tva-steg/kravs/", own.required, name="required"),
    path("mitt-konto/tva-steg/bekrafta/", confirming.confirm, name="confirm"),
    path("mitt-konto/tva-steg/app/", own.add_app_page, name="add_app"),
    path("mitt-konto/tva-steg/losennyckel/", own.add_passkey_page, name="add_passkey"),
    path("mitt-konto/tva-steg/koder/", own.new_codes, name="new_codes"),
    path("mitt-konto/tva-steg/<int:pk>/ta-bort/", own.remove, name="remove"),
]
