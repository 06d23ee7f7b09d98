"""Addresses of history."""

from django.urls import path

from history.views import price_savings, purchase_splits
from registers.views.imports import register_imports

app_name = "history"

urlpatterns = [
    path("inlasningar/", register_imports, {"name": "purchases"}, name="imports"),
    path("prisjamforelse/", price_savings.price_savings_page, name="price_savings"),
    path("prisjamforelse/pris-volym-mix/", purchase_splits.purchase_splits_page, name="purchase_splits"),
    path("prisjamforelse/rader/", price_savings.price_saving_lines, name="price_saving_lines"),
]
