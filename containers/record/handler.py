"""One image's record, files and event."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.recording import record_image
from packshot.contracts.environment import RecordEnvironment

handler = edge.handler("record", RecordEnvironment, edge.without_context(record_image))
