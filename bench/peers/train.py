"""Times how others train a job of jobs.json: `train.py PEER JOB [CSV]`, one JSON line.

The same as steps.ts: rows in a new order each epoch, relu, softmax or a line, Adam with rate 0.001, all of it
in float32; microseconds a step of the fastest and the median epoch after the first, which may compile. With
CSV the rows are read from there, so that the whole process can be timed.
"""

import json
import os
import resource
import sys
import time

peer, name, *table = sys.argv[1:]
# TensorFlow and JAX read these when they are loaded.
os.environ["KERAS_BACKEND"] = peer.removeprefix("keras-")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np  # noqa: E402

with open(os.path.join(os.path.dirname(__file__), "../jobs.json")) as file:
    job = json.load(file)[name]
widths, rows, batch, epochs = (job[key] for key in ("widths", "rows", "batch", "epochs"))
is_line = widths[-1] == 1
rng = np.random.default_rng(1)
pairs = list(zip(widths[:-1], widths[1:]))
RATE, BETA1, BETA2, EPSILON = 0.001, 0.9, 0.999, 1e-7


def read_rows():
    if table:
        import pandas as pd

        values = pd.read_csv(table[0], dtype="float32").to_numpy()
        x, y = np.ascontiguousarray(values[:, :-1]), values[:, -1:]
    else:
        x = rng.random((rows, widths[0]), dtype="float32")
        y = rng.random((rows, 1), dtype="float32") * (1 if is_line else widths[-1])
    return x, y if is_line else y[:, 0].astype("int32")


def first_weights():
    """Kernel and bias of each layer, by Glorot's uniform initializer."""
    limits = [(6 / (a + b)) ** 0.5 for a, b in pairs]
    kernels = [rng.uniform(-l, l, p).astype("float32") for l, p in zip(limits, pairs)]
    return [part for kernel in kernels for part in (kernel, np.zeros(kernel.shape[1], "float32"))]


def batches(count):
    order = rng.permutation(count)
    return (order[at : at + batch] for at in range(0, count, batch))


