"""One small, safe expression language over case attributes: read by our own parser, never by Python (docs/reference/expressions.md)."""

from bpmnmap.semantics.expressions.error import ExpressionError
from bpmnmap.semantics.expressions.expression import Expression, canonical, condition, parse_expression

__all__ = ["Expression", "ExpressionError", "canonical", "condition", "parse_expression"]
