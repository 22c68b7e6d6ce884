"""Our expressions -> XLSForm's, so that ODK and Kobo decide as we do.

Here a comparison with a missing answer never holds; there an empty answer is the empty text. A day in quotes is a day
here; there it has to be said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forms.expressions.operands import day
from forms.expressions.tree import Arithmetic, Call, Comparison, Junction, Negative, Node, Quote, Reference, This
from forms.question_types.base import Kind


@dataclass(frozen=True, slots=True)
class Phrasing:
    """Writes the expressions of one definition. `kinds`: what the ids are; `own`: what `.` is."""

    kinds: Mapping[str, Kind]
    own: Kind | None = None

    def write(self, node: Node) -> str:
        """Give the node in XLSForm's words."""
        match node:
            case Junction(operator, terms):
                return f" {operator} ".join(self._inside(term, Junction) for term in terms)
            case Comparison():
                return self._compare(node)
            case Arithmetic(first, rest):
                loose = (Junction, Comparison, Arithmetic)
                steps = "".join(f" {operator} {self._inside(term, *loose)}" for operator, term in rest)
                return self._inside(first, *loose) + steps
            case Negative(term):
                return "-" + self._inside(term, Junction, Comparison, Arithmetic, Negative)
            case Call(name, arguments):
                return self._call(name, arguments)
        return str(node)

    def _inside(self, node: Node, *loose: type[Node]) -> str:
        written = self.write(node)
        grown = isinstance(node, Comparison) and " and " in written
        return f"({written})" if isinstance(node, loose) or grown else written

    def _compare(self, node: Comparison) -> str:
        dates = any(self._is_date(side) for side in node.parts())
        left, right = (self._side(side, dates) for side in node.parts())
        written = f"{left} {node.operator} {right}"
        if Quote("") in node.parts():
            return written
        answers = [side for side in node.parts() if isinstance(side, Reference | This)]
        if node.operator == "!=" or (node.operator == "=" and len(answers) == 2):
            answered = [f"{side} != ''" for side in answers]
            return " and ".join([*answered, written])
        return written

    def _side(self, node: Node, dates: bool) -> str:
        if dates and isinstance(node, Quote) and day(node.text) is not None:
            return f"date({node})"
        return self._inside(node, Junction, Comparison)

    def _is_date(self, node: Node) -> bool:
        match node:
            case Reference(id_):
                return self.kinds.get(id_) is Kind.DATE
            case This():
                return self.own is Kind.DATE
            case Call("today", _):
                return True
            case Arithmetic(first, rest):
                return self._is_date(first) != any(self._is_date(term) for _, term in rest)
            case Call("if" | "coalesce", arguments):
                return any(self._is_date(one) for one in arguments)
        return False

    def _call(self, name: str, arguments: tuple[Node, ...]) -> str:
        written = [self.write(one) for one in arguments]
        if name == "sum" and len(written) > 1:
            return "(" + " + ".join(f"coalesce({one}, 0)" for one in written) + ")"
        if name == "count" and len(written) > 1:
            return "(" + " + ".join(f"if({one} != '', 1, 0)" for one in written) + ")"
        if name == "coalesce" and len(written) > 2:  # XPath's takes two
            rest = written[-1]
            for one in reversed(written[:-1]):
                rest = f"coalesce({one}, {rest})"
            return rest
        return f"{name}({', '.join(written)})"
