"""Vouchers of SIE files: what the standard says of them, all real files at hand, and files that nobody would write."""

import io
import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.reading import sie
from registers.reading.lines import Line, NotATable, Overview, lines
from registers.reading.text import EmptyFile, FileTooLarge
from registers.reading.vouchers import HEADINGS, BalancesOnly, NoVouchers, voucher_lines
from reporting.sie import CodedName, Company, Dim, Transaction, Voucher, sie_4i
from tests.shared import shared


def read(content: bytes, overview: Overview | None = None) -> list[Line]:
    rows = list(
        lines(io.BytesIO(content), file_name="x.se", overview=overview or Overview(), of_sie=voucher_lines)
    )
    assert rows[0] == Line("", 0, HEADINGS)
    return rows[1:]


def cells(line: Line) -> dict[str, object]:
    return dict(zip(HEADINGS, line.cells, strict=True))


def file_of(*said: str) -> bytes:
    return "\n".join(["#FLAGGA 0", "#SIETYP 4", *said]).encode("cp437")


VOUCHER = ('#VER B 7 20210131 "Hyra"', "{", "#TRANS 5010 {} 10.00", "#TRANS 1930 {} -10.00", "}")


def test_a_transaction_has_its_vouchers_day_and_text_where_it_has_none() -> None:
    rent, bank = read(
        file_of(
            '#VER "B" "7" 20210131 "Hyra"',
            "{",
            '#TRANS 5010 {} 10.00 20210130 "Januari"',
            "#TRANS 1930 {} -10.00",
            "}",
        )
    )
    assert (rent.row, cells(rent)["SIE-datum"], cells(rent)["SIE-text"]) == (5, date(2021, 1, 30), "Januari")
    assert (bank.row, cells(bank)["SIE-datum"], cells(bank)["SIE-text"]) == (6, date(2021, 1, 31), "Hyra")
    assert [line.cells[0] for line in (rent, bank)] == ["20210131:B:7:1", "20210131:B:7:2"]
    assert cells(rent)["SIE-verifikation"] == "B 7"


def test_what_was_struck_out_is_not_read_and_what_was_added_is_read_once() -> None:
    added = read(
        file_of(
            "#VER A 1 20210101",
            "{",
            "#BTRANS 5010 {} 99.00",
            "#RTRANS 5010 {} 10.00",
            "#TRANS 5010 {} 10.00",
            "#TRANS 1930 {} -10.00",
            "}",
        )
    )
    assert [cells(line)["SIE-belopp"] for line in added] == [Decimal("10.00"), Decimal("-10.00")]


def test_objects_of_a_dimension_below_the_cost_centre_stand_for_it() -> None:
    below, both = read(
        file_of(
            '#DIM 1 "Kostnadsställe"',
            '#UNDERDIM 21 "Grupp" 1',
            "#VER A 1 20210101",
            "{",
            "#TRANS 5010 {21 G4} 10",
            '#TRANS 1930 {21 "G5" 1 "1110" 7 "22"} -10',
            "}",
        )
    )
    assert [cells(each)["SIE-kostnadsställe"] for each in (below, both)] == ["G4", "1110"]
    assert "22" not in [*below.cells, *both.cells]


def test_a_voucher_that_does_not_balance_is_refused_with_its_line_and_the_others_are_read() -> None:
    odd, other, *sound = read(
        file_of("#VER A 1 20210101", "{", "#TRANS 5010 {} 10.00", "#TRANS 1930 {} -9.50", "}", *VOUCHER)
    )
    assert [str(each.refused[0]) for each in (odd, other)] == [
        "Verifikation A 1 på rad 3 går inte ihop: den summerar till 0,50\xa0kr."
    ] * 2
    assert len(sound) == 2
    assert not any(each.refused for each in sound)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("#TRANS 5010 {}", "Verifikation A 1 på rad 3 går inte att läsa: rad 5 saknar konto eller belopp."),
        ("#TRANS", "Verifikation A 1 på rad 3 går inte att läsa: rad 5 saknar konto eller belopp."),
        (
            "#TRANS 5010 {} tio",
            "Verifikation A 1 på rad 3 går inte att läsa: rad 5 saknar konto eller belopp.",
        ),
        (
            "#TRANS 5010 {} NaN",
            "Verifikation A 1 på rad 3 går inte att läsa: rad 5 saknar konto eller belopp.",
        ),
        (
            "#TRANS 5010 {} 1e400",
            "Verifikation A 1 på rad 3 går inte att läsa: rad 5 saknar konto eller belopp.",
        ),
    ],
)
def test_a_voucher_with_an_unreadable_transaction_is_refused(broken: str, why: str) -> None:
    first, *_others = read(file_of("#VER A 1 20210101", "{", broken, "}", *VOUCHER))
    assert str(first.refused[0]) == why


