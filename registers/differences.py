"""A difference as people read it: each row with what it says, what it said, and why it is refused."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest

from django.db.models import Q
from django.utils.translation import gettext as _

from core import reader
from core.addresses import address_of
from core.components import Link
from core.errors import DomainError, reread_code
from core.spreadsheets import Cell
from registers.handovers import sentences_of
from registers.kinds import Choice, Flag, Number
from registers.models import PROPOSED, WRITTEN, Change, ChangeKind, ChangeQuerySet, Import
from registers.operations.plain_lines import CellsWithoutHeading
from registers.register import KEY_JOINT, BoundColumn, Register
from registers.unreadable import AmbiguousDay, AmbiguousNumber, Unreadable, ValueMissing

ORDER = [
    ChangeKind.REFUSED,
    ChangeKind.NEW,
    ChangeKind.CHANGED,
    ChangeKind.ENDED,
    ChangeKind.REMOVED,
    ChangeKind.UNCHANGED,
]
"""What needs somebody comes first."""


RISES, FALLS = "rises", "falls"
"""What is shown beside the kinds, where a register has a measure: the rows that raise it, and those that lower it."""


class Difference:
    """The rows of an import of one kind, or of those that raise or lower the register's measure."""

    def __init__(self, of_import: Import, tab: str) -> None:
        """Show what is asked for, or the first kind that there is."""
        self.of_import, self.register = of_import, of_import.register
        self.counts = of_import.counts(with_left_out=True)
        self.moves = of_import.moves()
        self.kinds = [kind for kind in ORDER if self.counts[kind]]
        first = self.kinds[0] if self.kinds else None
        self.proposed = self.counts.get(PROPOSED, 0)
        self.is_proposed = bool(self.proposed) and (tab == PROPOSED or first is None)
        self.move = tab if self.moves is not None and tab in (RISES, FALLS) else ""
        self.kind = next((each for each in self.kinds if each == tab), first)
        if self.is_proposed:
            self.kind = ChangeKind.NEW

    @property
    def rows(self) -> ChangeQuerySet:
        """The rows, in the order of the file."""
        changes, measure = self.of_import.changes.all(), self.register.measure
        if self.move and measure is not None:
            selection = changes.filter(kind__in=[ChangeKind.NEW, ChangeKind.CHANGED])
            filter_moves = selection.rising if self.move == RISES else selection.falling
            return filter_moves(measure.column).in_order()
        if self.is_proposed:
            return changes.filter(kind__in=WRITTEN, is_proposed=True).in_order()
        selection = changes.filter(kind=self.kind)
        return (selection.filter(is_proposed=False) if self.proposed else selection).in_order()

    @property
    def shown(self) -> str:
        """What is shown, as the address has it."""
        return PROPOSED if self.is_proposed else self.kind.value if self.kind else ""

    def links(self) -> list[Link]:
        """A tab for each kind, and one for those that rise and those that fall."""
        base_url = address_of(self.of_import)
        links = [
            Link(
                str(each.label),
                f"{base_url}?visa={each.value}",
                self.counts[each],
                is_current=not self.move and not self.is_proposed and each == self.kind,
            )
            for each in self.kinds
        ]
        if self.proposed:
            address = f"{base_url}?visa={PROPOSED}"
            is_current = self.is_proposed and not self.move
            links.insert(0, Link(_("Blir förslag"), address, self.proposed, is_current=is_current))
        moves = (
            [(RISES, _("Höjs"), self.moves.rises), (FALLS, _("Sänks"), self.moves.falls)]
            if self.moves
            else []
        )
        return links + [
            Link(label, f"{base_url}?visa={name}", count, is_current=self.move == name)
            for name, label, count in moves
            if count
        ]


