from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp, minimize

from salesgoals.allocation import margins, moves, repair
from salesgoals.allocation.margins import Family, fit_margins, round_margins
from salesgoals.allocation.repair import find_shortage, round_person
from salesgoals.problems import SalesgoalsError


def random_problem(seed: int, empty: float = .3, largest: int = 5) -> tuple[np.ndarray, ...]:
    """A pattern with zeros, and sums that some table of whole numbers on it does have."""
    draw = np.random.default_rng(seed)
    shape = tuple(int(size) for size in draw.integers(1, largest + 1, 3))
    pattern = draw.gamma(1, 1, shape) * (draw.random(shape) > empty)
    table = draw.poisson(draw.choice([.3, 2, 20]), shape) * (pattern > 0)
    return pattern, table.sum((1, 2)), table.sum((0, 2)), table.sum((0, 1))


def assert_sums(table: np.ndarray, person: np.ndarray, month: np.ndarray, product: np.ndarray) -> None:
    assert table.sum((1, 2)).tolist() == list(person)
    assert table.sum((0, 2)).tolist() == list(month)
    assert table.sum((0, 1)).tolist() == list(product)


@settings(deadline=None, max_examples=120)
@given(st.integers(0, 10 ** 6), st.sampled_from([0., .2, .5, .7]))
def test_all_sums_are_exact_and_zeros_stay(seed: int, empty: float) -> None:
    pattern, *sums = random_problem(seed, empty)
    fitted, _ = fit_margins(pattern, *sums)
    table = round_margins(fitted, *sums)
    assert_sums(table, *sums)
    assert (table >= 0).all()
    assert (table[pattern == 0] == 0).all()


def test_fit_is_the_classic_alternate_scaling() -> None:
    draw = np.random.default_rng(1)
    seed = draw.gamma(1, 1, (6, 4, 3))
    sums = [draw.multinomial(1000, np.ones(size) / size) for size in seed.shape]
    plain = seed.copy()
    for _ in range(300):
        plain *= (sums[0] / plain.sum((1, 2)))[:, None, None]
        plain *= (sums[1] / plain.sum((0, 2)))[None, :, None]
        plain *= (sums[2] / plain.sum((0, 1)))[None, None, :]
    fitted, gap = fit_margins(seed, *sums)
    assert gap < 1e-6
    assert fitted == pytest.approx(plain, rel=1e-6)


def test_fit_within_ranges_is_the_nearest_table() -> None:
    """Oracle: scipy's SLSQP on the relative entropy that iterative fitting minimises."""
    seed = np.random.default_rng(3).gamma(2, 1, (3, 2, 2))
    person = np.array([10., 6., 8.])
    low, high = np.array([0., 15.]), np.array([8., np.inf])
    one = Family(np.arange(6).reshape(3, 2), np.array([4., 0, 0, 0, 0, 0]), np.full(6, np.inf))
    fitted, gap = fit_margins(seed, person, (low, high), (np.zeros(2), np.full(2, np.inf)), [one])
    assert gap < 1e-6

    def entropy(x: np.ndarray) -> float:
        return float((x * np.log(np.maximum(x, 1e-12) / seed.ravel()) - x).sum())

    rules = [{"type": "eq", "fun": lambda x: x.reshape(seed.shape).sum((1, 2)) - person},
             {"type": "ineq", "fun": lambda x: 8 - x.reshape(seed.shape)[:, 0].sum()},
             {"type": "ineq", "fun": lambda x: x.reshape(seed.shape)[:, 1].sum() - 15},
             {"type": "ineq", "fun": lambda x: x.reshape(seed.shape)[0, 0].sum() - 4}]
    oracle = minimize(entropy, np.full(12, 2.), bounds=[(1e-6, None)] * 12, constraints=rules,
                      options={"maxiter": 500, "ftol": 1e-12})
    assert oracle.success
    assert fitted.ravel() == pytest.approx(oracle.x, abs=2e-3)


