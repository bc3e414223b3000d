"""The worlds that can be made: name -> module with NAME, PARAMETERS, block_count, make_block, count_block,
truth."""

from twoworlds.worlds.pipewright import world as pipewright
from twoworlds.worlds.swiftfare import world as swiftfare

WORLDS = {world.NAME: world for world in (swiftfare, pipewright)}
