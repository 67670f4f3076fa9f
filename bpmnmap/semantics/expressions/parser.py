"""From text to tree, by precedence climbing: few calls for each nesting, so that the nesting's limit comes before Python's."""

from __future__ import annotations

from collections.abc import Iterator

from bpmnmap.semantics.expressions.error import ExpressionError, located, shortened
from bpmnmap.semantics.expressions.kinds import mismatch
from bpmnmap.semantics.expressions.tokens import Token, keyword_meant, tokens
from bpmnmap.semantics.expressions.tree import (
    MOST_NESTED,
    And,
    Arithmetic,
    Between,
    Boolean,
    Comparison,
    Conditional,
    Extreme,
    Level,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Or,
    Within,
    floors,
)

_INFIX = {
    **dict.fromkeys(("if", "?"), Level.CONDITIONAL),
    "or": Level.OR,
    "and": Level.AND,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in", "not", "between"), Level.COMPARISON),
    **dict.fromkeys(("+", "-"), Level.SUM),
    **dict.fromkeys(("*", "/", "//", "%"), Level.PRODUCT),
}
_VALUES = {"name", "number", "text", "true", "false"}
_TOO_DEEP = (f"it nests deeper than {MOST_NESTED}", "split it, or compute an attribute before")
_NO_LIST = ("a list or range stands only behind 'in'", "write it like x in [1, 2] or x in [1..5]")


def parse_tree(text: str) -> Node:
    """The tree of an expression.

    Raises
    ------
    ExpressionError
        It is none, or the kinds of its operands certainly do not fit.

    Examples
    --------
    >>> parse_tree("${not urgent && amount gt 100}") == parse_tree("!urgent and amount > 100")
    True
    """
    parser = _Parser(text)
    tree = parser.expression(Level.CONDITIONAL)
    if parser.token.symbol != "end":
        raise parser.unexpected("an operator or the end")
    if len(floors(tree)) > MOST_NESTED:
        raise located(text, 0, *_TOO_DEEP)
    return tree


