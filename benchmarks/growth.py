"""Draws the growth of query time, size and recall from what ``benchmarks.scale`` measured.

    python -m benchmarks.growth [RESULTS.json ...] [--out FILE.png]

Needs matplotlib (the extra ``notebooks``). Each file is a line: runs on a quiet and on a busy machine do not belong on
one. Over a logarithmic axis of chunks, growth that is logarithmic is a straight line.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from benchmarks.scale import RESULTS

Figures = dict[str, Any]
PANELS: dict[str, Callable[[Figures], float]] = {
    "Chroma query, p50, ms": lambda size: size["chroma_query"]["p50_ms"],
    "whole query, p50, ms": lambda size: size["query"]["p50_ms"],
    "recall@10": lambda size: size["recall_at_10"],
    "bytes on disk per chunk": lambda size: sum(size["disk"].values()) * 1e6 / size["chunks"],
}


def draw(files: list[Path], out: Path) -> None:
    """One panel for each of PANELS, one line for each file."""
    figure, panels = plt.subplots(2, 2, figsize=(9, 6), layout="constrained")
    for axes, (title, value) in zip(panels.flat, PANELS.items(), strict=True):
        for file in files:
            sizes = json.loads(file.read_text(encoding="utf-8"))["sizes"]
            axes.plot([size["chunks"] for size in sizes], [value(size) for size in sizes], "o-", label=file.stem)
        axes.set(title=title, xscale="log", xlabel="chunks", ylim=(0, 1.15 * axes.dataLim.y1))
        axes.grid(alpha=0.3)
    panels[1, 0].legend(loc="lower right")
    figure.savefig(out, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", default=sorted(RESULTS.glob("scale*.json")))
    parser.add_argument("--out", type=Path, default=Path("docs/images/scale.png"))
    arguments = parser.parse_args()
    draw(arguments.files, arguments.out)


if __name__ == "__main__":
    main()
