"""Trains the network by wall clock: phases of growing picture size, cosine learning rate, EMA, restartable.

One process per core with one thread each and averaged gradients: on a busy machine threads that meet after
every layer wait for the slowest, processes that meet once a step do not (measured: 24 ms a picture against
46).

The shares of the phases and the learning rate depend on the seconds trained so far, which the checkpoint
keeps, so that a run that was stopped goes on where it was, and a slow machine trains less instead of longer.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import distributed
from torch import multiprocessing as processes
from torch.utils.data import DataLoader

from training import sources
from training.dataset import Samples
from training.losses import loss
from training.network import MatteNet
from training.paths import DATA, WORK, require_data
from training.quickcheck import Held, quick_check

REFRESH_SECONDS = 420  # new pictures in the folders are taken up this often
WARMUP = 0.02


@dataclass
class Run:
    """All that a restart needs."""

    net: MatteNet
    ema: MatteNet
    optimiser: torch.optim.AdamW
    seconds: float = 0.0
    steps: int = 0
    history: list[dict[str, float]] = field(default_factory=list)


def learning_rate(progress: float, peak: float) -> float:
    """Linear warm-up, then cosine to a hundredth; `progress` in 0-1."""
    if progress < WARMUP:
        return peak * (0.05 + 0.95 * progress / WARMUP)
    turn = (progress - WARMUP) / (1 - WARMUP)
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, turn))))


def phase(progress: float, shares: list[tuple[int, float]]) -> int:
    """The picture size at this progress; `shares` lists (size, share of the time)."""
    total = 0.0
    for size, share in shares:
        total += share
        if progress < total:
            return size
    return shares[-1][0]


def new_run(width: float, peak: float) -> Run:
    """A run with random weights."""
    net = MatteNet(width).to(memory_format=torch.channels_last)
    decay = [p for p in net.parameters() if p.ndim > 1]
    rest = [p for p in net.parameters() if p.ndim <= 1]
    groups = [{"params": decay, "weight_decay": 0.02}, {"params": rest, "weight_decay": 0.0}]
    return Run(net, deepcopy(net).eval(), torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.99)))


def save(run: Run, path: Path, width: float) -> None:
    """Atomically: a stopped process leaves the last whole checkpoint."""
    state = {
        "width": width, "net": run.net.state_dict(), "ema": run.ema.state_dict(), "optimiser":
        run.optimiser.state_dict(), "seconds": run.seconds, "steps": run.steps, "history": run.history,
    }  # fmt: skip
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.rename(path)
    path.with_suffix(".json").write_text(json.dumps(run.history, indent=0))


def restore(run: Run, path: Path, *, weights_only: bool = False) -> None:
    """The state of a checkpoint; with `weights_only` its averaged weights alone."""
    state = torch.load(path, weights_only=True)
    run.ema.load_state_dict(state["ema"])
    if weights_only:
        run.net.load_state_dict(state["ema"])
        return
    run.net.load_state_dict(state["net"])
    run.optimiser.load_state_dict(state["optimiser"])
    run.seconds, run.steps, run.history = state["seconds"], state["steps"], state["history"]


@torch.no_grad()
def update_ema(run: Run, decay: float) -> None:
    """Moves the average towards the weights; faster in the first steps."""
    d = min(decay, (1 + run.steps) / (10 + run.steps))
    for a, b in zip(run.ema.state_dict().values(), run.net.state_dict().values(), strict=True):
        if a.dtype.is_floating_point:
            a.lerp_(b, 1 - d)


def stream(
    args: argparse.Namespace, side: int, run: Run, rank: int
) -> DataLoader[tuple[torch.Tensor, torch.Tensor]]:
    """Batches of this process, from the pictures that are there now."""
    data = Samples(sources.load(args.data, args.work), side, args.seed + 7919 * run.steps + rank)
    return DataLoader(data, args.batch // args.processes)


def average_gradients(net: MatteNet, count: int) -> None:
    """The same mean gradient in every process: one message a step."""
    grads = [p.grad for p in net.parameters() if p.grad is not None]
    flat = torch.cat([g.reshape(-1) for g in grads])
    distributed.all_reduce(flat)
    for grad, part in zip(grads, (flat / count).split([g.numel() for g in grads]), strict=True):
        grad.copy_(part.view_as(grad))


def step(args: argparse.Namespace, run: Run, image: torch.Tensor, target: torch.Tensor) -> float:
    """One update; the loss of this process's pictures."""
    for group in run.optimiser.param_groups:
        group["lr"] = learning_rate(run.seconds / (args.minutes * 60), args.rate)
    run.net.train()
    with torch.autocast("cpu", torch.bfloat16):
        outputs = run.net(image.contiguous(memory_format=torch.channels_last))
    value = loss(outputs, target)
    run.optimiser.zero_grad(set_to_none=True)
    value.backward()
    average_gradients(run.net, args.processes)
    torch.nn.utils.clip_grad_norm_(run.net.parameters(), 2.0)
    run.optimiser.step()
    run.steps += 1
    return float(value.detach())


