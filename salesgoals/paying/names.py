"""Names of what is paid for, in the language in use."""

from __future__ import annotations

from salesgoals.words import all_words, say


def name_metric(metric: str) -> str:
    """Name a metric, or the team; one that salesgoals does not know keeps its own name.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     name_metric("team"), name_metric("amount"), name_metric("calls_returned")
    ("team's sales", 'sales', 'calls_returned')
    """
    if metric == "team":
        return say("pay.team")
    key = f"metrics.name_{metric}"
    return say(key) if key in all_words() else metric
