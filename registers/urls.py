"""Addresses of registers."""

from django.urls import URLPattern, URLResolver, path

from registers.views import files, imports, list_files, lists, rows

app_name = "registers"

urlpatterns: list[URLPattern | URLResolver] = [
    path("register/", lists.index, name="index"),
    path("register/<slug:name>/", lists.rows, name="rows"),
    path("register/<slug:name>/lista.csv", files.rows_csv, name="rows_csv"),
    path("register/<slug:name>/lista.xlsx", files.rows_xlsx, name="rows_xlsx"),
    path("register/<slug:name>/excel/", list_files.make, name="make_list"),
    path("register/<slug:name>/mall/", files.template, name="template"),
    path("register/<slug:name>/mall.csv", files.template_csv, name="template_csv"),
    path("register/<slug:name>/mall.xlsx", files.template_xlsx, name="template_xlsx"),
    path("register/<slug:name>/ny/", rows.add, name="add"),
    path("register/<slug:name>/<int:pk>/", rows.row, name="row"),
    path("register/<slug:name>/<int:pk>/andra/", rows.change, name="change"),
    path("register/<slug:name>/<int:pk>/avsluta/", rows.end, name="end"),
    path("register/<slug:name>/<int:pk>/ta-bort/", rows.remove, name="remove"),
    path("register/<str:name>/inlasningar/", imports.register_imports, name="imports"),
    path("register-fil/<int:pk>/", list_files.list_file, name="list_file"),
    path("register-fil/<int:pk>/forlopp/", list_files.list_progress, name="list_progress"),
    path("register-fil/<int:pk>/hamta/", list_files.list_content, name="list_content"),
    path("inlasta-register/<int:pk>/", imports.register_import, name="import"),
    path("inlasta-register/<int:pk>/forlopp/", imports.import_progress, name="import_progress"),
    path("inlasta-register/<int:pk>/las-om/", imports.import_again, name="import_again"),
    path("inlasta-register/<int:pk>/utelamna/", imports.import_leave_out, name="import_leave_out"),
    path("inlasta-register/<int:pk>/genomfor/", imports.import_apply, name="import_apply"),
    path("inlasta-register/<int:pk>/ta-tillbaka/", imports.import_take_back, name="import_take_back"),
    path("inlasta-register/<int:pk>/avvisade/", imports.import_refused, name="import_refused"),
]
