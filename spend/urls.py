"""Addresses of spend."""

from django.urls import path

from spend.views import accounts, beside, suppliers

app_name = "spend"

urlpatterns = [
    path("reskontra/", beside.beside_page, name="beside"),
    path("reskontra/rader/", beside.rows, name="rows"),
    path("reskontra/excel/", beside.beside_xlsx, name="beside_xlsx"),
    path("reskontra/csv/", beside.beside_csv, name="beside_csv"),
    path("reskontra/konton/", accounts.accounts_page, name="accounts"),
    path("reskontra/leverantorer/", suppliers.suppliers_page, name="suppliers"),
    path("reskontra/leverantorer/kopplade/", suppliers.matched_page, name="matched"),
    path("reskontra/leverantorer/koppla/", suppliers.match, name="match"),
    path("reskontra/leverantorer/angra/", suppliers.undo, name="undo"),
]
