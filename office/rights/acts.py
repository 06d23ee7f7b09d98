"""
Each operation of the chain, with the permission that it requires and the states in which it is asked.

Those of governance and reporting are in ``governing.py``. A new operation is a row here; ``tests/office/test_permissions_page.py`` says which is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.verdicts import Verdict
from office.rights import things
from office.rights.people import AT, OWN_DEPARTMENT
from organizations.models import User
from procurement import permissions

May = Callable[[User, str], Verdict]
"""Whether somebody may, when the thing is in a state."""


@dataclass(frozen=True, slots=True)
class Act:
    """Operations that require one permission, of one kind of thing."""

    operations: tuple[str, ...]
    """Each as ``module.function`` under ``procurement.operations``, or as ``app.module.function`` of another app."""
    asks: str
    """The name of the permission."""
    states: tuple[str, ...]
    may: May
    when: str = ""
    """When the permission is asked, if it is not always."""


def of(permission: Callable[..., Verdict], thing: Callable[[str], Any], **facts: Any) -> May:
    """Ask a permission of one kind of thing."""
    return lambda by, state: permission(by, thing(state), at=AT, **facts)


def _may_receive(by: User, state: str) -> Verdict:
    return permissions.can_receive(by, things.line(state), deciders={}, at=AT)


def _may_cancel(by: User, state: str, *, permission: Callable[..., Verdict]) -> Verdict:
    return permission(by, things.order(state), at=AT, lines=things.ordered_lines())


def _may_write(by: User, state: str) -> Verdict:
    return permissions.can_write_about(by, things.latest_line(state), is_asked=False, at=AT)


def _may_ask_in(by: User, state: str) -> Verdict:
    return _may_write(by, state) and permissions.can_ask_in(by, things.latest_line(state), at=AT)


def _may_settle(by: User, state: str) -> Verdict:
    is_open = state == things.COMPLAINTS[0]
    return permissions.can_settle(by, things.complaint(), is_open=is_open, deciders={}, at=AT)


def _may_move_basket(by: User, state: str) -> Verdict:
    return permissions.can_move_basket(by, things.basket(state), OWN_DEPARTMENT, at=AT)


ACTS: Mapping[str, tuple[Act, ...]] = {
    "Baskets": (
        Act(
            (
                "baskets.add_item",
                "baskets.add_free_text",
                "baskets.add_service",
                "baskets.set_quantity",
                "baskets.save_details",
                "accounts.set_accounts",
                "filling.fill",
                "filling.scan",
                "copying.copy_lines",
                "requisitions.submit",
            ),
            "can_change_basket",
            things.BASKETS,
            of(permissions.can_change_basket, things.basket),
        ),
        Act(("moving_baskets.move_basket",), "can_move_basket", things.BASKETS, _may_move_basket),
        Act(
            (
                "baskets.open_basket",
                "requisitions.place",
                "templates.make_template",
                "templates.change_template",
                "templates.remove_template",
                "templates.keep_template",
                "templates.fill_from_template",
            ),
            "can_order_anew_for",
            things.ALWAYS,
            lambda by, _state: permissions.can_order_anew_for(by, OWN_DEPARTMENT, at=AT),
        ),
    ),
    "Lines": (
        Act(
            (
                "decisions.approve",
                "decisions.adjust",
                "decisions.substitute",
                "decisions.return_with_question",
                "decisions.reject",
            ),
            "can_decide",
            things.LINES,
            of(permissions.can_decide, things.line, attesters=()),
        ),
        Act(("decisions.undo",), "can_undo", things.LINES, of(permissions.can_undo, things.line)),
        Act(
            (
                "decisions.reassign_category",
                "rank_refusals.register_rank_refusal",
            ),
            "can_reassign",
            things.LINES,
            of(permissions.can_reassign, things.line),
        ),
        Act(
            ("tying.tie_to_competition", "tying.untie_from_competition"),
            "can_tie",
            things.LINES,
            of(permissions.can_tie, things.line),
        ),
        Act(
            ("handing_over.hand_over",),
            "can_hand_over",
            things.LINES,
            of(permissions.can_hand_over, things.line),
        ),
        Act(("accounts.rebook",), "can_rebook", things.LINES, of(permissions.can_rebook, things.line)),
        Act(
            ("day_wishes.wish_for_day",),
            "can_wish_for_day",
            things.LINES,
            of(permissions.can_wish_for_day, things.line),
        ),
        Act(
            ("day_wishes.decline_day",),
            "can_decline_day",
            things.LINES,
            of(permissions.can_decline_day, things.line),
        ),
        Act(("amendments.answer",), "can_answer", things.LINES, of(permissions.can_answer, things.line)),
        Act(("amendments.revise_line",), "can_revise", things.LINES, of(permissions.can_revise, things.line)),
        Act(
            ("amendments.withdraw_line",),
            "can_withdraw",
            things.LINES,
            of(permissions.can_withdraw, things.line),
        ),
        Act(
            ("amendments.accept_price", "amendments.decline_price"),
            "can_answer_about_price",
            things.ASKED,
            of(permissions.can_answer_about_price, things.awaiting_line),
        ),
        Act(("conversations.write",), "can_write_about", things.LINES, _may_write),
        Act(
            ("conversations.write",),
            "can_ask_in",
            things.LINES,
            _may_ask_in,
            when="besides, when others are asked in",
        ),
        Act(("receipts.receive",), "can_receive", things.ALLOCATED, _may_receive),
    ),
    "Attests": (
        Act(
            ("attests.attest", "attests.refuse_attest"),
            "can_attest",
            things.ATTESTS,
            of(permissions.can_attest, things.attest, deciders=()),
        ),
    ),
    "Purchase orders": (
        Act(
            ("orders.consolidate",),
            "can_consolidate",
            things.ALWAYS,
            lambda by, _state: permissions.can_consolidate(by, at=AT),
        ),
        Act(
            ("orders.cancel_order",),
            "can_cancel_order",
            things.ORDERS,
            partial(_may_cancel, permission=permissions.can_cancel_order),
        ),
        Act(
            ("reducing.reduce_order",),
            "can_reduce_order",
            things.ORDERS,
            partial(_may_cancel, permission=permissions.can_reduce_order),
        ),
        Act(
            ("other_days.ask_for_other_days",),
            "can_ask_for_other_days",
            things.ORDERS,
            partial(_may_cancel, permission=permissions.can_ask_for_other_days),
        ),
        Act(
            ("resending.retry_sending", "resending.confirm_received_by_supplier"),
            "can_retry_sending",
            things.ORDERS,
            partial(_may_cancel, permission=permissions.can_retry_sending),
        ),
        Act(
            ("answers.register_answer", "answers.take_in_answer"),
            "can_register_answer",
            things.ORDERS,
            partial(_may_cancel, permission=permissions.can_register_answer),
        ),
        Act(
            ("settling.settle_changes",),
            "can_settle_changes",
            things.ORDERS,
            partial(_may_cancel, permission=permissions.can_settle_changes),
        ),
    ),
    "Receipts": (
        Act(
            ("returning.take_back",),
            "can_take_back",
            things.RECEIVED,
            of(permissions.can_take_back, things.received_row, deciders={}),
        ),
        Act(
            ("returning.send_back",),
            "can_send_back",
            things.RECEIVED,
            of(permissions.can_send_back, things.received_row, deciders={}),
        ),
    ),
    "Proposed suppliers": (
        Act(
            ("examining.examine",),
            "can_examine",
            things.PROPOSED,
            of(permissions.can_examine, things.proposed_supplier),
        ),
    ),
    "Complaints": (Act(("complaints.settle_complaint",), "can_settle", things.COMPLAINTS, _may_settle),),
}
"""The parts of the page, each with its tables."""
