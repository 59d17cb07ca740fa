"""How charts reach a notebook: one renderer of ours that needs no network, and one look for all charts."""

from __future__ import annotations

from typing import Any

import altair as alt

#: JupyterLab draws this version of the chart language without a network; altair's own is unknown to it.
MIMETYPE = "application/vnd.vegalite.v5+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
FONT = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, sans-serif"

#: Width of charts in pixels: a report's page without its margins (smaller screens and print scale it), and
#: what JupyterLab on a laptop leaves beside its side bars.
PAGE_WIDTH, LAB_WIDTH = 900, 680
_width = {"now": PAGE_WIDTH}

#: Colours told apart by colour-blind readers (Okabe and Ito 2008, "Color Universal Design"): one role each.
ACTUAL, FORECAST, GOAL, GAIN, NEWCOMER = "#98A4B0", "#0072B2", "#D55E00", "#009E73", "#CC79A7"
INK, QUIET, LINE = "#1F2933", "#52606D", "#D9DEE4"


@alt.theme.register("salesgoals", enable=False)
def look() -> alt.theme.ThemeConfig:
    """Give every chart the same quiet look: finding first, light grid, no frame."""
    axis: Any = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": QUIET,
            "titleColor": QUIET, "gridColor": "#ECEFF2", "domainColor": LINE, "tickColor": LINE,
            "labelLimit": 200}
    title: Any = {"anchor": "start", "frame": "bounds", "fontSize": 16, "fontWeight": 600, "color": INK,
             "subtitleFontSize": 12, "subtitleColor": QUIET, "subtitlePadding": 5, "offset": 14,
             "lineHeight": 22, "subtitleLineHeight": 17}
    legend: Any = {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "orient": "top",
                   "title": None, "padding": 0, "offset": 4, "symbolSize": 90, "labelLimit": 400}
    return {"config": {"font": FONT, "background": "white", "view": {"stroke": None}, "axis": axis,
                       "title": title, "legend": legend, "text": {"fontSize": 12, "color": INK},
                       "padding": 4}}


def chart_width() -> int:
    """Return the width that charts have now, in pixels."""
    return _width["now"]


def _draw(spec: dict[str, Any], pictures: bool = False, **_: Any) -> dict[str, Any]:
    shown = {**spec, "$schema": SCHEMA}
    bundle: dict[str, Any] = {MIMETYPE: shown, "text/plain": spec.get("description", "chart")}
    if pictures:
        import vl_convert  # only here: reports never pay for it, and it must not be used before a fork
        bundle["image/svg+xml"] = vl_convert.vegalite_to_svg(spec)
    return bundle


def use_charts(pictures: bool = False) -> None:
    """Make every chart from here on visible without a network.

    Parameters
    ----------
    pictures : bool
        Put a picture (SVG) beside each chart, for readers whose program cannot draw charts itself: right
        for lessons, whose charts are also narrower to fit beside Lab's side bars; reports leave it out
        because their page draws the charts.

    Examples
    --------
    >>> use_charts()
    >>> alt.renderers.active
    'salesgoals'
    """
    _width["now"] = LAB_WIDTH if pictures else PAGE_WIDTH
    alt.renderers.register("salesgoals", _draw)
    alt.renderers.enable("salesgoals", pictures=pictures)
    alt.theme.enable("salesgoals")
