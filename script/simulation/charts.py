"""The pictures of the report."""

from collections import defaultdict

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

DOTS_PER_INCH = 80
SIZE = (8, 3.6)


def _finish(figure, axes, title, path, legend=True):
    axes.set_title(title, fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    if legend:
        axes.legend(fontsize=7, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    figure.tight_layout()
    figure.savefig(path, dpi=DOTS_PER_INCH)
    plt.close(figure)


def draw_collected(result, path):
    """Draw what was collected each month, by the last contact before the payment."""
    sums = defaultdict(lambda: defaultdict(float))
    for month, step, amount in result["collected"]:
        sums[step][month] += amount / 1000
    months = sorted({month for month, _step, _amount in result["collected"]})
    figure, axes = plt.subplots(figsize=SIZE)
    axes.set_prop_cycle(color=plt.get_cmap("tab20").colors)  # more steps than usual colours
    bottoms = [0.0] * len(months)
    for step in sorted(sums, key=lambda name: (name != "Without a contact", name)):
        heights = [sums[step][month] for month in months]
        axes.bar(months, heights, bottom=bottoms, label=step)
        bottoms = [low + high for low, high in zip(bottoms, heights, strict=True)]
    invoiced = dict(result["invoiced"])
    axes.plot(
        months,
        [invoiced.get(month, 0) / 1000 for month in months],
        color="black",
        marker=".",
        label="Invoiced",
    )
    axes.set_ylabel("thousand EUR", fontsize=8)
    axes.tick_params(axis="x", rotation=60)
    _finish(figure, axes, "Collected, by the last contact before the payment", path)


def draw_seconds(result, path):
    """Draw the real seconds of each simulated day."""
    seconds = [value for _day, value in result["seconds"]]
    figure, axes = plt.subplots(figsize=SIZE)
    axes.plot(range(1, len(seconds) + 1), seconds, linewidth=0.7)
    axes.set_xlabel("simulated day", fontsize=8)
    axes.set_ylabel("seconds", fontsize=8)
    _finish(figure, axes, "Seconds per simulated day", path, legend=False)


def draw_tables(result, path):
    """Draw how the tables grow."""
    figure, axes = plt.subplots(figsize=SIZE)
    days = range(len(result["tables"]))
    names = [name for name in result["tables"][0][1] if name != "bytes"]
    for name in sorted(names, key=lambda one: -result["tables"][-1][1][one]):
        axes.plot(days, [counts[name] for _day, counts in result["tables"]], label=name)
    axes.set_xticks(list(days))
    axes.set_xticklabels([day for day, _counts in result["tables"]], rotation=60)
    axes.set_ylabel("rows", fontsize=8)
    _finish(figure, axes, "Rows of the tables", path)
