"""The list of stages holds what the state machine needs of it."""

import subprocess
import sys

from packshot import workflow
from packshot.stages.registry import STAGES


def test_every_stage_has_code_and_every_code_a_stage() -> None:
    assert tuple(STAGES) == workflow.STAGE_NAMES


def test_all_attempts_of_all_stages_end_before_the_express_child_does() -> None:
    total = sum(stage.worst_case_s for stage in (*workflow.STAGES, workflow.RECORD))
    assert total < workflow.CHILD_BUDGET_S


def test_the_list_is_read_without_anything_heavy() -> None:
    """The infrastructure code imports these on machines without OpenCV, numpy or boto3."""
    blocked = ["cv2", "numpy", "onnxruntime", "boto3", "PIL"]
    code = (
        f"import sys\nfor name in {blocked!r}: sys.modules[name] = None\n"
        "import packshot.workflow, packshot.errors, packshot.ports\n"
        "import packshot.contracts.events, packshot.contracts.records, packshot.contracts.preset\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  our own code