def by_numpy(x, y):
    weights = first_weights()
    m, v = [[np.zeros_like(w) for w in weights] for _ in range(2)]
    t = 0

    def step(rows_of_batch):
        nonlocal t
        xb, yb = x[rows_of_batch], y[rows_of_batch]
        outs = [xb]
        for i in range(0, len(weights), 2):
            out = outs[-1] @ weights[i] + weights[i + 1]
            outs.append(np.maximum(out, 0) if i + 2 < len(weights) else out)
        if is_line:
            grad = 2 * (outs[-1] - yb) / np.float32(yb.size)
        else:
            powers = np.exp(outs[-1] - outs[-1].max(1, keepdims=True))
            grad = powers / powers.sum(1, keepdims=True)
            grad[np.arange(len(yb)), yb] -= 1
            grad /= np.float32(len(yb))
        grads = [None] * len(weights)
        for i in range(len(weights) - 2, -1, -2):
            grads[i], grads[i + 1] = outs[i // 2].T @ grad, grad.sum(0)
            if i > 0:
                grad = (grad @ weights[i].T) * (outs[i // 2] > 0)
        t += 1
        rate = np.float32(RATE * (1 - BETA2**t) ** 0.5 / (1 - BETA1**t))
        for w, g, mi, vi in zip(weights, grads, m, v):
            mi += (g - mi) * np.float32(1 - BETA1)
            vi += (g * g - vi) * np.float32(1 - BETA2)
            w -= rate * mi / (np.sqrt(vi) + np.float32(EPSILON))

    def epoch():
        for rows_of_batch in batches(len(x)):
            step(rows_of_batch)

    return epoch, np.__version__


def by_torch(x, y):
    import torch

    torch.manual_seed(1)
    layers = []
    for a, b in pairs:
        layers += [torch.nn.Linear(a, b), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    loss = torch.nn.MSELoss() if is_line else torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE, eps=EPSILON, fused=True)
    tx, ty = torch.from_numpy(x), torch.from_numpy(y if is_line else y.astype("int64"))

    def epoch():
        order = torch.randperm(len(tx))
        for at in range(0, len(tx), batch):
            chosen = order[at : at + batch]
            optimizer.zero_grad(set_to_none=True)
            loss(network(tx[chosen]), ty[chosen]).backward()
            optimizer.step()

    return epoch, torch.__version__


def by_jax(x, y):
    """All full batches of an epoch in one compiled scan, and the short last one by itself."""
    import jax
    import jax.numpy as jnp

    x, y = jnp.asarray(x), jnp.asarray(y)

    def loss(weights, xb, yb):
        out = xb
        for i in range(0, len(weights), 2):
            out = out @ weights[i] + weights[i + 1]
            out = jax.nn.relu(out) if i + 2 < len(weights) else out
        if is_line:
            return jnp.mean((out - yb) ** 2)
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(out), yb[:, None], 1))

    def step(state, chosen):
        weights, m, v, t = state
        grads = jax.grad(loss)(weights, x[chosen], y[chosen])
        t = t + 1
        rate = RATE * jnp.sqrt(1 - BETA2**t) / (1 - BETA1**t)
        m = [a + (g - a) * (1 - BETA1) for a, g in zip(m, grads)]
        v = [a + (g * g - a) * (1 - BETA2) for a, g in zip(v, grads)]
        weights = [w - rate * a / (jnp.sqrt(b) + EPSILON) for w, a, b in zip(weights, m, v)]
        return (weights, m, v, t), None

    full = len(x) // batch * batch

    @jax.jit
    def run(state, key):
        order = jax.random.permutation(key, len(x))
        state, _ = jax.lax.scan(step, state, order[:full].reshape(-1, batch))
        return step(state, order[full:])[0] if full < len(x) else state

    weights = [jnp.asarray(w) for w in first_weights()]
    zeros = [jnp.zeros_like(w) for w in weights]
    state = (weights, zeros, list(zeros), jnp.float32(0))
    key = jax.random.key(1)

    def epoch():
        nonlocal state, key
        key, now = jax.random.split(key)
        state = jax.block_until_ready(run(state, now))

    return epoch, jax.__version__


def by_keras(x, y):
    import keras

    keras.utils.set_random_seed(1)
    dense = [keras.layers.Dense(size, "relu") for size in widths[1:-1]]
    last = keras.layers.Dense(widths[-1], None if is_line else "softmax")
    network = keras.Sequential([keras.Input((widths[0],)), *dense, last])
    network.compile("adam", "mse" if is_line else "sparse_categorical_crossentropy")

    ends = []
    clock = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: ends.append(time.perf_counter()))

    def all_epochs():
        network.fit(x, y, batch_size=batch, epochs=epochs, verbose=0, callbacks=[clock])
        return ends

    return all_epochs, f"{keras.__version__} on {keras.backend.backend()}"


def by_sklearn(x, y):
    import warnings

    import sklearn
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    # It stops after so many epochs because it is told to.
    warnings.simplefilter("ignore")
    kind = MLPRegressor if is_line else MLPClassifier
    hidden = tuple(widths[1:-1])
    network = kind(hidden_layer_sizes=hidden, alpha=0, batch_size=batch, max_iter=epochs, tol=0, n_iter_no_change=10**6)

    def all_epochs():
        start = time.perf_counter()
        network.fit(x, y.ravel())
        # It does not tell its epochs apart.
        mean = (time.perf_counter() - start) / epochs
        return [start + mean * (i + 1) for i in range(epochs)]

    return all_epochs, sklearn.__version__


def times_of(train):
    """When each epoch ended."""
    if peer == "sklearn" or peer.startswith("keras-"):
        return train()
    ends = []
    for _ in range(epochs):
        train()
        ends.append(time.perf_counter())
    return ends


makers = {"numpy": by_numpy, "torch": by_torch, "jax": by_jax, "sklearn": by_sklearn}
train, version = makers.get(peer, by_keras)(*read_rows())
ends = times_of(train)
steps = -(-rows // batch)
seconds = sorted(b - a for a, b in zip(ends, ends[1:]))
line = {
    "peer": peer,
    "version": version,
    "job": name,
    "min": seconds[0] / steps * 1e6,
    "median": seconds[len(seconds) // 2] / steps * 1e6,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}
print(json.dumps(line))
