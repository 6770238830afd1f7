"""Losses of pytorch-metric-learning and PyTorch on the batches of batches.mlr.

    $ python3 peer.py 1                                # with one thread
    torch=2.15.0 pytorch_metric_learning=2.9.0
    seconds pml ms float32 512 128 8                   # value and gradient: n, d, classes
    0.0146
    value dense ms float64 128 64 8
    2.16…
"""

import functools
import pathlib
import sys

here = pathlib.Path(__file__).parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(here), str(here.parent)]
from answers import Case, module, serve

torch = module("torch")
if torch:
    torch.set_num_threads(int(sys.argv[1]))


def waves(n, d, shift=0.0):
    k = torch.arange(n * d, dtype=torch.float64)
    return torch.sin(0.731 * k + 0.013 * (k % 97) ** 2 + shift).reshape(n, d)


def batch(n, d, classes, dtype):
    return waves(n, d).to(dtype).requires_grad_(), torch.arange(n) % classes


def dense_ms(z, y):
    unit = torch.nn.functional.normalize(z)
    s = unit @ unit.T
    same = y[:, None] == y[None, :]
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    none = torch.zeros(len(y), 1, dtype=z.dtype)

    def half(mask, rate):
        exponents = torch.where(mask, rate * (s - 0.5), -torch.inf)
        return torch.logsumexp(torch.cat([none, exponents], 1), 1) / abs(rate)

    return (half(positive, -2.0) + half(~same, 50.0)).mean()


def dense_contrastive(z, y):
    unit = torch.nn.functional.normalize(z)
    distances = torch.cdist(unit, unit)
    same = y[:, None] == y[None, :]
    terms = torch.where(same, distances, torch.relu(1 - distances))
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    halves = [terms[mask] for mask in (positive, ~same)]
    return sum(t.sum() / torch.clamp((t > 0).sum(), min=1) for t in halves)


def pml(name, d, classes, dtype):
    """The loss of the library, its weights those of `waves`, and these."""
    from pytorch_metric_learning import losses

    plain = {
        "ms": lambda: losses.MultiSimilarityLoss(alpha=2, beta=50, base=0.5),
        "contrastive": lambda: losses.ContrastiveLoss(),
        "triplet": lambda: losses.TripletMarginLoss(margin=0.2),
        "supcon": lambda: losses.SupConLoss(),
        "ntxent": lambda: losses.NTXentLoss(),
        "circle": lambda: losses.CircleLoss(),
    }
    if name in plain:
        return plain[name](), []
    loss, parameter, turned = {
        "softmax_ce": (losses.NormalizedSoftmaxLoss, "W", True),
        "norm_softmax": (losses.NormalizedSoftmaxLoss, "W", True),
        "proxy_nca": (losses.ProxyNCALoss, "proxies", False),
        "proxy_anchor": (losses.ProxyAnchorLoss, "proxies", False),
        "cosface": (losses.CosFaceLoss, "W", True),
        "arcface": (losses.ArcFaceLoss, "W", True),
        "softtriple": (losses.SoftTripleLoss, "fc", True),
    }[name]
    loss = loss(classes, d)
    weights = getattr(loss, parameter)
    with torch.no_grad():
        start = waves(weights.numel() // d, d, 0.5).to(dtype)
        weights.data = (start.T if turned else start).clone()
    return loss, [weights]


@functools.cache
def case(kind, name, dtype, n, d, classes):
    z, y = batch(int(n), int(d), int(classes), getattr(torch, dtype))
    weights = []
    if kind == "dense":
        loss = globals()[f"dense_{name}"]
    else:
        loss, weights = pml(name, int(d), int(classes), z.dtype)

    def step(count):
        for _ in range(count):
            value = loss(z, y)
            torch.autograd.grad(value, [z, *weights], allow_unused=True)
        return value

    return Case(step)


serve(
    ["torch", "pytorch_metric_learning"],
    {
        "seconds": lambda request: case(*request.split()).seconds(),
        "value": lambda request: case(*request.split()).value(1),
    },
)
