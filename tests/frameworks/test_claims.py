"""What the lessons say about the frameworks, each with the shortest code that shows it.

The code runs as the snippets do, in the pinned versions; what it prints stands below it, as
comments.
"""

import re

import pytest

CLAIMS = {
    "tensorflow1: the tutorial's control_dependencies leave the order open": """
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()
w = tf.Variable(5.0)
train_step = tf.train.GradientDescentOptimizer(0.2).minimize((w + 1) ** 2)

def waits_for(op, other):
    above = set()
    todo = [op]
    while todo:
        op = todo.pop()
        if op not in above:
            above.add(op)
            todo += [*op.control_inputs, *(tensor.op for tensor in op.inputs)]
    return other in above

ema_op = tf.train.ExponentialMovingAverage(0.9).apply([w])
with tf.control_dependencies([train_step]):
    after_it = tf.train.ExponentialMovingAverage(0.9).apply([w])
print(waits_for(ema_op, train_step), waits_for(after_it, train_step))
# False True
""",
    "tensorflow1: made under the dependency, the average always sees the new weight": """
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()
w = tf.Variable(5.0)
train_step = tf.train.GradientDescentOptimizer(0.2).minimize((w + 1) ** 2)
ema = tf.train.ExponentialMovingAverage(0.9)
with tf.control_dependencies([train_step]):
    train_op = ema.apply([w])
initialize, shadow = tf.global_variables_initializer(), ema.average(w)
found = set()
for _ in range(30):
    with tf.Session() as sess:
        sess.run(initialize)
        for step in range(10):
            sess.run(train_op)
        found.add(f"{sess.run(shadow):.5f}")
print(found)
# {'1.50323'}
""",
    "tensorflow: ema_overwrite_frequency writes the shadow over the weight": """
import tensorflow as tf

w = tf.Variable(5.0)
optimizer = tf.keras.optimizers.SGD(0.2, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=10)
for step in range(40):
    optimizer.apply_gradients([(2 * (w + 1), w)])
print(f"{w.numpy():.4f}")
# -0.8790
""",
    "tensorflow: use_ema averages what is trained and nothing else": """
import keras

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1), keras.layers.BatchNormalization()])
optimizer = keras.optimizers.SGD(use_ema=True)
optimizer.build(model.trainable_variables)
print([variable.name for variable in optimizer.variables if variable.name.endswith("_average")])
print([variable.name for variable in model.non_trainable_variables])
# ['sequential_dense_kernel_average', 'sequential_dense_bias_average', 'sequential_batch_normalization_gamma_average', \
'sequential_batch_normalization_beta_average']
# ['moving_mean', 'moving_variance']
""",
    "tensorflow: learning_rate is read as the next one": """
import tensorflow as tf

w = tf.Variable(5.0)
optimizer = tf.keras.optimizers.SGD(tf.keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.99, staircase=True))
optimizer.apply_gradients([(2 * (w + 1), w)])
print(f"{w.numpy():.4f} {float(optimizer.learning_rate):.4f}")  # 5 - 0.1 * 12
# 3.8000 0.0990
""",
    "tensorflow: CosineDecay warms up to its target, and without a target not at all": """
import keras

for target in (0.1, None):
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0 if target else 0.1, decay_steps=4, warmup_target=target, warmup_steps=4)
    print([f"{float(schedule(step)):.3f}" for step in range(9)])
# ['0.000', '0.025', '0.050', '0.075', '0.100', '0.085', '0.050', '0.015', '0.000']
# ['0.100', '0.085', '0.050', '0.015', '0.000', '0.000', '0.000', '0.000', '0.000']
""",
    "torch: AveragedModel takes the plain mean": """
import torch
from torch.optim.swa_utils import AveragedModel

model = torch.nn.Module()
model.w = torch.nn.Parameter(torch.tensor(0.0))
average = AveragedModel(model)
for value in (1.0, 2.0, 6.0):
    model.w.data.fill_(value)
    average.update_parameters(model)
print(average.module.w.item())
# 3.0
""",
    "torch: averaged weights do not fit the statistics of a batch normalisation": """
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

x = torch.tensor([[0.0], [2.0]])  # its mean is 1, so the mean after the first layer is the weight
for use_buffers in (False, True):
    model = torch.nn.Sequential(torch.nn.Linear(1, 1, bias=False), torch.nn.BatchNorm1d(1))
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.99), use_buffers=use_buffers)
    for step in range(150):
        model[0].weight.data.fill_(1.0 if step < 100 else 3.0)  # as if training had moved it
        model(x)
        average.update_parameters(model)
    weight, norm = average.module[0].weight.item(), average.module[1]
    print(f"weight {weight:.3f}, mean {norm.running_mean.item():.3f}", end=", ")
    update_bn([x], average)
    print(f"after update_bn {norm.running_mean.item():.3f}")
# weight 1.790, mean 2.990, after update_bn 1.790
# weight 1.790, mean 1.449, after update_bn 1.790
""",
    "torch: StepLR goes down by stairs": """
import torch

optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=3, gamma=0.5)
for step in range(7):
    print(optimizer.param_groups[0]["lr"], end=" ")
    optimizer.step()
    scheduler.step()
# 0.1 0.1 0.1 0.05 0.05 0.05 0.025
""",
    "torch: a linear warm-up and half a cosine, one after the other": """
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
scheduler = SequentialLR(optimizer, [LinearLR(optimizer, start_factor=0.25, total_iters=4),
                                     CosineAnnealingLR(optimizer, T_max=4)], milestones=[4])
for step in range(8):
    print(f"{optimizer.param_groups[0]['lr']:.4f}", end=" ")
    optimizer.step()
    scheduler.step()
# 0.0250 0.0438 0.0625 0.0813 0.1000 0.0854 0.0500 0.0146
""",
    "optax: stairs, a warm-up, half a cosine": """
import optax

stairs = optax.exponential_decay(0.1, transition_steps=5, decay_rate=0.5, staircase=True)
print([f"{stairs(step):.3f}" for step in (0, 4, 5, 9, 10)])
schedule = optax.warmup_cosine_decay_schedule(0.0, peak_value=0.1, warmup_steps=4, decay_steps=8)
print([f"{schedule(step):.3f}" for step in range(9)])
# ['0.100', '0.100', '0.050', '0.050', '0.025']
# ['0.000', '0.025', '0.050', '0.075', '0.100', '0.085', '0.050', '0.015', '0.000']
""",
    "tensorflow: piecewise constant, and reduced on a plateau": """
import keras

schedule = keras.optimizers.schedules.PiecewiseConstantDecay([2, 4], [0.1, 0.05, 0.01])
print([f"{float(schedule(step)):.2f}" for step in range(7)])
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.1), "mse")
plateau = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=2)
plateau.set_model(model)
plateau.on_train_begin()
for epoch in range(6):
    plateau.on_epoch_end(epoch, {"loss": 1.0})
    print(f"{float(model.optimizer.learning_rate):.3f}", end=" ")
# ['0.10', '0.10', '0.10', '0.05', '0.05', '0.01', '0.01']
# 0.100 0.100 0.050 0.050 0.025 0.025
""",
    "torch: piecewise constant, and reduced on a plateau": """
import torch
from torch.optim.lr_scheduler import MultiStepLR, ReduceLROnPlateau

def rates(make, *losses):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler = make(optimizer)
    for step in range(6):
        optimizer.step()
        scheduler.step(*losses)
        yield f"{optimizer.param_groups[0]['lr']:.4f}"

print(*rates(lambda optimizer: MultiStepLR(optimizer, milestones=[2, 4], gamma=0.5)))
print(*rates(lambda optimizer: ReduceLROnPlateau(optimizer, factor=0.5, patience=1), 1.0))
# 0.1000 0.0500 0.0500 0.0250 0.0250 0.0250
# 0.1000 0.1000 0.0500 0.0500 0.0250 0.0250
""",
    "optax: piecewise constant, and reduced on a plateau": """
import jax.numpy as jnp
import optax
from optax import contrib

schedule = optax.piecewise_constant_schedule(0.1, {2: 0.5, 4: 0.5})
print([f"{schedule(step):.3f}" for step in range(6)])
plateau = contrib.reduce_on_plateau(factor=0.5, patience=2)
state = plateau.init(jnp.float32(0))
for step in range(6):
    updates, state = plateau.update(jnp.float32(1), state, value=jnp.float32(1))
    print(f"{updates:.3f}", end=" ")
# ['0.100', '0.100', '0.050', '0.050', '0.025', '0.025']
# 1.000 1.000 0.500 0.500 0.250 0.250
""",
}


def expected(code):
    """The comments at the end of some code."""
    return re.sub(
        r"^# ", "", re.search(r"(?:^# .*\n)+\Z", code, re.MULTILINE).group(), flags=re.MULTILINE
    )


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_holds(printed_by, claim):
    framework, _, _ = claim.partition(":")
    assert printed_by(framework, CLAIMS[claim]).rstrip() == expected(CLAIMS[claim]).rstrip()
