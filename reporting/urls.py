"""Addresses of reporting, one list per module of views."""

from django.urls import URLPattern, URLResolver, path

from reporting.views import reports

app_name = "reporting"

follow_up: list[URLPattern | URLResolver] = [
    path("rapporter/", reports.reports, name="reports"),
    path("rapporter/ny/", reports.report_new, name="report_new"),
    path("rapporter/<int:pk>/", reports.report, name="report"),
    path("rapporter/<int:pk>/forlopp/", reports.report_progress, name="report_progress"),
    path("rapporter/<int:pk>/igen/", reports.report_retry, name="report_retry"),
    path("rapporter/<int:pk>/<slug:kind>/", reports.report_file, name="report_file"),
]

urlpatterns = [*follow_up]
