"""Charts of people: one beside the peers, newcomers on their curve, what leaves with whom."""

from __future__ import annotations

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import SIGNED, chart_rows, finish_chart, join_names, name_people, round_ticks
from salesgoals.show.numbers import format_money, format_share
from salesgoals.show.render import ACTUAL, FORECAST, GAIN, GOAL, INK, QUIET
from salesgoals.show.team_words import name_measure, write_value
from salesgoals.words import say

TOLD = ("above", "below", "like", "unsure")
WIDEST = 1.5            # differences beyond are drawn at the edge
SHADES = {"good": GAIN, "bad": GOAL, "plain": FORECAST, "unsure": ACTUAL}
MOST_BARS = 12
HANGS, ALONE = 1.5, 2.5  # times an even share: a team hangs on a person with few customers, on any person
FEW_ACCOUNTS = .5       # share of the own sales with two customers from which these are few
LEAST_RATIO, MOST_RATIO = .2, 5.0
FEW = 3
LEGEND = 24             # pixels between legend and chart: the title of the axis stands between them


def shade_of(verdict: str, better: float) -> str:
    """Say in which colour a verdict is shown: good, bad, plain (like the peers, or neither) or unsure."""
    if verdict in ("unsure", "few", "newcomer"):
        return "unsure"
    if verdict == "like" or better == 0:
        return "plain"
    return "good" if (verdict == "above") == (better > 0) else "bad"


def chart_peers(compared: pd.DataFrame, person_id: str, currency: str = "") -> alt.LayerChart | None:
    """Show one person beside the peers: what was seen, what of it is believable, and its range.

    Parameters
    ----------
    compared : pandas.DataFrame
        From :func:`salesgoals.team.compare_with_peers`.
    person_id : str
        Whose rows are shown; nothing else of anybody else than the peers' mean.
    currency : str
        For the amounts.

    Returns
    -------
    altair.LayerChart or None
        None where nothing can be compared, as for newcomers.
    """
    rows = compared[(compared.person_id == person_id) & compared.verdict.isin(TOLD)]
    rows = rows[rows.center > 0]
    if rows.empty:
        return None
    ratio = {name: (rows[name] / rows.center - 1).clip(-1, WIDEST) for name in
             ("value", "shrunk", "low", "high")}
    shades = [shade_of(verdict, better) for verdict, better in zip(rows.verdict, rows.better, strict=True)]
    table = pd.DataFrame({**ratio, "name": [name_measure(name) for name in rows.measure],
                          "shade": [say(f"team.shade_{shade}") for shade in shades],
                          "text": [say("team.value_of_peers", own=write_value(name, own, currency),
                                       peers=write_value(name, peers, currency))
                                   for name, own, peers in zip(rows.measure, rows.shrunk, rows.center,
                                                               strict=True)]})
    edge = max(.25, float(table[["value", "low", "high"]].abs().max().max()))
    low, high = max(-1.0, -edge) * 1.05, edge * 1.05
    y = alt.Y(field="name", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8, grid=True))

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("team.against_peers"),
                     scale=alt.Scale(domain=[low, high + .75 * (high - low)], nice=False),
                     axis=alt.Axis(labelExpr=SIGNED, ticks=False, domain=False,
                                   values=round_ticks(low, high, 5)))

    used = [shade for shade in SHADES if shade in shades]
    color = alt.Color(field="shade", type="nominal", legend=alt.Legend(), scale=alt.Scale(
        domain=[say(f"team.shade_{shade}") for shade in used], range=[SHADES[shade] for shade in used]))
    data = chart_rows(table)
    layers = [
        alt.Chart(chart_rows(pd.DataFrame({"at": [0.0]}))).mark_rule(color=QUIET, strokeWidth=1.5).encode(
            x=x("at")),
        alt.Chart(data).mark_rule(strokeWidth=5, opacity=.35).encode(x=x("low"), x2=alt.X2(field="high"), y=y,
                                                                     color=color),
        alt.Chart(data).mark_point(filled=False, size=60, strokeWidth=1.2, color=QUIET, opacity=.9).encode(
            x=x("value"), y=y),
        alt.Chart(data).mark_point(filled=True, size=110, opacity=1).encode(x=x("shrunk"), y=y, color=color),
        alt.Chart(data).mark_text(align="right", color=INK).encode(
            x=alt.X(datum=high + .74 * (high - low), type="quantitative"), y=y,
            text=alt.Text(field="text", type="nominal"))]
    group = rows.group.iloc[0]
    note = say("team.peers_note", group=group or say("team.several_roles"), n=int(rows.peers.max()))
    return finish_chart(layers, _peers_words(rows, shades), note, height=30 * len(rows))


