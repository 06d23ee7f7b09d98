"""
The facts that the components of the interface are drawn from.

Views fill these and hand them to the tags of ``core.templatetags.ui``; nothing here touches the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

StepState = Literal["done", "now", "you", "todo", "refused"]
MeasureKind = Literal["full_year", "in_year", "realised", "unknown"]


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go: in the header, a tab, a filter chip, a segmented choice."""

    label: str
    url: str
    count: int | str | None = None
    is_current: bool = False
    count_needs_you: bool = False
    is_removable: bool = False


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person in the corner of the header, with the links behind her name."""

    name: str
    unit: str = ""
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Navigation:
    """What the header shows: four to six links, the basket when there is one, and who is signed in."""

    links: Sequence[Link] = ()
    person: SignedIn | None = None
    basket_url: str = ""
    basket_count: int = 0
    basket_is_current: bool = False
    home_url: str = "/"
    notices_url: str = ""
    unread_count: int = 0
    notices_is_current: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A dot on a timeline. ``you`` is the person looking; ``refused`` ends the line."""

    label: str
    detail: str = ""
    state: StepState = "todo"


@dataclass(frozen=True, slots=True)
class Month:
    """A column: what was realised and what was planned, either of which may be missing."""

    label: str
    value: Decimal | None = None
    plan: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One rung of the ladder of savings; ``rest`` is dashed after it, ``plan`` a mark across it."""

    label: str
    explanation: str
    value: Decimal
    kind: MeasureKind
    figure: str
    amount: str = ""
    rest: Decimal | None = None
    rest_label: str = ""
    plan: Decimal | None = None
    plan_label: str = ""
    plan_figure: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """An agreement on the time axis, and when the next procurement has to start."""

    label: str
    starts: date
    ends: date | None
    text: str = ""
    sub: str = ""
    url: str = ""
    option_ends: date | None = None
    ceiling_on: date | None = None
    start_by: date | None = None
    urgent: str = ""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as in the demo region."""

    name: str
    role: str
    email: str
