"""Addresses of the office."""

from django.urls import path

from office.views import factors, illustrations, moving, starting

app_name = "office"

urlpatterns = [
    path("kom-igang/", starting.getting_started, name="getting_started"),
    path("kom-igang/ar-vi-redo/", starting.readiness, name="readiness"),
    path("personer/<int:pk>/avsluta/", moving.leaving, name="leaving"),
    path("personer/<int:pk>/tva-steg/", factors.remove_factors, name="remove_factors"),
    path("personer/utan-andra-steg/", factors.lacking_factors, name="lacking_factors"),
    path("kategorier/<int:pk>/sla-ihop/", moving.merging_category, name="merging_category"),
    path("artiklar/<str:number>/filer/", illustrations.item_files, name="item_files"),
    path("artiklar/<str:number>/filer/bild/", illustrations.add_picture, name="picture_add"),
    path("artiklar/<str:number>/filer/dokument/", illustrations.add_document, name="document_add"),
    path("artikelbilder/<int:pk>/forst/", illustrations.picture_first, name="picture_first"),
    path("artikelbilder/<int:pk>/ta-bort/", illustrations.remove_picture, name="picture_remove"),
    path("artikeldokument/<int:pk>/ta-bort/", illustrations.remove_document, name="document_remove"),
    path("enheter/<int:pk>/sla-ihop/", moving.merging, name="merging"),
]
