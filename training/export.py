"""Checkpoint -> ONNX (opset 17, `image` -> `alpha`), float weights stored in half precision, or int8 (static
QDQ).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from training.network import MatteNet, Shipped
from training.paths import WEIGHTS, WORK

SIDE = 320
OPSET = 17
_SMALL = 64  # initialisers below this many values stay as they are


def load_ema(checkpoint: Path) -> MatteNet:
    """The averaged network of a checkpoint, ready for inference."""
    state = torch.load(checkpoint, weights_only=True)
    net = MatteNet(state["width"])
    net.load_state_dict(state["ema"])
    return net.eval()


def to_onnx(net: MatteNet, path: Path, inner: int | None = None) -> None:
    """The float32 graph with batch norm folded into the convolutions and a free batch size."""
    with warnings.catch_warnings():
        # the tracing exporter is the one that writes opset 17
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            Shipped(net, inner),
            (torch.zeros(1, 3, SIDE, SIDE),),
            str(path),
            opset_version=OPSET,
            dynamo=False,
            input_names=["image"],
            output_names=["alpha"],
            dynamic_axes={"image": {0: "n"}, "alpha": {0: "n"}},
        )
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)


def store_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same float32 graph with large weights kept as float16 and cast when the session loads: half the
    file.
    """
    kept, casts = [], []
    for weight in model.graph.initializer:
        array = numpy_helper.to_array(weight)
        if array.dtype != np.float32 or array.size < _SMALL:
            kept.append(weight)
            continue
        half = f"{weight.name}_half"
        kept.append(numpy_helper.from_array(array.astype(np.float16), half))
        casts.append(
            helper.make_node("Cast", [half], [weight.name], to=onnx.TensorProto.FLOAT, name=f"{half}_cast")
        )
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def sha256(path: Path) -> str:
    """Of a file, hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=WORK / "matte.pt")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "packshot-matte.onnx")
    parser.add_argument("--card", type=Path, default=WEIGHTS / "packshot-matte.json")
    parser.add_argument("--inner", type=int, help="the side at which the network works, where it is not 320")
    args = parser.parse_args()
    full = args.out.with_suffix(".float.onnx")
    to_onnx(load_ema(args.checkpoint), full, args.inner)
    onnx.save(store_half(onnx.load(full)), args.out)
    full.unlink()
    if args.card.exists():
        card = json.loads(args.card.read_text())
        card["file"] = {"name": args.out.name, "bytes": args.out.stat().st_size, "sha256": sha256(args.out)}
        args.card.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    print(f"{args.out}: {args.out.stat().st_size} bytes, sha256 {sha256(args.out)}")


if __name__ == "__main__":
    main()
