"""Addresses of registers."""

from django.urls import path

from registers.views import imports

app_name = "registers"

urlpatterns = [
    path("register/<str:name>/inlasningar/", imports.register_imports, name="imports"),
    path("inlasta-register/<int:pk>/", imports.register_import, name="import"),
    path("inlasta-register/<int:pk>/forlopp/", imports.import_progress, name="import_progress"),
    path("inlasta-register/<int:pk>/las-om/", imports.import_again, name="import_again"),
    path("inlasta-register/<int:pk>/utelamna/", imports.import_leave_out, name="import_leave_out"),
    path("inlasta-register/<int:pk>/genomfor/", imports.import_apply, name="import_apply"),
    path("inlasta-register/<int:pk>/ta-tillbaka/", imports.import_take_back, name="import_take_back"),
    path("inlasta-register/<int:pk>/avvisade/", imports.import_refused, name="import_refused"),
]
