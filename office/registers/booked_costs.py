"""What the region's ledger has booked, as accounting systems and supplier ledgers tell it."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from registers.columns import Column
from registers.kinds import Number, Remarks
from registers.ledgers import Ledger
from registers.models import Import
from registers.reading.vouchers import voucher_lines
from registers.register import Group, Register
from spend.meanings import excluded_rows
from spend.models import BookedCost
from spend.permissions import can_import_ledger, can_see_ledger
from spend.rows import COMPLETED, complete


def built_on(_of_import: Import) -> DomainError | None:
    """Say what has been built on the rows of an import: nothing, since figures are read from the rows each time."""
    return None


BOOKED_COSTS = Register(
    name="booked_costs",
    group=Group.MONEY,
    title=_("Bokförda kostnader"),
    one=_("bokförd rad"),
    model=BookedCost,
    columns=[
        Column("number", _("Radens nummer"), is_key=True, is_required=False, others=("Rad-id", "SIE-rad")),
        Column("source", _("Källa"), is_key=True),
        Column(
            "voucher",
            _("Verifikation"),
            others=("Verifikationsnummer", "Vernr", "Ver", "Fakturanummer", "SIE-verifikation"),
        ),
        Column(
            "booked_date",
            _("Bokförd"),
            is_required=True,
            others=("Bokföringsdatum", "Verifikationsdatum", "Fakturadatum", "Datum", "SIE-datum"),
        ),
        Column("account", _("Konto"), others=("Kontonummer", "SIE-konto")),
        Column(
            "account_name",
            _("Kontots namn"),
            kind=Remarks(most=120),
            is_opening=True,
            others=("Kontonamn", "Kontobenämning", "SIE-kontonamn"),
        ),
        Column("cost_center", _("Kostnadsställe"), others=("Ansvar", "SIE-kostnadsställe")),
        Column("project", _("Projekt"), others=("SIE-projekt",)),
        Column(
            "supplier_number",
            _("Leverantörens organisationsnummer"),
            others=("Organisationsnummer", "Orgnr"),
        ),
        Column(
            "supplier_name",
            _("Leverantör"),
            kind=Remarks(most=160),
            others=("Leverantörsnamn", "SIE-leverantör"),
        ),
        Column("supplier_key", _("Leverantörens nyckel"), is_opening=True),
        Column("text", _("Text"), kind=Remarks(most=300), others=("Verifikationstext", "SIE-text")),
        Column(
            "quantity", _("Antal"), kind=Number(digits=15, places=3), others=("Kvantitet", "SIE-kvantitet")
        ),
        Column("unit_price", _("Pris"), kind=Number(digits=16, places=4), others=("À-pris",)),
        Column("amount", _("Belopp"), kind=Number(digits=18, places=4), others=("Nettobelopp", "SIE-belopp")),
        Column("currency", _("Valuta"), is_opening=True, others=("SIE-valuta",)),
    ],
    may_see=can_see_ledger,
    may_change=can_import_ledger,
    filtered=["account", "cost_center"],
    ledger=Ledger(
        source="source",
        day="booked_date",
        of_import="of_import",
        row="import_row",
        layouts={},
        complete=complete,
        completed=COMPLETED,
        built_on=built_on,
        number="number",
        of_sie=voucher_lines,
        passes_by=excluded_rows,
    ),
)