def test_a_table_called_impossible_has_a_solution() -> None:
    """Enterprise-CMCS/eAPD#788: $100 over four years and quarters, whole dollars in rows and columns."""
    years, quarters = np.array([.3285, .1534, .4162, .1019]), np.array([.1392, .2627, .473, .1251])
    wished = 100 * np.outer(years, quarters)[:, :, None]
    sums = [33, 15, 42, 10], [14, 26, 47, 13], [100]
    fitted, _ = fit_margins(wished, *sums)
    table = round_margins(fitted, *sums)
    assert_sums(table, *(np.array(part) for part in sums))
    assert (np.abs(table - wished) < 1.2).all()
    assert ((table - fitted) ** 2).sum() == pytest.approx(best_distance(fitted, *sums), abs=.3)


def best_distance(fitted: np.ndarray, *sums: np.ndarray | list[int]) -> float:
    """Least squared distance of any whole table with these sums, by an integer program."""
    at = np.nonzero(fitted > 0)
    x, cells = fitted[at], len(at[0])
    places = np.arange(cells)
    matrix = sparse.vstack([sparse.csr_matrix((np.ones(cells), (axis, places)), shape=(size, cells))
                            for axis, size in zip(at, fitted.shape, strict=True)])
    base = np.floor(x + 1e-9)
    part, steps = x - base, range(4)
    cost = np.concatenate([2 * j + 1 - 2 * part for j in steps] + [2 * j + 1 + 2 * part for j in steps])
    most = np.concatenate([np.ones(cells)] * 4 + [np.clip(base - j, 0, 1) for j in steps])
    wanted = np.concatenate([np.asarray(part, float) for part in sums]) - matrix @ base
    rules = LinearConstraint(sparse.hstack([matrix] * 4 + [-matrix] * 4).tocsc(), wanted, wanted)
    found = milp(cost, constraints=rules, integrality=np.ones(8 * cells), bounds=Bounds(0, most))
    return float(found.fun + (part ** 2).sum())


def test_rounding_is_within_a_few_percent_of_the_optimum() -> None:
    mine, best = 0.0, 0.0
    for seed in range(40):
        pattern, *sums = random_problem(seed, .15)
        fitted, _ = fit_margins(pattern, *sums)
        mine += float(((round_margins(fitted, *sums) - fitted) ** 2).sum())
        best += best_distance(fitted, *sums)
    assert best - 1e-6 <= mine <= 1.08 * best


@pytest.mark.parametrize("seed", [73, 139, 204, 666, 1134])
def test_sparse_tables_that_need_more_than_single_moves(seed: int) -> None:
    pattern, *sums = random_problem(seed, .7)
    fitted, _ = fit_margins(pattern, *sums)
    assert_sums(round_margins(fitted, *sums), *sums)


def test_chains_alone_find_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves._Mover, "step", lambda mover: False)
    monkeypatch.setattr(margins, "repair_margins", lambda *a: pytest.fail("chains were not enough"))
    for seed in range(30):
        pattern, *sums = random_problem(seed, 0.)
        fitted, _ = fit_margins(pattern, *sums)
        assert_sums(round_margins(fitted, *sums), *sums)


def test_the_integer_program_alone_finds_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(margins, "move_units", lambda *a: False)
    monkeypatch.setattr(repair, "FIRST_CELLS", 8)  # so that it has to grow from a few people to all
    for seed in range(30):
        pattern, *sums = random_problem(seed, .5)
        fitted, _ = fit_margins(pattern, *sums)
        assert_sums(round_margins(fitted, *sums), *sums)


def test_sums_that_the_zeros_forbid_are_named() -> None:
    pattern = np.array([[[1.], [0.]], [[1.], [1.]]])
    with pytest.raises(SalesgoalsError, match="month number") as error:
        round_margins(pattern * 5, [5, 5], [2, 8], [10])
    assert sorted(problem.values["missing"] for problem in error.value.problems) == [-3, 3]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10 ** 6))
