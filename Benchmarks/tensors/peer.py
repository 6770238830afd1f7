"""NumPy's and PyTorch's forms of the expressions beside it, under the same names.

    $ python3 peer.py 2                        # with two threads
    numpy=2.4.6 torch=2.15.0
    seconds float64 1000000 sqrt(x * x + y * y)
    0.004618
    value float32 3x2 x @ x.T
    0.708073… …
"""

import functools
import math
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from answers import Case, module, repeated, serve

np = module("numpy")
torch = module("torch")
if torch:
    torch.set_num_threads(int(sys.argv[1]))


def softmax(m):
    e = np.exp(m - m.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


expressions = {
    "x + y": lambda x, y, z, m: x + y,
    "2 * x + 1": lambda x, y, z, m: 2 * x + 1,
    "x * y + z": lambda x, y, z, m: x * y + z,
    "sqrt(x * x + y * y)": lambda x, y, z, m: np.sqrt(x * x + y * y),
    "maximum(x, 0)": lambda x, y, z, m: np.maximum(x, 0),
    "where(x > 0, x, y)": lambda x, y, z, m: np.where(x > 0, x, y),
    "x ^ 3": lambda x, y, z, m: x**3,
    "sum(x)": lambda x, y, z, m: np.sum(x),
    "sum(x * y)": lambda x, y, z, m: np.sum(x * y),
    "sum(m, axis=0)": lambda x, y, z, m: np.sum(m, axis=0),
    "sum(m, axis=1)": lambda x, y, z, m: np.sum(m, axis=1),
    "exp(x)": lambda x, y, z, m: np.exp(x),
    "exp(-x * x / 2)": lambda x, y, z, m: np.exp(-x * x / 2),
    "log(x * x + 1)": lambda x, y, z, m: np.log(x * x + 1),
    "tanh(x)": lambda x, y, z, m: np.tanh(x),
    "sigmoid(x)": lambda x, y, z, m: 1 / (1 + np.exp(-x)),
    "sin(x)": lambda x, y, z, m: np.sin(x),
    "softmax(m)": lambda x, y, z, m: softmax(m),
}
products = {
    "x @ w": lambda x, w: x @ w,
    "x @ x.T": lambda x, w: x @ x.T,
}


@functools.lru_cache(maxsize=2)
def data(dtype, size):
    """The numbers of vectors.mlr, as arrays, or of matrices.mlr, as tensors."""
    if "x" not in size:
        n = int(size)
        i = np.arange(n)
        x, y, z = (v.astype(dtype) for v in (2 * np.sin(i), 2 * np.cos(i), np.sin(2 * i)))
        side = math.isqrt(n)
        return x, y, z, x.reshape(side, side)
    n, d = map(int, size.split("x"))
    i = torch.arange(n * d, dtype=torch.float64)
    dtype = getattr(torch, dtype)
    return torch.sin(i).reshape(n, d).to(dtype), torch.cos(i).reshape(d, n).to(dtype)


@functools.lru_cache(maxsize=4)
def case(request):
    dtype, size, code = request.split(" ", 2)
    function = products[code] if "x" in size else expressions[code]
    return Case(repeated(function, *data(dtype, size)))


serve(
    ["numpy", "torch"],
    {
        "seconds": lambda request: case(request).seconds(),
        "value": lambda request: case(request).value(),
    },
)