class _Parser:
    """Reads token by token; `token` is the next one, `previous` the last that was read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: Iterator[Token] = tokens(text)
        self.token = self.previous = next(self.tokens)
        self.brackets = 0  # that are open
        self.pending = 0  # expressions that are being read

    def expression(self, level: Level = Level.CONDITIONAL) -> Node:
        """What binds at least as tightly as `level`."""
        self.pending += 1
        if self.pending - self.brackets > MOST_NESTED:
            raise self.error_at(self.token, *_TOO_DEEP)
        left = self.operand(level)
        compared = False
        while (found := _INFIX.get(self.token.symbol)) is not None and found >= level:
            operator = self.advance()
            if compared and found is Level.COMPARISON:
                raise self.error_at(operator, "comparisons do not chain", "join them with 'and', or write x in [a..b]")
            left = self.checked(self.infix(left, operator, found), operator)
            compared = found is Level.COMPARISON
        self.pending -= 1
        return left

    def operand(self, level: Level) -> Node:
        """A value, or an operator before its operand."""
        token = self.advance()
        if token.literal is not None:
            return token.literal
        match token.symbol:
            case "true" | "false":
                return Boolean(token.symbol == "true")
            case "name" if self.token.symbol != "(":
                return Name(token.text)
            case "name":
                return self.extreme(token)
            case "(":
                self.open(token)
                inner = self.expression()
                self.close(")")
                return inner
            case "-" if isinstance(self.token.literal, Number):
                literal = self.token.literal
                self.advance()
                return Number(-literal.value)
            case "-":
                return self.checked(Negative(self.expression(Level.SIGN)), token)
            case "!" | "not":
                # As in JUEL, '!' binds tightly. So does 'not' where Python does not allow it: behind another operator.
                is_loose = token.symbol == "not" and level <= Level.NOT
                return self.checked(Not(self.expression(Level.NOT if is_loose else Level.SIGN)), token)
            case "if" if level is Level.CONDITIONAL:
                condition, chosen = self.expression(), self.behind("then")
                return self.checked(Conditional(condition, chosen, self.behind("else")), token)
        raise self.no_value(token)

    def infix(self, left: Node, operator: Token, level: Level) -> Node:
        """What an operator makes of what stands left of it and what comes."""
        match operator.symbol:
            case "if":
                condition = self.expression(Level.OR)
                return Conditional(condition, left, self.behind("else"))
            case "?":
                return Conditional(left, self.expression(), self.behind(":"))
            case "or" | "and" | "+" | "-" | "*" | "/" | "//" | "%":
                return self.chain(left, operator, level)
            case "in":
                return self.within(left)
            case "not":
                inside = self.expect("in", "'in'")
                return Not(self.checked(self.within(left), inside))
            case "between":
                low = self.expression(Level.SUM)
                self.expect("and", "'and' of 'between'")
                return Between(left, low, self.expression(Level.SUM))
            case _:
                return Comparison(operator.symbol, left, self.expression(Level.SUM))

    def chain(self, left: Node, operator: Token, level: Level) -> Node:
        """All operands of operators of one level, as one flat node."""
        parts: list[tuple[str, Node]] = []
        while True:
            part = (operator.symbol, self.expression(Level(level + 1)))
            self.checked(_joined(left, [part]), operator)  # pair by pair: in time proportional to the chain
            parts.append(part)
            if _INFIX.get(self.token.symbol) is not level:
                return _flat(_joined(left, parts))
            operator = self.advance()

    def within(self, value: Node) -> Node:
        """A list or range behind 'in'."""
        opening = self.advance()
        if opening.symbol not in {"[", "(", "]"}:
            raise self.error_at(opening, f"{_found(opening)}, where 'in' needs a list or range", _NO_LIST[1])
        self.open(opening)
        if opening.symbol + self.token.symbol in {"[]", "()"}:
            raise self.error_at(opening, "the list is empty", "name at least one value")
        first = self.expression()
        if self.token.symbol == ".." or opening.symbol == "]":
            self.expect("..", "'..' of the range")
            high = self.expression()
            closing = self.close("]", ")", "[")
            return Between(value, first, high, opening.symbol != "[", closing.symbol != "]")
        return Within(value, (first, *self.further_items(opening)))

    def further_items(self, opening: Token) -> Iterator[Node]:
        """The items of a list behind its first one, and its end; a comma before the end is let be, as in Python."""
        closing = "]" if opening.symbol == "[" else ")"
        if opening.symbol == "(" and self.token.symbol == ")":
            # Python would look for a text within the text that stands in these parentheses.
            raise self.error_at(opening, "one value in parentheses is no list", "write it like x in [1], or with '=='")
        while self.token.symbol == ",":
            self.advance()
            if self.token.symbol != closing:
                yield self.expression()
        if self.token.symbol == "..":
            raise self.error_at(self.token, "a range stands alone, not in a list", "join two 'in' with 'or'")
        self.close(closing)

    def extreme(self, name: Token) -> Node:
        """``min(…)`` or ``max(…)``."""
        if name.text not in {"min", "max"}:
            raise self.error_at(name, f"the call of '{shortened(name.text)}' is not offered", "only min(…) and max(…) can be called")
        self.open(self.advance())
        arguments = [self.expression()]
        while self.token.symbol == ",":
            self.advance()
            arguments.append(self.expression())
        self.close(")")
        if len(arguments) == 1:
            raise self.error_at(name, f"'{name.text}' of one value", f"write it like {name.text}(a, b)")
        return self.checked(Extreme(name.text, tuple(arguments)), name)

    def advance(self) -> Token:
        """Read the next token."""
        self.previous = self.token
        self.token = next(self.tokens, self.token)
        return self.previous

    def open(self, bracket: Token) -> None:
        """Count a bracket that has been read."""
        self.brackets += 1
        if self.brackets > MOST_NESTED:
            raise self.error_at(bracket, *_TOO_DEEP)

    def close(self, *symbols: str) -> Token:
        """Read the bracket that closes the last one."""
        self.brackets -= 1
        if self.token.symbol in symbols:
            return self.advance()
        raise self.unexpected(f"'{symbols[0]}'")

    def expect(self, symbol: str, wanted: str) -> Token:
        """Read a token that must come."""
        if self.token.symbol != symbol:
            raise self.unexpected(wanted)
        return self.advance()

    def behind(self, symbol: str) -> Node:
        """The expression behind a token that must come."""
        self.expect(symbol, f"'{symbol}'")
        return self.expression()

    def checked(self, node: Node, token: Token) -> Node:
        """A new node, if the kinds of its operands may fit."""
        wrong = mismatch(node)
        if wrong is not None:
            raise self.error_at(token, *wrong)
        return node

    def error_at(self, token: Token, what: str, fix: str) -> ExpressionError:
        """An error at a token."""
        return located(self.text, token.position, what, fix)

    def no_value(self, token: Token) -> ExpressionError:
        """A token stands where a value must begin."""
        if token.symbol == "end":
            what = "the expression breaks off" if self.text[: token.position].strip(" \t\r\n=${#") else "the expression is empty"
            return self.error_at(token, what, "write a value, like amount > 100")
        if token.symbol == "+":
            return self.error_at(token, "a sign '+' is not offered", "drop it")
        if token.symbol in {"[", "]"}:
            return self.error_at(token, *_NO_LIST)
        if token.symbol == "if":
            return self.error_at(token, "'if' stands behind an operator", "put parentheses around it")
        return self.error_at(token, f"{_found(token)}, where a value is needed", "write a name, a number, a text in quotes, true or false")

    def unexpected(self, wanted: str) -> ExpressionError:
        """A token stands where a value has ended."""
        token, before = self.token, shortened(self.previous.text)
        if token.symbol == ".":
            return self.error_at(
                token, f"attribute access, as in '{before}.', is not offered", "give the value a name of its own, like a_b"
            )
        if token.symbol == "[":
            return self.error_at(token, f"indexing, as in '{before}[', is not offered", "give the value a name of its own, like a_1")
        if token.symbol == "(":
            return self.error_at(token, "a call is not offered", "only min(…) and max(…) can be called")
        if token.symbol == ",":
            return self.error_at(token, "',' stands only in lists behind 'in' and in min(…) and max(…)", "write decimals with a point")
        if token.symbol == "..":
            return self.error_at(token, *_NO_LIST)
        for word in (token, self.previous):
            if word.symbol == "name" and (keyword := keyword_meant(word.text)) is not None:
                return self.error_at(word, f"'{word.text}' is no operator", f"write '{keyword}'")
        if token.symbol == "name" and self.previous.symbol == "name":
            joined = shortened(f"{before}_{token.text}")
            what = f"a name has no blanks, as '{before} {shortened(token.text)}' has"
            return self.error_at(token, what, f"write one name, like {joined}, or an operator between")
        if token.symbol in _VALUES:
            return self.error_at(token, f"{_found(token)}, where {wanted} is needed", "write an operator between the values")
        return self.error_at(token, f"{_found(token)}, where {wanted} is needed", "add what is missing, or drop it")


def _joined(left: Node, parts: list[tuple[str, Node]]) -> Node:
    match parts[0][0]:
        case "or":
            return Or((left, *(operand for _, operand in parts)))
        case "and":
            return And((left, *(operand for _, operand in parts)))
        case _:
            return Arithmetic(left, tuple(parts))


def _flat(node: Node) -> Node:
    """Without the parentheses that change nothing."""
    match node:
        case Or(operands):
            return Or(tuple(part for operand in operands for part in (operand.operands if isinstance(operand, Or) else (operand,))))
        case And(operands):
            return And(tuple(part for operand in operands for part in (operand.operands if isinstance(operand, And) else (operand,))))
        case Arithmetic(Arithmetic() as left, rest) if left.level is node.level:
            return Arithmetic(left.first, left.rest + rest)
        case _:
            return node


def _found(token: Token) -> str:
    return "the expression ends" if token.symbol == "end" else f"'{shortened(token.text)}' stands"
