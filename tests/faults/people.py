"""People of the demo region who order through the program while it suffers."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from demo.operations.region import PASSWORD
from tests.faults.program import Browser, Program

ITEM = "104412"
ORDERERS = """
SELECT u.email, d.cost_center, min(p.id), a.code
FROM organizations_membership m
JOIN organizations_user u ON u.id = m.user_id
JOIN organizations_department d ON d.id = m.department_id
JOIN organizations_deliveryplace p ON p.department_id = d.id
JOIN organizations_accountingcode a ON a.id = d.activity_id
WHERE m.role = 'requester' AND u.password NOT LIKE '!%' AND m.valid_during @> current_date
GROUP BY u.email, d.cost_center, a.code ORDER BY u.email
"""


@dataclass
class Orderer:
    """A person who orders the same thing again and again."""

    browser: Browser
    department: str
    place: int
    activity: str
    item: str = ITEM
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)

    def order(self) -> bool:
        """Put an item in the basket and submit it; tells whether it was taken."""
        status, basket = self.post("/api/v1/baskets/", department=self.department)
        if status != 200:
            return False
        address = f"/api/v1/baskets/{basket['id']}"
        details = {
            "delivery_place": self.place,
            "charged_department": self.department,
            "activity": self.activity,
            "needed_by_date": f"{timezone.localdate() + timedelta(days=10):%Y-%m-%d}",
            "reason": "Prov",
        }
        return (
            self.post(f"{address}/add-item/", item=self.item, quantity="1")[0] == 201
            and self.post(f"{address}/save-details/", **details)[0] == 200
            and self.post(f"{address}/submit/")[0] == 200
        )

    def post(self, path: str, **content: object) -> "tuple[int, dict[str, object]]":
        status, answer = self.browser.post(path, **content)
        self.answers[path.rstrip("/").rsplit("/", 1)[-1], status] += 1
        return status, answer

    def keep_ordering(self, until: threading.Event) -> None:
        while not until.is_set():
            if not self.order():
                until.wait(0.1)


def orderers(program: Program, count: int) -> list[Orderer]:
    """Log people in, each in a department of her own."""
    people = []
    for email, department, place, activity in program.query(ORDERERS)[:count]:
        browser = program.browser()
        browser.log_in(email, PASSWORD)
        people.append(Orderer(browser, department, place, activity))
    return people


def submitted(program: Program) -> int:
    return int(program.value("SELECT count(*) FROM procurement_requisition WHERE submitted_at IS NOT NULL"))
