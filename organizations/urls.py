"""Addresses of organizations."""

from django.urls import path

from organizations import views
from organizations.signing_in import account, inviting

app_name = "organizations"

urlpatterns = [
    path("mitt-konto/", account.account, name="account"),
    path("mitt-konto/sprak/", account.language, name="language"),
    path("mitt-konto/namn/", account.name, name="name"),
    path("mitt-konto/losenord/", account.password, name="password"),
    path("mitt-konto/inloggningar/avsluta-andra/", account.sessions_end_others, name="sessions_end_others"),
    path("mitt-konto/inloggningar/<slug:name>/avsluta/", account.session_end, name="session_end"),
    path("personer/bjud-in/", inviting.invitations, name="invitations"),
    path("personer/bjud-in/<int:pk>/", inviting.invite_one, name="invite"),
    path("personer/bjud-in/<int:pk>/ta-tillbaka/", inviting.take_back, name="invitation_take_back"),
    path("api-nycklar/", views.api_tokens, name="api_tokens"),
    path("api-nycklar/<int:pk>/dra-in/", views.api_token_revoke, name="api_token_revoke"),
]
