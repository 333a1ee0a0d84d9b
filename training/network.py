"""The matting network: small, convolutional, made for one processor core.

Dense 3 x 3 convolutions where maps are large and channels few (there a depthwise layer waits for memory),
inverted residuals with 5 x 5 and 7 x 7 depthwise kernels where channels are many, a global context gate at
stride 32, and a decoder that ends at half size: a 2 x 2 space-to-depth of the picture joins it and a
depth-to-space of four channels gives the full-size alpha, so that no wide full-size map is ever computed.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


def conv(
    cin: int, cout: int, kernel: int = 3, stride: int = 1, groups: int = 1, act: bool = True
) -> nn.Sequential:
    """Convolution, batch norm and, where asked, ReLU."""
    layers: list[nn.Module] = [
        nn.Conv2d(cin, cout, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(cout, momentum=0.05),
    ]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if act else nn.Sequential(*layers)


class Fused(nn.Module):
    """Residual block of two dense 3 x 3 convolutions."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(conv(channels, channels), conv(channels, channels, act=False))

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.body(x))


class Inverted(nn.Module):
    """Inverted residual: widen, depthwise, narrow; stride 2 and other widths without the residual."""

    def __init__(self, cin: int, cout: int, kernel: int, expand: float = 3, stride: int = 1) -> None:
        super().__init__()
        mid = int(cin * expand)
        self.body = nn.Sequential(
            conv(cin, mid, 1), conv(mid, mid, kernel, stride, groups=mid), conv(mid, cout, 1, act=False)
        )
        self.residual = stride == 1 and cin == cout

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.body(x)
        return x + y if self.residual else y


class GlobalContext(nn.Module):
    """What the whole picture says, added to every place (a soft-pooled vector through a bottleneck)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.score = nn.Conv2d(channels, 1, 1)
        self.mix = nn.Sequential(
            nn.Conv2d(channels, channels // 2, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels // 2, channels, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        weight = torch.softmax(self.score(x).flatten(2), dim=2)  # [n, 1, hw]
        pooled = (x.flatten(2) * weight).sum(2)[:, :, None, None]
        return x + self.mix(pooled)


class Up(nn.Module):
    """Deep features, narrowed and enlarged twofold, joined with a skip and mixed by dense 3 x 3 layers."""

    def __init__(self, deep: int, skip: int, out: int, layers: int = 1) -> None:
        super().__init__()
        self.deep, self.skip = conv(deep, out, 1), conv(skip, out, 1)
        self.mix = nn.Sequential(conv(2 * out, out), *[conv(out, out) for _ in range(layers - 1)])

    def forward(self, deep: Tensor, skip: Tensor) -> Tensor:
        up = functional.interpolate(self.deep(deep), scale_factor=2.0, mode="bilinear", align_corners=False)
        return self.mix(torch.cat([up, self.skip(skip)], 1))


class MatteNet(nn.Module):
    """RGB [n, 3, h, w] in 0-1, sides divisible by 32 -> logits: [n, 1, h, w] and, in training, coarser
    ones.
    """

    def __init__(self, width: float = 1.0) -> None:
        super().__init__()
        c2, c4, c8, c16, c32 = (8 * round(w * width / 8) for w in (16, 32, 64, 96, 160))
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1))
        self.stem = conv(12, c2)
        self.stage4 = nn.Sequential(conv(c2, c4, stride=2), Fused(c4))
        self.stage8 = nn.Sequential(conv(c4, c8, stride=2), Fused(c8), Fused(c8))
        self.stage16 = nn.Sequential(
            conv(c8, c16, stride=2), Fused(c16), *[Inverted(c16, c16, 5, 2) for _ in range(2)]
        )
        self.stage32 = nn.Sequential(
            conv(c16, c32, stride=2), *[Inverted(c32, c32, 7, 2) for _ in range(3)], GlobalContext(c32)
        )
        self.up16, self.up8 = Up(c32, c16, 96, 1), Up(96, c8, 64, 2)
        self.up4, self.up2 = Up(64, c4, 32, 2), Up(32, c2, 16, 1)
        self.head = nn.Sequential(conv(16 + 12, 16), nn.Conv2d(16, 4, 3, padding=1))
        self.aux = nn.ModuleList([nn.Conv2d(96, 1, 1), nn.Conv2d(64, 1, 1), nn.Conv2d(32, 1, 1)])

    def forward(self, image: Tensor) -> list[Tensor]:
        x = functional.pixel_unshuffle((image - self.mean) / self.std, 2)
        f2 = self.stem(x)
        f4 = self.stage4(f2)
        f8 = self.stage8(f4)
        f16 = self.stage16(f8)
        d16 = self.up16(self.stage32(f16), f16)
        d8 = self.up8(d16, f8)
        d4 = self.up4(d8, f4)
        d2 = self.up2(d4, f2)
        logits = functional.pixel_shuffle(self.head(torch.cat([d2, x], 1)), 2)
        if not self.training:
            return [logits]
        return [logits, *(head(d) for head, d in zip(self.aux, (d16, d8, d4), strict=True))]


class Shipped(nn.Module):
    """The network as the contract wants it: `image` RGB 0-1 -> `alpha` 0-1.

    `inner` is the side at which the network itself works: a checkpoint from before the last phases of
    training knows products at smaller sizes only, and answers better there.
    """

    def __init__(self, net: MatteNet, inner: int | None = None) -> None:
        super().__init__()
        self.net, self.inner = net.eval(), inner

    def forward(self, image: Tensor) -> Tensor:
        if self.inner is None:
            return torch.sigmoid(self.net(image)[0])
        size = (self.inner, self.inner)
        small = functional.interpolate(image, size=size, mode="bilinear", align_corners=False)
        logits = self.net(small)[0]
        return torch.sigmoid(
            functional.interpolate(logits, size=(320, 320), mode="bilinear", align_corners=False)
        )
