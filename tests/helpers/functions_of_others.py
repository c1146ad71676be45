"""What people write with `interact`, anew as its authors have it after the places that are named."""

from math import erf

import matplotlib.pyplot as plt
import numpy as np


def projectile(theta, v, y0):
    """The path of a mass that is thrown. After Noel-Neathery/physics, 'Schräger Wurf'."""
    t = np.arange(0, 8, 0.05)
    vx, vy = v * np.cos(np.deg2rad(theta)), v * np.sin(np.deg2rad(theta))
    plt.plot(vx * t, y0 + vy * t - 9.81 / 2 * t**2, "b", lw=2)
    plt.axis([0, 110, 0, 60])
    plt.grid()
    plt.title(f"Thrown at {theta}° with {v} m/s")


def riemann_sum(rule, n):
    """Rectangles under a cubic. After ds-modules/ecc-textbook, 'riemann-sum'."""
    fig, ax = plt.subplots()
    xs, width, area = np.linspace(0, 2.5, 100), 2.5 / n, 0
    ax.plot(xs, xs * (xs - 1) * (xs - 2))
    for left in np.arange(n) * width:
        x = left + {"Left": 0, "Right": width, "Center": width / 2}[rule]
        y = x * (x - 1) * (x - 2)
        ax.add_patch(plt.Rectangle((left, 0), width, y, alpha=0.5, facecolor="r" if y < 0 else "b"))
        area += width * y
    fig.suptitle(f"{n} rectangles")
    print("error", area - (2.5**4 / 4 - 2.5**3 + 2.5**2))


def normal_probability(mu=0, sigma=1, tail="Lower", bound=0):
    """A tail of the bell curve. After gulinan/mat244e, normal_widget_source_function.html."""
    ax = plt.subplots(figsize=(6, 4), dpi=100)[1]
    x = np.linspace(-8, 8, 1000)
    y = np.exp(-((x - mu) ** 2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))
    ax.plot(x, y, label=rf"$\mu={mu:.1f},\ \sigma={sigma:.1f}$")
    ax.axis([-8, 8, 0, 0.85])
    sign = 1 if tail == "Lower" else -1
    probability = (1 + sign * erf((bound - mu) / (sigma * np.sqrt(2)))) / 2
    plt.fill_between(x, y, where=sign * x <= sign * bound, color="blue", alpha=0.4)
    plt.text(-7.5, 0.75, rf"$Pr={probability:.3f}$", fontsize=14)
    plt.legend(loc="upper right")
    plt.show()


def interference(n, d, p):
    """Waves of n sources. After c-hebert/jupyTEM, 'Wave interference and diffraction'."""
    y = np.linspace(-20, 20, 300)
    X, Y = np.meshgrid(np.linspace(0, 40, 300), y)
    sources = (np.arange(n) - (n - 1) / 2) * d
    print(sources)
    Z = sum(np.sin(p * np.sqrt(X**2 + (Y - s) ** 2)) for s in sources)
    fig, (ax1, ax2) = plt.subplots(1, 2, figsize=(10, 4))
    image = ax1.imshow(Z, cmap="coolwarm", origin="lower", extent=[0, 40, -20, 20])
    ax1.plot(0 * sources, sources, ".", markersize=12, color="blue")
    fig.colorbar(image, ax=ax1)
    ax2.plot(y, abs(sum(np.exp(1j * p * np.hypot(200, 10 * y - s)) for s in sources)) ** 2)
    plt.tight_layout()
    plt.show()


def solve_lorenz(N=10, angle=0.0, rho=28.0):
    """Paths of Lorenz's system. After ipywidgets, 'Lorenz Differential Equations.ipynb'."""
    ax = plt.figure().add_axes([0, 0, 1, 1], projection="3d")
    ax.set(xlim=(-25, 25), ylim=(-35, 35), zlim=(5, 55))
    np.random.seed(1)
    x_t = np.empty((N, 1001, 3))
    x_t[:, 0] = -15 + 30 * np.random.random((N, 3))
    for i in range(1000):
        x, y, z = x_t[:, i].T
        slope = np.stack([10 * (y - x), x * (rho - z) - y, x * y - 8 / 3 * z], axis=-1)
        x_t[:, i + 1] = x_t[:, i] + 0.004 * slope
    for path, color in zip(x_t, plt.cm.viridis(np.linspace(0, 1, N)), strict=True):
        ax.plot(*path.T, "-", c=color, linewidth=2)
    ax.view_init(30, angle)
    return x_t


STOPS = {
    projectile: {"theta": range(15, 80, 5), "v": range(10, 31, 5), "y0": (0, 5, 10)},
    riemann_sum: {"rule": ("Left", "Right", "Center"), "n": range(1, 21)},
    normal_probability: {"mu": range(-2, 3), "sigma": (0.5, 1, 1.5, 2), "tail": ("Lower", "Upper")}
    | {"bound": np.linspace(-3, 3, 7)},
    interference: {"n": range(1, 6), "d": (2, 4, 6, 8), "p": (1, 2, 3)},
    solve_lorenz: {"N": (1, 5, 10), "angle": range(0, 360, 30), "rho": (14.0, 28.0, 42.0)},
}
