"""Addresses of categories."""

from django.urls import path

from categories.views import agreements, categories

app_name = "categories"

urlpatterns = [
    path("kategorier/<str:code>/", categories.category, name="category"),
    path("ansvar/", categories.assignments, name="assignments"),
    path("avtal/", agreements.agreements, name="agreements"),
    path("avtal/<int:pk>/", agreements.agreement, name="agreement"),
]
