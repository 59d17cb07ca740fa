"""All charts of goals under one roof: each says in its title what the figures show, or is not drawn."""

from salesgoals.show.charts_goal import chart_chance, chart_history
from salesgoals.show.charts_methods import chart_methods
from salesgoals.show.charts_people import (
    chart_carriers,
    chart_fairness,
    chart_people,
    chart_products,
    chart_tenure,
    who_carries,
)
from salesgoals.show.quality import chart_quality

__all__ = ["chart_carriers", "chart_chance", "chart_fairness", "chart_history", "chart_methods",
           "chart_people", "chart_products", "chart_quality", "chart_tenure", "who_carries"]
