"""Numbers, shares and yes or no: as people write them, exact, and doubted where they can be read two ways."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.sources.units import find_currency, header_unit, unit_of_title
from salesgoals.sources.values import parse_flags, parse_number, parse_numbers, parse_share


def column(cells: list[Any]) -> pd.Series:
    return pd.Series(cells, dtype=object, name="金额")


def values(cells: list[Any], header: str = "", **more: Any) -> list[Any]:
    return parse_numbers(column(cells), header, **more).values.tolist()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", "1234"),
        ("1,234.50", "1234.50"),
        ("1,23,456", "123456"),
        ("¥1,234.5", "1234.5"),
        ("￥12", "12"),
        ("$7", "7"),
        ("US$ 7", "7"),
        ("€5", "5"),
        ("£5.5", "5.5"),
        ("CNY 12", "12"),
        ("12 RMB", "12"),
        ("人民币12元", "12"),
        ("12.5元", "12.5"),
        ("12.5万", "125000"),
        ("12.5万元", "125000"),
        ("1.2亿元", "120000000"),
        ("3千", "3000"),
        ("5百万", "5000000"),
        ("12.5k", "12500"),
        ("$3.2M", "3200000"),
        ("12w", "120000"),
        ("3万5千", "35000"),
        ("1亿2000万", "120000000"),
        ("1万2000", "12000"),
        ("１２３，４５６．５", "123456.5"),
        ("（５００）", "-500"),
        ("(500)", "-500"),
        ("-500", "-500"),
        ("500-", "-500"),
        ("△500", "-500"),
        ("−500", "-500"),
        ("-¥500", "-500"),
        ("¥-500", "-500"),
        ("(¥500)", "-500"),
        ("(-500)", "-500"),
        ("+5", "5"),
        ("12%", "0.12"),
        ("-3.5％", "-0.035"),
        ("(5%)", "-0.05"),
        ("'1,234", "1234"),
        (" 1 234\u00a0567 ", "1234567"),
        ("1'234.50", "1234.50"),
        ("1.2E+05", "120000"),
        ("1e-3", "0.001"),
        (".5", "0.5"),
        ("5.", "5"),
        ("00123", "123"),
        ("0.30000000000000000000000000000001", "0.30000000000000000000000000000001"),
    ],
)
def test_written_numbers(text: str, number: str) -> None:
    assert parse_number(text)[0] == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "待定",
        "NA",
        "None",
        "null",
        "nan",
        "#N/A",
        "12台",
        "1,2345",
        "3万5",
        "5m",
        "--5",
        "-5-",
        "1.2.3",
        "1/2",
        "2025-01-02",
        "inf",
        "Infinity",
        "1e9999",
        "一百",
        "P007",
        "()",
        "%",
        "元",
        "¥",
        "12..5",
        "1 2 x",
        "٣",
        "²",
    ],
)
def test_what_is_no_number_is_bad_and_stays_out(text: str) -> None:
    parsed = parse_numbers(column([text, "5"]))
    assert parsed.values.tolist() == [None, Decimal(5)]
    assert parsed.bad.tolist() == [True, False]


def test_empty_is_empty_and_not_zero() -> None:
    parsed = parse_numbers(column([None, "", "  ", "-", "—", "/", "--", float("nan"), 0, "0"]))
    assert parsed.values.tolist() == [None] * 8 + [Decimal(0)] * 2
    assert not parsed.bad.any()


def test_number_cells_are_taken_by_their_shortest_text() -> None:
    assert values([0.1, 1234.3, 5, 7.0, Decimal("0.1000"), np.float64(0.7), np.int64(3), 1e22]) == [
        Decimal("0.1"),
        Decimal("1234.3"),
        Decimal(5),
        Decimal(7),
        Decimal("0.1000"),
        Decimal("0.7"),
        Decimal(3),
        Decimal(10) ** 22,
    ]


def test_other_cells_are_bad() -> None:
    parsed = parse_numbers(column([True, dt.datetime(2025, 1, 2), dt.time(3), float("inf"), Decimal("NaN")]))
    assert parsed.values.tolist() == [None] * 5
    assert parsed.bad.tolist() == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("header", "power"),
    [
        ("金额(万元)", 4),
        ("金额（万元）", 4),
        ("金额（单位：亿元）", 8),
        ("销售额/万元", 4),
        ("金额_千元", 3),
        ("Amount (k)", 3),
        ("Amount ($K)", 3),
        ("Amount (USD)", 0),
        ("Revenue (in thousands)", 3),
        ("Revenue ($ millions)", 6),
        ("RMB'000", None),
        ("Sales (RMB'000)", 3),
        ("金额(元)", 0),
        ("销量(万台)", 4),
        ("数量(台)", 0),
        ("金额", None),
        ("Vitamin K", None),
        ("Length (m)", None),
        ("Amount (M)", 6),
        ("Size M", None),
        ("销售额[百万]", 6),
        ("单元数", None),
        ("Class K", None),
        ("金额 万元", 4),
        ("2025年(1月)", None),
    ],
)
def test_units_of_headers(header: str, power: int | None) -> None:
    assert header_unit(header).power == power


def test_a_header_unit_multiplies_and_a_cell_unit_replaces_it() -> None:
    parsed = parse_numbers(column(["12.5", 3, "12.5万", "1.2亿"]), "金额(万元)")
    assert parsed.values.tolist() == [Decimal(125000), Decimal(30000), Decimal(125000), Decimal(120000000)]
    assert parsed.multiplier == 10_000
    assert parsed.currency == "CNY"
    assert [(p.code, p.values["count"]) for p in parsed.notes] == [("sources.own_unit", 2)]


def test_a_unit_from_the_title_applies_where_the_header_has_none() -> None:
    assert values(["5"], "金额", unit="万元") == [Decimal(50000)]
    assert values(["5"], "金额(元)", unit="万元") == [Decimal(5)]
    assert values(["5"], "数量(台)", unit="万元") == [Decimal(5)]


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("单位:万元", "万元"),
        ("部门:销售部  单位：人民币千元", "千元"),
        ("金额单位: 元", "元"),
        ("Amounts in thousands", "thousands"),
        ("单位:销售部", None),
        ("2025年销售表", None),
    ],
)
def test_units_in_titles(title: str, unit: str | None) -> None:
    assert unit_of_title(title) == unit


def test_currencies() -> None:
    assert [
        find_currency(text) for text in ("¥5", "5元", "US$5", "HK$5", "€1", "单元", "Euro zone", "金额(USD)")
    ] == ["CNY", "CNY", "USD", "HKD", "EUR", None, None, "USD"]
    parsed = parse_numbers(column(["¥5", "$7", "¥8"]), "金额")
    assert parsed.currency == "CNY"
    assert [p.code for p in parsed.notes] == ["sources.mixed_currencies"]
    assert parse_numbers(column(["元", "5"]), "金额").currency is None


def test_a_decimal_comma_needs_proof_by_the_whole_column() -> None:
    assert values(["1.234,56", "7,5", "1.000", "12"]) == [
        Decimal("1234.56"),
        Decimal("7.5"),
        Decimal(1000),
        Decimal(12),
    ]
    assert values(["12,34", "5"]) == [Decimal("12.34"), Decimal(5)]
    slip = parse_numbers(column(["1,234", "5,678", "12,34"]))
    assert slip.values.tolist() == [Decimal(1234), Decimal(5678), None]
    assert [p.code for p in slip.notes] == ["sources.mixed_decimal_signs"]
    assert values(["1,234", "5,678"]) == [Decimal(1234), Decimal(5678)]
    both = parse_numbers(column(["1.234,56", "1,234.56"]))
    assert both.bad.tolist() == [True, False]
    assert [p.code for p in both.notes] == ["sources.mixed_decimal_signs"]
    doubtful = parse_numbers(column(["1.234", "5.678", "9.123"]))
    assert doubtful.values[0] == Decimal("1.234")
    assert [p.code for p in doubtful.notes] == ["sources.thousands_or_decimals"]
    assert parse_numbers(column(["1.25", "5.678", "9.123", "7.200"])).notes == []


def test_error_values_are_told() -> None:
    parsed = parse_numbers(column(["#N/A", 5, "#REF!"]), "金额")
    assert parsed.bad.tolist() == [True, False, True]
    assert [(p.code, p.values["count"]) for p in parsed.notes] == [("sources.error_values", 2)]


def test_inputs_are_left_alone() -> None:
    cells = column(["12.5万", None, 3])
    before = cells.copy()
    parse_numbers(cells, "金额(万元)")
    pd.testing.assert_series_equal(cells, before)


def plain(number: Decimal) -> str:
    return f"{number:f}"


def groups(number: Decimal) -> str:
    return f"{number:,f}"


STYLES: dict[str, Any] = {
    "plain": plain,
    "groups": groups,
    "yuan": lambda n: f"¥{groups(n)}",
    "suffix": lambda n: f"{plain(n)}元",
    "brackets": lambda n: f"({groups(-n)})" if n < 0 else groups(n),
    "after": lambda n: f"{plain(-n)}-" if n < 0 else plain(n),
    "wide": lambda n: groups(n).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,.-"}),
    "spaces": lambda n: groups(n).replace(",", "\u00a0"),
    "minus": lambda n: plain(n).replace("-", "−"),
    "exponent": lambda n: f"{n:E}",
    "text number": lambda n: f"'{groups(n)}",
}


@settings(deadline=None, max_examples=300)
@given(
    number=st.decimals(Decimal(-10) ** 12, Decimal(10) ** 12, places=2), style=st.sampled_from(sorted(STYLES))
)
def test_a_number_written_in_a_known_style_comes_back_exactly(number: Decimal, style: str) -> None:
    text = STYLES[style](number)
    parsed, _, _ = parse_number(text)
    assert parsed == number, text


@settings(deadline=None, max_examples=100)
@given(
    number=st.decimals(Decimal(-10) ** 6, Decimal(10) ** 6, places=4),
    unit=st.sampled_from([("千", 3), ("万", 4), ("亿", 8)]),
)
def test_units_are_exact(number: Decimal, unit: tuple[str, int]) -> None:
    assert parse_number(f"{plain(number)}{unit[0]}元")[0] == number * 10 ** unit[1]
    assert values([plain(number)], f"金额({unit[0]}元)") == [number * 10 ** unit[1]]


@settings(deadline=None, max_examples=100)
@given(numbers=st.lists(st.decimals(Decimal(-10) ** 9, Decimal(10) ** 9, places=2), min_size=1, max_size=20))
def test_a_column_of_decimal_commas_comes_back_exactly(numbers: list[Decimal]) -> None:
    texts = [groups(n).translate(str.maketrans(",.", ".,")) for n in numbers]
    assert values(texts) == numbers


@settings(deadline=None, max_examples=200)
@given(text=st.text(max_size=12))
def test_any_text_is_a_number_or_bad_or_empty(text: str) -> None:
    parsed = parse_numbers(column([text]))
    assert parsed.values[0] is None or parsed.values[0].is_finite()
    assert not (parsed.bad[0] and parsed.values[0] is not None)


# ---- shares, yes and no


def test_shares() -> None:
    assert parse_share(column(["30%", "100%", None])).values.tolist() == [Decimal("0.3"), Decimal(1), None]
    assert parse_share(column([30, 100, 0]), "可能性(%)").values.tolist() == [
        Decimal("0.3"),
        Decimal(1),
        Decimal(0),
    ]
    assert parse_share(column([0.3, 1, 0]), "可能性(%)").values.tolist() == [
        Decimal("0.3"),
        Decimal(1),
        Decimal(0),
    ]
    assert parse_share(column(["0.3", "1"])).values.tolist() == [Decimal("0.3"), Decimal(1)]
    assert parse_share(column([30, 80])).values.tolist() == [Decimal("0.3"), Decimal("0.8")]
    assert parse_share(column(["30%", 0.2])).values.tolist() == [Decimal("0.3"), Decimal("0.2")]
    assert parse_share(column(["abc"])).bad.tolist() == [True]


def test_fractions_and_per_cent_in_one_column_are_doubted() -> None:
    assert [p.code for p in parse_share(column([0.3, 40, 50])).notes] == ["sources.share_mixed"]
    assert [p.code for p in parse_share(column(["30%", 40])).notes] == ["sources.share_mixed"]
    assert parse_share(column([0.3, 0.4])).notes == []


def test_flags() -> None:
    yes = ["是", "Y", "yes", "TRUE", "true", 1, 1.0, "1", True, "√", "新", "新客户", "退货", " Ｙ "]
    no = ["否", "N", "No", "False", 0, "0", False, "×", "老", "老客户", "正常"]
    assert parse_flags(column(yes)).values.tolist() == [True] * len(yes)
    assert parse_flags(column(no)).values.tolist() == [False] * len(no)
    parsed = parse_flags(column([None, "", "-", "maybe", 2, float("nan")]))
    assert parsed.values.tolist() == [None] * 6
    assert parsed.bad.tolist() == [False, False, False, True, True, False]
