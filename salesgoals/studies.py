"""What each step finds in the records and the plan, gathered once so that hundreds of reports can show it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.decompose import Plan
from salesgoals.forecast import Forecast
from salesgoals.levels import study_levels
from salesgoals.market import study_market
from salesgoals.metrics import study_metrics
from salesgoals.review import study_review
from salesgoals.smart import study_smart
from salesgoals.team import study_team
from salesgoals.workspace import Settings


def make_studies(tables: Mapping[str, pd.DataFrame], settings: Settings, forecast: Forecast, plan: Plan,
                 methods: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Let every step look at the records and the plan, once.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    settings : Settings
        What ``workspace.toml`` says.
    forecast : Forecast
        Of the plan's months.
    plan : Plan
        The goals.
    methods : DataFrame
        From :func:`salesgoals.decompose.compare_methods`.

    Returns
    -------
    dict of str to DataFrame
        ``<step>_<name>`` -> table. A table with a column person_id is cut to a reader's own people; one
        without stands only in the report on the whole company. Tables hold codes and figures, no words.
    """
    metrics = study_metrics(tables, forecast, plan)
    further = metrics["metrics_goals"]
    further = further[further.metric.isin(list(plan.parameters.get("metrics") or {}))]
    return {**study_market(tables, settings), **study_team(tables, forecast),
            **study_review(tables, forecast, plan),
            **metrics, **study_levels(forecast, plan),
            **study_smart(tables, forecast, plan, further, metrics["metrics_known"],
                          settings.calendar_country)}
