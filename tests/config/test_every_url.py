"""
Every address as every role: what each is answered.

The table is read by a person: a 200 where there should be a 403 or a 404 is a door left open. ``make_table`` in this
module writes it anew when an address is added.
"""

import re
from collections.abc import Container, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import get_resolver

from agreements.models import Agreement, AgreementOption, AgreementSupplier, CallOffMethod
from assortment.models import Candidate, CandidateKind, CouncilSeat, MissedSearch, Proposal
from catalog.models import PriceProposal, RenewedCompetition, Substitution
from catalog.operations.competitions import start_competition
from categories.models import CategoryAssignment
from categories.operations.delegations import delegate
from governance.models import (
    BoardAssignment,
    Guideline,
    ImplementationPlan,
    Onboarding,
    PlannedActivity,
    Recommendation,
)
from notices.models import Letter, Notice
from notices.operations.mailing import gather
from notices.operations.telling import News, tell
from organizations.models import Absence, DirectoryKey, KeyScope, User
from organizations.operations.api_tokens import create_token
from procurement.models import (
    AwardRecord,
    Complaint,
    Deviation,
    OrderTemplate,
    PurchaseOrder,
    Recall,
    RecallUnit,
    Receipt,
    Severity,
    SupplierProposal,
)
from procurement.notices import QUESTION
from procurement.operations import receipts
from procurement.operations.recalls import recall
from procurement.operations.templates import TemplateFacts, make_template
from provisioning.operations.keys import create_directory_key
from registers.listing import Selection
from registers.models import Import, ListFile
from registers.operations.imports import request_import, run_import
from registers.operations.lists import request_list, run_list
from registers.register import REGISTERS
from reporting.models import FollowUpReport, Saving, SavingInitiative
from spend.models import BookedCost
from tests import worlds
from tests.assortment import worlds as assortment
from tests.cast import ALWAYS, NOW, TODAY, Cast, category, person
from tests.catalog.illustrating import document, picture
from tests.catalog.proposing import may_rise, proposed
from tests.governance import worlds as governed
from tests.long import LONG, takes_long
from tests.pages import signed_in
from tests.procurement.proposing import proposed as propose_supplier
from tests.reporting import follow_ups, initiatives
from tests.repository.test_urls import PUBLIC, addresses

TABLE = Path(__file__).with_suffix(".txt")
ROLES = {
    "requester": "orders for the ward, and asked for everything here",
    "stranger": "orders for another department",
    "manager": "answers for medical supplies",
    "deputy": "is deputy there while the manager is at work, and answers for office supplies",
    "other_manager": "answers for another category",
    "budget_holder": "attests for the ward",
    "controller": "is finance",
    "head": "is head of procurement",
    "auditor": "is auditor",
    "administrator": "runs the system",
    "nobody": "has an account and no role",
}
"""Who is asked about, in the order of the table's columns."""

SHUT_OUT = {"stranger", "nobody"}
"""
Those to whom most must be closed.

An ordinary run asks each address as one of them: as the stranger where she must be shut out, else as who has no role.
`make test-long` asks every address as everybody.
"""

ELSEWHERE = {"logout_everywhere"}
"""Ends the session that asks."""


