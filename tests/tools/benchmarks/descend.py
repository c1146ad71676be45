"""What a step of `descend` costs, beside the same descent in plain Python floats: run this file."""

import gc
from timeit import timeit

import numpy as np

from course_lib import descend

RATE = 0.001


def seconds(case):
    """How long a case takes, with the garbage that it makes collected as ever."""
    return timeit(case, gc.enable, number=1)


def plain(steps):
    w = 5.0
    weights, losses = [w], [(w + 1) * (w + 1)]
    for _ in range(steps):
        w = w - RATE * (2 * (w + 1))
        weights.append(w)
        losses.append((w + 1) * (w + 1))
    return weights, losses


def best(cases):
    """The shortest of seven times of each; they take turns, so a busy moment hits all of them."""
    return np.min([[seconds(case) for case in cases] for _ in range(7)], axis=0)


def main():
    steps = [1_000, 10_000, 100_000]
    rates = [np.full(n, RATE, np.float32) for n in steps]
    taken = best([lambda r=r: descend(r) for r in rates] + [lambda n=n: plain(n) for n in steps])
    print("one run             descend µs/step   plain Python µs/step   ratio")
    for n, ours, theirs in zip(steps, taken[:3], taken[3:], strict=True):
        print(f"{n:8,} steps {ours / n * 1e6:18.3f} {theirs / n * 1e6:22.3f} {ours / theirs:7.2f}")
    steps, runs = [50, 100, 200, 400], 10_000
    rates = [np.full((n, runs), RATE, np.float32) for n in steps]
    *taken, alone = best([lambda r=r: descend(r) for r in rates] + [lambda: plain(10_000)])
    print(f"\n{runs:,} runs at once   descend µs/step/run   plain Python / descend")
    for n, ours in zip(steps, taken, strict=True):
        cost = ours / n / runs
        print(f"{n:8,} steps {cost * 1e6:25.4f} {alone / 10_000 / cost:22.0f}")


if __name__ == "__main__":
    main()
