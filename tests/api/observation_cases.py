"""Questions about purchases at both doors: answered, and by whom they are not."""

from typing import Any

from procurement.models import ObservationAnswer, ObservedLine
from procurement.observing.splits import Split
from tests.api.doors import Act, Case
from tests.cast import TODAY, Cast
from tests.procurement.observation_worlds import YEAR, split, splits_in

SAID = {"outcome": "explained", "text": "Magsjuka på två avdelningar"}


def question(cast: Cast) -> Split:
    """Three orders of gloves, two of which Karin has approved."""
    split(cast)
    return splits_in(YEAR)[0]


def by_program(**more: Any) -> Any:
    def act(cast: Cast, observation: Split) -> Act:
        body = {
            "key": observation.key,
            "digest": observation.digest,
            "last_date": TODAY.isoformat(),
            **SAID,
            **more,
        }
        return "purchase-questions/answer/", body

    return act


def on_page(**more: Any) -> Any:
    def act(cast: Cast, observation: Split) -> Act:
        return f"/fragor-om-inkop/{observation.key}/?till={TODAY.isoformat()}", {
            "digest": observation.digest,
            **SAID,
            **more,
        }

    return act


ALSO = [ObservationAnswer, ObservedLine]
OBSERVATIONS = [
    Case("answer_observation", question, "head", by_program(), on_page(), also=ALSO),
    Case("answer_observation", question, "auditor", by_program(), on_page(), "not_yours_to_answer", also=ALSO),
    Case("answer_observation", question, "head", by_program(digest="0"), on_page(digest="0"), "observation_changed", also=ALSO),
]  # fmt: skip
