"""Who installs the app: when, where, through which channel, on what."""

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.streams import pick_by_group
from twoworlds.worlds.swiftfare.parameters import DEVICES, QUARTERS


def panel_size(parameters, scale):
    """Installs in the panel at a scale (a positive number)."""
    return max(1, round(parameters.panel_installs * scale))


def install_weights(parameters, seed):
    """Relative number of installs on each day of the window: growth, season, weekday, good and bad days."""
    days = timeline.WINDOW_START + np.arange(timeline.WINDOW_DAYS)
    per_mille = (
        1000 + np.arange(timeline.WINDOW_DAYS) * round((parameters.growth - 1) * 1000) // timeline.WINDOW_DAYS
    )
    season = np.array(parameters.install_season)[timeline.month_of_year(days)]
    week = np.array(parameters.install_weekday)[timeline.weekday(days)]
    return per_mille * season * week * timeline.day_to_day_noise(seed, "swiftfare.installs", days)


def make_users(parameters, streams, scale):
    """The installs of a block: a dict of arrays (n,) of numbers, days, positions in the parameters' lists."""
    size, width = panel_size(parameters, scale), parameters.users_per_block
    index = np.arange(streams.block * width, min((streams.block + 1) * width, size))
    n = len(index)
    country = streams.pick("users", "country", n, parameters.country_share)
    quarter = streams.pick("users", "quarter", n, parameters.quarter_share)
    device_shares = [(1 - share, share) for share in parameters.ios_share]
    return {
        "user_id": index + 1,  # in the order of installs, so that a referrer's number is the smaller one
        "installed_on": timeline.arrival_days(
            size, timeline.WINDOW_START, install_weights(parameters, streams.seed), index
        ),
        "country": country,
        "region": country * len(QUARTERS) + quarter,
        "channel": streams.pick("users", "channel", n, parameters.channel_share),
        "device": pick_by_group(streams.draws("users", "device", n), country, device_shares),
    }


def is_ios(users):
    return users["device"] == DEVICES.index("ios")
