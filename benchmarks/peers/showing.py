"""The table and the plot of the peers' results: ratios to Tanya Berita's, since seconds are the machine's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

OURS = "Tanya Berita"
COSTS = {  # how many times as much as ours
    "time to index": ("build", "cpu_seconds"),
    "index size": ("build", "index_mb"),
    "memory, indexing": ("build", "memory_mb"),
    "query p50": ("ask", "p50_cpu_ms"),
    "query p95": ("ask", "p95_cpu_ms"),
    "cold start": ("ask", "cold_cpu_seconds"),
}


def ratios(results: dict[str, Any]) -> dict[str, dict[str, float]]:
    """{run: {cost: that of the run divided by ours}}."""
    ours = results["runs"][OURS]
    return {
        name: {cost: run[step][key] / ours[step][key] for cost, (step, key) in COSTS.items()}
        for name, run in results["runs"].items()
    }


def table(results: dict[str, Any]) -> str:
    """Markdown: retrieval quality, then costs as ratios."""
    sets = list(results["pool"]["questions"])
    heading = ["", *(f"{name} {measure}" for name in sets for measure in ("nDCG@10", "R@5")), *COSTS]
    lines = [heading, ["---"] * len(heading)]
    for name, costs in ratios(results).items():
        quality = results["runs"][name]["quality"]
        figures = [f"{quality[part][measure]:.3f}" for part in sets for measure in ("nDCG@10", "R@5")]
        lines.append([name, *figures, *(f"{value:.2g}" for value in costs.values())])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def draw(results: dict[str, Any], path: Path) -> None:
    """A PNG: nDCG@10 against the time of a query, and what each run costs."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    runs = ratios(results)
    sets = list(results["pool"]["questions"])
    places = range(len(runs))
    for number, name in enumerate(sets):
        values = [results["runs"][run]["quality"][name]["nDCG@10"] for run in runs]
        left.barh([place + (number - 1) * 0.27 for place in places], values, height=0.25, label=name)
    left.set_yticks(list(places), list(runs))
    left.invert_yaxis()
    left.set(xlabel="nDCG@10", xlim=(0, 1))
    left.legend(loc="upper center", ncols=3, bbox_to_anchor=(0.4, 1.12), frameon=False)
    for cost, mark in zip(COSTS, "osv^Dx", strict=True):
        right.plot([costs[cost] for costs in runs.values()], list(places), mark, label=cost)
    right.axvline(1, color="grey", linewidth=0.8)
    right.set_yticks(list(places), [])
    right.invert_yaxis()
    right.set(xscale="log", xlabel=f"times as much as {OURS} (left of the line: less)")
    right.legend(loc="upper center", ncols=3, bbox_to_anchor=(0.5, 1.2), frameon=False)
    figure.savefig(path, dpi=110)
