"""Run by an arm64 Python, emulated, without /sys: the shipped network on one picture.

It has NumPy and ONNX Runtime, nothing else. Prints the machine, whether processors are told, and the answer.
"""

import json
import os
import platform
import sys

import numpy as np
import onnxruntime as ort


def main(network: str) -> None:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    (taken,) = session.get_inputs()
    picture = np.zeros((1, *taken.shape[1:]), np.float32)
    picture[:, :, 100:220, 100:220] = 1
    (answer,) = session.run(None, {taken.name: picture})
    told = {
        "machine": platform.machine(),
        "processors_told": os.path.exists("/sys/devices/system/cpu"),  # noqa: PTH110  # starts 1 s sooner
        "onnxruntime": ort.__version__,
        "answer": answer[0, 0, ::20, ::20].tolist(),
    }
    print(json.dumps(told))  # noqa: T201  # this is its answer


if __name__ == "__main__":
    main(sys.argv[1])
