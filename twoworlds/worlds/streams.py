"""Random bits that depend on what they are for, not on the order in which they are drawn.

Every column of every block has a Philox stream of its own (Salmon, Moraes, Dror and Shaw 2011, "Parallel
random
numbers: as easy as 1, 2, 3"). The key is (seed, name of world, table and column); the block is the high word
of the counter, so two blocks never share a stretch of it. NumPy promises that a bit generator's raw bits stay
the same for ever; it promises nothing of the sort for distributions, so only raw bits are used here.
"""

import hashlib
from dataclasses import fields
from functools import lru_cache

import numpy as np

ONE = 1 << 32  # probabilities are compared as 32-bit integers: a draw u is a success where u < p * ONE
_MASK = (1 << 64) - 1
_NO_BUFFER = [0, 0, 0, 0]
_ROW_COSTS = 700  # reading one row by itself takes as long as drawing so many 32-bit integers
_FEW_CUTS = 12  # up to so many, comparing with each is faster than searching among them


@lru_cache(maxsize=4096)
def name_key(name):
    """64-bit key of a name (first eight bytes of its SHA-256, little-endian)."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")


def threshold(probability):
    """Probability (a number or an array, 0 to 1) as the 32-bit integer that a draw must stay below."""
    if isinstance(probability, tuple):
        return _tuple_threshold(probability)
    if np.isscalar(probability):
        return int(round(probability * ONE))
    return np.rint(np.asarray(probability, dtype=np.float64) * ONE).astype(np.int64)


@lru_cache(maxsize=1024)
def _tuple_threshold(probabilities):
    """The thresholds of a parameter that holds several chances: made once, and read only."""
    found = np.rint(np.asarray(probabilities, dtype=np.float64) * ONE).astype(np.int64)
    found.setflags(write=False)
    return found


class Keys:
    """What frozen parameters inherit so that they serve as keys of what is remembered: a hash made once."""

    def _made_hash(self):
        """The hash of all fields, made at the first call and kept beside them."""
        kept = self.__dict__.get("_hash")
        if kept is None:
            kept = hash(tuple(getattr(self, field.name) for field in fields(self)))
            object.__setattr__(self, "_hash", kept)
        return kept

    def __getstate__(self):
        # Another process hashes texts otherwise.
        return {name: value for name, value in self.__dict__.items() if name != "_hash"}


class BlockStreams:
    """The streams of one block of one world, or of several blocks that are made together.

    seed: whole number from 0 to 2**64 - 1; world: its name; block: number of the block, from 0, or a sequence
    of such numbers. With several, rows stand block after block, and wherever a number of rows is asked for,
    it is an array: the rows of each block (see `rows`). Each block still draws from its own stretch.
    """

    def __init__(self, seed, world, block):
        self.seed, self.world = int(seed), world
        self.blocks = np.atleast_1d(np.asarray(block, dtype=np.int64))
        self.block = int(self.blocks[0])
        # One generator for all columns: setting its state is cheaper than making another, and it reads lists
        # of whole numbers in half the time that arrays take.
        self._philox = np.random.Philox(key=np.array([self.seed, 0], dtype=np.uint64))
        self._counter = [0, 0, 0, self.block]
        self._key = [self.seed, 0]
        self._state = {
            "bit_generator": "Philox",
            "state": {"counter": self._counter, "key": self._key},
            "buffer": _NO_BUFFER,
            "buffer_pos": len(_NO_BUFFER),
            "has_uint32": 0,
            "uinteger": 0,
        }

    def bits64(self, table, column, count):
        """`count` raw 64-bit integers, for ever the same for a seed, world, table, column and block."""
        self._set(table, column, 0)
        return self._philox.random_raw(int(count))

    def rows(self, place):
        """How many rows each block has. place: (n,) position of each row's block among the blocks, sorted.
        Returns a number where there is one block, else an array (blocks,)."""
        if len(self.blocks) == 1:
            return len(place)
        edges = np.searchsorted(place, np.arange(len(self.blocks) + 1))
        return edges[1:] - edges[:-1]

    def _set(self, table, column, counter):
        """Set the generator to a column's stream, `counter` times four 64-bit integers from its start."""
        self._counter[0] = counter
        self._key[1] = name_key(f"{self.world}.{table}.{column}")
        self._philox.state = self._state

    def words32(self, table, column, count):
        """`count` integers, uniform from 0 to ONE - 1, as uint32; count: a number, or one for each block."""
        if np.ndim(count):
            return self._words32_by_block(table, column, count)
        if len(self.blocks) > 1:
            raise ValueError(f"{table}.{column}: say how many rows each of the {len(self.blocks)} blocks has")
        words = self.bits64(table, column, (int(count) + 1) // 2)
        return words.astype("<u8", copy=False).view("<u4")[: int(count)]

    def _words32_by_block(self, table, column, counts):
        """What words32 gives for each block, one after the other."""
        self._key[1] = name_key(f"{self.world}.{table}.{column}")
        self._counter[0] = 0
        philox, state, counter, at = self._philox, self._state, self._counter, 0
        found = np.empty(int(np.sum(counts)) + 2, dtype="<u4")
        # The generator gives two integers at a time, which go to an even place or an odd one. Of an odd
        # number of rows the last integer is one too many, and the next block overwrites it.
        even = found[: len(found) // 2 * 2].view("<u8")
        odd = found[1 : 1 + (len(found) - 1) // 2 * 2].view("<u8")
        for block, count in zip(self.blocks.tolist(), counts.tolist(), strict=True):
            if count:
                counter[3] = block
                philox.state = state
                pairs, first = (count + 1) // 2, at // 2
                (odd if at % 2 else even)[first : first + pairs] = philox.random_raw(pairs)
                at += count
        return found[:at]

    def words32_of(self, table, column, count, width, chosen):
        """What words32 gives for `count` rows of `width` (a multiple of 8), read for a few chosen rows only:
        (chosen, width). The stream is a function of its counter, so that the rest need not be drawn."""
        if width % 8:
            raise ValueError(f"{table}.{column}: {width} draws a row do not begin where a counter does")
        if len(chosen) * _ROW_COSTS > count * width:
            return self.words32(table, column, count * width).reshape(count, width)[chosen]
        found = np.empty((len(chosen), width // 2), dtype=np.uint64)
        self._set(table, column, 0)
        philox, state, counter = self._philox, self._state, self._counter
        for place, row in enumerate(chosen.tolist()):
            counter[0] = row * width // 8
            philox.state = state
            found[place] = philox.random_raw(width // 2)
        return found.astype("<u8", copy=False).view("<u4")

    def draws(self, table, column, count, chosen=None):
        """`count` integers, uniform from 0 to ONE - 1, as int64; only those at `chosen`, where given."""
        words = self.words32(table, column, count)
        return (words if chosen is None else words[chosen]).astype(np.int64)

    def happens(self, table, column, limit, count):
        """`count` booleans, true where a draw stays below `limit` (number or array, from `threshold`)."""
        words = self.words32(table, column, count)
        if isinstance(limit, int):
            return words < np.uint32(limit) if 0 <= limit < ONE else np.full(len(words), limit > 0)
        return words < limit

    def below(self, table, column, count, size):
        """`count` integers, uniform from 0 to `size` - 1 (size: a number or an array, below 2**31)."""
        return self.draws(table, column, count) * size >> 32

    def pick(self, table, column, count, shares):
        """`count` positions in `shares` (numbers that sum to 1), each as likely as its share. Returns
        int64."""
        return place(self.words32(table, column, count), shares)


def place(words, shares):
    """Position in `shares` (numbers that sum to 1) of each draw. words: (n,) uint32. Returns int64."""
    if len(shares) > _FEW_CUTS + 1:
        cuts = _all_cut_points((tuple(shares),))[0]
        return np.searchsorted(cuts, words.astype(np.int64), side="right")
    return place_in_bytes(words, shares).astype(np.int64)


def place_in_bytes(words, shares):
    """What `place` gives, as uint8, for very long arrays; at most 256 shares."""
    found = np.zeros(len(words), dtype=np.uint8)
    for cut in _all_cut_points((tuple(shares),))[0].tolist():
        if cut < ONE:
            found += (words >= np.uint32(cut)).view(np.uint8)
    return found


def in_32_bits(limit):
    """Limits of draws (an array, from `threshold`) as uint32, which compares faster; as they are where one of
    them stands for certainty."""
    return limit.astype(np.uint32) if limit.max(initial=0) < ONE else limit


def cut_points(shares):
    """Inner cut points, in draws, of shares that sum to 1 (n shares give n - 1 points)."""
    total, cuts = 0.0, []
    for share in shares:
        total += share
        cuts.append(threshold(total))
    if abs(total - 1) > 1e-9:
        raise ValueError(f"shares sum to {total}, not to 1")
    return np.array(cuts[:-1], dtype=np.int64)


@lru_cache(maxsize=1024)
def _all_cut_points(shares_by_group):
    """Cut points of several groups' shares (a tuple of tuples): (groups, k - 1)."""
    cuts = np.stack([cut_points(shares) for shares in shares_by_group])
    cuts.setflags(write=False)
    return cuts


def pick_by_group(draws, group, shares_by_group):
    """Position in the shares of each row's own group.

    draws: (n,) from `BlockStreams.draws`; group: (n,) row number in shares_by_group; shares_by_group:
        (groups, k).
    """
    cuts = _all_cut_points(tuple(map(tuple, shares_by_group)))
    found = np.zeros(len(draws), dtype=np.uint8)
    for column in cuts.T:
        found += (draws >= column[group]).view(np.uint8)
    return found.astype(np.int64)


def row_hash(seed, name, ids):
    """A 64-bit hash of each id: what another block must be able to read without making this one.

    The finaliser of SplitMix64 (Steele, Lea and Flood 2014) over id and key. ids: (n,) integers. Returns (n,)
    uint64.
    """
    start = np.uint64((int(seed) * 0xD1342543DE82EF95 + name_key(name)) & _MASK)
    word = np.asarray(ids).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + start
    word ^= word >> np.uint64(30)
    word *= np.uint64(0xBF58476D1CE4E5B9)
    word ^= word >> np.uint64(27)
    word *= np.uint64(0x94D049BB133111EB)
    word ^= word >> np.uint64(31)
    return word


def hash_draws(seed, name, ids):
    """The row hash as draws: integers, uniform from 0 to ONE - 1, as int64."""
    return (row_hash(seed, name, ids) >> np.uint64(32)).astype(np.int64)
