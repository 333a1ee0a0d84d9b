import numpy as np

from training import protocol


def _bright(batch: np.ndarray) -> np.ndarray:
    return (batch.mean(1) > 0.7).astype(np.float32)


def _photo() -> np.ndarray:
    image = np.zeros((200, 300, 3), np.uint8)
    image[60:140, 100:180] = 255
    return image


def test_one_pass_gives_alpha_of_the_pictures_size() -> None:
    alpha = protocol.one_pass(_bright, _photo())
    assert alpha.shape == (200, 300)
    assert alpha[100, 140] == 1
    assert alpha[20, 20] == 0


def test_flip_averages_with_the_mirrored_answer() -> None:
    def left_half(batch: np.ndarray) -> np.ndarray:
        out = np.zeros((len(batch), 320, 320), np.float32)
        out[..., :160] = 1
        return out

    alpha = protocol.one_pass(left_half, np.zeros((320, 320, 3), np.uint8), flip=True)
    assert np.all(alpha == 0.5)


def test_specks_far_from_the_product_are_dropped_and_pairs_kept() -> None:
    alpha = np.zeros((100, 100), np.float32)
    alpha[10:50, 10:40] = alpha[10:50, 60:90] = 1
    alpha[90:93, 90:93] = 1
    out = protocol.largest_component(alpha)
    assert out[20, 20] == out[20, 80] == 1
    assert out[91, 91] == 0


def test_two_passes_look_again_at_the_box() -> None:
    seen: list[float] = []

    def network(batch: np.ndarray) -> np.ndarray:
        out = _bright(batch)
        seen.append(float(out.mean()))
        return out

    alpha = protocol.two_passes(network, _photo())
    assert len(seen) == 2
    assert seen[1] > 3 * seen[0]  # the product is larger in the second look
    assert alpha[100, 140] == 1


def test_no_box_without_a_product() -> None:
    assert protocol.product_box(np.zeros((50, 50), np.float32)) is None
    assert not protocol.two_passes(_bright, np.zeros((60, 60, 3), np.uint8)).any()