def parts_of(parts: Sequence[Import], counts: Sequence[Mapping[str, int]], current: Import) -> list[Link]:
    """A tab for each register that a file feeds, with how many of its rows are written."""
    return [
        Link(
            str(part.register.title),
            address_of(part),
            sum(count[kind] for kind in WRITTEN),
            is_current=part.pk == current.pk,
        )
        for part, count in zip(parts, counts, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a column says, and what it said before."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One row of a difference."""

    change: Change
    label: str
    facts: Sequence[Fact]
    column: str
    moved: str = ""
    """How the register's measure moves: what it was, by how many per cent it rises or falls, and what that comes to in a year."""


def shown_changes(register: Register, changes: Iterable[Change]) -> list[ShownChange]:
    """Write rows of a difference in the reader's language."""
    return [_shown_change(register, change) for change in changes]


def questions(of_import: Import) -> tuple[bool, bool]:
    """Whether the file has numbers, and whether it has days, of which it must be said how they are to be read."""
    changes = of_import.changes.filter(kind=ChangeKind.REFUSED)
    number, day = (
        changes.filter(reason__startswith=f'{{"code": "{refusal.code}"').exists()
        for refusal in (AmbiguousNumber, AmbiguousDay)
    )
    return number, day


def to_mend(of_import: Import) -> tuple[list[str], Iterator[list[Cell]]]:
    """The refused rows under the headings of their file, each with its reason, to be mended and handed in again."""
    register = of_import.register
    headings = [(heading, register.bound[name]) for heading, name in of_import.headings if name]
    changes = of_import.changes.filter(kind=ChangeKind.REFUSED, row__gt=0).in_order()
    header = [heading for heading, _column in headings]
    first = {column.name: place for place, (_heading, column) in reversed([*enumerate(headings)])}
    """What is put together of several columns stands whole in the first of them."""
    return [*header, _("Avvisad för att")], (
        [
            *(
                _file_text(change, column) if first[column.name] == place else ""
                for place, (_heading, column) in enumerate(headings)
            ),
            change.sentence,
        ]
        for change in changes.iterator(chunk_size=1000)
    )


def _file_text(change: Change, column: BoundColumn) -> str:
    """A value as it stood in the file, or as such a file would have it where it was understood."""
    text: str = change.values.get(column.name, "")
    is_number = isinstance(column.kind, Number) and not _was_unreadable(change)
    return text.replace(".", ",") if is_number else text


def _was_unreadable(change: Change) -> bool:
    """Whether the row was refused when it was read, so that its values stand as they stood in the file."""
    refusal = DomainError.by_code.get(reread_code(change.reason), DomainError)
    return issubclass(refusal, (Unreadable, ValueMissing, CellsWithoutHeading))


def _shown_change(register: Register, change: Change) -> ShownChange:
    names = change.before if change.kind == ChangeKind.CHANGED else (change.values or change.before)
    facts = [
        Fact(
            str(column.heading),
            _cell_text(change, column, change.before.get(name, "")),
            _cell_text(change, column, change.values.get(name, "")),
        )
        for name, column in register.bound.items()
        if name in names
        and not (change.kind != ChangeKind.CHANGED and not (change.values | change.before).get(name))
    ]
    label = _label(register, change.key) or ", ".join(fact.after for fact in facts[:2])
    column = register.bound.get(change.column)
    heading = str(column.heading) if column else ""
    return ShownChange(change, label, facts, heading, _move_text(register, change))


def _label(register: Register, key: str) -> str:
    """What a row is known by, its choices in the reader's language."""
    columns = [*register.keys, *([register.first] if register.first else [])]
    parts = zip_longest(key.split(KEY_JOINT), (column.kind for column in columns))
    texts = (
        str(kind.labels.get(text, text)) if text and isinstance(kind, Choice) else text
        for text, kind in parts
    )
    return " · ".join(filter(None, texts))


def _move_text(register: Register, change: Change) -> str:
    if register.measure is None or not change.was or change.kind not in (ChangeKind.NEW, ChangeKind.CHANGED):
        return ""
    becomes = Decimal(change.values[register.measure.column])
    if becomes == change.was:
        return ""
    percent = (becomes / change.was - 1) * 100
    facts = {
        "was": reader.quantity(change.was),
        "percent": reader.percent(percent, signed=True),
        "kronor": reader.kr(change.yearly_effect, 0, signed=True),
    }
    template = _("Var %(was)s, %(percent)s")
    if change.yearly_effect is not None:
        template = _("Var %(was)s, %(percent)s, %(kronor)s på ett år")
    return (_("Höjning, blir ett prisförslag. ") if change.is_proposed else "") + template % facts


def _cell_text(change: Change, column: BoundColumn, text: str) -> str:
    kind = column.kind
    if not text or (change.kind == ChangeKind.REFUSED and _was_unreadable(change)):
        return text
    if isinstance(kind, Flag):
        return _("Ja") if text == "true" else _("Nej")
    if isinstance(kind, Choice):
        return str(kind.labels.get(text, text))
    if isinstance(kind, Number):
        return reader.quantity(Decimal(text))
    return text


def moved_by(of_import: Import, at: datetime, *, is_taken_back: bool) -> list[str]:
    """What moves beside the rows themselves when a file is applied, or taken back, in sentences; of all its registers."""
    lead = of_import.lead
    sentences = [
        str(sentence)
        for part in lead.with_followers()
        if part.register.preview_file is not None and (ids := _ended_by(part))
        for sentence in part.register.preview_file(ids, at, is_taken_back=is_taken_back)
    ]
    return sentences if sentences or is_taken_back else _handovers(lead)


def _handovers(lead: Import) -> list[str]:
    """What its rehearsal counted, which was of the whole file: rows that have been left out since are in it."""
    sentences = sentences_of(lead.handovers)
    if sentences and any(part.changes.filter(is_left_out=True).exists() for part in lead.with_followers()):
        return [_("Om inga rader hade utelämnats: %(sentence)s") % {"sentence": each} for each in sentences]
    return sentences


def _ended_by(of_import: Import) -> list[int]:
    """The rows that end by what is written of the file, whether it says so or leaves them out."""
    column = of_import.register.bound[of_import.register.ends]
    changed = of_import.changes.to_write()
    says_so = Q(kind=ChangeKind.CHANGED, before__has_key=column.name)
    if isinstance(column.kind, Flag):
        says_so &= Q(**{f"values__{column.name}": "false"})
    ended = changed.filter(says_so | Q(kind=ChangeKind.ENDED))
    return [pk for pk in ended.order_by("subject_id").values_list("subject_id", flat=True) if pk is not None]
