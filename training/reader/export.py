"""training/runs/reader/NAME.pt -> index/models/reader/model.safetensors: tables in 8 bits, the rest in 16."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

TABLES = ("word", "prefix", "suffix", "shape")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, default=Path("index/models/reader/model.safetensors"))
    arguments = parser.parse_args()
    stored: dict[str, np.ndarray] = {}
    for name, tensor in torch.load(arguments.checkpoint, weights_only=True).items():
        array = tensor.numpy()
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
