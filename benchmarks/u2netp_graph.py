"""The yardstick for speed: a graph with the layer shapes of U2Netp and random weights, built here, float32.

Layer shapes after Qin et al., "U2-Net: Going Deeper with Nested U-Structure for Salient Object Detection"
(Pattern Recognition 2020), the small variant: 16 inner and 64 outer channels everywhere. Batch norm is
folded, as in any exported file, so each layer is a 3 x 3 convolution with bias and ReLU. The weights are
noise: only the time means anything.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 320
INNER, OUTER = 16, 64


class _Graph:
    """Collects nodes and weights; every method returns the name of what it makes."""

    def __init__(self, seed: int) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.rng = np.random.default_rng(seed)
        self.count = 0

    def _name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def node(self, op: str, inputs: list[str], **attributes: object) -> str:
        out = self._name(op.lower())
        self.nodes.append(helper.make_node(op, inputs, [out], **attributes))
        return out

    def constant(self, array: np.ndarray) -> str:
        name = self._name("w")
        self.weights.append(numpy_helper.from_array(array, name))
        return name

    def conv(self, x: str, cin: int, cout: int, dilation: int = 1, relu: bool = True, kernel: int = 3) -> str:
        scale = (2.0 / (cin * kernel * kernel)) ** 0.5
        weight = self.constant(
            (self.rng.standard_normal((cout, cin, kernel, kernel)) * scale).astype(np.float32)
        )
        bias = self.constant(np.zeros(cout, np.float32))
        pad = dilation * (kernel // 2)
        y = self.node(
            "Conv", [x, weight, bias], pads=[pad] * 4, dilations=[dilation] * 2, kernel_shape=[kernel] * 2
        )
        return self.node("Relu", [y]) if relu else y

    def pool(self, x: str) -> str:
        return self.node("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)

    def resize(self, x: str, height: int) -> str:
        """Bilinear to [height, height]; channels stay."""
        shape = self.node("Shape", [x])
        head = self.node("Slice", [shape, self.constant(np.array([0])), self.constant(np.array([2]))])
        sizes = self.node("Concat", [head, self.constant(np.array([height, height]))], axis=0)
        return self.node(
            "Resize", [x, "", "", sizes], mode="linear", coordinate_transformation_mode="pytorch_half_pixel"
        )

    def concat(self, *xs: str) -> str:
        return self.node("Concat", list(xs), axis=1)


def _rsu(g: _Graph, x: str, cin: int, side: int, depth: int) -> str:
    """Residual U-block of `depth` levels: the deepest layer is dilated by 2."""
    outer = g.conv(x, cin, OUTER)
    levels, sides = [g.conv(outer, OUTER, INNER)], [side]
    for _ in range(depth - 2):
        sides.append((sides[-1] + 1) // 2)
        levels.append(g.conv(g.pool(levels[-1]), INNER, INNER))
    y = g.conv(levels[-1], INNER, INNER, dilation=2)
    for i in range(depth - 2, -1, -1):
        y = g.conv(g.concat(y, levels[i]), 2 * INNER, INNER if i else OUTER)
        if i:
            y = g.resize(y, sides[i - 1])
    return g.node("Add", [y, outer])


def _rsu_flat(g: _Graph, x: str, cin: int) -> str:
    """The block without pooling: dilations 1, 2, 4, 8."""
    outer = g.conv(x, cin, OUTER)
    a = g.conv(outer, OUTER, INNER)
    b = g.conv(a, INNER, INNER, 2)
    c = g.conv(b, INNER, INNER, 4)
    d = g.conv(c, INNER, INNER, 8)
    y = g.conv(g.concat(d, c), 2 * INNER, INNER, 4)
    y = g.conv(g.concat(y, b), 2 * INNER, INNER, 2)
    return g.node("Add", [g.conv(g.concat(y, a), 2 * INNER, OUTER), outer])


def build(seed: int = 7) -> onnx.ModelProto:
    """The graph: `image` float32 [1, 3, 320, 320] -> `alpha` float32 [1, 1, 320, 320]."""
    g = _Graph(seed)
    x, cin, sides, encoded = "image", 3, [320, 160, 80, 40, 20, 10], []
    for level, depth in enumerate((7, 6, 5, 4, 0, 0)):
        x = _rsu(g, x, cin, sides[level], depth) if depth else _rsu_flat(g, x, cin)
        encoded.append(x)
        cin = OUTER
        x = g.pool(x) if level < 5 else x
    decoded, y = [encoded[5]], encoded[5]
    for level in (4, 3, 2, 1, 0):
        joined = g.concat(g.resize(y, sides[level]), encoded[level])
        depth = (7, 6, 5, 4, 0)[level]
        y = _rsu(g, joined, 2 * OUTER, sides[level], depth) if depth else _rsu_flat(g, joined, 2 * OUTER)
        decoded.append(y)
    heads = [g.resize(g.conv(d, OUTER, 1, relu=False), SIDE) for d in decoded]
    fused = g.conv(g.concat(*heads), len(heads), 1, relu=False, kernel=1)
    g.node("Sigmoid", [fused])
    g.nodes[-1].output[0] = "alpha"
    shape = [1, 3, SIDE, SIDE], [1, 1, SIDE, SIDE]
    graph = helper.make_graph(
        g.nodes, "u2netp-shaped",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape[0])],
        [helper.make_tensor_value_info("alpha", TensorProto.FLOAT, shape[1])], g.weights,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return model


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    onnx.save(build(), parser.parse_args().out)


if __name__ == "__main__":
    main()
