"""How agreements are called off, at both doors: renewed competitions, and suppliers who refuse."""

from decimal import Decimal
from typing import Any

from agreements.models import Agreement, AgreementSupplier
from catalog.models import BidPrice, CompetitionBid, CompetitionItem, Price, RenewedCompetition
from catalog.operations.competitions import register_bid, start_competition
from procurement.models import RankRefusal, RequisitionLine
from procurement.operations import decisions
from procurement.operations.rank_refusals import register_rank_refusal
from procurement.operations.tying import tie_to_competition
from tests import worlds
from tests.api.doors import Case
from tests.cast import NOW, TODAY, Cast
from tests.catalog.test_competitions import need
from tests.competing import THROUGH, bid, demanded, newcomer, started
from tests.procurement.events import ranked_behind

ALSO = (Agreement, RenewedCompetition, CompetitionBid, CompetitionItem, BidPrice, Price)
STARTED = {
    "subject": "Handskar till hösten", "invited_date": TODAY.isoformat(), "bids_by_date": THROUGH.isoformat(),
    "diary_number": "RS 2021/123",
}  # fmt: skip
AWARD = {"from_date": TODAY.isoformat(), "through_date": THROUGH.isoformat(), "reason": "Lägst pris"}


def opened(cast: Cast) -> RenewedCompetition:
    """The time to bid is over, and one bid is registered."""
    return bid(cast, started(cast, cast.gloves), cast.supplier)


def start_at_api(cast: Cast, made: Agreement) -> tuple[str, dict[str, Any]]:
    return "competitions/", {
        **STARTED,
        "agreement": made.number,
        "items": [{"item": cast.gloves.number, "quantity": "40"}, {"item": cast.gown.number}],
    }


def start_at_web(cast: Cast, made: Agreement) -> tuple[str, dict[str, Any]]:
    items = f"{cast.gloves.number} 40\n{cast.gown.number}"
    return f"/avtal/{made.pk}/konkurrens/ny/", {**STARTED, "items": items}


def at_api(verb: str, **body: Any) -> Any:
    return lambda cast, competition: (f"competitions/{competition.pk}/{verb}/", body)


def at_web(verb: str, **form: Any) -> Any:
    return lambda cast, competition: (
        f"/avtal/{competition.agreement_id}/konkurrens/{competition.pk}/{verb}/",
        form,
    )


def answer_at_api(outcome: str, **more: Any) -> Any:
    return lambda cast, competition: (
        f"competitions/{competition.pk}/register-bid/",
        {"supplier": cast.paper_supplier.org_number, "outcome": outcome, **more},
    )


def answer_at_web(outcome: str, **more: Any) -> Any:
    return lambda cast, competition: (
        f"/avtal/{competition.agreement_id}/konkurrens/{competition.pk}/svar/{cast.paper_supplier.pk}/",
        {"outcome": outcome, **more},
    )


def prices_at_api(cast: Cast, made: RenewedCompetition) -> tuple[str, dict[str, Any]]:
    """Gloves by the carton of 20 boxes; the amount follows."""
    carton = {"unit_price": "1100", "order_unit": "kartong", "units_per_order_unit": "2000"}
    return f"competitions/{made.pk}/register-bid/", {
        "supplier": cast.paper_supplier.org_number,
        "outcome": "bid",
        "prices": [{"item": cast.gloves.number, **carton}],
    }


def prices_at_web(**more: str) -> Any:
    form = {"outcome": "bid", "amount": "", "price_0": "1100", "unit_0": "Kartong", "pack_0": "2000", **more}
    return lambda cast, competition: (
        f"/avtal/{competition.agreement_id}/konkurrens/{competition.pk}/svar/{cast.paper_supplier.pk}/",
        form,
    )


def unpriced(cast: Cast) -> RenewedCompetition:
    """The only bid has an amount, and no prices."""
    return register_bid(
        competition=started(cast, cast.gloves), supplier=cast.supplier, outcome="bid", amount=Decimal(5000), by=cast.manager,
        at=NOW,
    )  # fmt: skip


def sealed(cast: Cast) -> RenewedCompetition:
    """Bids may come until long from now."""
    return start_competition(
        agreement=demanded(cast), subject="Rockar", invited_date=TODAY, bids_by_date=THROUGH, by=cast.manager, at=NOW
    )  # fmt: skip


def joined_later(cast: Cast) -> RenewedCompetition:
    """A supplier has joined the agreement since the others were invited."""
    competition = sealed(cast)
    AgreementSupplier.objects.create(agreement=competition.agreement, supplier=newcomer(), rank=3)
    return competition


def invite_at_api(cast: Cast, made: RenewedCompetition) -> tuple[str, dict[str, Any]]:
    body = {"supplier": newcomer().org_number, "invited_date": TODAY.isoformat()}
    return f"competitions/{made.pk}/invite-supplier/", body


def invite_at_web(cast: Cast, made: RenewedCompetition) -> tuple[str, dict[str, Any]]:
    address = f"/avtal/{made.agreement_id}/konkurrens/{made.pk}/bjud-in/{newcomer().pk}/"
    return address, {"invited_date": TODAY.isoformat()}


def award_at_api(**more: Any) -> Any:
    return lambda cast, competition: (
        f"competitions/{competition.pk}/award/",
        {**AWARD, "winner": cast.supplier.org_number, **more},
    )


def award_at_web(**more: Any) -> Any:
    return lambda cast, competition: (
        f"/avtal/{competition.agreement_id}/konkurrens/{competition.pk}/tilldela/",
        {**AWARD, "winner": cast.supplier.pk, **more},
    )


