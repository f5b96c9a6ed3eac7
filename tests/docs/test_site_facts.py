"""Every fact of docs/site.md is proved by a test that carries its number."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent.parent
SITE = TESTS.parent / "docs/site.md"
_FACT = re.compile(r"^\| ([0-9]\.[^|]+?) \|", re.MULTILINE)


def _facts_marked() -> Iterator[str]:
    """Yield the number of each `pytest.mark.fact`, and those of a table FACTS by which a file marks its cases."""
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fact":
                yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "FACTS":
                yield from ast.literal_eval(node.value)


def test_every_fact_of_the_site_has_a_test_and_every_mark_a_fact() -> None:
    facts = _FACT.findall(SITE.read_text(encoding="utf-8"))

    marked = set(_facts_marked())

    assert len(facts) == len(set(facts)) > 100
    assert sorted(set(facts) - marked) == []
    assert sorted(marked - set(facts)) == []
