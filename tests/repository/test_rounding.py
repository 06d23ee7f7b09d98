"""What is shown is rounded in one way: half up, by `core/money` and `core/formatting`."""

import ast
from pathlib import Path

import pytest

from tests.repository import code

ROUNDS = {"core/money.py", "core/formatting.py"}
NO_MONEY = {
    "config/measuring.py": "milliseconds of the access log",
    "core/charts.py": "places in a picture",
    "core/templatetags/ui/pictures.py": "places in a picture",
    "core/workbook_rows.py": "numbers and days as a workbook holds them, sixteen digits of each",
    "history/views/price_savings.py": "places in a picture",
    "reporting/report/annex_pictures.py": "places in a picture",
    "registers/reading/workbook_process.py": "a number as a workbook shows it, before it is read as anything",
}
PRODUCT = [app for app in code.LAYERS if app != "demo"]


def is_rounding(node: ast.AST) -> bool:
    """
    Whether a node rounds: ``round(…)``, ``quantize(…)``, ``{…:.1f}``, or to a whole number without saying which way.
    """
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        return "." in ast.unparse(node.format_spec)
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        is_unsaid = node.func.attr == "to_integral_value" and not (node.args or node.keywords)
        return node.func.attr == "quantize" or is_unsaid
    return isinstance(node.func, ast.Name) and node.func.id == "round"


def found_in(tree: ast.AST) -> list[ast.AST]:
    """The nodes that round; a number that is compared with itself rounded is asked whether it is whole."""
    exempt_ids = {
        id(side) for node in ast.walk(tree) if isinstance(node, ast.Compare) for side in node.comparators
    }
    return [node for node in ast.walk(tree) if is_rounding(node) and id(node) not in exempt_ids]


def roundings(path: Path) -> list[str]:
    return [
        f"{code.name(path)}:{getattr(node, 'lineno', 0)} {ast.unparse(node)}"
        for node in found_in(code.tree(path))
    ]


def test_money_and_shares_are_rounded_in_one_place() -> None:
    allowed = ROUNDS | NO_MONEY.keys()
    violations = [
        each for path in code.modules(*PRODUCT) if code.name(path) not in allowed for each in roundings(path)
    ]
    assert violations == []


def test_every_exception_still_rounds() -> None:
    assert [name for name in sorted(ROUNDS | NO_MONEY.keys()) if not roundings(code.ROOT / name)] == []


def test_no_template_rounds_by_itself() -> None:
    templates = (code.ROOT / "templates").rglob("*.html")
    rounding = [code.name(path) for path in templates if "floatformat" in path.read_text(encoding="utf-8")]
    assert rounding == [
        "templates/shop/catalogue/_add_button.html"
    ]  # a quantity has no more decimals than these


@pytest.mark.parametrize(
    "source",
    ["round(x, 1)", "x.quantize(y)", "x.to_integral_value()", 'f"{x:.1f}"', 'f"{x:,.{n}f}"'],
)
def test_rounding_is_recognised(source: str) -> None:
    assert found_in(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    ["x.to_integral_value(ROUND_FLOOR)", "x == x.to_integral_value()", 'f"{x:f}"', 'f"{x:05d}"', 'f"{x!r}"'],
)
def test_a_whole_number_and_a_plain_format_are_none(source: str) -> None:
    assert not found_in(ast.parse(source))