@pytest.fixture(scope="module")
def people(stage: Cast) -> dict[str, User]:
    """A world in which every address has something to show, and who looks at it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.utils.timezone.now", lambda: NOW)
        return world(stage)


def world(cast: Cast) -> dict[str, User]:
    """Make it, and tell who plays each role."""
    (order,) = worlds.ordered(cast)
    worlds.submitted(cast, (cast.gloves, 1), (cast.chair, 3))
    worlds.basket(cast, (cast.gown, 1))
    make_template(department=cast.ward, facts=TemplateFacts("x"), wishes=[], by=cast.requester, at=NOW)
    food = category("90", "Livsmedel", account=cast.account)
    CategoryAssignment.objects.create(category=food, manager=cast.office_deputy, valid_during=ALWAYS)
    cast.office.assignments.update(deputy=None)
    cast.services.assignments.update(deputy=None)
    Agreement.objects.update(long_term_reason="x")
    AgreementOption.objects.create(agreement=cast.agreement, number=1, months=12, decide_by_date=TODAY)
    week = DateRange(TODAY + timedelta(days=7), TODAY + timedelta(days=14))
    Absence.objects.create(user=cast.manager, during=week)
    delegate(delegator=cast.head, delegate=cast.auditor, valid_during=week, reason="x", by=cast.head, at=NOW)
    create_token(user=cast.requester, name="x", days=30, scope=KeyScope.READ, by=cast.requester, at=NOW)
    allocation = order.lines.get().allocations.get().pk
    entry = receipts.ReceiptEntry(allocation, Decimal(1), Deviation.DAMAGED, Decimal(1))
    receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)
    Substitution.objects.create(from_item=cast.chair, to_item=cast.gown, valid_during=ALWAYS)
    gloves_recall = recall(
        item=cast.gown,
        reason="x",
        severity=Severity.INFORM,
        since_date=TODAY,
        batch="x",
        by=cast.manager,
        at=NOW,
    )
    RecallUnit.objects.create(recall=gloves_recall, department=cast.ward, told_at=NOW)
    AwardRecord.objects.create(
        order=order,
        line=order.lines.get().allocations.get().line,
        contract_date=TODAY,
        due_date=TODAY + timedelta(days=30),
        amount=1,
    )
    create_directory_key(name="x", directory="region", days=30, by=None, at=NOW)
    tell([News(cast.requester.pk, QUESTION, "/x/")], by=None, at=NOW)
    gather(at=NOW)
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast, effective=date(2020, 6, 1))
    initiatives.computed()
    initiatives.frozen(cast, initiatives.initiative(cast, effective=date(2021, 3, 1)))
    follow_ups.built(cast)
    CouncilSeat.objects.create(category=cast.medical, user=cast.colleague, valid_during=ALWAYS)
    search = MissedSearch.objects.create(
        text="xylofon", first_at=NOW, last_at=NOW, category=cast.gloves_category
    )
    search.places.create(department=cast.ward, times=1)
    proposal = assortment.proposed(cast)
    Candidate.objects.create(
        key="x",
        kind=CandidateKind.NEEDS,
        category=cast.gloves_category,
        title="x",
        unit="st",
        cheapest_price=1,
        dearest_price=2,
        choices=1,
        times=2,
        departments=1,
        amount=3,
        worth=1,
        computed_on=TODAY,
    )
    assert proposal.category == cast.gloves_category
    run_import(
        of_import=request_import(
            register=REGISTERS["departments"],
            file_name="x.csv",
            content=BytesIO(b"Ansvar;Namn\n2140;Nytt namn\n"),
            by=cast.administrator,
            at=NOW,
        ),
        at=NOW,
    )
    user_by_role = {"other_manager": cast.office_deputy, "nobody": person("ny.anstalld", "Ny", "Anställd")}
    made_list = request_list(
        selection=Selection.of(REGISTERS["departments"], {}), by=cast.administrator, at=NOW
    )
    run_list(of_list=made_list, at=NOW)
    picture(cast, item=cast.gloves)
    document(cast, item=cast.gloves)
    may_rise(cast)
    proposed(cast)
    Agreement.objects.update(call_off_method=CallOffMethod.MINI_COMPETITION)
    start_competition(
        agreement=cast.agreement, subject="x", invited_date=TODAY, bids_by_date=TODAY + timedelta(days=9),
        by=cast.manager, at=NOW,
    )  # fmt: skip
    Agreement.objects.update(call_off_method=CallOffMethod.SINGLE)
    AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)
    propose_supplier(cast, by=cast.colleague)
    BookedCost.objects.create(source="x", number="1", booked_date=TODAY, account="4010", amount=1)
    governed.adopted(cast)
    governed.draft(cast)
    governed.carried_out(cast)
    governed.reported(cast)
    governed.activity(cast)
    governed.onboarding(cast)
    return {role: user_by_role.get(role) or getattr(cast, role) for role in ROLES}


def places(cast: Cast) -> dict[str, object]:
    """What stands at each place in an address, by the pattern that finds it: the number of something that is there."""
    requisition = cast.requester.requisitions.filter(submitted_at__isnull=False).latest("pk")
    order = PurchaseOrder.objects.get()
    report = FollowUpReport.objects.get()
    basket = cast.requester.requisitions.get(submitted_at=None)
    return {
        r"(korg/rader)/1/": basket.lines.get().pk,
        r"(besparingar/rader)/1/": Saving.objects.earliest("pk").pk,
        r"((?<!guide)lines|(?<!besparingar/)rader)/1/": requisition.lines.get(item=cast.gloves).pk,
        r"(requisitions)/1/": requisition.pk,
        r"(baskets)/1/": basket.pk,
        r"(korg/flytta)/1/": basket.pk,
        r"(mallar|order-templates)/1/": OrderTemplate.objects.get().pk,
        r"(attests|attester)/1/": requisition.attests.get().pk,
        r"(orders)/1/": order.pk,
        r"(award-records|direktupphandlingar)/1/": AwardRecord.objects.get().pk,
        r"(direktupphandlingar/i)/1/": cast.authority.pk,
        r"(direktupphandlingar/i/[0-9]+)/x/": cast.medical.code,
        r"(inkopsordrar)/x/": order.number,
        r"(bestallningar)/x/": requisition.number,
        r"(katalog)/x/": cast.gloves.number,
        r"(artiklar)/x/": cast.gloves.number,
        r"(artikelbilder)/1/": cast.gloves.pictures.get().pk,
        r"(artikeldokument)/1/": cast.gloves.documents.get().pk,
        r"(bilagor)/[0-9-]+/": cast.gloves.pictures.get().attachment.key,
        r"(items)/1/": cast.gloves.number,
        r"(livscykel)/x/": cast.gown.number,
        r"(livscykel/[^/]+)/x/": "standard",
        r"(life-cycles)/1/": cast.gown.number,
        r"(aterkallelser)/1/(?=svara)": RecallUnit.objects.get().pk,
        r"(aterkallelser|recalls)/1/": Recall.objects.get().pk,
        r"(ersattningar)/1/": Substitution.objects.get().pk,
        r"(kategorier)/x/": cast.medical.code,
        r"(kategorier)/1/": cast.medical.pk,
        r"(categories)/1/": cast.medical.code,
        r"(departments)/1/": cast.ward.cost_center,
        r"(suppliers)/1/": cast.supplier.pk,
        r"(konkurrens)/1/": RenewedCompetition.objects.get().pk,
        r"(competitions)/1/": RenewedCompetition.objects.get().pk,
        r"(konkurrens/[0-9]+/svar)/1/": cast.supplier.pk,
        r"(konkurrens/[0-9]+/bjud-in)/1/": cast.paper_supplier.pk,
        r"(avtal|agreements)/1/": Agreement.objects.get().pk,
        r"(absences|franvaro)/1/": Absence.objects.get().pk,
        r"(delegations|delegationer)/1/": cast.head.delegations_given.get().pk,
        r"(personalkatalogen/nycklar)/1/": DirectoryKey.objects.get().pk,
        r"(tokens|api-nycklar)/1/": cast.requester.api_tokens.get().pk,
        r"(notices|notiser)/1/": Notice.objects.filter(recipient=cast.requester).latest("pk").pk,
        r"(notiser/brev)/1/": Letter.objects.get(recipient=cast.requester).pk,
        r"(receipts|mottagningar)/1/": Receipt.objects.get().pk,
        r"(complaints|reklamationer)/1/": Complaint.objects.get().pk,
        r"(leverantorer)/1/": cast.supplier.pk,
        r"(reports|rapporter)/1/": report.pk,
        r"(inlasta-register|register-imports)/1/": Import.objects.get().pk,
        r"(register-fil)/1/": ListFile.objects.get(requested_by=cast.administrator).pk,
        r"(register)/x/inlasningar/": "departments/inlasningar",
        r"(baslinjer|initiatives)/1/": SavingInitiative.objects.latest("pk").pk,
        r"(register/x|registers/x)/1/": cast.ward.pk,
        r"(prisforslag|price-proposals)/1/": PriceProposal.objects.get().pk,
        r"(leverantorsprovningar|supplier-proposals)/1/": SupplierProposal.objects.get().pk,
        r"(?<!pris)(?<!price-)(?<!supplier-)(forslag|proposals)/1/": Proposal.objects.get().pk,
        r"(sokningar|missed-searches)/1/": MissedSearch.objects.get().pk,
        r"(kandidater|standardisation-candidates)/1/": Candidate.objects.get().pk,
        r"(besparingar/rakna)/1/": 0,
        r"(enheter)/1/": cast.ward.pk,
        r"(?<=^/)(enheter)/x/": cast.ward.cost_center,
        r"(personer)/1/": cast.colleague.pk,
        r"(guidelines)/1/": Guideline.objects.drafts().get().pk,
        r"(riktlinje)/1/": Guideline.objects.drafts().get().number,
        r"(paragraf)/1/": Guideline.objects.drafts().get().paragraphs.get().pk,
        r"(rekommendationer|recommendations)/1/": Recommendation.objects.get().pk,
        r"(rekommendationer/[0-9]+)/x/": "verifiera",
        r"(uppdrag|board-assignments)/1/": BoardAssignment.objects.get().pk,
        r"(planer)/x/": ImplementationPlan.objects.get().code,
        r"(aktiviteter|planned-activities)/1/": PlannedActivity.objects.get().pk,
        r"(inforanden|onboardings)/1/": Onboarding.objects.get().pk,
    }


def in_this_world(address: str, things: Mapping[str, object]) -> str:
    """The address with what is there, instead of the sample's."""
    for pattern, value in things.items():
        address = re.sub(pattern, rf"\g<1>/{value}/", address)
    address = address.replace("/files/1/", "/files/pdf/")
    address = address.replace("register/x/", "register/departments/").replace(
        "registers/x/", "registers/departments/"
    )
    address = address.replace("/mallar/x/1/", "/mallar/case/0/").replace("/mallar/x/", "/mallar/case/")
    address = address.replace("/bild/x/", "/bild/progress/")
    address = address.replace("fil.x", "fil.pdf").replace("/skriv/x/", "/skriv/assessment/")
    return re.sub(r"(rapporter/[0-9]+)/x/", r"\1/pdf/", address)