def test_a_file_that_breaks_off_is_told() -> None:
    *_sound, last = read(file_of(*VOUCHER, "#VER A 2 20210101", "{", "#TRANS 5010 {} 0"))
    assert str(last.refused[0]) == "Verifikation A 2 på rad 8 saknar slut, så filen kan vara avbruten."


def test_vouchers_without_numbers_are_known_by_what_they_say() -> None:
    """Each file of a subsystem has them; the same in two files is the same, and another is not."""
    one = ('#VER "" "" 20210131 "Hyra"', "{", "#TRANS 5010 {} 10.00", "#TRANS 1930 {} -10.00", "}")
    other = ('#VER "" 0 20210131 "Hyra"', "{", "#TRANS 5010 {} 11.00", "#TRANS 1930 {} -11.00", "}")
    first, again = read(file_of(*one)), read(file_of(*other, *one))
    assert [line.cells[0] for line in first] == [line.cells[0] for line in again[2:]]
    assert len({line.cells[0] for line in again}) == 4


def test_the_currency_of_the_file_and_what_is_taken_in_before() -> None:
    overview = Overview()
    rows = read(file_of("#VALUTA EUR", "#flagga 1", *VOUCHER), overview)
    assert {cells(line)["SIE-valuta"] for line in rows} == {"EUR"}
    assert (overview.total, [each.code for each in overview.left_out]) == (2, ["sie_taken_in_before"])


@pytest.mark.parametrize("kind", ["1", "2", "3"])
def test_balances_are_refused_with_what_is_needed(kind: str) -> None:
    with pytest.raises(BalancesOnly) as refusal:
        read(f"#FLAGGA 0\n#SIETYP {kind}\n#UB 0 1910 5\n".encode())
    assert str(refusal.value) == (
        f"SIE-filen är av typ {kind} och har bara saldon. En reskontra behöver verifikationerna: exportera SIE typ 4 ur "
        "ekonomisystemet."
    )


def test_a_file_of_the_right_type_without_vouchers_and_an_empty_one() -> None:
    with pytest.raises(NoVouchers):
        read(file_of('#KONTO 5010 "Hyra"'))
    with pytest.raises(EmptyFile):
        read(b" \r\n ")


LETTERS = "".join(map(chr, range(32, 127))) + "åäöÅÄÖé"
TEXTS = st.text(LETTERS, max_size=20).map(lambda text: " ".join(text.split()))
NAMED = st.builds(CodedName, st.from_regex(r"[A-Z0-9]{1,6}", fullmatch=True), TEXTS)
AMOUNTS = st.decimals("-9999999", "9999999", places=2)


@st.composite
def vouchers(draw: st.DrawFn) -> Voucher:
    rows = draw(
        st.lists(
            st.builds(
                Transaction,
                NAMED,
                AMOUNTS,
                st.dictionaries(st.sampled_from([Dim.COST_CENTER, Dim.PROJECT]), NAMED).map(
                    lambda d: tuple(d.items())
                ),
            ),
            min_size=1,
            max_size=5,
        )
    )
    balance = Transaction(CodedName("1930", "Bank"), -sum((row.amount for row in rows), Decimal(0)))
    return Voucher(draw(st.dates(date(2000, 1, 1), date(2099, 1, 1))), draw(TEXTS), (*rows, balance))


@given(st.lists(vouchers(), min_size=1, max_size=4))
def test_what_is_written_for_an_accounting_system_reads_back_the_same(written: list[Voucher]) -> None:
    content = sie_4i(Company("232100-0000", "Region"), written, day=date(2021, 1, 1), made_by="Å")
    assert [
        (line.cells[2], line.cells[3], line.cells[5], line.cells[6], line.cells[8], line.cells[10])
        for line in read(content)
    ] == [
        (
            voucher.day,
            row.account.code,
            dict(row.objects).get(Dim.COST_CENTER, CodedName("", "")).code,
            dict(row.objects).get(Dim.PROJECT, CodedName("", "")).code,
            voucher.text,
            row.amount,
        )
        for voucher in written
        for row in voucher.rows
    ]
    assert not any(line.refused for line in read(content))


