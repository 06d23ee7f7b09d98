"""Files handed in to registers, the difference that each makes, and what was done with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext_lazy as _

from core.errors import localized
from core.work import Work, WorkQuerySet
from registers.bundles import BUNDLES, Bundle, Part
from registers.kinds import Conventions
from registers.register import REGISTERS, Register

if TYPE_CHECKING:
    from organizations.models import User


PROPOSED = "proposed"
"""What rows are counted as that become proposals, whatever their kind."""


class ImportQuerySet(WorkQuerySet["Import"]):
    """Questions about imports."""

    def visible_to(self, user: "User", at: datetime) -> Self:
        """Those of the registers whose imports the person may see."""
        names = [register.name for register in REGISTERS.values() if register.may_see_imports(user, at)]
        return self.filter(register_name__in=names)

    def sources_of(self, register: Register) -> list[str]:
        """The systems that files of a register have come from, and those whose files are known."""
        layouts = register.ledger.layouts if register.ledger else ()
        imports = self.filter(register_name=register.name).exclude(source="")
        return sorted({*layouts, *imports.values_list("source", flat=True).distinct()})

    def sources_in(self, bundle: Bundle) -> list[str]:
        """Who files of a bundle have come from."""
        imports = self.filter(bundle_name=bundle.name).exclude(source="")
        return sorted(imports.values_list("source", flat=True).distinct())

    def leading(self) -> Self:
        """Those that nothing leads."""
        return self.filter(led_by=None)

    def standing(self) -> Self:
        """Those that no later reading of the same file stands in the place of."""
        return self.filter(replaced_by=None)

    def latest_first(self) -> Self:
        """Latest on top."""
        return self.select_related("requested_by").order_by("-requested_at", "-pk")


class Import(Work):
    """
    A file handed in to a register, read and compared with what the register holds (inläsning).

    ``headings`` are the file's headings in order, each with the name of its column or nothing; ``decimal_sign`` and ``day_order`` say how the file writes what can be
    read in two ways. ``source`` is the system that the file comes from, where the register keeps that. Of a file that is ``is_complete``, whatever the register holds beside it ends. ``left_out`` says what of the
    file was not read. Whoever says something more of a file has it read again: that is an import of its own, which ``replaces``
    the one before. When an old one is forgotten, its file and its difference go, and what was done stays in the trail.
    A file of a *bundle* has an import for each of its registers: the first leads the others, and what is done with it is done with all.
    ``said_constants`` are what somebody said of all rows, in columns that the file does not have; an ``is_headless`` file has no headings
    of its own, so that its first row is a row like the others. ``handovers`` counts what goes to somebody else when it is applied
    (`registers.handovers`).
    """

    lock_space = 4

    register_name = models.CharField(max_length=40)
    source = models.CharField(max_length=20, blank=True)
    file_name = models.CharField(max_length=200)
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    headings = models.JSONField(default=list)
    decimal_sign = models.CharField(max_length=1, blank=True)
    day_order = models.CharField(max_length=3, blank=True)
    is_complete = models.BooleanField(default=False)
    is_headless = models.BooleanField(default=False)
    said_constants = models.JSONField(default=dict)
    bundle_name = models.CharField(max_length=40, blank=True)
    led_by = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="followers"
    )
    left_out = models.JSONField(default=list)
    handovers = models.JSONField(default=dict)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    requested_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="register_imports"
    )
    compared_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decimal_sign__in=["", ",", "."]), name="import_decimal_sign"
            ),
            models.CheckConstraint(
                condition=models.Q(day_order__in=["", "dmy", "mdy"]), name="import_day_order"
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back_at=None) | models.Q(applied_at__isnull=False),
                name="import_taken_back_was_applied",
            ),
            models.CheckConstraint(
                condition=models.Q(led_by=None) | models.Q(bundle_name__gt=""), name="import_led_in_a_bundle"
            ),
            models.UniqueConstraint(fields=["led_by", "register_name"], name="import_once_in_a_bundle"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def register(self) -> Register:
        """The register that the file is for."""
        return REGISTERS[self.register_name]

    @property
    def conventions(self) -> Conventions:
        """How the file writes what can be read in two ways."""
        return Conventions(self.decimal_sign, self.day_order)

    @property
    def lead(self) -> "Import":
        """The import that is asked for, read and applied together with this one: itself, where nothing leads it."""
        return self.led_by or self

    @property
    def bundle(self) -> Bundle | None:
        """The registers that the file feeds together."""
        return BUNDLES.get(self.bundle_name)

    @property
    def part(self) -> Part:
        """What the register is in its bundle."""
        return self.bundle.part_of(self.register) if self.bundle else Part(self.register)

    def with_followers(self) -> "list[Import]":
        """The import and those that it leads, in the order in which they are written."""
        return [self, *self.followers.order_by("pk")] if self.bundle_name else [self]

    @property
    def constants(self) -> Mapping[str, str]:
        """What holds of every row of the file, in columns that it does not have; plain text by column."""
        ledger = self.register.ledger
        columns = {column for _heading, column in self.headings}
        ledger_texts = ledger.constants(self.source) if ledger else {}
        texts = {**self.register.unsaid, **ledger_texts, **self.said_constants}
        return {name: text for name, text in texts.items() if name not in columns}

    @property
    def opening(self) -> frozenset[str]:
        """The columns that are said of new rows only: what was said of all rows changes none that is there."""
        register = self.register
        telling = {column.name for column in [*register.keys, *([register.first] if register.first else [])]}
        columns = {column for _heading, column in self.headings}
        new_columns = set[str](self.said_constants) - telling - columns
        return register.opening | new_columns

    @property
    def begins(self) -> date | None:
        """The first day of what the whole file says, where it was said of all its rows."""
        first = self.register.first
        text = self.constants.get(first.name, "") if first else ""
        return date.fromisoformat(text) if text else None

    @property
    def columns(self) -> frozenset[str]:
        """The names of the columns that the rows have values for."""
        ledger = self.register.ledger
        completed = ledger.completed if ledger else ()
        names = (column for _heading, column in self.headings if column)
        return frozenset([*names, *self.constants, *completed])

    @property
    def is_open(self) -> bool:
        """Whether it is compared and can still be applied or changed."""
        return self.compared_at is not None and self.applied_at is None and self.forgotten_at is None

    @property
    def reason(self) -> str:
        """Why it could not be read, in the reader's language."""
        return localized(self.error)

    @property
    def not_read(self) -> list[str]:
        """What of the file was not read, in the reader's language."""
        return [localized(text) for text in self.left_out]

    def moves(self) -> "Moves | None":
        """How many rows raise and how many lower the register's measure; None where it has none."""
        if self.register.measure is None:
            return None
        measured = self.changes.standing().measured(self.register.measure.column)
        totals = measured.aggregate(
            rises=models.Count("pk", filter=models.Q(becomes__gt=models.F("was"))),
            falls=models.Count("pk", filter=models.Q(becomes__lt=models.F("was"))),
            raised=models.Sum("yearly_effect", filter=models.Q(becomes__gt=models.F("was"))),
            lowered=models.Sum("yearly_effect", filter=models.Q(becomes__lt=models.F("was"))),
        )
        return Moves(totals["rises"], totals["falls"], totals["raised"], totals["lowered"])

    def counts(self, *, with_left_out: bool = False) -> dict[str, int]:
        """How many rows are of each kind, those left out counted only when they are asked for, and how many become proposals."""
        rows = self.changes.all() if with_left_out else self.changes.filter(is_left_out=False)
        as_what = models.Case(
            models.When(is_proposed=True, kind__in=WRITTEN, then=models.Value(PROPOSED)), default="kind"
        )
        number_by_kind = dict(rows.order_by().values_list(as_what).annotate(number=models.Count("pk")))
        kinds = [kind.value for kind in ChangeKind if kind is not ChangeKind.READ]
        counts = {kind: number_by_kind.get(kind, 0) for kind in kinds}
        return counts | {PROPOSED: number_by_kind[PROPOSED]} if PROPOSED in number_by_kind else counts