def _peers_words(rows: pd.DataFrame, shades: list[str]) -> str:
    name = rows.person.iloc[0]
    told = {side: [name_measure(measure) for measure, verdict in zip(rows.measure, rows.verdict, strict=True)
                   if verdict == side] for side in ("above", "below")}
    unsure = sum(shade == "unsure" for shade in shades)
    if not told["above"] and not told["below"]:
        key = "team.peers_unsure" if unsure else "team.peers_alike"
        return say(key, name=name, n=unsure)
    parts = [say(f"team.peers_{side}", measures=join_names(names)) for side, names in told.items() if names]
    return say("team.peers_told", name=name, told=say("team.and_but").join(parts))


def chart_newcomers(months: pd.DataFrame, progress: pd.DataFrame) -> alt.LayerChart | None:
    """Show how far newcomers are on the way that their curve expects, month by month.

    Parameters
    ----------
    months, progress : pandas.DataFrame
        From :func:`salesgoals.team.months_of_newcomers` and :func:`salesgoals.team.progress_of_newcomers`.

    Returns
    -------
    altair.LayerChart or None
        None without newcomers. Beyond eight those who left the range, and the latest, are drawn.
    """
    progress = progress.assign(name=name_people(progress), far=(progress.verdict.isin(["good", "slow"])))
    progress = progress.sort_values(["far", "hire_date"], ascending=False, kind="stable").head(8)
    rows = months[months.person_id.isin(progress.person_id)]
    rows = rows.assign(name=rows.person_id.map(progress.set_index("person_id").name),
                       so_far=rows.so_far.clip(LEAST_RATIO, MOST_RATIO))
    if rows.empty or int(rows.tenure.max()) < 2:
        return None
    usual = rows.groupby("tenure", as_index=False)[["usual_low", "usual_high"]].median()
    usual = usual.assign(usual_low=usual.usual_low.clip(lower=LEAST_RATIO),
                         usual_high=usual.usual_high.clip(upper=MOST_RATIO))
    ends = rows.sort_values("tenure").groupby("person_id").tail(1).merge(progress[["person_id", "verdict"]])
    last = float(rows.tenure.max())
    shown = list(range(1, int(last) + 1, 1 if last < 13 else 3))
    x = alt.X(field="tenure", type="quantitative", title=say("team.months_since"),
              scale=alt.Scale(domain=[1, last * 1.25 + 1], nice=False),
              axis=alt.Axis(values=shown, format="d", ticks=False, grid=False))

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", title=say("team.of_expected"),
                     scale=alt.Scale(type="log", domain=[LEAST_RATIO, MOST_RATIO]),
                     axis=alt.Axis(values=[.25, .5, 1, 2, 4], format=".0%", ticks=False, domain=False,
                                   titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-8, titleX=0))

    shades = {"good": GAIN, "slow": GOAL, "on": FORECAST, "early": ACTUAL}
    verdict = rows.person_id.map(progress.set_index("person_id").verdict)
    used = [name for name in shades if name in set(verdict)]
    color = alt.Color(field="kind", type="nominal", legend=alt.Legend(offset=LEGEND), scale=alt.Scale(
        domain=[say(f"team.progress_{name}") for name in used], range=[shades[name] for name in used]))
    lines = chart_rows(rows.assign(kind=[say(f"team.progress_{name}") for name in verdict])[
        ["tenure", "so_far", "name", "kind"]])
    named = chart_rows(ends.assign(kind=[say(f"team.progress_{name}") for name in ends.verdict])[
        ["tenure", "so_far", "name", "kind"]])
    even = chart_rows(pd.DataFrame({"at": [1.0]}))
    layers = [
        alt.Chart(chart_rows(usual)).mark_area(color=FORECAST, opacity=.12).encode(
            x=x, y=y("usual_low"), y2=alt.Y2(field="usual_high")),
        alt.Chart(even).mark_rule(color=FORECAST, strokeDash=[5, 4]).encode(y=y("at")),
        alt.Chart(lines).mark_line(strokeWidth=2.5).encode(
            x=x, y=y("so_far"), color=color, detail=alt.Detail(field="name", type="nominal")),
        alt.Chart(named).mark_point(filled=True, size=80, opacity=1).encode(x=x, y=y("so_far"), color=color),
        alt.Chart(named).mark_text(align="left", dx=8, color=INK).encode(
            x=x, y=y("so_far"), text=alt.Text(field="name", type="nominal"))]
    hires = int(progress.hires.max())
    note = say("team.newcomers_note_learnt" if hires else "team.newcomers_note_prior", n=hires)
    return finish_chart(layers, newcomers_words(progress), note, height=280)


