"""Account executives: who may have an account, and how skill shows in who has the accounts that paid."""

from dataclasses import replace

import numpy as np
import pytest

from twoworlds.worlds import timeline
from twoworlds.worlds.pipewright import executives
from twoworlds.worlds.pipewright.world import PARAMETERS

SEED, N = 7, 120_000
ROWS = {
    "account_ids": np.arange(1, N + 1),
    "days": np.full(N, timeline.WINDOW_START + 200),
    "sizes": np.arange(N) % 3,
    "paid": np.arange(N) * 24 % 100 < 24,
}


@pytest.fixture(scope="module")
def team():
    return executives.make_executives(PARAMETERS, SEED, 1)


def odds_by_executive(parameters):
    chosen = executives.assign(parameters, SEED, **ROWS)
    paid = np.bincount(chosen, weights=ROWS["paid"], minlength=len(parameters.executive_segment) + 1)[1:]
    every = np.bincount(chosen, minlength=len(parameters.executive_segment) + 1)[1:]
    return chosen, every, paid / np.maximum(1, every - paid)


def test_whoever_has_an_account_had_started_and_serves_its_size(team):
    chosen, _, _ = odds_by_executive(PARAMETERS)
    assert (team[0]["started_on"][chosen - 1] <= ROWS["days"]).all()
    assert (team[0]["segment"].codes[chosen - 1] == ROWS["sizes"]).all()


def test_accounts_go_by_capacity(team):
    _, every, _ = odds_by_executive(PARAMETERS)
    for code in range(3):
        of_size = (team[0]["segment"].codes == code) & (team[0]["started_on"] <= ROWS["days"][0])
        share = every[of_size] / every[of_size].sum()
        assert share == pytest.approx(
            team[0]["capacity"][of_size] / team[0]["capacity"][of_size].sum(), abs=0.02
        )
        assert every[of_size].sum() == N // 3


def test_skill_moves_the_odds_and_no_skill_leaves_them_alike(team):
    _, every, odds = odds_by_executive(PARAMETERS)
    busy = every > 0
    usual = ROWS["paid"].mean() / (1 - ROWS["paid"].mean())
    skill = team[1]["odds_of_skill"] / 1_000_000
    # 120,000 accounts in a dozen hands: the odds of each are known to about 2 %.
    for size in range(3):
        same = busy & (team[0]["segment"].codes == size)
        assert odds[same] / usual == pytest.approx(skill[same] / skill[same].mean(), abs=0.08)
    _, _, alike = odds_by_executive(replace(PARAMETERS, skill_spread=0.0))
    assert alike[busy] / usual == pytest.approx(np.ones(busy.sum()), abs=0.08)


def test_an_account_has_the_same_executive_whoever_asks():
    chosen = executives.assign(PARAMETERS, SEED, **ROWS)
    some = np.arange(N)[::-7]
    again = executives.assign(PARAMETERS, SEED, **{name: values[some] for name, values in ROWS.items()})
    assert (chosen[some] == again).all()


def test_nobody_can_have_an_account_from_before_the_first_had_started():
    early = {name: values[:3] for name, values in ROWS.items()} | {"days": np.zeros(3, dtype=np.int64)}
    with pytest.raises(ValueError, match="before anybody"):
        executives.assign(PARAMETERS, SEED, **early)


def test_no_two_executives_share_a_name(team):
    assert len(set(team[0]["name"])) == len(team[0]["executive_id"])


def test_a_larger_world_has_larger_desks(team):
    twice, _ = executives.make_executives(PARAMETERS, SEED, 2)
    assert (twice["capacity"] == 2 * team[0]["capacity"]).all()
