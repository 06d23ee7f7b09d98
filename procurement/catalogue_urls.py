"""Addresses of the catalogue, which an orderer meets together with her basket."""

from django.urls import path

from procurement.views import catalogue, favourites

app_name = "catalog"

urlpatterns = [
    path("", catalogue.catalogue, name="catalogue"),
    path("forslag/", catalogue.suggest, name="suggest"),
    path("<str:number>/", catalogue.item, name="item"),
    path("<str:number>/rad/", catalogue.item_row, name="item_row"),
    path("<str:number>/favorit/", favourites.add, name="favourite_add"),
    path("<str:number>/favorit/ta-bort/", favourites.remove, name="favourite_remove"),
]