COMPETITIONS = [
    Case("start_competition", demanded, "manager", start_at_api, start_at_web, also=ALSO),
    Case("start_competition", demanded, "controller", start_at_api, start_at_web, "not_your_agreement", ALSO),
    Case("invite_supplier", joined_later, "manager", invite_at_api, invite_at_web, also=ALSO),
    Case("invite_supplier", joined_later, "budget_holder", invite_at_api, invite_at_web, "not_your_agreement", ALSO),
    Case("register_bid", opened, "manager", answer_at_api("bid", amount="900"), answer_at_web("bid", amount="900"), also=ALSO),
    Case("register_bid, priced", opened, "manager", prices_at_api, prices_at_web(), also=ALSO),
    Case("register_bid, none", opened, "head", answer_at_api("declined"), answer_at_web("declined", amount=""), also=ALSO),
    Case(
        "register_bid", sealed, "manager", answer_at_api("bid", amount="900"), answer_at_web("bid", amount="900"),
        "competition_bids_are_sealed", ALSO,
    ),
    Case("award_competition", opened, "manager", award_at_api(), award_at_web(), also=ALSO),
    Case(
        "award_competition", opened, "manager", award_at_api(through_date="2021-05-01"),
        award_at_web(through_date="2021-05-01"), "competition_award_period", ALSO,
    ),
    Case(
        "award_competition", unpriced, "manager", award_at_api(), award_at_web(), "competition_winner_has_no_prices", ALSO,
    ),
    Case(
        "cancel_competition", opened, "manager", at_api("cancel", reason="Behovet föll bort"),
        at_web("avbryt", reason="Behovet föll bort"), also=ALSO,
    ),
    Case(
        "cancel_competition", opened, "auditor", at_api("cancel", reason="x"), at_web("avbryt", reason="x"),
        "not_your_agreement", ALSO,
    ),
]  # fmt: skip


def behind(cast: Cast) -> RequisitionLine:
    """A waiting line from a supplier that another comes before in rank."""
    line = worlds.line(cast)
    ranked_behind(cast)
    return line


def refusal_at_api(**more: Any) -> Any:
    body = {"reason": "Slut", **more}
    return lambda cast, line: (
        f"lines/{line.pk}/register-refusal/",
        {"supplier": cast.paper_supplier.org_number, **body},
    )


def refusal_at_web(**more: Any) -> Any:
    form = {"reason": "Slut", **more}
    return lambda cast, line: (f"/rader/{line.pk}/nekad/", {"supplier": cast.paper_supplier.pk, **form})


def refused_already(cast: Cast) -> RequisitionLine:
    """It is registered that the first has said no."""
    return register_rank_refusal(
        line=behind(cast), supplier=cast.paper_supplier, reason="Slut", by=cast.manager, at=NOW
    )


COMPETITIONS += [
    Case("register_rank_refusal", behind, "manager", refusal_at_api(), refusal_at_web(), also=[RankRefusal]),
    Case(
        "register_rank_refusal", refused_already, "manager", refusal_at_api(), refusal_at_web(),
        "refusal_is_registered", [RankRefusal],
    ),
]  # fmt: skip


def waiting_need(cast: Cast) -> RequisitionLine:
    """A need in words, and an open competition that it could wait for."""
    started(cast)
    return need(cast)


def tied_need(cast: Cast) -> RequisitionLine:
    """It waits for the competition."""
    line = waiting_need(cast)
    return tie_to_competition(
        line=line, competition=RenewedCompetition.objects.get(), by=cast.manager, at=NOW
    )


def asked_need(cast: Cast) -> RequisitionLine:
    """It waits for an answer."""
    line = waiting_need(cast)
    return decisions.return_with_question(
        lines=[line], question="Vilken storlek?", by=cast.head, at=NOW
    ).only()


def waiting_item(cast: Cast) -> RequisitionLine:
    """A line of an item, and an open competition about needs."""
    line = worlds.line(cast)
    started(cast)
    return line


def the_competition() -> int | None:
    """The id of the only one; None where there is none."""
    return RenewedCompetition.objects.values_list("pk", flat=True).first()


def tie_at_api(cast: Cast, made: RequisitionLine) -> tuple[str, dict[str, Any]]:
    return f"lines/{made.pk}/tie/", {"competition": the_competition()}


def tie_at_web(cast: Cast, made: RequisitionLine) -> tuple[str, dict[str, Any]]:
    return f"/rader/{made.pk}/konkurrens/", {"competition": the_competition()}


def untie_at_api(cast: Cast, made: RequisitionLine) -> tuple[str, dict[str, Any]]:
    return f"lines/{made.pk}/untie/", {}


def untie_at_web(cast: Cast, made: RequisitionLine) -> tuple[str, dict[str, Any]]:
    return f"/rader/{made.pk}/konkurrens/ta-bort/", {}


COMPETITIONS += [
    Case("tie_to_competition", waiting_need, "manager", tie_at_api, tie_at_web, also=ALSO),
    Case("tie_to_competition, asked", asked_need, "manager", tie_at_api, tie_at_web, also=ALSO),
    Case("tie_to_competition", waiting_item, "manager", tie_at_api, tie_at_web, "line_is_no_need", ALSO),
    Case("tie_to_competition", tied_need, "manager", tie_at_api, tie_at_web, "need_is_tied", ALSO),
    Case("tie_to_competition", waiting_need, "controller", tie_at_api, tie_at_web, "not_your_line", ALSO),
    Case("untie_from_competition", tied_need, "head", untie_at_api, untie_at_web, also=ALSO),
    Case("untie_from_competition", waiting_need, "manager", untie_at_api, untie_at_web, "need_is_not_tied", ALSO),
    Case("untie_from_competition", tied_need, "controller", untie_at_api, untie_at_web, "not_your_line", ALSO),
]  # fmt: skip
