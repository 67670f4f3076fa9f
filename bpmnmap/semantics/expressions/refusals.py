"""What other languages offer and this one does not, told by name."""

from __future__ import annotations

# Signs, the longest first where one begins another → what they are, how to mend it.
SIGNS: dict[str, tuple[str, str]] = {
    "&amp;": ("'&amp;' is escaped twice", "write '&amp;' in the file only once, or 'and'"),
    "&apos;": ("'&apos;' is escaped twice", "write a quote"),
    "&quot;": ("'&quot;' is escaped twice", "write a quote"),
    "&gt;": ("'&gt;' is escaped twice", "write '>'"),
    "&lt;": ("'&lt;' is escaped twice", "write '<', once escaped in the file, or 'lt'"),
    "===": ("'===' is no operator", "write '=='"),
    "!==": ("'!==' is no operator", "write '!='"),
    "**": ("exponentiation '**' is not offered", "write the product out"),
    "/*": ("comments '/*' are not offered", "move it to the element's documentation"),
    "<<": ("the shift '<<' is not offered", "multiply instead"),
    ">>": ("the shift '>>' is not offered", "divide instead"),
    "=>": ("'=>' is no operator", "write '>='"),
    "=<": ("'=<' is no operator", "write '<='"),
    "->": ("lambdas '->' are not offered", "write the value itself"),
    "::": ("'::' is no operator", "write '..' for a range"),
    "??": ("'??' is not offered, as no value is ever missing", "drop it and what follows it"),
    ":=": ("assignment ':=' is not offered: an expression only reads", "write '==' to compare"),
    "+=": ("'+=' is not offered: an expression only reads, and texts are not joined", "write '+' or '=='"),
    "-=": ("assignment '-=' is not offered: an expression only reads", "write '-' or '=='"),
    "*=": ("assignment '*=' is not offered: an expression only reads", "write '*' or '=='"),
    "/=": ("assignment '/=' is not offered: an expression only reads", "write '/', or '!=' if unequal is meant"),
    "%=": ("assignment '%=' is not offered: an expression only reads", "write '%' or '=='"),
    "&": ("the bit operator '&' is not offered", "write 'and'"),
    "|": ("the bit operator '|' is not offered", "write 'or'"),
    "^": ("'^' is not offered, neither as exponentiation nor on bits", "write the product out"),
    "~": ("the bit operator '~' is not offered", "write 'not'"),
    "{": ("braces make no value here", "write a list as [1, 2], and '${' only around the whole expression"),
    "}": ("'}' has no '${' or '#{' at the beginning of the expression, or stands inside it", "put one '${…}' around the whole expression"),
    "$": ("'$' stands only at the beginning, as in '${amount > 100}'", "put one '${…}' around the whole expression"),
    "#": ("'#' stands only at the beginning, as in '#{amount > 100}', and begins no comment", "put one '#{…}' around all, or drop it"),
    ";": ("';' is not offered: there is one expression", "keep one expression"),
    "@": ("dates and times '@' are not offered", "compare a number, like days since the start"),
    "`": ("'`' is not offered", 'write names without quotes, texts in "'),
    "\\": ("'\\' stands only in texts", "drop it"),
    "“": ("'“' is no quote here", 'write "'),
    "”": ("'”' is no quote here", 'write "'),
    "„": ("'„' is no quote here", 'write "'),
    "‘": ("'‘' is no quote here", "write '"),
    "’": ("'’' is no quote here", "write '"),
    "≤": ("'≤' is no operator here", "write '<='"),
    "≥": ("'≥' is no operator here", "write '>='"),
    "≠": ("'≠' is no operator here", "write '!='"),
    "–": ("'–' is no minus here", "write '-'"),
    "−": ("'−' is no minus here", "write '-'"),
    "×": ("'×' is no operator here", "write '*'"),
}

_MISSING = 'an attribute always has a value: compare with one that stands for it, like "" or 0'

# Words that mean something elsewhere, and can be no attribute's name here.
WORDS: dict[str, tuple[str, str]] = {
    **{word: (f"'{word}' is not offered", _MISSING) for word in ("null", "NULL", "None", "nil", "undefined")},
    "empty": ("'empty' is not offered", _MISSING),
    "is": ("'is' is not offered", "write '=='"),
    "lambda": ("lambdas are not offered", "write the value itself"),
    "function": ("functions are not offered", "write the value itself"),
    "for": ("loops 'for' are not offered", "compute the attribute before"),
    "some": ("'some' is not offered, as there are no lists of values", "write the comparisons with 'or'"),
    "every": ("'every' is not offered, as there are no lists of values", "write the comparisons with 'and'"),
    "instanceof": ("'instanceof' is not offered", "drop it: an attribute keeps its kind"),
    "xor": ("'xor' is not offered", "write a != b"),
}
