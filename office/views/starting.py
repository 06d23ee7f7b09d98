"""Kom igång: what a region needs before the first order; and whether it is ready."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.views import let_in
from office.permissions import can_see_registers
from office.readiness import holes_on
from office.steps import steps_for
from organizations.requests import PersonRequest
from registers.register import REGISTERS


@require_safe
def getting_started(request: PersonRequest) -> HttpResponse:
    """Show each step, with how much is there, what is missing and what to do next."""
    at = timezone.now()
    let_in(can_see_registers(request.user, at))
    steps = steps_for(request.user, at=at)
    needed_steps = [step for step in steps if step.is_needed]
    context = {
        "steps": steps,
        "done": sum(step.is_done for step in needed_steps),
        "needed": len(needed_steps),
        "next": next((step for step in needed_steps if not step.is_done), None),
    }
    return render(request, "office/getting_started.html", context)


@require_safe
def readiness(request: PersonRequest) -> HttpResponse:
    """Show every hole that would stop or misroute an order."""
    at = timezone.now()
    let_in(can_see_registers(request.user, at))
    holes = []
    for hole in holes_on(timezone.localdate(at)):
        register = REGISTERS[hole.register]
        may_write = bool(register.may_write_rows(request.user, at))
        holes.append(
            {
                "hole": hole,
                "register": register,
                "address": hole.address(may_write=may_write),
                "rows": [(str(each), each.address(may_write=may_write)) for each in hole.rows],
            }
        )
    return render(request, "office/readiness.html", {"found": holes})
