"""The catalogue: product families as functions of a random generator. The other modules hold the families."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .materials import Material
from .meshes import Mesh, merge

Rng = np.random.Generator


@dataclass(frozen=True)
class Part:
    """A piece of one material. `mark`: its texture carries landmarks that truth points may be taken from."""

    mesh: Mesh
    material: Material
    mark: bool = False


@dataclass(frozen=True)
class Product:
    """A product that stands (or, with `lies`, is seen from above) on z = 0, faces -y, and is about one to
    three units long.
    """

    family: str
    parts: tuple[Part, ...]
    lies: bool = False
    tags: tuple[str, ...] = field(default_factory=tuple)

    @property
    def clear(self) -> bool:
        return any(p.material.clear for p in self.parts)

    def mesh(self) -> Mesh:
        return merge(*(p.mesh for p in self.parts))

    def placed(self, change: Callable[[Mesh], Mesh]) -> Product:
        """The same change to every part; it must not draw random numbers, or the parts would come apart."""
        return Product(
            self.family,
            tuple(Part(change(p.mesh), p.material, p.mark) for p in self.parts),
            self.lies,
            self.tags,
        )

    def spun(self, degrees: float) -> Product:
        """Turned about the upright axis."""
        return self.placed(lambda m: m.turned("z", degrees))


Family = Callable[[Rng, int], Product]
FAMILIES: dict[str, tuple[Family, float]] = {}


def family(name: str, weight: float = 1.0) -> Callable[[Family], Family]:
    """Register a family; `weight` is how often `any_product` takes it."""

    def register(make: Family) -> Family:
        FAMILIES[name] = (make, weight)
        return make

    return register


def any_product(rng: Rng, texture: int = 512, only: tuple[str, ...] | None = None) -> Product:
    """A product of a random family; textures are about `texture` pixels wide."""
    from . import accessories, bottles, garments, packs, shoes, things, vessels  # noqa: F401,PLC0415  (families register themselves)

    names = [n for n in FAMILIES if only is None or n in only]
    weight = np.array([FAMILIES[n][1] for n in names])
    return FAMILIES[str(rng.choice(names, p=weight / weight.sum()))][0](rng, texture)
