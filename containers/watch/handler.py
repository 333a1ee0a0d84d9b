"""How many pictures wait for a person."""

from packshot.aws_runtime import edge
from packshot.aws_runtime.watching import watch_reviews
from packshot.contracts.environment import TableEnvironment

handler = edge.handler("watch", TableEnvironment, edge.without_context(watch_reviews))