def test_limits_of_single_people_and_of_parts_of_a_month_hold(seed: int) -> None:
    draw = np.random.default_rng(seed)
    people, months, products = 5, 4, 3
    pattern = draw.gamma(1, 1, (people, months, products))
    table = draw.poisson(8, pattern.shape)
    person, product = table.sum((1, 2)), table.sum((0, 1))
    by_month, by_product = table.sum(2), table.sum(1)
    free = draw.random(by_month.shape) > .3
    limits = np.where(free, 0, by_month - 1).clip(0), np.where(free, np.inf, by_month + 1)
    some = draw.random(by_product.shape) > .2
    lines = np.where(some, 0, by_product), np.where(some, np.inf, by_product)
    label = np.broadcast_to(np.arange(months), (people, months)).copy()
    label[:2, 1] = months  # the first two people's second month has a sum of its own
    wanted = np.bincount(label.ravel(), by_month.ravel(), months + 1).astype(int)
    keys = np.arange(people * months).reshape(people, months)
    keys_p = np.arange(people * products).reshape(people, products)
    own = Family(keys, limits[0].ravel().astype(float), limits[1].ravel())
    part = Family(label, wanted.astype(float), wanted.astype(float))
    fitted, gap = fit_margins(pattern, person, table.sum((0, 2)), product, [own, part],
                              [Family(keys_p, lines[0].ravel().astype(float), lines[1].ravel())])
    assert gap < 1
    result = round_margins(fitted, person, wanted, product, label, None, limits, lines)
    assert_sums(result, person, table.sum((0, 2)), product)
    assert result[:2, 1].sum() == wanted[months]
    assert ((result.sum(2) >= limits[0]) & (result.sum(2) <= limits[1])).all()
    assert ((result.sum(1) >= lines[0]) & (result.sum(1) <= lines[1])).all()


@settings(deadline=None, max_examples=40)
@given(st.permutations(range(5)), st.integers(0, 1000))
def test_exchanging_people_exchanges_their_goals(order: list[int], seed: int) -> None:
    draw = np.random.default_rng(seed)
    pattern = draw.gamma(2, 1, (5, 3, 2))
    person = draw.integers(50, 100, 5)
    month = draw.multinomial(person.sum(), np.ones(3) / 3)
    product = draw.multinomial(person.sum(), np.ones(2) / 2)
    one, _ = fit_margins(pattern, person, month, product)
    other, _ = fit_margins(pattern[order], person[order], month, product)
    assert other == pytest.approx(one[order], rel=1e-9)
    assert (round_margins(one[order], person[order], month, product)
            == round_margins(one, person, month, product)[order]).all()


def test_a_person_without_room_is_refused() -> None:
    limits = np.array([3., 3.]), np.array([3., 3.])
    with pytest.raises(SalesgoalsError, match="between 6 and 6"):
        round_person(np.ones((2, 2)), 9, limits, None)
    with pytest.raises(SalesgoalsError, match="Change them or the total"):
        round_person(np.ones((2, 2)), 9, limits, (np.zeros(2), np.full(2, np.inf)))


def test_a_shortage_is_found_and_measured() -> None:
    months = Family(np.broadcast_to(np.arange(2), (3, 2)), np.array([0., 70.]), np.full(2, np.inf))
    there = np.ones((3, 2, 1), bool)
    there[0, 1] = False
    found = find_shortage(there, np.array([40, 30, 30]), [months], [])
    assert found == [("month", 0, 1, pytest.approx(10))]
    assert find_shortage(np.ones((3, 2, 1), bool), np.array([40, 30, 30]), [months], []) == []


def test_a_person_without_open_cells_and_without_units_needs_no_solver() -> None:
    nothing, endless = np.zeros(3), np.full(3, np.inf)
    rows, columns = (nothing, endless), (nothing[:2], endless[:2])
    assert round_person(np.zeros((3, 2)), 0, rows, columns).tolist() == [[0, 0]] * 3
    with pytest.raises(SalesgoalsError, match="5"):
        round_person(np.zeros((3, 2)), 5, rows, columns)


def test_a_fit_of_contradictory_limits_stays_a_number() -> None:
    floor = Family(np.array([[0, 1], [2, 2]]), np.array([1e9, 0., 0.]), np.full(3, np.inf))
    fitted, gap = fit_margins(np.ones((2, 2, 1)), [3, 3], [3, 3], [6], more_months=[floor])
    assert np.isfinite(fitted).all()
    assert gap == pytest.approx(1e9 - 3, abs=3)


def test_a_fit_that_is_far_off_is_made_exact_in_lots() -> None:
    fitted = np.random.default_rng(4).gamma(2, 1, (3, 2, 2))
    fitted *= np.array([4e11, 3e11, 3e11])[:, None, None] / fitted.sum((1, 2))[:, None, None]
    sums = [[400_000_000_000, 300_000_000_000, 300_000_000_000], [10 ** 11, 9 * 10 ** 11], [5 * 10 ** 11] * 2]
    assert_sums(round_margins(fitted, *sums), *sums)
