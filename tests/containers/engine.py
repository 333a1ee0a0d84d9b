"""The container engine of this machine: Docker where its daemon answers, else podman."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

#: Lambda's own: open files, processes and threads.
_LIMITS: Final = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024")
#: Ways to run a function within its memory, the best first: what goes before `run`, what goes after it,
#: and whether the engine itself counts memory. Where control groups can't be written, the kernel holds
#: the process's private writable memory to the limit, and an allocation fails instead of killing.
_BY_CGROUP: Final = ((), (), True)
_PODMAN_WAYS: Final = (
    (("--cgroup-manager", "cgroupfs", "--runtime", "runc"), (), True),
    (("--cgroup-manager", "cgroupfs", "--runtime", "crun"), (), True),
    (("--cgroup-manager", "cgroupfs", "--runtime", "crun"), ("--cgroups", "disabled"), False),
)
#: Says hello, then takes more memory than it may.
_GREEDY: Final = "print('runs', flush=True); print(len(b'1' * (700 << 20)))"


class EngineError(RuntimeError):
    """A command of the engine failed; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A container engine.

    Attributes:
        program: docker or podman.
        before, after: options around `run`, for this machine.
        counts_memory: True where control groups hold a container to its memory.
    """

    program: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    counts_memory: bool = field(default=True)

    @property
    def is_docker(self) -> bool:
        """True for Docker, which pulls AWS's base image; podman gets a stand-in."""
        return self.program == "docker"

    @property
    def host(self) -> str:
        """This machine's loopback, as a container calls it."""
        return "host.docker.internal" if sys.platform == "darwin" else "127.0.0.1"

    def do(self, *words: str, timeout_s: float = 900) -> str:
        """Runs a command of the engine and returns what it printed.

        Raises:
            EngineError: with what it said.
        """
        try:
            done = subprocess.run(  # noqa: S603  # the words are ours
                [self.program, *words], capture_output=True, text=True, timeout=timeout_s, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise EngineError(f"{self.program} {words[0]}: no end within {timeout_s:g} s") from error
        if done.returncode != 0:
            said = (done.stdout + done.stderr)[-4000:]
            raise EngineError(f"{self.program} {' '.join(words[:2])}: exit {done.returncode}\n{said}")
        return done.stdout

    def build(
        self, folder: Path, dockerfile: Path, tag: str, *, target: str = "", arguments: dict[str, str],
        volumes: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Builds an image; podman sees the host's network and the volumes, Docker has its own set-up."""
        words = ["build", "--file", str(dockerfile), "--tag", tag]
        words += ["--target", target] if target else []
        for name, value in arguments.items():
            words += ["--build-arg", f"{name}={value}"]
        if not self.is_docker:
            words += ["--layers", "--isolation", "chroot", "--network", "host", "--pull=never"]
            words += [word for volume in volumes for word in ("--volume", volume)]
        self.do(*words, str(folder))

    def run_command(
        self,
        image: str,
        command: Sequence[str],
        *,
        name: str,
        memory_mb: int,
        disk_mb: int,
        environment: dict[str, str],
        entrypoint: str = "",
    ) -> list[str]:
        """The command line that runs a container as Lambda would, and ends with its exit code.

        Read-only, of no privilege, as nobody, /tmp of `disk_mb`, memory of `memory_mb`, no shared memory.
        """
        words = [self.program, *self.before, "run", *self.after, "--rm", "--name", name]
        words += ["--network", "host"] if sys.platform != "darwin" else []
        words += ["--read-only", "--user", "65534:65534", "--cap-drop", "ALL", "--ipc", "none"]
        words += ["--security-opt", "no-new-privileges", *_LIMITS]
        words += ["--tmpfs", f"/tmp:rw,nosuid,nodev,size={disk_mb}m,mode=1777"]  # noqa: S108  # Lambda's
        words += [] if self.is_docker else ["--read-only-tmpfs=false", "--pull=never"]
        if self.counts_memory:
            words += ["--memory", f"{memory_mb}m", "--memory-swap", f"{memory_mb}m"]
        else:
            words += ["--ulimit", f"data={memory_mb << 20}:{memory_mb << 20}"]
        for key, value in environment.items():
            words += ["--env", f"{key}={value}"]
        words += ["--entrypoint", entrypoint] if entrypoint else []
        return [*words, image, *command]

    def python(self, image: str, *arguments: str, memory_mb: int = 512) -> subprocess.CompletedProcess[str]:
        """Runs Python in an image, as a function would run."""
        words = self.run_command(
            image,
            arguments,
            name=f"packshot-look-{id(arguments):x}",
            memory_mb=memory_mb,
            disk_mb=64,
            environment={},
            entrypoint="python",
        )
        # In a folder of its own: where memory runs out, podman leaves a file that says so.
        with tempfile.TemporaryDirectory() as folder:
            return subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder)  # noqa: S603  # ours

    def size_mb(self, image: str) -> float:
        """All layers of an image, unpacked."""
        return int(self.do("image", "inspect", "--format", "{{.Size}}", image)) / 1e6

    def has(self, image: str) -> bool:
        """True when the image is on this machine."""
        try:
            self.do("image", "inspect", image)
        except EngineError:
            return False
        return True

    def within_memory(self, image: str) -> Engine:
        """This engine, in the best way that runs here and does hold a process to its memory.

        Raises:
            EngineError: there is none.
        """
        tried = []
        for before, after, counts in (_BY_CGROUP,) if self.is_docker else _PODMAN_WAYS:
            way = replace(self, before=before, after=after, counts_memory=counts)
            done = way.python(image, "-c", _GREEDY, memory_mb=256)
            if done.stdout.strip() == "runs" and done.returncode != 0:
                return way
            tried.append(f"{' '.join((*before, *after))}: exit {done.returncode}, {done.stderr[-500:]}")
        raise EngineError("no container runs within its memory here:\n" + "\n".join(tried))

    @property
    def described(self) -> str:
        """For people: which engine, and how memory is held."""
        limit = "by control groups" if self.counts_memory else "by RLIMIT_DATA"
        return f"{' '.join((self.program, *self.before, *self.after))}; memory held {limit}"


def find_engine() -> Engine | None:
    """Docker, else podman; None when neither is there. A Docker without its daemon is none."""
    for program in ("docker", "podman"):
        if shutil.which(program) is None:
            continue
        engine = Engine(program)
        try:
            engine.do("info", timeout_s=60)
        except EngineError:
            continue
        return engine
    return None
