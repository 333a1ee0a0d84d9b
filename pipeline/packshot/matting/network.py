"""Runs one background network with ONNX Runtime."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from packshot.errors import ModelError
from packshot.imaging.resize import resized
from packshot.matting.confidence import Calibration, calibrated
from packshot.matting.kinds import Kind

#: The letterbox's colour; the shipped network was trained with it.
LETTERBOX_GREY: Final = 128


class OnnxMatting:
    """A background network, ready to run; implements `packshot.matting.model.MattingModel`.

    Args:
        name: as in the registry.
        kind: its signature.
        path: the ONNX file, whose hash the registry has checked.
        sha256: of that file.
        calibration: turns the alpha's statistics into a confidence.

    Raises:
        ModelError: `model_unusable` when ONNX Runtime can't load the file or its inputs don't fit.
    """

    def __init__(self, name: str, kind: Kind, path: Path, sha256: str, calibration: Calibration) -> None:
        self._name = name
        self._sha256 = sha256
        self._kind = kind
        self._calibration = calibration
        self._session = _open_session(name, path)
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or len(inputs[0].shape) != 4:
            raise ModelError("model_unusable", name=name, reason="it does not take one picture")
        self._input = inputs[0].name
        self._output = self._session.get_outputs()[0].name

    @property
    def name(self) -> str:
        return self._name

    @property
    def sha256(self) -> str:
        return self._sha256

    def confidence(self, alpha: NDArray[np.float32], other: NDArray[np.float32]) -> float:
        return calibrated(alpha, other, self._calibration)

    def look_twice(self, picture: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        mirrored = self.predict(np.ascontiguousarray(picture[:, ::-1]))
        return self.predict(picture), np.ascontiguousarray(mirrored[:, ::-1])

    def predict(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        size = self._kind.size
        height, width = picture.shape[:2]
        scale = size / max(height, width)
        inner = (max(1, round(width * scale)), max(1, round(height * scale)))
        if self._kind.fit == "squeeze":
            framed = resized(picture, (size, size))
            left = top = 0
        else:
            left, top = (size - inner[0]) // 2, (size - inner[1]) // 2
            framed = np.full((size, size, 3), LETTERBOX_GREY, np.uint8)
            framed[top : top + inner[1], left : left + inner[0]] = resized(picture, inner)
        alpha = self._run(framed)
        if self._kind.fit == "squeeze":
            return np.ascontiguousarray(resized(alpha, inner))
        return np.ascontiguousarray(alpha[top : top + inner[1], left : left + inner[0]])

    def _run(self, framed: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(size, size, 3) uint8 to (size, size) float32 probabilities."""
        tensor = framed.astype(np.float32)
        peak = float(framed.max()) if self._kind.peak else 255.0
        tensor *= 1.0 / max(peak, 1e-6)
        if self._kind.mean is not None and self._kind.std is not None:
            tensor -= np.array(self._kind.mean, np.float32)
            tensor /= np.array(self._kind.std, np.float32)
        tensor = np.ascontiguousarray(tensor.transpose(2, 0, 1)[None], dtype=np.float32)
        try:
            (output,) = self._session.run([self._output], {self._input: tensor})
        except Exception as error:  # onnxruntime raises classes of its own, all directly under Exception
            raise ModelError("model_unusable", name=self._name, reason=str(error)) from error
        alpha = np.asarray(output, np.float32)
        if alpha.size != self._kind.size**2:
            raise ModelError("model_unusable", name=self._name, reason=f"its output has shape {alpha.shape}")
        alpha = alpha.reshape(self._kind.size, self._kind.size)
        if self._kind.activation == "sigmoid":
            alpha = np.float32(1.0) / (np.float32(1.0) + np.exp(-alpha))
        if not math.isfinite(float(alpha.sum())):
            raise ModelError("model_unusable", name=self._name, reason="its output is not finite")
        return np.clip(alpha, 0.0, 1.0)


def _open_session(name: str, path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    # One process per core with one thread each beats one process with many threads on a batch.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own, all directly under Exception
        raise ModelError("model_unusable", name=name, reason=str(error)) from error
