from pathlib import Path

from training.split import bucket, garment_name, garments, is_held_out


def test_the_split_depends_on_the_name_alone() -> None:
    assert bucket("shirt-1") == bucket("shirt-1")
    assert bucket("shirt-1") != bucket("shirt-2")


def test_the_share_held_out_is_the_one_asked_for() -> None:
    names = [f"dress-{i}" for i in range(4000)]
    share = sum(is_held_out(name, 0.07) for name in names) / len(names)
    assert abs(share - 0.07) < 0.015


def test_both_sides_are_all_photos_and_share_none(tmp_path: Path) -> None:
    folder = tmp_path / "clothing" / "hat"
    folder.mkdir(parents=True)
    for i in range(60):
        (folder / f"{i}.jpg").touch()
    kept, held = garments(tmp_path, held_out=False), garments(tmp_path, held_out=True)
    assert len(kept) + len(held) == 60
    assert not {garment_name(p) for p in kept} & {garment_name(p) for p in held}