def check(args: argparse.Namespace, run: Run, held: Held, side: int, recent: list[float]) -> None:
    """Measures the averaged network, logs, saves."""
    facts = {"seconds": round(run.seconds), "steps": run.steps, "side": side, "loss": float(np.mean(recent))}
    run.history.append({**facts, **quick_check(run.ema, held)})
    print(json.dumps({k: round(v, 4) for k, v in run.history[-1].items()}), flush=True)
    save(run, args.out, args.width)


def train(args: argparse.Namespace, run: Run, rank: int) -> None:
    """Until the budget of seconds is spent. Rank 0 keeps the time, the average and the checkpoints."""
    budget, clock = args.minutes * 60, torch.zeros(1, dtype=torch.float64)
    held = Held.load(args.data, args.work) if rank == 0 else None
    next_check = run.seconds + args.check_minutes * 60
    while run.seconds < budget:
        side = phase(run.seconds / budget, args.phases)
        batches, opened, losses = iter(stream(args, side, run, rank)), run.seconds, []
        while (
            run.seconds < budget
            and run.seconds - opened < REFRESH_SECONDS
            and phase(run.seconds / budget, args.phases) == side
        ):
            began = time.perf_counter()
            losses.append(step(args, run, *next(batches)))
            if held is not None:
                update_ema(run, args.ema)
            clock[0] = run.seconds + time.perf_counter() - began
            distributed.broadcast(clock, 0)
            run.seconds = float(clock)
            if run.seconds >= next_check or run.seconds >= budget:
                next_check = run.seconds + args.check_minutes * 60
                if held is not None:
                    check(args, run, held, side, losses[-300:])
    if held is not None:
        save(run, args.out, args.width)


def work(rank: int, args: argparse.Namespace) -> None:
    """One process of the run."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    distributed.init_process_group(
        "gloo", init_method=f"file://{args.out}.meet", rank=rank, world_size=args.processes
    )
    run = new_run(args.width, args.rate)
    if args.out.exists():
        restore(run, args.out)
        print(f"process {rank} goes on after {run.seconds:.0f} s", flush=True)
    elif args.start_from:
        restore(run, args.start_from, weights_only=True)
    train(args, run, rank)
    distributed.destroy_process_group()


def parse_phases(text: str) -> list[tuple[int, float]]:
    """`192:0.4,256:0.6` -> [(192, 0.4), (256, 0.6)]."""
    return [(int(a), float(b)) for a, b in (item.split(":") for item in text.split(","))]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--out", type=Path, default=WORK / "matte.pt")
    parser.add_argument("--minutes", type=float, default=85)
    parser.add_argument("--phases", type=parse_phases, default=parse_phases("192:0.35,256:0.45,320:0.2"))
    parser.add_argument("--width", type=float, default=1.0)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--ema", type=float, default=0.998)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--check-minutes", type=float, default=5)
    parser.add_argument("--start-from", type=Path, help="begin with these weights instead of random ones")
    args = parser.parse_args()
    require_data(args.data)
    args.out = args.out.resolve()
    Path(f"{args.out}.meet").unlink(missing_ok=True)
    processes.spawn(work, (args,), nprocs=args.processes)


if __name__ == "__main__":
    main()
