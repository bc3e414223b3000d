"""The worlds that can be made: name -> module with NAME, PARAMETERS, PART_BLOCKS, block_count, make_block,
make_blocks, count_block, truth. `make_blocks` gives what `make_block` gives for each of some blocks; it takes
as many at a time as stand in a part (PART_BLOCKS), which is where small blocks are made faster.

`WORLDS` are the two companies of the chapters, which `make calibrate` makes again with many seeds. `MADE`
holds the capstone's company besides. That one is small: its plants stand in a list of their own, and a unit
test makes it with many seeds each time.
"""

from twoworlds.worlds.capstone import world as capstone
from twoworlds.worlds.pipewright import world as pipewright
from twoworlds.worlds.swiftfare import world as swiftfare

WORLDS = {world.NAME: world for world in (swiftfare, pipewright)}
MADE = {**WORLDS, capstone.NAME: capstone}
