from __future__ import annotations

import math
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.show.numbers import (
    NOTHING,
    choose_axis_unit,
    format_chance,
    format_exact,
    format_growth,
    format_money,
    format_month,
    format_share,
    name_month,
    name_span,
)
from salesgoals.words import in_language

SIZES = {"zh": {"亿": 1e8, "万": 1e4, "": 1.0}, "en": {"B": 1e9, "M": 1e6, "k": 1e3, "": 1.0}}
FORMATS = [format_money, format_exact, format_share, format_growth, format_chance]


def read_back(text: str, language: str) -> tuple[float, str]:
    """Read a short amount as a reader would: figure and unit."""
    found = re.fullmatch(r"(−?)([\d,.]+) ?([^\d\s]*)", text)
    assert found, text
    figure = float(found[2].replace(",", ""))
    return (-1 if found[1] else 1) * figure * SIZES[language][found[3]], found[3]


@pytest.mark.parametrize("language", ["zh", "en"])
@given(value=st.floats(-1e13, 1e13))
@settings(deadline=None, max_examples=300)
def test_a_short_amount_is_never_off_by_more_than_half_a_percent(language: str, value: float) -> None:
    with in_language(language):
        back, _ = read_back(format_money(value), language)
    assert back == pytest.approx(value, rel=0.0051, abs=0.5)


@pytest.mark.parametrize(("language", "value", "text"), [
    ("en", 999_499, "999k"), ("en", 999_600, "1.00M"), ("en", 9_999_600, "10.0M"), ("en", 99_960_000, "100M"),
    ("en", 999_600_000, "1.00B"), ("en", 9_999.7, "10.0k"), ("en", 0, "0"), ("en", -0.2, "0"),
    ("zh", 9_994, "9,994"), ("zh", 9_996, "1.00 万"), ("zh", 99_960_000, "1.00 亿"),
    ("zh", 12_340_000, "1,234 万"), ("zh", 123_456, "12.3 万"), ("zh", -5_000_000, "−500 万")])
def test_rounding_moves_on_to_the_next_unit(language: str, value: float, text: str) -> None:
    with in_language(language):
        assert format_money(value) == text


@pytest.mark.parametrize(("language", "currency", "text"), [
    ("zh", "CNY", "1,234 万元"), ("zh", "USD", "1,234 万美元"), ("zh", "CHF", "1,234 万 CHF"),
    ("en", "CNY", "CNY 12.3M"), ("en", "USD", "$12.3M"), ("en", "CHF", "CHF 12.3M")])
def test_the_currency_stands_where_the_language_puts_it(language: str, currency: str, text: str) -> None:
    with in_language(language):
        assert format_money(12_340_000, currency) == text


def test_two_amounts_of_a_sentence_share_a_unit() -> None:
    with in_language("zh"):
        assert format_money(91_400_000, like=111_000_000) == "0.91 亿"
        assert format_money(91_400_000) == "9,140 万"


@given(value=st.integers(-10**15, 10**15))
@settings(deadline=None)
def test_exact_amounts_lose_nothing(value: int) -> None:
    assert int(format_exact(value).replace(",", "").replace("−", "-")) == value


@pytest.mark.parametrize("nothing", [None, math.nan, pd.NA, math.inf])
@pytest.mark.parametrize("write", FORMATS)
def test_a_missing_figure_is_a_dash_and_never_zero(write: object, nothing: object) -> None:
    assert write(nothing) == NOTHING  # type: ignore[operator]


@given(chance=st.floats(0, 1))
@settings(deadline=None)
def test_a_chance_is_never_written_as_certain_or_impossible(chance: float) -> None:
    text = format_chance(chance)
    assert text not in ("0%", "100%")
    if text[0] not in "<>":
        assert abs(int(text[:-1]) / 100 - chance) <= 0.0050001


@pytest.mark.parametrize(("share", "text"), [
    (0.123, "+12%"), (-0.12, "−12%"), (0.0049, "±0%"), (-0.0049, "±0%"), (9.99, "+999%"), (10.5, ">+999%")])
def test_growth_has_its_sign(share: float, text: str) -> None:
    assert format_growth(share) == text


def test_months_and_spans_in_both_languages() -> None:
    march, february = pd.Timestamp("2026-03-01"), pd.Timestamp("2027-02-01")
    assert format_month(march) == "2026-03"
    with in_language("zh"):
        assert [name_month(march), name_span(march, february)] == ["2026年3月", "2026年3月至2027年2月"]
        assert name_span(march, march) == "2026年3月"
    with in_language("en"):
        assert [name_month(march), name_span(march, february)] == ["Mar 2026", "Mar 2026 – Feb 2027"]
        assert name_span(pd.Timestamp("2026-01-01"), pd.Timestamp("2026-12-01")) == "Jan–Dec 2026"


@pytest.mark.parametrize(("language", "largest", "title"), [
    ("zh", 3e6, "万元"), ("zh", 3e8, "亿元"), ("zh", 900, "元"), ("en", 3e6, "million CNY"),
    ("en", 1.5e6, "thousand CNY"), ("en", math.nan, "CNY")])
def test_an_axis_has_short_labels_and_a_named_unit(language: str, largest: float, title: str) -> None:
    with in_language(language):
        unit = choose_axis_unit(largest, "CNY")
    assert unit.title == title
    assert not largest / unit.divisor >= 100_000


def test_an_axis_without_a_currency_still_says_what_it_measures() -> None:
    assert choose_axis_unit(500).title == "amount"
