"""
PyTorch's optimizers on the sizes of the report, as a table of Markdown, and beside them this library's kernels on the same
memory in the same rounds, where `./build.sh native` has built them: torch_peers.py FILE
"""

import os
import pathlib
import statistics
import sys
import time

import torch
from kernels import Kernels

ARTIFACTS = pathlib.Path(__file__).resolve().parents[2] / "artifacts" / "native"
SIZES = [1 << 10, 16 << 10, 512 << 10, 4 << 20, 32 << 20]
SECONDS = 4


def parameters(sizes):
    tensors = [torch.randn(size, requires_grad=True) for size in sizes]
    for tensor in tensors:
        tensor.grad = torch.randn_like(tensor) * 0.01
    return tensors


def optimizers():
    """Names, and how to make each; a version without the option refuses it, and the line is left out."""
    yield "Adam, op by op", lambda p: torch.optim.Adam(p, foreach=False)
    yield "Adam, foreach", lambda p: torch.optim.Adam(p, foreach=True)
    yield "Adam, fused", lambda p: torch.optim.Adam(p, fused=True)
    yield "AdamW, op by op", lambda p: torch.optim.AdamW(p, foreach=False)
    yield "AdamW, foreach", lambda p: torch.optim.AdamW(p, foreach=True)
    yield "AdamW, fused", lambda p: torch.optim.AdamW(p, fused=True)
    yield "Adamax, op by op", lambda p: torch.optim.Adamax(p, foreach=False)
    yield "Adamax, foreach", lambda p: torch.optim.Adamax(p, foreach=True)


def ema(tensors):
    averages = [tensor.detach().clone() for tensor in tensors]

    def run():
        with torch.no_grad():
            for average, tensor in zip(averages, tensors):
                average.lerp_(tensor, 1e-3)

    return run


def clip(tensors):
    return lambda: torch.nn.utils.clip_grad_norm_(tensors, 1e9)


def contenders(tensors, kernels):
    for name, make in optimizers():
        try:
            step = make(tensors).step
            step()
        except (RuntimeError, TypeError, ValueError):
            continue
        yield name, step
    yield "EMA by lerp", ema(tensors)
    yield "clip_grad_norm_", clip(tensors)
    if kernels is not None:
        for name, run in kernels.contenders(tensors):
            yield f"ours: {name}", run


def measure(tensors, kernels):
    """Nanoseconds of one parameter: medians, the contenders interleaved; of torch's also the ratio to ours."""
    named = dict(contenders(tensors, kernels))
    count = sum(tensor.numel() for tensor in tensors)
    calls, times, start_all = {}, {name: [] for name in named}, time.perf_counter()
    for name, run in named.items():
        start = time.perf_counter()
        run()
        calls[name] = max(1, int(2e-3 / (time.perf_counter() - start)))
    while len(times[name]) < 5 or (len(times[name]) < 15 and time.perf_counter() - start_all < SECONDS):
        for name, run in named.items():
            start = time.perf_counter()
            for _ in range(calls[name]):
                run()
            times[name].append((time.perf_counter() - start) / calls[name] / count * 1e9)
    return {name: cell(name, times) for name in named}


def cell(name, times):
    text = f"{statistics.median(times[name]):.3f}"
    ours = times.get("ours: " + name.split(",")[0].split(" by")[0])
    if ours is None:
        return text
    return f"{text} ({statistics.median(a / b for a, b in zip(times[name], ours)):.2f})"


def table(threads, kernels):
    torch.set_num_threads(threads)
    columns = {}
    for size in SIZES:
        name = f"{size >> 10} Ki" if size < 1 << 20 else f"{size >> 20} Mi"
        columns[name] = measure(parameters([size]), kernels)
    columns["1000 of 256 to 4 Ki"] = measure(parameters([256 + 3840 * i // 999 for i in range(1000)]), kernels)
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    lines = ["| " + " | ".join(["", *columns]) + " |", "|---|" + "---:|" * len(columns)]
    for name in names:
        cells = [column.get(name, "") for column in columns.values()]
        lines.append("| " + " | ".join([name, *cells]) + " |")
    return "\n".join(lines)


def main():
    built = [path for path in ARTIFACTS.glob("*/*native_adamax.*") if path.suffix in (".so", ".dll", ".dylib")]
    kernels = Kernels(str(built[0])) if built else None
    parts = [f"PyTorch {torch.__version__}, ns a parameter."]
    for threads in sorted({1, os.cpu_count()}):
        print(f"    torch, {threads} thread(s)", file=sys.stderr)
        ours = kernels if threads == 1 else None
        beside = "; in brackets, times the native kernel's in the same rounds, called from Python" if ours else ""
        parts.append(f"{threads} thread(s){beside}:\n\n{table(threads, ours)}")
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