def newcomers_words(progress: pd.DataFrame) -> str:
    """Say of each kind of progress who it is."""
    name = progress.assign(label=name_people(progress)).set_index("verdict").label
    parts = [say(f"team.newcomers_{verdict}", names=join_names(name[[verdict]].tolist()),
                 n=len(name[[verdict]]))
             for verdict in ("good", "on", "slow", "early") if verdict in name.index]
    return say("team.sentence_comma").join(parts)


def chart_risk(risk: pd.DataFrame, currency: str = "") -> alt.LayerChart | None:
    """Show what share of a team's sales would leave with a person, beside an even share.

    Parameters
    ----------
    risk : pandas.DataFrame
        From :func:`salesgoals.team.sales_at_risk`.
    currency : str
        For the amounts.

    Returns
    -------
    altair.LayerChart or None
        The twelve on whom their teams hang most; None without a team of two.
    """
    known = risk[(risk.team_people >= 2) & (risk.team_share > 0)]
    if len(known) < 2:
        return None
    known = known.assign(even=1 / known.team_people, name=name_people(known))
    known = known.assign(times=known.team_share / known.even).sort_values(
        ["times", "person_id"], ascending=[False, True], kind="stable")
    shown = known.head(MOST_BARS)
    several = risk.team.fillna("").nunique() > 1
    label = [say("team.name_and_team", name=name, team=team) if several and isinstance(team, str) else name
             for name, team in zip(shown.name, shown.team, strict=True)]
    hangs = _hangs(shown).tolist()
    kinds = [say("team.hangs"), say("team.shared")]
    table = pd.DataFrame({
        "label": label, "share": shown.team_share, "even": shown.even,
        "kind": [kinds[0] if hang else kinds[1] for hang in hangs],
        "text": [say("team.two_accounts", share=format_share(two)) if two == two else ""
                 for two in shown.two_share]})
    top = float(table[["share", "even"]].max().max())
    y = alt.Y(field="label", type="nominal", sort=None, title=None,
              axis=alt.Axis(ticks=False, domain=False, labelColor=INK, labelPadding=8))

    def x(field: str) -> alt.X:
        return alt.X(field=field, type="quantitative", title=say("team.share_of_team"),
                     scale=alt.Scale(domain=[0, top * 1.65], nice=False),
                     axis=alt.Axis(format=".0%", values=round_ticks(0, top, 5), ticks=False, domain=False))

    color = alt.Color(field="kind", type="nominal", legend=alt.Legend(offset=LEGEND) if any(hangs) else None,
                      scale=alt.Scale(domain=kinds, range=[GOAL, ACTUAL]))
    data = chart_rows(table)
    layers = [
        alt.Chart(data).mark_bar(height=14).encode(x=x("share"), y=y, color=color),
        alt.Chart(data).mark_tick(color=INK, thickness=2, size=20).encode(x=x("even"), y=y),
        alt.Chart(data).mark_text(align="right", color=INK).encode(
            x=alt.X(datum=top * 1.64, type="quantitative"), y=y, text=alt.Text(field="text", type="nominal"))]
    note = say("team.risk_note")
    if len(known) > len(shown):
        note += say("team.risk_rest", n=len(shown), people=len(known))
    return finish_chart(layers, risk_words(known, currency), note, height=26 * len(table))


def _hangs(known: pd.DataFrame) -> pd.Series:
    """Tell on whom a team hangs: well above an even share with few customers, or far above it."""
    times = known.team_share * known.team_people
    return ((times >= HANGS) & (known.two_share >= FEW_ACCOUNTS)) | (times >= ALONE)


def risk_words(known: pd.DataFrame, currency: str = "") -> str:
    """Say on whom a team hangs."""
    times, hanging = known.team_share * known.team_people, known[_hangs(known)]
    named = known.assign(label=name_people(known))
    if hanging.empty:
        most = named.loc[times.idxmax()]
        return say("team.risk_none", name=most.label, share=format_share(most.team_share))
    first = named.loc[hanging.index[0]]
    if len(hanging) == 1:
        two = format_share(first.two_share) if first.two_share == first.two_share else ""
        return say("team.risk_one" if two else "team.risk_one_alone", name=first.label, two=two,
                   share=format_share(first.team_share))
    if len(hanging) <= FEW:
        return say("team.risk_few", names=join_names(named.label[hanging.index].tolist()),
                   sales=format_money(float(hanging.sales.sum()), currency))
    return say("team.risk_many", n=len(hanging), sales=format_money(float(hanging.sales.sum()), currency))
