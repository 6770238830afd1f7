"""The line through twenty points in eager PyTorch."""

import torch


def points(data):
    """Number by number, the points elements of a tensor, tensors without axes, or floats."""
    xs, ys = torch.tensor(data["xs"]), torch.tensor(data["ys"])
    columns = [(xs, ys), (xs.unbind(), ys.unbind()), (data["xs"], data["ys"])]
    return [way for column in columns for way in fits(pointwise(*column), 0.001)]


def pointwise(xs, ys):
    def loss(w, b):
        s = 0
        for i in range(20):
            s += (w * xs[i] + b - ys[i]) ** 2
        return s

    return loss


def vectors(data):
    xs, ys = torch.tensor(data["xs"]), torch.tensor(data["ys"])
    return fits(lambda w, b: ((w * xs + b - ys) ** 2).mean(), 0.02)


def fits(loss, rate):
    def by_backward(steps):
        w = torch.tensor(0.0, requires_grad=True)
        b = torch.tensor(0.0, requires_grad=True)
        for _ in range(steps):
            loss(w, b).backward()
            with torch.no_grad():
                w -= rate * w.grad
                b -= rate * b.grad
            w.grad = b.grad = None
        return [w, b]

    def by_grad(steps):
        w = torch.tensor(0.0, requires_grad=True)
        b = torch.tensor(0.0, requires_grad=True)
        for _ in range(steps):
            dw, db = torch.autograd.grad(loss(w, b), (w, b))
            with torch.no_grad():
                w.sub_(dw, alpha=rate)
                b.sub_(db, alpha=rate)
        return [w, b]

    return [by_backward, by_grad]
