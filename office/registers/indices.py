"""Price indices with their values, and the clauses by which the prices of agreements follow them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.models import IndexClause, IndexSeries, IndexValue
from core.errors import InvalidInput
from office.permissions import can_see_registers, is_head, is_manager
from office.registers.agreements import in_own_categories
from registers.columns import Column
from registers.kinds import First, Last, Reference
from registers.months import Month
from registers.register import Group, Register


class SeriesGoesOnAsItself(InvalidInput):
    """A series does not go on as itself, by way of others either."""

    code = "index_series_no_circle"
    sentence = _("Serien skulle bli en fortsättning på sig själv.")


class SeriesNotLinked(InvalidInput):
    """A series that goes on where another ends has a month of which both have a value."""

    code = "index_series_not_linked"
    sentence = _("Ange både serien som den fortsätter och en månad då båda har ett indextal.")


class ValueBeforeItsMonth(InvalidInput):
    """A value is published after its month has begun."""

    code = "index_value_before_its_month"
    sentence = _("Indextalet kan inte vara publicerat före sin månad.")


class ClauseShareOutOfRange(InvalidInput):
    """A share of the price follows, above nought, and the smallest change is a percentage."""

    code = "index_clause_share"
    sentence = _("Andelen ska vara större än 0 och högst 100 procent, och minsta ändring högst 100 procent.")


class CapBelowThreshold(InvalidInput):
    """A cap below the smallest change would let no price rise."""

    code = "index_clause_cap"
    sentence = _("Högsta höjning ska vara större än 0 och minst lika stor som minsta ändring.")


class ClauseTimesOutOfRange(InvalidInput):
    """Prices change once a month to once in ten years, by a month within two years, asked for within a year."""

    code = "index_clause_times"
    sentence = _(
        "Prisändring kan ske var 1:a till var 120:e månad, med jämförelse 1–24 månader före och begäran högst 366 dagar före."
    )


class NothingToCompare(InvalidInput):
    """The month that is compared with comes after the base month, also the first time."""

    code = "index_clause_compares_a_later_month"
    sentence = _("Första prisändringens jämförelsemånad ska vara senare än basmånaden.")


class FirstChangeBeforeClause(InvalidInput):
    """Prices change by a clause that is in force."""

    code = "index_clause_begins_before_its_first_date"
    sentence = _("Första prisändringen kan inte vara före klausulens första dag.")


class ClauseIsKept(InvalidInput):
    """What prices were proposed by stays; a clause that changes is ended and followed by another."""

    code = "index_clause_is_kept"
    sentence = _(
        "Priser har redan räknats efter klausulen, så den går inte att ändra. Lägg in en ny rad med den dag då de nya villkoren börjar."
    )


INDEX_SERIES = Register(
    name="index_series",
    group=Group.AGREEMENTS,
    title=_("Prisindex"),
    one=_("prisindex"),
    model=IndexSeries,
    columns=[
        Column("code", _("Kod"), is_key=True),
        Column("name", _("Namn"), is_required=True),
        Column("source", _("Källa"), is_required=True),
        Column("base", _("Bas"), is_required=True, note=_("Vad som är 100, som ”1980 = 100”.")),
        Column(
            "continues",
            _("Fortsätter"),
            kind=Reference(by="code"),
            note=_("Serien med den gamla basen, när en serie har fått en ny."),
        ),
        Column(
            "link_month",
            _("Länkmånad"),
            kind=Month(),
            note=_("En månad då båda serierna har ett indextal. Med den räknas den nya om till den gamla."),
        ),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    tried_in_place=Q(),
    sentences={
        "index_series_no_circle": SeriesGoesOnAsItself,
        "index_series_linked_in_a_month": SeriesNotLinked,
    },
    searched=["code", "name"],
)

INDEX_VALUES = Register(
    name="index_values",
    group=Group.AGREEMENTS,
    title=_("Indextal"),
    one=_("indextal"),
    model=IndexValue,
    columns=[
        Column("series", _("Prisindex"), kind=Reference(by="code"), is_key=True),
        Column("month", _("Månad"), kind=Month(), is_key=True),
        Column("value", _("Indextal"), is_required=True),
        Column("published_date", _("Publicerat"), is_required=True),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    sentences={"index_value_published_after_its_month_began": ValueBeforeItsMonth},
    searched=["series", "month"],
    filtered=["series"],
)

INDEX_CLAUSES = Register(
    name="index_clauses",
    group=Group.AGREEMENTS,
    title=_("Indexklausuler"),
    one=_("indexklausul"),
    model=IndexClause,
    columns=[
        Column("agreement", _("Avtalsnummer"), kind=Reference(by="number"), is_key=True),
        Column("series", _("Prisindex"), kind=Reference(by="code"), is_required=True),
        Column("base_month", _("Basmånad"), kind=Month(), is_required=True),
        Column("share_percent", _("Andel av priset, procent")),
        Column(
            "threshold_percent",
            _("Minsta ändring, procent"),
            note=_("Ändras priset mindre än så får det ligga kvar till nästa gång."),
        ),
        Column(
            "cap_percent",
            _("Högsta höjning, procent"),
            note=_("Per gång. Tomt är ingen gräns. En sänkning begränsas aldrig."),
        ),
        Column("interval_months", _("Månader mellan prisändringar")),
        Column(
            "lag_months",
            _("Jämförelsemånad, månader före"),
            note=_("3 betyder att indextalet för oktober gäller priserna från januari."),
        ),
        Column("notice_days", _("Begärs senast, dagar före")),
        Column("first_date", _("Första prisändring"), is_required=True),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=in_own_categories("agreement__category"),
    ends="through_date",
    is_of_periods=True,
    tried_in_place=Q(),
    sentences={
        "index_clause_share_and_threshold": ClauseShareOutOfRange,
        "index_clause_cap_reaches_threshold": CapBelowThreshold,
        "index_clause_times": ClauseTimesOutOfRange,
        "index_clause_base_month": NothingToCompare,
        "index_clause_compares_a_later_month": NothingToCompare,
        "index_clause_begins_before_its_first_date": FirstChangeBeforeClause,
        "index_clause_is_kept": ClauseIsKept,
    },
    searched=["agreement"],
    filtered=["agreement", "series"],
)
