"""A background network that was baked into the images: in the functions' own containers."""

from __future__ import annotations

import json
from typing import Any

from packshot.matting.index import shipped_model
from tests.containers.stack import Cloud
from tests.containers.test_functions import FILES, Functions, listed, run_child
from tests.own_model import OWN

Json = dict[str, Any]
PHOTO = FILES["sauce.jpg"]


def written(model: str) -> bytes:
    """A manifest of one photo."""
    row = {"product_group_id": "house", "sku_id": "SAUCE", "image_url": "sauce.jpg"}
    return json.dumps({"options": {"model": model}, "images": [row]}).encode()


def test_a_photo_is_cut_out_with_it(warm: Functions, cloud: Cloud) -> None:
    cloud.upload("manifests/house/sauce.jpg", PHOTO.read_bytes())
    planned = warm["plan"].call(cloud.upload("manifests/house/house.json", written(OWN)))
    assert planned["outcome"] == "planned"
    (item,) = listed(cloud, planned["items_key"])
    state = {"task": item["task"]}
    told = run_child(warm, state)
    assert told["status"] == "completed"
    record = cloud.table.get_image(planned["batch_id"], told["image_id"])
    assert record is not None
    # Its file is that of the package's own under another name; `record` has only the list, and no file.
    assert record.versions.model == f"{OWN}@{shipped_model().sha256[:12]}"
    (again,) = warm["fused"].call({"tasks": [{**item["task"], "revision": 1}]})["images"]
    assert (again["status"], again["score"]) == (told["status"], told["score"])
