"""What others take to read a table, or to predict one: `tables.py read|numpy|polars|keras TABLE MODEL OUT`."""

import json
import sys

import numpy as np

job, table, model, out = sys.argv[1:]
if job == "polars":
    import polars as pl

    x = pl.read_csv(table, infer_schema_length=100).cast(pl.Float32).to_numpy(order="c")
else:
    import pandas as pd

    x = pd.read_csv(table, dtype="float32").to_numpy()
if job == "read":
    sys.exit()
layers = [
    (np.array(layer["kernel"], "float32"), np.array(layer["bias"], "float32"))
    for layer in json.load(open(model))["weights"].values()
]


def by_numpy(rows):
    for kernel, bias in layers[:-1]:
        rows = np.maximum(rows @ kernel + bias, 0)
    rows = rows @ layers[-1][0] + layers[-1][1]
    powers = np.exp(rows - rows.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def by_keras(rows):
    import keras

    sizes = [bias.size for _, bias in layers]
    dense = [keras.layers.Dense(size, "relu") for size in sizes[:-1]]
    last = keras.layers.Dense(sizes[-1], "softmax")
    network = keras.Sequential([keras.Input((rows.shape[1],)), *dense, last])
    network.set_weights([part for layer in layers for part in layer])
    # Its default of 32 rows takes ten times as long.
    return network.predict(rows, batch_size=8192, verbose=0)


if job in ("numpy", "polars"):
    y = np.concatenate([by_numpy(x[at : at + 4096]) for at in range(0, len(x), 4096)])
else:
    y = by_keras(np.ascontiguousarray(x))
names = [f"y{i + 1}" for i in range(y.shape[1])]
if job == "polars":
    pl.DataFrame(y, schema=names).write_csv(out)
else:
    pd.DataFrame(y, columns=names).to_csv(out, index=False)
