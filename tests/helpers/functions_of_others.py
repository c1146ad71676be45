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


def sample_means(measurements, points):
    """Random means. After GrossfieldLab/stats_demos_jupyter, CentralLimitTheorem.ipynb."""
    means = [np.mean(np.random.poisson(2, points)) for _ in range(measurements)]
    mu, sigma = np.mean(means), np.std(means)
    bins = plt.hist(means, 30, density=True)[1]
    bell = np.exp(-((bins - mu) ** 2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))
    plt.plot(bins, bell, linewidth=2, color="r")


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


def waves(N=10, f=1, wtype="square"):
    """Partial sums of a Fourier series. After nicoguaro/AdvancedMath, fourier_analysis.ipynb."""
    t = np.linspace(0, 2, 1000)
    x = np.zeros_like(t)
    for k in range(1, N + 1):
        odd = 2 * k - 1
        if wtype == "square":
            x += 4 / np.pi * np.sin(2 * np.pi * odd * f * t) / odd
        if wtype == "triangle":
            x -= 8 / np.pi**2 * (-1) ** k * np.sin(2 * np.pi * odd * f * t) / odd**2
    plt.figure(figsize=(6, 4))
    plt.plot(t, x, linewidth=2, color="#e41a1c", label=f"{N} terms")
    plt.legend()


def solve_lorenz(N=10, angle=0.0, rho=28.0):
    """Paths of Lorenz's system. After ipywidgets, 'Lorenz Differential Equations.ipynb'."""
    ax = plt.figure().add_axes([0, 0, 1, 1], projection="3d")
    ax.set_axis_off()
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


def newton(x0, steps):
    """Tangents that seek a root. After Kloeckner's CS 450, demos, "Newton's Method"."""
    x, guess = np.linspace(-3, 3, 200), x0
    plt.plot(x, x**3 - 2 * x - 2)
    for _ in range(steps):
        value = guess**3 - 2 * guess - 2
        new = guess - value / (3 * guess**2 - 2)
        plt.plot([guess, guess, new], [0, value, 0], "--o", ms=4, lw=1)
        guess = new
    plt.title(f"after {steps} steps: {guess:.6f}")
    print(f"x = {guess}, f(x) = {guess**3 - 2 * guess - 2}")


t = np.linspace(0.0, 5.0, 300)
fig, ax = plt.subplots()
(line,) = ax.plot(t, np.cos(5 * t))
plt.close(fig)  # the tests leave no figure behind


def update(zeta=0.1, wn=5.0):
    """A line made before. After davidcorbin's gist 'Interactive Plots in Jupyter'."""
    line.set_ydata(np.exp(-zeta * wn * t) * np.cos(wn * np.sqrt(1 - zeta**2) * t))
    fig.canvas.draw_idle()


def fit_line(m, b, residuals=False):
    """A line through a cloud. After 4GeeksAcademy, 'Introduction to Linear Regression'."""
    np.random.seed(42)
    x = np.random.uniform(0, 10, 150)
    y = 1.5 * x + 2 + np.random.normal(0, 2, 150)
    plt.figure(figsize=(8, 5))
    plt.scatter(x, y, s=15, alpha=0.6, label="data")
    plt.plot([0, 10], [b, 10 * m + b], color="red", label=f"y = {m:.2f}x + {b:.2f}")
    if residuals:
        plt.vlines(x, y, m * x + b, colors="gray", lw=0.5)
    mse = np.mean((y - m * x - b) ** 2)
    print(f"slope: {m}, intercept: {b}, MSE: {mse:.3f}")
    return mse


TAILS, SHAPES = ("Lower", "Upper"), ("square", "triangle")
STOPS = {
    projectile: {"theta": range(15, 80, 5), "v": range(10, 31, 5), "y0": (0, 5, 10)},
    riemann_sum: {"rule": ("Left", "Right", "Center"), "n": range(1, 21)},
    sample_means: {"measurements": (50, 100, 200, 500, 1000), "points": (1, 2, 3, 5, 10, 30, 100)},
    normal_probability: {"mu": range(-2, 3), "sigma": (0.5, 1, 1.5, 2), "tail": TAILS}
    | {"bound": np.linspace(-3, 3, 7)},
    interference: {"n": range(1, 6), "d": (2, 4, 6, 8), "p": (1, 2, 3)},
    waves: {"N": range(1, 16), "f": (1, 2, 3), "wtype": SHAPES},
    solve_lorenz: {"N": (1, 5, 10), "angle": range(0, 360, 30), "rho": (14.0, 28.0, 42.0)},
    newton: {"x0": np.linspace(-2, 3, 11), "steps": range(9)},
    update: {"zeta": np.linspace(0, 1, 11), "wn": range(2, 11, 2)},
    fit_line: {"m": np.linspace(0, 3, 7), "b": range(-2, 7, 2), "residuals": (False, True)},
}
