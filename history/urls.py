"""Addresses of history."""

from django.urls import path

from history.views import imports, price_savings

app_name = "history"

urlpatterns = [
    path("inlasningar/", imports.imports, name="imports"),
    path("inlasningar/<int:pk>/", imports.purchase_import, name="import"),
    path("inlasningar/<int:pk>/forlopp/", imports.import_progress, name="import_progress"),
    path("prisjamforelse/", price_savings.price_savings_page, name="price_savings"),
    path("prisjamforelse/rader/", price_savings.price_saving_lines, name="price_saving_lines"),
]
