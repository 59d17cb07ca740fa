"""Names of what is paid for, in the language in use."""

from __future__ import annotations

import pandas as pd

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


def name_people(people: pd.DataFrame) -> pd.Series:
    """Name people by id, so that two of one name can be told apart where there are two.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     name_people(pd.DataFrame({"person_id": ["1", "2"], "person": ["Li", "Li"]})).tolist()
    ['Li (1)', 'Li (2)']
    """
    names = people.person.fillna(people.person_id).astype(str)
    twice = names.duplicated(keep=False)
    told = [say("chart.name_and_id", name=name, id=key) if again else name
            for name, key, again in zip(names, people.person_id, twice, strict=True)]
    return pd.Series(told, index=people.person_id, dtype="str")


def name_some(names: pd.Series, most: int = 5) -> str:
    """Name the first few people; the count beside it says how many there are."""
    shown = [str(name) for name in names.head(most)]
    return say("pay.comma").join(shown) + (" …" if len(names) > most else "")
