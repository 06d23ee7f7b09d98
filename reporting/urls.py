"""Addresses of reporting, one list per module of views."""

from django.urls import URLPattern, URLResolver, path

from reporting.views import (
    accruals,
    baselines,
    downloads,
    explained,
    leakage,
    loyalty,
    net,
    price_volume_mix,
    report_acts,
    report_headings,
    report_templates,
    report_texts,
    reports,
    saving_lines,
    savings,
    suppliers,
)

app_name = "reporting"

follow_up: list[URLPattern | URLResolver] = [
    path("rapporter/", reports.reports, name="reports"),
    path("rapporter/ny/", reports.report_new, name="report_new"),
    path("rapporter/rubriker/", report_headings.report_headings, name="report_headings"),
    path("rapporter/mallar/", report_templates.report_templates, name="report_templates"),
    path("rapporter/mallar/<slug:kind>/", report_templates.report_template_set, name="report_template_set"),
    path(
        "rapporter/mallar/<slug:kind>/egen/", report_templates.report_template_own, name="report_template_own"
    ),
    path(
        "rapporter/mallar/<slug:kind>/<int:version>/",
        report_templates.report_template_file,
        name="report_template_file",
    ),
    path("rapporter/<int:pk>/", reports.report, name="report"),
    path("rapporter/<int:pk>/forlopp/", reports.report_progress, name="report_progress"),
    path("rapporter/<int:pk>/igen/", reports.report_retry, name="report_retry"),
    path("rapporter/<int:pk>/kontroll/", reports.report_check, name="report_check"),
    path("rapporter/<int:pk>/bild/<slug:key>/", reports.report_picture, name="report_picture"),
    path("rapporter/<int:pk>/skriv/<slug:part>/", report_texts.report_text, name="report_text"),
    path("rapporter/<int:pk>/handlingar/", report_acts.report_renew, name="report_renew"),
    path("rapporter/<int:pk>/granska/", report_acts.report_review, name="report_review"),
    path("rapporter/<int:pk>/godkann/", report_acts.report_approve, name="report_approve"),
    path("rapporter/<int:pk>/tillbaka/", report_acts.report_send_back, name="report_send_back"),
    path("rapporter/<int:pk>/las/", report_acts.report_lock, name="report_lock"),
    path("rapporter/<int:pk>/lamna-over/", report_acts.report_hand_over, name="report_hand_over"),
    path("rapporter/<int:pk>/<slug:kind>/", reports.report_file, name="report_file"),
]

figures: list[URLPattern | URLResolver] = [
    path("besparingar/", savings.savings, name="savings"),
    path("besparingar/rader/", saving_lines.saving_lines, name="saving_lines"),
    path("besparingar/utan-baslinje/", saving_lines.uncounted_lines, name="uncounted_lines"),
    path("leverantorer/<int:pk>/", suppliers.supplier, name="supplier"),
    path("utanfor-avtal/", leakage.outside_agreements, name="outside_agreements"),
    path("besparingar/rader/<int:pk>/", explained.explained, name="explained"),
    path("utanfor-avtal/lackage/", leakage.leakage_cost, name="leakage_cost"),
    path("besparingar/excel/", downloads.savings_xlsx, name="savings_xlsx"),
    path("besparingar/csv/", downloads.savings_csv, name="savings_csv"),
    path("besparingar/rakna/", savings.compute, name="compute_savings"),
    path("besparingar/rakna/<int:pk>/", savings.run_progress, name="savings_run"),
    path("besparingar/netto/", net.net, name="net"),
    path("besparingar/trohet/", loyalty.loyalty, name="loyalty"),
    path("besparingar/periodisering/", accruals.accruals, name="accruals"),
    path("besparingar/kostnader/", net.costs, name="costs"),
    path("besparingar/pris-volym-mix/", price_volume_mix.price_volume_mix, name="price_volume_mix"),
    path(
        "besparingar/pris-volym-mix/artiklar/",
        price_volume_mix.price_volume_mix_items,
        name="price_volume_mix_items",
    ),
    path(
        "besparingar/pris-volym-mix/rader/",
        price_volume_mix.price_volume_mix_lines,
        name="price_volume_mix_lines",
    ),
    path(
        "besparingar/pris-volym-mix/excel/",
        price_volume_mix.price_volume_mix_xlsx,
        name="price_volume_mix_xlsx",
    ),
    path(
        "besparingar/pris-volym-mix/csv/", price_volume_mix.price_volume_mix_csv, name="price_volume_mix_csv"
    ),
    path("baslinjer/", baselines.baselines, name="baselines"),
    path("baslinjer/<int:pk>/", baselines.initiative, name="initiative"),
    path("baslinjer/<int:pk>/frys/", baselines.freeze, name="freeze_baselines"),
    path("baslinjer/<int:pk>/frys-om/", baselines.revise, name="revise_baselines"),
    path("baslinjer/<int:pk>/bekrafta/", baselines.confirm, name="confirm_baselines"),
]

urlpatterns = [*figures, *follow_up]
