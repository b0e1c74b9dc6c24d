"""PyTorch's optimizers on the sizes of the report, as a table of Markdown: torch_peers.py FILE"""

import os
import statistics
import sys
import time

import torch

SIZES = [1 << 10, 16 << 10, 512 << 10, 4 << 20]
ROUNDS = 15


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


def contenders(tensors):
    for name, make in optimizers():
        try:
            step = make(tensors).step
            step()
        except (RuntimeError, TypeError, ValueError):
            continue
        yield name, step
    yield "EMA by lerp", ema(tensors)
    yield "clip_grad_norm_", clip(tensors)


def nanoseconds(tensors):
    """Of one parameter: medians, the contenders interleaved."""
    named = list(contenders(tensors))
    count = sum(tensor.numel() for tensor in tensors)
    calls, times = {}, {name: [] for name, _ in named}
    for name, run in named:
        start = time.perf_counter()
        run()
        calls[name] = max(1, int(2e-3 / (time.perf_counter() - start)))
    for _ in range(ROUNDS):
        for name, run in named:
            start = time.perf_counter()
            for _ in range(calls[name]):
                run()
            times[name].append((time.perf_counter() - start) / calls[name] / count * 1e9)
    return {name: statistics.median(values) for name, values in times.items()}


def table(threads):
    torch.set_num_threads(threads)
    columns = {}
    for size in SIZES:
        columns[f"{size >> 10} Ki"] = nanoseconds(parameters([size]))
    columns["1000 of 256 to 4 Ki"] = nanoseconds(parameters([256 + 3840 * i // 999 for i in range(1000)]))
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    lines = ["| " + " | ".join(["", *columns]) + " |", "|---|" + "---:|" * len(columns)]
    for name in names:
        cells = [f"{column[name]:.3f}" if name in column else "" for column in columns.values()]
        lines.append("| " + " | ".join([name, *cells]) + " |")
    return "\n".join(lines)


def main():
    parts = [f"PyTorch {torch.__version__}, ns a parameter.\n"]
    for threads in sorted({1, os.cpu_count()}):
        print(f"    torch, {threads} thread(s)", file=sys.stderr)
        parts.append(f"{threads} thread(s):\n\n{table(threads)}\n")
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write("\n".join(parts))


if __name__ == "__main__":
    main()