BALANCES = {
    "1": [
        "BL0001_typ1.SE", "BokslutSIE1.se", "MAMUT_SIE1_EXPORT.SE", "Norstedts%20Bokslut%20SIE%201.se",
        "Norstedts%20Revision%20SIE%201.SE", "SIE-fil%20fr%C3%A5n%20Visma%20Eget%20Aktiebolag%202010.se",
        "SIE-fil%20fr%C3%A5n%20Visma%20Enskild%20Firma%202010.se", "Sie%201.SE", "Sie1.se", "Test1.SE",
        "XE_SIE_1_20151125094750.SE", "arsaldo_ovnbolag.se", "magenta_bokf%C3%B6ring_SIE1.se", "typ1.se",
    ],
    "2": [
        "BL0001_typ2.SE", "MAMUT_SIE2_EXPORT.SE", "Sie%201+2.se", "Sie%202.SE", "Sie2.se", "Test2.SE",
        "XE_SIE_2_20151125094903.SE", "magenta_bokf%C3%B6ring_SIE2.se", "periodsaldo_ovnbolag.se", "typ2.se",
    ],
    "3": [
        "BL0001_typ3.SE", "MAMUT_SIE3_EXPORT.SE", "Sie3.se", "Test3.SE", "XE_SIE_3_20151125094952.SE",
        "magenta_bokf%C3%B6ring_SIE3.se", "objektsaldo_ovnbolag.se", "sie%203.SE", "typ3.se",
    ],
}  # fmt: skip
"""Files of the types that have balances only."""
NO_SIE = [
    "BokSald.SE", "HAS1_1412.se", "HAS2_1412.se", "HAS3_1412.se", "HAS4E_1412.Se", "HAS4i_1412.si", "ObjSald.SE",
    "PerSald.SE", "TRANSAK.SE",
]  # fmt: skip
"""Pages of the web server from which somebody fetched the files, saying that there were none."""
VOUCHERS = {
    "BL0001_typ4.SE": (405, 0),
    "BL0001_typ4I.SI": (10, 0),
    "BokOrder.si": (4, 0),
    "Bokslut%20Norstedts%20SIE%204E.se": (678, 0),
    "Exempelbolaget_SIE_110322_B_33.si": (91, 0),
    "FAKT.SI": (3, 0),
    "L%C3%B6n.si": (8, 0),
    "LON%20L%C3%B6nek%C3%B6rning.SI": (25, 0),
    "MAMUT_SIE4_EXPORT.SE": (458, 0),
    "Norstedts%20Bokslut%20SIE%204I.si": (4, 0),
    "SIE4%20Visma%20Anl%C3%A4ggningsregister.si": (18, 0),
    "SIE4_Exempelfil_med_underdim.SE": (1330, 0),
    "SIE_exempelfil.se": (148, 0),
    "Sie%203%20+%204.se": (4, 0),
    "Sie4.se": (260, 0),
    "Sie4.si": (869, 0),
    "Test4.SE": (1464, 0),
    "XE_SIE_4_20151125095119.SE": (248, 2),
    "live2011.se": (12, 0),
    "magenta_bokf%C3%B6ring_SIE4E.se": (84, 0),
    "magenta_bokf%C3%B6ring_SIE4I.se": (84, 0),
    "si.SI": (128, 0),
    "sie%204.SE": (76, 0),
    "testWrite.se": (248, 2),
    "testWrite1.se": (248, 2),
    "transaktioner_ovnbolag-bad-balance.se": (671, 3),
    "transaktioner_ovnbolag.se": (671, 0),
    "typ4.se": (287, 0),
    "typ4si.si": (287, 0),
    "urval_ovnbolag.si": (51, 0),
}
"""How many transactions a file has, and how many of them stand in a voucher that does not balance."""
SCRIPT = "testfiles.sh"
"""The last of the seventy-three: what the files were fetched by."""
REAL = "accounting/sie_jsisie/sie_test_files"