def doors(cast: Cast) -> Iterator[tuple[str, str]]:
    things = places(cast)
    for name, address, _pattern in addresses(get_resolver()):
        if name not in PUBLIC | ELSEWHERE:
            yield name, in_this_world(f"/{address}", things)


def answered(client: Client, address: str) -> str:
    """How the address answers: to reading, or, where it cannot be read, to an empty form; nothing is kept."""
    with transaction.atomic():
        response = client.get(address)
        if response.status_code == 405:
            response = client.post(address)
        if response.streaming:
            list(response)
        transaction.set_rollback(True)
    return str(response.status_code)


def expected() -> dict[str, dict[str, str]]:
    rows = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    header = rows[0][1:]
    return {name: dict(zip(header, statuses, strict=True)) for name, *statuses in rows[1:]}


def asked_as(role: str) -> dict[str, str]:
    """The addresses that are asked as somebody, and how they must answer."""
    shut = {name for name, by_role in expected().items() if by_role["stranger"] in ("403", "404")}
    return {
        name: by_role[role]
        for name, by_role in expected().items()
        if LONG or (name in shut) == (role == "stranger")
    }


def answers(cast: Cast, user: User, names: Container[str]) -> dict[str, str]:
    """How each of the addresses answers one person."""
    client = signed_in(user)
    client.raise_request_exception = False
    return {name: answered(client, address) for name, address in doors(cast) if name in names}


def test_the_table_has_every_address() -> None:
    names = {name for name, _address, _pattern in addresses(get_resolver())}
    assert names - PUBLIC - ELSEWHERE == set(expected())


@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=() if role in SHUT_OUT else takes_long) for role in ROLES]
)
def test_every_url_answers_this_role(
    db: None, at_nine: None, stage: Cast, people: dict[str, User], role: str
) -> None:
    status_by_name = asked_as(role)
    assert answers(stage, people[role], status_by_name) == status_by_name


def make_table(cast: Cast, people: dict[str, User]) -> str:
    """Write the table as it is now, to be read before it is believed."""
    names = {name for name, _address in doors(cast)}
    columns = {role: answers(cast, user, names) for role, user in people.items()}
    rows = [
        ["address", *ROLES],
        *([name, *(column[name] for column in columns.values())] for name in columns["head"]),
    ]
    return "\n".join("  ".join([f"{row[0]:34}", *(f"{each:>13}" for each in row[1:])]) for row in rows) + "\n"
