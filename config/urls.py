"""All addresses of the program."""

from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.socialaccount.providers.saml import views as saml
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from config.health import healthz, readyz
from config.home import home
from config.measuring import metrics
from demo.sign_in import people_to_try
from desk.views import agreement_calendars
from factors.views import entering
from organizations.signing_in import passwords
from organizations.signing_in.directories import signed_out_elsewhere, to_directory, to_saml_directory
from organizations.signing_in.views import SignIn, sign_out_everywhere
from provisioning.entrance import scim

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("logga-in/", SignIn.as_view(suggestions=people_to_try), name="login"),
    path("logga-ut/", LogoutView.as_view(), name="logout"),
    path("logga-ut/overallt/", sign_out_everywhere, name="logout_everywhere"),
    path("losenord/glomt/", passwords.forgotten, name="password_forgotten"),
    path("losenord/lank/<slug:secret>/", passwords.open_link, name="password_link"),
    path("losenord/nytt/", passwords.new_password, name="password_new"),
    path("logga-in/andra-steget/", entering.second_step, name="second_step"),
    path("logga-in/losennyckel/", entering.passkey_sign_in, name="passkey_sign_in"),
    path("logga-in/<slug:provider_id>/", to_directory, name="openid_connect_login"),
    path("logga-in/<slug:provider_id>/tillbaka/", openid_connect.callback, name="openid_connect_callback"),
    path("logga-in/saml/<slug:organization_slug>/", to_saml_directory, name="saml_login"),
    path("logga-in/saml/<slug:organization_slug>/tillbaka/", saml.acs, name="saml_acs"),
    path("logga-in/saml/<slug:organization_slug>/tillbaka/klar/", saml.finish_acs, name="saml_finish_acs"),
    path("logga-in/saml/<slug:organization_slug>/metadata/", saml.metadata, name="saml_metadata"),
    path("logga-in/saml/<slug:organization_slug>/utloggad/", signed_out_elsewhere, name="saml_sls"),
    path("kalender/<str:key>.ics", agreement_calendars.feed, name="agreement_feed"),
    path("api/", include("config.api")),
    path("scim/<path:address>", scim, name="scim"),
    path("", include("core.urls")),
    path("", home, name="home"),
    path("", include("shop.urls")),
    path("", include("desk.urls")),
    path("", include("office.urls")),
    path("", include("provisioning.urls")),
    path("", include("organizations.urls")),
    path("", include("factors.urls")),
    path("", include("notices.urls")),
    path("", include("attachments.urls")),
    path("", include("history.urls")),
    path("", include("registers.urls")),
    path("", include("reporting.urls")),
    path("", include("spend.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "config.errors.server_error"