def test_every_real_file_is_told_of() -> None:
    file_names = [*(name for names in BALANCES.values() for name in names), *NO_SIE, *VOUCHERS, SCRIPT]
    assert sorted(file_names) == sorted(path.name for path in shared(REAL).iterdir())
    assert len(file_names) == 73


def whole(name: str, overview: Overview | None = None) -> list[Line]:
    """The transactions of a real file."""
    with (shared(REAL) / name).open("rb") as content:
        rows = list(lines(content, file_name=name, overview=overview or Overview(), of_sie=voucher_lines))
    return rows[1:]


@pytest.mark.parametrize("kind", BALANCES)
def test_real_files_of_balances_are_refused(kind: str) -> None:
    for name in BALANCES[kind]:
        with pytest.raises(BalancesOnly) as refusal:
            whole(name)
        assert refusal.value.facts == {"type": kind}, name


def test_real_files_that_are_no_sie_are_refused() -> None:
    for name in NO_SIE:
        with pytest.raises(NotATable):
            whole(name)


@pytest.mark.parametrize("name", VOUCHERS)
def test_real_files_of_vouchers_are_read_and_sum_to_nothing(name: str) -> None:
    overview = Overview()
    rows = whole(name, overview)
    unbalanced = [line for line in rows if line.refused]
    assert (len(rows), len(unbalanced)) == VOUCHERS[name]
    assert overview.total == len(rows)
    sound = [line for line in rows if not line.refused]
    assert sum(amount for line in sound if isinstance(amount := line.cells[10], Decimal)) == 0
    assert all(isinstance(line.cells[2], date) and line.cells[3] for line in sound)
    assert len({line.cells[0] for line in rows}) == len(rows)
    assert all("går inte ihop" in str(line.refused[0]) for line in unbalanced)


@pytest.mark.parametrize("name", ["Test4.SE", "Sie4.si", "transaktioner_ovnbolag.se", "typ4.se"])
def test_accounts_of_real_files_sum_as_a_plain_reading_says(name: str) -> None:
    expected: dict[str, Decimal] = {}
    for row in (shared(REAL) / name).read_bytes().decode("cp437").splitlines():
        if row.split()[:1] == ["#TRANS"]:
            account = row.split()[1].strip('"')
            amount = row.partition("}")[2].split()[0].strip('"')
            expected[account] = expected.get(account, Decimal(0)) + Decimal(amount)
    assert len(expected) > 10
    assert sums(whole(name)) == expected


def sums(found: list[Line]) -> Mapping[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for line in found:
        account, amount = str(line.cells[3]), line.cells[10]
        assert isinstance(amount, Decimal)
        totals[account] = totals.get(account, Decimal(0)) + amount
    return totals


@pytest.mark.parametrize(
    "hostile",
    [
        b'#TRANS "' + b'\\"' * 40_000,
        b"#TRANS 1 " + b"{" * 90_000 + b" 5",
        b"#TRANS 1 " + b"{}" * 45_000 + b" 5",
        b"{" * 90_000,
        b'#VER "' + b"\x00\x1b\x07" * 20_000,
        b"#VER " + b'"" ' * 30_000,
        bytes(range(14, 256)) * 300,
        b"#TRANS 1 {} " + b"9" * 90_000,
    ],
    ids=[
        "quotes",
        "open braces",
        "braces",
        "brace line",
        "control characters",
        "fields",
        "garbage",
        "digits",
    ],
)
def test_a_line_that_nobody_would_write_takes_no_time(hostile: bytes) -> None:
    start = time.monotonic()
    rows = read(
        file_of("#VER A 1 20210101", "{") + b"\n" + b"\n".join([hostile] * 5) + b"\n}\n" + file_of(*VOUCHER)
    )
    assert [line.cells[0] for line in rows if not line.refused][-2:] == ["20210131:B:7:1", "20210131:B:7:2"]
    assert time.monotonic() - start < 3


def test_a_line_without_end_and_a_file_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(sie.SieLineTooLong) as refusal:
        read(file_of(*VOUCHER) + b"\n#TRANS " + b"x" * 3_000_000)
    assert str(refusal.value) == "Rad 8 är för lång för att höra till en SIE-fil."
    monkeypatch.setattr(sie, "SIZE_LIMIT", 1_000)
    with pytest.raises(FileTooLarge):
        read(file_of(*VOUCHER) + b" " * 1_000)
