"""One look of the shipped network against a fixed yardstick: U2Netp's layer shapes with random weights.

Both run on one thread by ONNX Runtime and take turns on the same input, so that a busy machine slows both.
Prints the medians and the ratio of CPU time; the bar is 0.15.
"""

from __future__ import annotations

import argparse
import statistics
import time
from importlib import resources

import numpy as np
import onnxruntime as ort

from benchmarks import machine, u2netp_graph

BAR = 0.15


def session(model: bytes) -> ort.InferenceSession:
    """One thread, nothing else."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def milliseconds(network: ort.InferenceSession, image: np.ndarray) -> float:
    """CPU time of one look."""
    began = time.process_time()
    network.run(["alpha"], {"image": image})
    return (time.process_time() - began) * 1e3


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    weights = resources.files("packshot") / "weights" / "packshot-matte.onnx"
    ours, yardstick = session(weights.read_bytes()), session(u2netp_graph.build().SerializeToString())
    image = np.random.default_rng(1).random((1, 3, 320, 320), dtype=np.float32)
    pairs = [(milliseconds(ours, image), milliseconds(yardstick, image)) for _ in range(rounds + 1)][1:]
    ratio = statistics.median(a / b for a, b in pairs)
    print(machine.describe())
    print(f"one look, one thread, CPU milliseconds, median of {rounds} rounds")
    print(f"  packshot-matte {statistics.median(a for a, _ in pairs):8.1f}")
    print(f"  U2Netp's shape {statistics.median(b for _, b in pairs):8.1f}")
    print(f"  ratio          {ratio:8.3f}   bar <= {BAR}   {'met' if ratio <= BAR else 'MISSED'}")


if __name__ == "__main__":
    main()
