"""References of a template to the values that CloudFormation puts there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.aws import REGION

ACCOUNT = "123456789012"
_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
}
_ARNS = {
    "AWS::Lambda::Function": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{}}",
    "AWS::SQS::Queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{{}}",
}


def resolve(value: Any, ids: Mapping[str, str], types: Mapping[str, str]) -> Any:
    """A value of a template with Ref, Fn::GetAtt (of an Arn), Fn::Join and Fn::Sub replaced.

    Args:
        value: text, list or object.
        ids: physical ids by logical id.
        types: of the resources, by logical id.
    """
    match value:
        case {"Ref": name}:
            found: Any = _PSEUDO.get(name) or ids[name]
        case {"Fn::GetAtt": [name, "Arn"]}:
            found = _ARNS[types[name]].format(ids[name])
        case {"Fn::Sub": str(text)}:
            found = re.sub(r"\$\{([^}]+)\}", lambda part: _PSEUDO.get(part[1]) or ids[part[1]], text)
        case {"Fn::Join": [between, parts]}:
            found = between.join(resolve(part, ids, types) for part in parts)
        case list():
            found = [resolve(one, ids, types) for one in value]
        case dict():
            found = {key: resolve(one, ids, types) for key, one in value.items()}
        case _:
            found = value
    return found
