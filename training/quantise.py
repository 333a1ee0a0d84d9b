"""Int8 (static QDQ, per channel, reduced range) from the float export, calibrated on training pictures.

Reduced range keeps u8 x s8 products from saturating on processors without VNNI. The graph's first and last
steps - the normalisation, the last convolution, the sigmoid - and the global context stay in float: there
eight bits cost quality and win no time.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import cv2
import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from training import letterbox, sources
from training.export import SIDE, load_ema, to_onnx
from training.pairs import read_pair
from training.paths import DATA, WORK, require_data


class Pictures(CalibrationDataReader):
    """Letterboxed training pictures, a seeded choice from every source."""

    def __init__(self, data: Path, work: Path, count: int, seed: int = 3) -> None:
        rng = np.random.default_rng(seed)
        pairs = [
            p
            for s in sources.load(data, work)
            for p in rng.permutation(np.array(s.pairs, dtype=object))[: count // 3 + 1]
        ]
        self.pairs = iter(pairs[:count])

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        pair = next(self.pairs, None)
        if pair is None:
            return None
        bgr, _ = read_pair(pair)
        square, _ = letterbox.apply(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), SIDE)
        return {"image": np.ascontiguousarray(square.transpose(2, 0, 1)[None])}


def kept_in_float(model: onnx.ModelProto) -> list[str]:
    """Names of the nodes that stay float: the last convolution, and everything of the global context."""
    convolutions = [n for n in model.graph.node if n.op_type == "Conv"]
    context = [n.name for n in model.graph.node if "stage32.4" in n.name]
    return [convolutions[-1].name, *context]


def quantise(source: Path, target: Path, reader: CalibrationDataReader) -> None:
    """Float ONNX -> int8 ONNX: activations uint8, weights int8 per channel."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared),
            str(target),
            reader,
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            nodes_to_exclude=kept_in_float(onnx.load(prepared)),
            op_types_to_quantize=["Conv", "Add", "Concat", "Resize", "Relu"],
            extra_options={"CalibMovingAverage": True},
        )
    onnx.checker.check_model(onnx.load(target), full_check=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--checkpoint", type=Path, default=WORK / "matte.pt")
    parser.add_argument("--out", type=Path, default=WORK / "packshot-matte.int8.onnx")
    parser.add_argument("--inner", type=int, help="the side at which the network works, where it is not 320")
    parser.add_argument("--pictures", type=int, default=120)
    args = parser.parse_args()
    require_data(args.data)
    full = args.work / "packshot-matte.float.onnx"
    to_onnx(load_ema(args.checkpoint), full, args.inner)
    quantise(full, args.out, Pictures(args.data, args.work, args.pictures))
    print(f"{args.out}: {args.out.stat().st_size} bytes (float {full.stat().st_size})")


if __name__ == "__main__":
    main()
