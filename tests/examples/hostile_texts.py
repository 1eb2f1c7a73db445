"""Texts that do harm where a program takes them for more than texts: for every field of every input."""

from itertools import product

BY_HAND = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "<!-- <script>",
    "]]><b>",
    "{{ 7*7 }}{% for a in b %}{# c",
    "${alert(1)}`+alert(1)+`",
    "\\u003cscript\\u003e\\'); alert(1);//",
    "javascript:alert(1)",
    "https://example.org/<a href='https://example.org'>",
    "@import url(https://example.org/x.css)",
    '=HYPERLINK("https://example.org","x")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "line\nbreak\u2028and\u2029more",
    "nul\x00bell\x07escape\x1b",
    "\u202egnp.exe\u2066hidden\u2069",
    "شارع الملك",
    "👮‍♀️🏴󠁧󠁢󠁥󠁮󠁧󠁿 €£ é",
    'a,b;"c"\t|d',
    "&amp;&lt;b&gt;&#60;",
    "%3Cscript%3E%00",
    "x" * 10_000,
    "   ",
    "",
    "../../../../etc/passwd",
    "C:\\Windows\\win.ini",
    "Robert'); DROP TABLE incidents;--",
    "%s%s%n {0} {x!r} %(y)s",
    "\ufeffmark at the start",
    "\u200bnothing\u200dto\u2060see",
    "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306a\u0327\u0328lgo",
    "\uffff\ufdd0 no characters",
    "مرحبا <b>שלום</b> 123",
    "\u2067=1+1\u2069",
    "🧨" * 300,
    "-" * 400,
    "0123456789" * 1000,
)
_MARKUP = (
    "<script>{}</script>", "<img src=x onerror={}>", "<svg><script>{}</script></svg>", "<iframe srcdoc='{}'></iframe>",
    "<a href='javascript:{}'>x</a>", "<math><mtext></mtext><style><img src onerror={}></style></math>",
    "<details open ontoggle={}>", "<input autofocus onfocus={}>", "</title><body onload={}>",
    "</style><script>{}</script>", "</template><script>{}</script>", "--><script>{}</script>",
    "<object data='data:text/html,{}'>",
    "<form action='https://example.org'><button formaction='javascript:{}'>x</button></form>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>", "<base href='https://example.org/{}'>",
)  # fmt: skip
_DEEDS = ("alert(1)", "alert`1`", "fetch('https://example.org')", "document.title=1", "location='https://example.org'")
_FORMULAS = ("1+1", "cmd|'/C calc'!A0", 'HYPERLINK("https://example.org")', "IMPORTXML(A1)", "DDE(1)", "A1:A9")
_STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\u00a0=", "＝", "'=", '"=', "\u200b=", ";=", "\u202e=")

_ALL = (
    *BY_HAND,
    *(markup.format(deed) for markup, deed in product(_MARKUP, _DEEDS)),
    *(start + formula for start, formula in product(_STARTS, _FORMULAS)),
)
HOSTILE = tuple(dict.fromkeys(_ALL))
