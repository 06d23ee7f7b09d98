"""A walk under an agreement whose suppliers compete: what is asked for waits, is tied, bid for, won or called off, and raised in price."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from agreements.models import Agreement, AgreementSupplier, PriceClause, Supplier
from catalog.models import Item, ItemCeiling, Price, PriceProposal, RenewedCompetition
from catalog.operations.bid_prices import OfferedPrice
from catalog.operations.competition_decisions import award_competition, cancel_competition
from catalog.operations.competition_news import tell_of_ended
from catalog.operations.competitions import invite_supplier, register_bid, start_competition
from catalog.operations.price_decisions import approve_prices, reject_prices
from catalog.operations.price_proposals import propose_prices
from catalog.states import BidOutcome, CompetitionStatus
from organizations.models import User
from procurement.models import RejectionReason, RequisitionLine
from procurement.operations import amendments, baskets, decisions, requisitions, sending, tying
from procurement.operations.competed import follow_competitions
from procurement.operations.price_questions import ask_about_prices
from procurement.operations.rerouting import reroute_waiting
from procurement.states import LineStatus
from tests.cast import Cast
from tests.competing import demanded, newcomer
from tests.invariants.walk import Walk


class Competitions(Walk):
    """The walk where nothing is ordered before somebody has won it, under ceilings that suffice."""

    def __init__(self, cast: Cast, seed: int) -> None:
        super().__init__(cast, seed)
        demanded(cast)
        Agreement.objects.update(ceiling_amount=Decimal(100_000_000), price_clause=PriceClause.INDEX)
        ItemCeiling.objects.update(ceiling_quantity=Decimal(1_000_000))
        self.acts = [
            self.place, self.need, self.need, self.start, self.start, self.join, self.invite, self.bid, self.bid,
            self.award, self.award, self.call_off, self.tie, self.tie, self.tie, self.untie, self.approve, self.approve,
            self.approve_needs, self.adjust, self.substitute, self.ask, self.ask, self.answer, self.reject, self.undo,
            self.withdraw, self.revise, self.move, self.attest, self.accept_price, self.consolidate, self.send_all,
            self.raise_price, self.decide_raise, self.pass_days, self.clock, self.clock,
        ]  # fmt: skip

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    def days(self, most: int) -> timedelta:
        return timedelta(days=self.random.randint(0, most))

    def manager(self) -> User:
        """Mostly who answers for the agreement."""
        return self.person(self.cast.manager, self.cast.manager, self.cast.head)

    def agreement(self) -> Agreement:
        return Agreement.objects.select_related("category").get(pk=self.cast.agreement.pk)

    def need(self) -> object:
        """Something in words, of what the agreement is for."""
        cast, by = self.cast, self.orderer()
        basket = baskets.open_basket(department=cast.ward, by=by, at=self.at)
        baskets.add_free_text(
            basket=basket, description="Specialhandskar", specification="",
            category=self.random.choice([cast.gloves_category, cast.medical]), quantity=self.quantity(3), unit="st",
            estimated_unit_price=Decimal(100), suggested_supplier="", by=by, at=self.at,
        )  # fmt: skip
        details = baskets.Details(cast.place, cast.ward, cast.activity, self.today + timedelta(days=7))
        return requisitions.submit(basket=basket, details=details, by=by, at=self.at)

    def start(self) -> object:
        items = self.random.choice([[], [], [self.cast.gloves], [self.cast.gloves, self.cast.gown]])
        return start_competition(
            agreement=self.agreement(), subject=f"Omgång {self.random.randint(1, 6)}", invited_date=self.today,
            bids_by_date=self.today + timedelta(days=1) + self.days(2), items={each: self.quantity() for each in items},
            by=self.manager(), at=self.at,
        )  # fmt: skip

    def competition(self, *, is_open: bool = True) -> RenewedCompetition | None:
        """Mostly an open one."""
        competitions = RenewedCompetition.objects.order_by("pk")
        if is_open and self.random.random() < 0.9:
            competitions = competitions.filter(status=CompetitionStatus.OPEN)
        every = list(competitions)
        return self.random.choice(every) if every else None

    def join(self) -> object:
        """A third supplier comes to the agreement, once."""
        _made, is_new = AgreementSupplier.objects.get_or_create(
            agreement=self.cast.agreement, supplier=newcomer(), defaults={"rank": 3}
        )
        return is_new

    def invite(self) -> object:
        competition = self.competition()
        return competition and invite_supplier(
            competition=competition,
            supplier=newcomer(),
            invited_date=self.today,
            by=self.manager(),
            at=self.at,
        )

    def bid(self) -> object:
        """One of the invited answers, with a price of each item, in its own pack or by the carton, or of some."""
        competition = self.competition()
        if competition is None:
            return None
        invited = list(Supplier.objects.filter(competition_bids__competition=competition).order_by("pk"))
        outcome = self.random.choice([BidOutcome.BID] * 4 + [BidOutcome.DECLINED])
        items = [each.item for each in competition.items.select_related("item").order_by("item")]
        if items and self.random.random() < 0.1:
            items = items[1:]
        prices = [self.offer(each) for each in items] if outcome == BidOutcome.BID else []
        return register_bid(
            competition=competition, supplier=self.random.choice(invited), outcome=outcome,
            amount=Decimal(self.random.randint(500, 900)) if outcome == BidOutcome.BID else None, prices=prices,
            by=self.manager(), at=self.at,
        )  # fmt: skip

    def offer(self, item: Item) -> OfferedPrice:
        price = Decimal(self.random.randint(40, 160))
        if self.random.random() < 0.2:
            return OfferedPrice(item, price * 10, "kartong", item.units_per_order_unit * 10)
        return OfferedPrice(item, price)

    def award(self) -> object:
        competition = self.competition()
        if competition is None:
            return None
        bidding = competition.bids.filter(outcome=BidOutcome.BID).order_by("pk")
        winner = self.random.choice(
            [each.supplier for each in bidding.select_related("supplier")] or [newcomer()]
        )
        first = self.today + self.days(3)
        return award_competition(
            competition=competition, winner=winner, from_date=first, through_date=first + self.days(20), reason="Bäst",
            by=self.manager(), at=self.at,
        )  # fmt: skip

    def call_off(self) -> object:
        competition = self.competition() if self.random.random() < 0.6 else None
        return competition and cancel_competition(
            competition=competition, reason="Föll bort", by=self.manager(), at=self.at
        )

    def waiting_need(self) -> RequisitionLine | None:
        """Mostly a need that is not decided."""
        if self.random.random() < 0.1:
            return self.line(*LineStatus)
        needs = list(RequisitionLine.objects.undecided().filter(item=None).order_by("pk"))
        return self.random.choice(needs) if needs else None

    def tie(self) -> object:
        line, competition = self.waiting_need(), self.competition()
        if line is None or competition is None:
            return None
        return tying.tie_to_competition(line=line, competition=competition, by=self.decider(), at=self.at)

    def untie(self) -> object:
        line = self.waiting_need()
        return line and tying.untie_from_competition(line=line, by=self.decider(), at=self.at)

    def approve(self) -> object:
        """Lines of items, at any price that has been said yes to."""
        candidates = list(
            RequisitionLine.objects.filter(status=LineStatus.AWAITING, item__isnull=False).order_by("pk")
        )
        lines = self.random.sample(candidates, k=min(len(candidates), 4))
        return lines and decisions.approve(
            lines=lines,
            by=self.decider(),
            at=self.at,
            unit_prices={each.pk: Decimal(10_000) for each in lines},
        )

    def approve_needs(self) -> object:
        """From any of the agreement's suppliers, or outside it."""
        line = self.waiting_need()
        agreement = self.random.choice([self.agreement(), self.agreement(), None])
        supplier = self.random.choice([self.cast.supplier, self.cast.paper_supplier, newcomer()])
        return line and decisions.approve(
            lines=[line],
            supplier=supplier,
            agreement=agreement,
            unit_price=Decimal(100),
            by=self.decider(),
            at=self.at,
        )

    def move(self) -> object:
        """To another category, or back."""
        line = self.waiting_need()
        category = self.random.choice([self.cast.gloves_category, self.cast.office])
        return line and decisions.reassign_category(
            line=line, category=category, by=self.decider(), at=self.at
        )

    def accept_price(self) -> object:
        line = RequisitionLine.objects.undecided().exclude(asked_unit_price=None).order_by("pk").first()
        return line and amendments.accept_price(
            line=line, unit_price=line.asked_unit_price, by=self.orderer(), at=self.at
        )

    def raise_price(self) -> object:
        """Some price of a supplier is to rise on a day that comes, where nobody has asked for that already."""
        day = self.today + timedelta(days=1) + self.days(25)
        free = Price.objects.filter(agreement=self.cast.agreement, valid_during__contains=day).exclude(
            proposals__proposal__status="proposed"
        )
        prices = list(free.order_by("pk"))
        if not prices:
            return None
        price = self.random.choice(prices)
        return propose_prices(
            agreement=self.agreement(), prices={price: price.unit_price + 3}, from_date=day, reason="Dyrare",
            volumes={}, by=User.objects.get(pk=self.cast.deputy.pk), at=self.at,
        )  # fmt: skip

    def decide_raise(self) -> object:
        waiting = list(PriceProposal.objects.undecided().order_by("pk"))
        if not waiting:
            return None
        decide = self.random.choice([approve_prices, approve_prices, reject_prices])
        return decide(proposal=self.random.choice(waiting), reason="Så", by=self.manager(), at=self.at)

    def send_all(self) -> object:
        return sending.send_due(at=self.at)

    def pass_days(self) -> object:
        self.at += timedelta(days=1) + self.days(2)
        return True

    def clock(self) -> object:
        """Whatever runs by itself: lines follow their competitions, and people are told and asked."""
        follow_competitions(at=self.at)
        tell_of_ended(at=self.at)
        ask_about_prices(at=self.at)
        reroute_waiting(at=self.at)
        return True

    def end(self) -> None:
        """Call off what is going on, and let the head say no to all that waits."""
        head = User.objects.get(pk=self.cast.head.pk)
        for competition in RenewedCompetition.objects.filter(status=CompetitionStatus.OPEN).order_by("pk"):
            cancel_competition(competition=competition, reason="Slut", by=head, at=self.at)
        self.clock()
        for line in RequisitionLine.objects.filter(status=LineStatus.RETURNED).order_by("pk"):
            amendments.answer(line=line, text="Ja", by=line.requisition.requester, at=self.at)
        waiting = list(RequisitionLine.objects.filter(status=LineStatus.AWAITING).order_by("pk"))
        decisions.reject(
            lines=waiting, reason_code=RejectionReason.NOT_NEEDED, comment="", by=head, at=self.at
        )