@dataclass(frozen=True, slots=True)
class Moves:
    """
    How a file moves a register's measure: how many rows raise it and how many lower it.

    ``raised`` and ``lowered`` are what that comes to in a year, of those where it is known; None where it is of none.
    """

    rises: int
    falls: int
    raised: Decimal | None
    lowered: Decimal | None


class Application(Work):
    """Writing what a file says, or taking it back: asked for by a person, done by a worker."""

    lock_space = 5

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="applications")
    is_taking_back = models.BooleanField(default=False)
    rises_reason = models.TextField(blank=True)
    """Why whoever has it applied decides about the rises herself, at once; empty where they become proposals."""
    requested_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = WorkQuerySet["Application"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of_import"],
                condition=models.Q(status__in=["queued", "running"]),
                name="application_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return str(self.of_import)

    @property
    def reason(self) -> str:
        """Why it was not done, in the reader's language."""
        return localized(self.error)


class ChangeKind(models.TextChoices):
    """What rows of a file mean to the register; each is called by what many of them are."""

    NEW = "new", _("Nya")
    CHANGED = "changed", _("Ändras")
    ENDED = "ended", _("Avslutas")
    REMOVED = "removed", _("Tas bort")
    UNCHANGED = "unchanged", _("Oförändrade")
    REFUSED = "refused", _("Avvisade")
    READ = "read", _("Lästa")

    @property
    def is_written(self) -> bool:
        """Whether applying writes rows of this kind."""
        return self in WRITTEN


WRITTEN = [ChangeKind.NEW, ChangeKind.CHANGED, ChangeKind.ENDED, ChangeKind.REMOVED]
"""What applying writes; a register whose rows do not end loses those that a complete file does not have."""


class ChangeQuerySet(models.QuerySet["Change"]):
    """Questions about changes."""

    def in_order(self) -> Self:
        """As in the file; what ends last."""
        return self.order_by("sheet", "row", "pk")

    def without_key(self) -> Self:
        """Rows of the file whose key could not be read, so that it is not known which rows they are."""
        return self.filter(row__gt=0, key="")

    def measured(self, column: str) -> Self:
        """Those with a measure that was something else before, as ``becomes`` and ``was``."""
        becomes = Cast(
            NullIf(KT(f"values__{column}"), models.Value("")),
            models.DecimalField(max_digits=18, decimal_places=4),
        )
        return self.filter(was__isnull=False).annotate(becomes=becomes)

    def rising(self, column: str) -> Self:
        """Those that raise the measure."""
        return self.measured(column).filter(becomes__gt=models.F("was"))

    def falling(self, column: str) -> Self:
        """Those that lower it."""
        return self.measured(column).filter(becomes__lt=models.F("was"))

    def standing(self) -> Self:
        """What would be written or proposed, and is not left out."""
        return self.filter(kind__in=WRITTEN, is_left_out=False)

    def to_write(self) -> Self:
        """What would be written, and is not left out."""
        return self.standing().filter(is_proposed=False)

    def to_propose(self) -> Self:
        """What becomes a proposal, and is not left out."""
        return self.standing().filter(is_proposed=True)


class Change(models.Model):
    """
    One row of a difference (ändring): what the file says, what the register said before, or why it is refused.

    ``values`` and ``before`` are plain text by column; ``before`` only has what differs. ``subject_id`` is the row of the
    register, or the one that a new row has taken. ``row`` is 0 for what the file does not have. ``was`` is what the register's measure was, in the
    row or in the period that a new one follows, and ``yearly_effect`` what the difference comes to in a year, where that is known.
    What ``is_proposed`` is not written: it raises the measure, and becomes a proposal that somebody decides about.
    """

    of_import = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="changes", db_index=False
    )  # the index below begins with it
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField(default=0)
    key = models.TextField()
    kind = models.CharField(max_length=10, choices=ChangeKind, default=ChangeKind.READ)
    values = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    subject_id = models.BigIntegerField(null=True, blank=True)
    is_left_out = models.BooleanField(default=False)
    is_proposed = models.BooleanField(default=False, db_default=False)
    column = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    was = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    yearly_effect = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ChangeKind.values), name="change_kind"),
            models.CheckConstraint(
                condition=models.Q(kind=ChangeKind.REFUSED, reason__gt="")
                | (~models.Q(kind=ChangeKind.REFUSED) & models.Q(reason="")),
                name="change_refused_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["of_import", "kind", "sheet", "row"], name="change_of_import")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.key}"

    @property
    def sentence(self) -> str:
        """Why the row is refused, in the reader's language."""
        return localized(self.reason)
