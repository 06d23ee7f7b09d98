"""What was bought elsewhere, as other systems tell it."""

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, WrongState
from history.models import PurchaseHistoryLine
from history.operations.comparing import keep_comparisons
from history.permissions import can_import, can_see_history
from history.sources import COMPLETED, LAYOUTS, complete
from registers.columns import Column
from registers.kinds import Joined, Number, Reference, Remarks, Text
from registers.ledgers import Ledger
from registers.models import Import
from registers.register import Group, Register
from reporting.models import Baseline, FollowUpReport, Saving


class BaselinesFrozen(WrongState):
    """Prices and volumes of the lines are frozen as baselines."""

    code = "purchases_in_baselines"
    sentence = _("Baslinjer är frysta på filens rader, så de kan inte tas tillbaka.")


class SavingsCounted(WrongState):
    """The lines are in the register of savings."""

    code = "purchases_in_savings"
    sentence = _("Besparingar är räknade på filens rader, så de kan inte tas tillbaka.")


class Reported(WrongState):
    """A report has been made since they came in of a year that the lines are in, or of the year after, which tells of both."""

    code = "purchases_reported"
    sentence = _("En rapport för %(year)s är gjord med filens rader, så de kan inte tas tillbaka.")


def built_on(of_import: Import) -> DomainError | None:
    """
    Say what has been built on the lines of an import: savings, or a baseline or a report made since it was applied.

    Nobody freezes a baseline or asks for a report meanwhile, for the rest of the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE reporting_baseline, reporting_followupreport IN SHARE MODE")
    lines, since = PurchaseHistoryLine.objects.filter(of_import=of_import), of_import.applied_at
    if Saving.objects.filter(history_line__in=lines).exists():
        return SavingsCounted()
    frozen = Baseline.objects.filter(frozen_at__gte=since).values_list("item", "evidence__replaces")
    items = {item for one, others in frozen for item in (one, *(others or ()))}
    if lines.filter(item__in=items).exists():
        return BaselinesFrozen()
    reports = FollowUpReport.objects.filter(Q(finished_at__gte=since) | Q(finished_at=None))
    years = set(reports.values_list("year", flat=True))
    reported_years = [
        year for year in sorted(years) if lines.filter(delivered_date__year__in=(year - 1, year)).exists()
    ]
    return Reported(year=reported_years[0]) if reported_years else None


PURCHASES = Register(
    name="purchases",
    group=Group.MONEY,
    title=_("Inköpshistorik"),
    one=_("inköpsrad"),
    model=PurchaseHistoryLine,
    columns=[
        Column("external_id", _("Radens nummer"), is_key=True, others=("Transaktion", "Rad-id", "ID")),
        Column("source", _("Källa"), is_key=True),
        Column("delivered_date", _("Levererad"), is_required=True, others=("Leveransdatum", "Datum")),
        Column("description", _("Benämning"), is_required=True, is_opening=True, others=("Beskrivning",)),
        Column("quantity", _("Antal"), kind=Number(digits=15, places=3), is_required=True),
        Column("unit", _("Enhet för antalet"), is_opening=True, others=("Förpackning",)),
        Column(
            "unit_price", _("Pris"), kind=Number(digits=16, places=4), is_required=True, others=("À-pris",)
        ),
        Column("amount", _("Radvärde"), kind=Number(digits=16, places=2), others=("Belopp",)),
        Column("currency", _("Valuta"), is_opening=True),
        Column("units_per_order_unit", _("Basenheter per förpackning"), is_opening=True),
        Column("department_name", _("Beställande enhet"), others=("Enhet", "Avdelning")),
        Column(
            "cost_center",
            _("Kostnadsställe"),
            field="department",
            kind=Reference(by="cost_center"),
            others=("Ansvar",),
        ),
        Column("supplier_name", _("Leverantör")),
        Column(
            "supplier_number",
            _("Leverantörens organisationsnummer"),
            field="supplier",
            kind=Reference(by="org_number"),
            others=("Organisationsnummer",),
        ),
        Column("category_name", _("Kategori"), kind=Joined(most=160)),
        Column(
            "category_code",
            _("Kategorins kod"),
            field="category",
            kind=Reference(by="code"),
            others=("Kategorikod",),
        ),
        Column("item_number", _("Artikelnummer"), field="item", kind=Reference(by="number")),
        Column("item_key", _("Artikelns namn i jämförelsen"), kind=Text(most=300)),
        Column(
            "agreement_number",
            _("Avtalsnummer"),
            field="agreement",
            kind=Reference(by="number"),
            others=("Avtal",),
        ),
        Column("note", _("Anmärkning"), kind=Remarks(most=200), is_opening=True),
    ],
    may_see=can_see_history,
    may_change=can_import,
    settle=lambda _by, _at: keep_comparisons(),
    filtered=["item_number"],
    ledger=Ledger(
        source="source",
        day="delivered_date",
        of_import="of_import",
        row="import_row",
        layouts=LAYOUTS,
        complete=complete,
        completed=COMPLETED,
        built_on=built_on,
    ),
)
