"""The CDK app: reads its settings from the context, composes the stacks, calls no AWS.

cdk synth                           # needs no account, no Docker, no network
cdk deploy --all -c stage=prod -c concurrency=500
"""

from infra.node import use_packaged_node

use_packaged_node()

from infra.application import build  # noqa: E402  # jsii looks for Node when it is imported

if __name__ == "__main__":
    build().synth()
