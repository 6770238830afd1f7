"""Computes the values in expressions.tsv again with NumPy. See README.md beside it."""

import pathlib
import sys
import warnings

import numpy as np

# Functions of ours that NumPy lacks, by their definitions, stable at extremes.


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -np.asarray(x, float)))


def softplus(x):
    return np.logaddexp(0, np.asarray(x, float))


def logsumexp(x, axis=None, keepdims=False):
    x = np.asarray(x, float)
    return np.logaddexp.reduce(
        x.reshape(-1) if axis is None and not keepdims else x,
        axis=tuple(range(x.ndim)) if axis is None and keepdims else 0 if axis is None else axis,
        keepdims=keepdims)


def softmax(x, axis=-1):
    x = np.asarray(x, float)
    weights = np.exp(x - x.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def log_softmax(x, axis=-1):
    x = np.asarray(x, float)
    return x - np.logaddexp.reduce(x, axis=axis, keepdims=True)


def normalize(x, axis=-1):
    x = np.asarray(x, float)
    length = np.linalg.norm(x, axis=axis, keepdims=True)
    return x / np.where(length == 0, 1, length)


def one_hot(y, classes):
    return np.eye(classes)[np.asarray(y)]


def value(program, names):
    """The value of the last statement of `a = 1; a + 1`."""
    *before, last = program.split(";")
    for statement in before:
        exec(statement.strip(), names)
    return eval(last.strip(), names)


def written(result):
    """The columns that hold a result: dtype with shape, elements."""
    array = np.asarray(result)
    dtype = "bool" if array.dtype == bool else "float64"
    shape = " ".join([dtype, *map(str, array.shape)])
    return shape, " ".join(repr(float(element)) for element in array.reshape(-1))


def main():
    path = pathlib.Path(__file__).with_name("expressions.tsv")
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    givens, lines = [], []
    for line in path.read_text().splitlines():
        feature, ours, numpy, *_ = line.split("\t")
        if feature == "given":
            givens.append(numpy)
            lines.append("\t".join([feature, ours, numpy]))
            continue
        names = dict(globals())
        for given in givens:
            exec(given, names)
        try:
            lines.append("\t".join([feature, ours, numpy, *written(value(numpy, names))]))
        except Exception as error:
            sys.exit(f"{numpy}: {error}")
    path.write_text("\n".join(lines) + "\n")
    print(f"{len(lines) - len(givens)} expressions, NumPy {np.__version__}")


if __name__ == "__main__":
    main()
