"""The book's drawings: the two companies' emblems on the cover, and the small signs of verdicts. Colours
come from the page.
"""

from __future__ import annotations

# Flight paths: four arcs from one home to four places, the traveller's year in a few strokes.
_SWIFTFARE = """
<svg class="tw-art" viewBox="0 0 320 180" role="img" aria-label="{label}">
  <g fill="none" stroke="var(--tw-swiftfare)" stroke-linecap="round">
    <path d="M34 150 Q92 44 196 92" stroke-width="2" opacity=".35"/>
    <path d="M34 150 Q70 4 250 34" stroke-width="2.5"/>
    <path d="M34 150 Q150 70 288 118" stroke-width="2" opacity=".6"/>
    <path d="M34 150 Q130 128 226 154" stroke-width="2" opacity=".35"/>
  </g>
  <path d="M250 34 l-19 -9 3.4 9.6 -6 9.4 z" fill="var(--tw-swiftfare)"/>
  <g fill="var(--tw-swiftfare)">
    <circle cx="34" cy="150" r="7"/><circle cx="196" cy="92" r="4" opacity=".5"/>
    <circle cx="288" cy="118" r="4" opacity=".75"/><circle cx="226" cy="154" r="4" opacity=".5"/>
  </g>
  <path d="M14 168 H306" stroke="var(--tw-swiftfare)" stroke-width="1" opacity=".35"/>
</svg>"""

# A pipeline: stages that narrow, joined by pipes, with the deals that are left as dots.
_PIPEWRIGHT = """
<svg class="tw-art" viewBox="0 0 320 180" role="img" aria-label="{label}">
  <g fill="none" stroke="var(--tw-pipewright)" stroke-width="2.5" stroke-linejoin="round">
    <path d="M16 40 H78 Q92 40 92 54 V56 Q92 70 106 70 H152 Q166 70 166 84 V86 Q166 100 180 100
             H226 Q240 100 240 114 V116 Q240 130 254 130 H304"/>
    <path d="M16 154 H304" stroke-width="1" opacity=".35"/>
    <g opacity=".35" stroke-width="2"><path d="M16 40 V154"/><path d="M92 70 V154"/><path d="M166 100 V154"/>
    <path d="M240 130 V154"/></g>
  </g>
  <g fill="var(--tw-pipewright)">
    <g opacity=".4"><circle cx="36" cy="64" r="4"/><circle cx="58" cy="64" r="4"/>
    <circle cx="36" cy="86" r="4"/>
    <circle cx="58" cy="86" r="4"/><circle cx="36" cy="108" r="4"/><circle cx="58" cy="108" r="4"/>
    <circle cx="36" cy="130" r="4"/><circle cx="58" cy="130" r="4"/></g>
    <g opacity=".6"><circle cx="112" cy="94" r="4"/><circle cx="136" cy="94" r="4"/>
    <circle cx="112" cy="116" r="4"/>
    <circle cx="136" cy="116" r="4"/><circle cx="124" cy="136" r="4"/></g>
    <g opacity=".8"><circle cx="190" cy="122" r="4"/><circle cx="212" cy="122" r="4"/>
    <circle cx="201" cy="140" r="4"/></g>
    <circle cx="272" cy="143" r="6"/>
  </g>
</svg>"""

_COMPANY = {
    "swiftfare": (_SWIFTFARE, "Flight paths leave one home for four places."),
    "pipewright": (
        _PIPEWRIGHT,
        "A pipeline steps down in four stages, with fewer deals in each and one at the end.",
    ),
}

# Each sign differs in shape, not only in colour; the word beside it carries the meaning.
_SIGN = {
    "supported": '<path d="M3.5 8.5 6.7 11.6 12.5 4.8"/>',
    "qualified": '<path d="M8 3v10M3.6 6.2h8.8M3.6 6.2 1.9 10h3.4zM12.4 6.2 10.7 10h3.4z"/>',
    "contradicted": '<path d="M4.2 4.2 11.8 11.8M11.8 4.2 4.2 11.8"/>',
    "discussion": '<path d="M2.5 3.5h11v7h-6l-3 2.8v-2.8h-2z"/>',
}


def company_art(company: str) -> str:
    """A company's emblem as inline SVG."""
    drawing, label = _COMPANY[company]
    return drawing.format(label=label).strip()


def verdict_icon(kind: str) -> str:
    """The sign of a verdict as inline SVG, silent for screen readers."""
    return (
        '<svg class="tw-sign" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" '
        'stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">'
        f"{_SIGN[kind]}</svg>"
    )
