"""Conditions: the text of an expression -> its syntax tree -> a value; the same tree as JSON for the browser."""

from __future__ import annotations

from forms.expressions.expression import Expression, parse
from forms.expressions.grammar import MAX_LENGTH, MAX_NESTING, ExpressionError
from forms.expressions.operands import Scope
from forms.expressions.sorts import TypeFault

__all__ = ["MAX_LENGTH", "MAX_NESTING", "Expression", "ExpressionError", "Scope", "TypeFault", "parse"]
