"""The picture that compares the searches."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from tools.bench.report import median_and_p99

mpl.use("Agg")

_COLOURS = {"Bonbang": "#E8467C", "LIKE": "#8A8F98", "FTS5": "#4C7BD9", "WRatio": "#E0A030"}


def plot_search(measured: Mapping[int, Mapping[str, Mapping[str, Any]]], picture: Path) -> None:
    """Draw the share of right results and the time of a query by the number of names."""
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    right, quick = figure.subplots(1, 2)
    sizes = list(measured)
    for name, colour in _COLOURS.items():
        outcomes = [measured[size][name]["all"] for size in sizes]
        right.plot(sizes, [100 * one.share_first for one in outcomes], "o-", c=colour, label=name)
        times = [median_and_p99(one.seconds) for one in outcomes]
        quick.plot(sizes, [1000 * p50 for p50, _ in times], "o-", c=colour, label=name)
        quick.plot(sizes, [1000 * p99 for _, p99 in times], ":", c=colour)
    right.set(title="The one meant comes first", ylabel="% of queries", ylim=(0, 100))
    quick.set(title="Time of a query: median, and p99 dotted", ylabel="ms", yscale="log")
    for axes in (right, quick):
        axes.set(xlabel="name forms", xscale="log")
        axes.grid(visible=True, alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    right.legend(frameon=False, loc=(0.02, 0.36), ncols=2)
    picture.parent.mkdir(exist_ok=True)
    figure.savefig(picture, dpi=120)
