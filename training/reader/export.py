"""training/runs/reader/NAME.pt -> index/models/reader/model.safetensors: tables in 8 bits, the rest in 16.

Of several checkpoints of one run the mean of their weights (Izmailov et al. 2018, "Averaging Weights Leads to Wider
Optima and Better Generalization").
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

TABLES = ("word", "prefix", "suffix", "shape")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path("index/models/reader/model.safetensors"))
    arguments = parser.parse_args()
    stored: dict[str, np.ndarray] = {}
    weights = [torch.load(path, weights_only=True) for path in arguments.checkpoints]
    for name in weights[0]:
        array = np.mean([one[name].numpy() for one in weights], axis=0)
        table = name.split(".")[0]
        if table in TABLES:
            scale = np.maximum(np.abs(array).max(axis=1), 1e-8) / 127
            stored[f"{table}.weight"] = np.round(array / scale[:, None]).astype(np.int8)
            stored[f"{table}.scale"] = scale.astype(np.float16)
        else:
            stored[name] = array.astype(np.float16)
    save_file(stored, arguments.out)
    print(arguments.out, arguments.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
