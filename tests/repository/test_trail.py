"""Whatever is written to the trail has a name on the auditor's page."""

import ast

from procurement.trail import DETAIL_NAMES
from tests.repository.code import modules, tree

WRITERS = {"record", "record_many", "entry"}
PARAMETERS = {"subject", "subjects", "by", "at", "on_behalf_of", "rule"}


def test_every_fact_of_the_trail_has_a_name() -> None:
    written = {
        keyword.arg
        for path in modules()
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {f"trail.{writer}" for writer in WRITERS}
        for keyword in call.keywords
        if keyword.arg
    }
    assert len(written) > 20
    assert written - PARAMETERS - set(DETAIL_NAMES) == set()
