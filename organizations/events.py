"""What organizations writes to the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    DELEGATION_GIVEN = "delegation.given", _("Delegation gavs")
    DELEGATION_ACCEPTED = "delegation.accepted", _("Delegation godtogs")
    DELEGATION_DECLINED = "delegation.declined", _("Delegation avböjdes eller lämnades tillbaka")
    DELEGATION_REVOKED = "delegation.revoked", _("Delegation togs tillbaka")
    ABSENCE_REPORTED = "absence.reported", _("Frånvaro anmäldes")
    ABSENCE_CHANGED = "absence.changed", _("Frånvaro ändrades")
    ABSENCE_WITHDRAWN = "absence.withdrawn", _("Frånvaro togs tillbaka")
    MEMBERSHIP_ENDED = "membership.ended", _("Rollen avslutades")
    DEPARTMENT_MERGED = "department.merged", _("Enheten slogs ihop med en annan")
    DEPARTMENT_MOVED = "department.moved", _("Enheten fick en annan förvaltning")
    ADMINISTRATION_MERGED = "administration.merged", _("Förvaltningen gick upp i en annan")
    PLAN_DONE = "plan.done", _("Den planerade ändringen genomfördes")
    PLAN_REFUSED = "plan.refused", _("Den planerade ändringen gick inte att genomföra")
    ACCOUNT_CLOSED = "account.closed", _("Kontot stängdes")
    API_TOKEN_CREATED = "api_token.created", _("API-nyckel skapades")
    API_TOKEN_REVOKED = "api_token.revoked", _("API-nyckel drogs in")
    SIGNED_IN = "person.signed_in", _("Loggade in")
    SESSIONS_ENDED = "sessions.ended", _("Inloggningar avslutades")
    SESSION_ENDED = "session.ended", _("En inloggning avslutades")
    ADMINISTRATOR_CREATED = "administrator.created", _("Systemadministratören lades upp")
    PERSON_INVITED = "person.invited", _("Inbjudan att logga in begärdes")
    INVITATION_TAKEN_BACK = "person.invitation_taken_back", _("Inbjudan att logga in togs tillbaka")
    PASSWORD_FORGOTTEN = "password.forgotten", _("Länk för nytt lösenord begärdes")
    PASSWORD_SET = "password.set", _("Lösenord sattes med länken")
    PASSWORD_CHANGED = "password.changed", _("Lösenordet byttes")
    NAME_CHANGED = "person.name_changed", _("Namnet ändrades av personen själv")
    LANGUAGE_CHOSEN = "language.chosen", _("Språk valdes")
    PERSON_ENTERED_BY_DIRECTORY = "person.entered_by_directory", _("Personen lades upp av katalogen")
    PERSON_LINKED = "person.linked", _("Kontot knöts till katalogen")
    MEMBERSHIP_GIVEN = "membership.given", _("Rollen gavs av katalogens grupp")
    PERSON_CHANGED_BY_DIRECTORY = (
        "person.changed_by_directory",
        _("Personens uppgifter ändrades av katalogen"),
    )
    ACCOUNT_OPENED = "account.opened", _("Kontot öppnades igen")
    DIRECTORY_GROUP_CHANGED = "directory_group.changed", _("Kataloggruppen ändrades")
    DIRECTORY_GROUP_REMOVED = "directory_group.removed", _("Kataloggruppen togs bort")
    DIRECTORY_KEY_CREATED = "directory_key.created", _("Katalognyckel skapades")
    DIRECTORY_KEY_REVOKED = "directory_key.revoked", _("Katalognyckel drogs in")
