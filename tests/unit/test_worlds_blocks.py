"""Blocks made together are those made one by one, whatever the company they are made in."""

import numpy as np
import pytest

from twoworlds import dictionary
from twoworlds.worlds import blocks, digests
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.registry import MADE
from twoworlds.worlds.streams import BlockStreams


def digests_of(world, made):
    return [digests.block_digests(world, *one) for one in made]


@pytest.mark.parametrize(("seed", "scale"), [(1234, 1), (7, 0.5), (19, 0.1)])
@pytest.mark.parametrize("name", ["pipewright", "capstone"])
def test_blocks_are_the_same_alone_and_together(name, seed, scale):
    world = MADE[name]
    every = list(range(world.block_count(scale)))
    alone = digests_of(name, [world.make_block(seed, scale, block) for block in every])
    for group in (every, every[1:-1], every[::3], every[-2:]):
        if group:
            found = digests_of(name, world.make_blocks(seed, scale, group))
            assert found == [alone[block] for block in group], group


@pytest.mark.parametrize("name", MADE)
def test_groups_hold_every_block_once(name):
    world = MADE[name]
    found = [block for group in blocks.groups(world, 7) for block in group]
    assert found == list(range(world.block_count(7)))
    assert all(len(group) <= world.PART_BLOCKS for group in blocks.groups(world, 7))


@pytest.mark.parametrize("name", MADE)
def test_a_block_gives_the_columns_of_the_dictionary_and_no_other(name):
    for kept, tables in zip(("data", "truth"), MADE[name].make_block(3, 0.1, 0), strict=True):
        described = dictionary.tables(name, kept)
        assert set(tables) == set(described)
        for table, columns in tables.items():
            assert list(columns) == [column.name for column in described[table].columns]


def test_streams_of_several_blocks_are_those_of_each():
    numbers, rows = [4, 0, 9], np.array([5, 0, 131])
    together = BlockStreams(3, "w", numbers)
    for draw in (
        lambda streams, n: streams.draws("t", "c", n),
        lambda streams, n: streams.pick("t", "c", n, (0.25, 0.5, 0.25)),
        lambda streams, n: streams.below("t", "c", n, 12),
        lambda streams, n: streams.happens("t", "c", 1 << 30, n),
    ):
        alone = [draw(BlockStreams(3, "w", block), n) for block, n in zip(numbers, rows, strict=True)]
        assert np.array_equal(draw(together, rows), np.concatenate(alone))


def test_several_blocks_must_say_how_many_rows_each_has():
    with pytest.raises(ValueError, match="how many rows each of the 2 blocks has"):
        BlockStreams(3, "w", [0, 1]).draws("t", "c", 10)


def test_rows_of_each_block_are_counted():
    assert BlockStreams(3, "w", [5, 6, 7]).rows(np.array([0, 0, 2])).tolist() == [2, 0, 1]
    assert BlockStreams(3, "w", 5).rows(np.array([0, 0])) == 2


def test_tables_go_together_block_after_block_and_come_apart_again():
    first = {blocks.OF_BLOCK: np.array([0, 1, 1]), "a": np.array([1, 2, 3]), "b": ["x", "y", "z"]}
    second = {blocks.OF_BLOCK: np.array([0, 0]), "a": np.array([4, 5]), "b": ["v", "w"]}
    whole = blocks.together([first, second])
    assert whole["a"].tolist() == [1, 4, 5, 2, 3]
    assert whole["b"] == ["x", "v", "w", "y", "z"]
    assert blocks.numbered(whole[blocks.OF_BLOCK]).tolist() == [0, 1, 2, 0, 1]
    whole["c"] = Coded(np.array([0, 1, -1, 0, 1]), ("no", "yes"))
    one, two, none = blocks.split({"t": whole}, 3)
    assert one["t"]["a"].tolist() == [1, 4, 5] and two["t"]["b"] == ["y", "z"]
    assert two["t"]["c"].codes.tolist() == [0, 1] and len(none["t"]["a"]) == 0
    assert blocks.OF_BLOCK not in one["t"]


def test_company_wide_tables_stand_in_the_first_block_alone():
    table = {"a": np.array([1, 2])}
    assert blocks.only_in_first(BlockStreams(3, "w", [0, 1]), table)["a"].tolist() == [1, 2]
    assert len(blocks.only_in_first(BlockStreams(3, "w", [1, 2]), table)["a"]) == 0
