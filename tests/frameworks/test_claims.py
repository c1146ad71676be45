"""What the lessons say about the frameworks, each with the shortest code that shows it.

The code runs as the snippets do, in the pinned versions; what it prints stands below it, as
comments.
"""

import re

import pytest

ONE_WEIGHT = """
import os, tempfile
import keras
import numpy as np

class OneWeight(keras.Model):
    def __init__(self):
        super().__init__()
        self.w = self.add_weight(shape=(), initializer=keras.initializers.Constant(5.0))
    def call(self, x):
        return 0 * x + self.w

x, y = np.zeros((10, 1)), -np.ones((10, 1))  # so the loss is (w + 1)², in each of ten batches an epoch
def fit(optimizer, *callbacks, epochs=2):
    model = OneWeight()
    model.compile(optimizer, loss="mse")
    model.fit(x, y, batch_size=1, epochs=epochs, verbose=0, callbacks=callbacks)
    return model
"""

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
    "tensorflow: checkpoints hold the weights, or with swap_on_epoch their averages": ONE_WEIGHT
    + """
for swap in ([], [keras.callbacks.SwapEMAWeights()], [keras.callbacks.SwapEMAWeights(swap_on_epoch=True)]):
    path = os.path.join(tempfile.mkdtemp(), "saved.weights.h5")
    model = fit(keras.optimizers.SGD(0.2, use_ema=True, ema_momentum=0.9),
                *swap, keras.callbacks.ModelCheckpoint(path, save_weights_only=True))
    saved = OneWeight()
    saved(x)  # builds it
    saved.load_weights(path)
    print(f"saved {saved.w.numpy():.4f}, after fit {model.w.numpy():.4f}")
# saved -0.9998, after fit -0.4165
# saved -0.9998, after fit -0.4165
# saved -0.4165, after fit -0.4165
""",
    "tensorflow: stopped early, swap_on_epoch leaves the weights and not their averages": ONE_WEIGHT
    + """
class Stop(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = True

for swap in ([], [keras.callbacks.SwapEMAWeights(swap_on_epoch=True)]):
    model = fit(keras.optimizers.SGD(0.2, use_ema=True, ema_momentum=0.9), *swap, Stop())
    print(f"after fit {model.w.numpy():.4f}")
# after fit 0.6664
# after fit -0.9637
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
    "tensorflow: TerminateOnNaN stops at an infinite loss": ONE_WEIGHT
    + """
x, y = x[:1], y[:1]  # one step an epoch
model = fit(keras.optimizers.SGD(1.1), keras.callbacks.TerminateOnNaN(), epochs=400)
losses = model.history.history["loss"]
print(len(losses), losses[-1])  # Keras takes the loss before an update: the 235th is that after 234
# Batch 0: Invalid loss, terminating training
# 235 inf
""",
    "tensorflow: learning_rate is read as the next one": """
import tensorflow as tf

w = tf.Variable(5.0)
optimizer = tf.keras.optimizers.SGD(tf.keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.99, staircase=True))
optimizer.apply_gradients([(2 * (w + 1), w)])
print(f"{w.numpy():.4f} {float(optimizer.learning_rate):.4f}")  # 5 - 0.1 * 12
# 3.8000 0.0990
""",
    "tensorflow: CosineDecay has a linear warm-up": """
import keras

schedule = keras.optimizers.schedules.CosineDecay(0.0, decay_steps=4, warmup_target=0.1, warmup_steps=4)
print([f"{float(schedule(step)):.3f}" for step in range(9)])
# ['0.000', '0.025', '0.050', '0.075', '0.100', '0.085', '0.050', '0.015', '0.000']
""",
    "tensorflow: the rate is in the velocity": """
import tensorflow as tf

w = tf.Variable(5.0)
optimizer = tf.keras.optimizers.SGD(0.02, momentum=0.8)
for rate in (0.02, 0.02, 0.01, 0.01):
    optimizer.learning_rate = rate
    optimizer.apply_gradients([(2 * (w + 1), w)])
    print(f"{w.numpy():.4f}", end=" ")
# 4.7600 4.3376 3.8929 3.4393
""",
    "tensorflow: momentum in batch normalisation is the share of the old value": """
import keras
import numpy as np

norm = keras.layers.BatchNormalization()
norm(np.full((2, 1), 10.0), training=True)
print(norm.momentum, f"{norm.moving_mean.numpy()[0]:.3f}")
# 0.99 0.100
""",
    "torch: the rate is not in the velocity": """
import torch

w = torch.tensor(5.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.02, momentum=0.8)
for rate in (0.02, 0.02, 0.01, 0.01):
    optimizer.param_groups[0]["lr"] = rate
    optimizer.zero_grad()
    ((w + 1) ** 2).backward()
    optimizer.step()
    print(f"{w.item():.4f}", end=" ")
# 4.7600 4.3376 4.0619 3.7401
""",
    "torch: momentum in batch normalisation is the share of the new value": """
import torch

norm = torch.nn.BatchNorm1d(1)
norm(torch.full((2, 1), 10.0))
print(norm.momentum, f"{norm.running_mean.item():.3f}")
# 0.1 1.000
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
    "optax: the rate is not in the velocity": """
import jax.numpy as jnp
import optax

w = jnp.float32(5)
optimizer = optax.sgd(lambda count: jnp.where(count < 2, 0.02, 0.01), momentum=0.8)
state = optimizer.init(w)
for step in range(4):
    updates, state = optimizer.update(2 * (w + 1), state)
    w = optax.apply_updates(w, updates)
    print(f"{w:.4f}", end=" ")
# 4.7600 4.3376 4.0619 3.7401
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
