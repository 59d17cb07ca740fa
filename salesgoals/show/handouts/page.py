"""One hand-out as one HTML file: no kernel, no network, no script but its own."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib import resources

from salesgoals.show.handouts.model import Control, Handout
from salesgoals.show.html import escape
from salesgoals.words import language, say

LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}


def write_handout(name: str, handout: Handout, source: str) -> str:
    """Write a hand-out as a complete page in the language in use.

    Parameters
    ----------
    name : str
        Under which its words stand.
    handout : Handout
        What it shows.
    source : str
        Where its figures come from.
    """
    start = handout.start
    numbers = "".join(f'<div class="card"><div class="value">{escape(value)}</div>'
                      f'<div class="label">{escape(label)}</div></div>'
                      for label, value in zip(handout.numbers, start.numbers, strict=True))
    see = "".join(f"<li>{escape(say(f'handouts.{name}.see_{number}'))}</li>" for number in (1, 2, 3))
    body = f"""<header><p class="quiet">{escape(say("handouts.kind"))}</p>
<h1>{escape(say(f"handouts.{name}.title"))}</h1>
<p class="question">{escape(say(f"handouts.{name}.question"))}</p></header>
<noscript><p class="notice">{escape(say("handouts.no_script"))}</p></noscript>
<form class="controls" autocomplete="off">{_controls(handout.controls)}</form>
<section class="shown"><h2 id="finding" aria-live="polite">{escape(start.finding)}</h2>
<div id="numbers" class="cards">{numbers}</div>
<div id="legend" class="legend"></div><div id="drawing" class="drawing"></div></section>
<section class="see"><h2>{escape(say("handouts.see"))}</h2><ol>{see}</ol></section>
<section class="task"><h2>{escape(say("handouts.task"))}</h2>
<p>{escape(say(f"handouts.{name}.task"))}</p></section>
<p class="assumes"><strong>{escape(say("handouts.assumes"))}</strong>{escape(handout.assumption)}</p>
<footer class="quiet">{escape(source)}</footer>"""
    return wrap_page(say(f"handouts.{name}.title"), body, _json(handout.as_data()))


def wrap_page(title: str, body: str, data: str = "") -> str:
    """Put a body into a page whose policy allows its own style and script and nothing else."""
    script = (f'<script type="application/json" id="told">{data}</script>\n'
              f"<script>{_part('handout.js')}</script>\n") if data else ""
    return f"""<!DOCTYPE html>
<html lang="{LANGUAGE_TAGS[language()]}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(handout_policy())}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="format-detection" content="telephone=no">
<title>{escape(title)}</title>
<style>{_part("handout.css")}</style>
</head>
<body>
<main>
{body}
</main>
{script}</body>
</html>
"""


def handout_policy() -> str:
    """Give the content policy that every hand-out carries: its one style and script by their fingerprints.

    Examples
    --------
    >>> handout_policy().startswith("default-src 'none'; ")
    True
    """
    return (f"default-src 'none'; style-src {_fingerprint('handout.css')}; "
            f"script-src {_fingerprint('handout.js')}; form-action 'none'; base-uri 'none'")


def _controls(controls: Sequence[Control]) -> str:
    written = []
    for number, control in enumerate(controls):
        shown = escape(control.texts[control.start])
        label = (f'<label for="control-{number}">{escape(control.label)}'
                 f'{f"<output>{shown}</output>" if control.slider else ""}</label>')
        if control.slider:
            last = len(control.texts) - 1
            field = (f'<input type="range" id="control-{number}" min="0" max="{last}" step="1" '
                     f'value="{control.start}" aria-valuetext="{shown}">'
                     f'<span class="ends"><span>{escape(control.texts[0])}</span>'
                     f"<span>{escape(control.texts[-1])}</span></span>")
        else:
            options = "".join(f'<option value="{place}"{" selected" if place == control.start else ""}>'
                              f"{escape(text)}</option>" for place, text in enumerate(control.texts))
            field = f'<select id="control-{number}">{options}</select>'
        written.append(f'<div class="control">{label}{field}</div>')
    return "".join(written)


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _fingerprint(name: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(_part(name).encode()).digest()).decode()}'"


@cache
def _part(name: str) -> str:
    text = (resources.files("salesgoals.show.handouts") / name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")
