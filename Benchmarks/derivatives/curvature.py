"""Second derivatives in PyTorch, by every way it has."""

import torch
from torch.autograd import functional

from answers import repeated


def hessian_matrix(data):
    points, signs = torch.tensor(data["points"]), torch.tensor(data["signs"])
    weights = torch.tensor(data["weights"])

    def loss(w):
        return torch.nn.functional.softplus(-signs * (points @ w)).mean()

    def row_by_row():
        w = weights.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(loss(w), w, create_graph=True)
        rows = [torch.autograd.grad(entry, w, retain_graph=True)[0] for entry in gradient]
        return torch.stack(rows)

    return [
        repeated(torch.func.hessian(loss), weights),
        repeated(torch.func.jacrev(torch.func.grad(loss)), weights),
        repeated(functional.hessian, loss, weights),
        repeated(lambda: functional.hessian(loss, weights, vectorize=True)),
        repeated(row_by_row),
    ]


def hessian_product(data):
    x, y = torch.tensor(data["x"]), torch.tensor(data["y"])
    parameters, direction = torch.tensor(data["parameters"]), torch.tensor(data["direction"])
    n = len(y)
    same = y[:, None] == y[None, :]
    diagonal = torch.eye(n)

    def loss(p):
        hidden = torch.tanh(x @ p[:32].reshape(2, 16) + p[32:48])
        z = hidden @ p[48:80].reshape(16, 2) + p[80:82]
        squares = (z[:, None] - z[None, :]).square().sum(-1)
        distances = torch.sqrt(squares + diagonal)
        return torch.where(same, squares, torch.relu(1 - distances).square()).sum() / n

    def twice_backward():
        p = parameters.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(loss(p), p, create_graph=True)
        return torch.autograd.grad(gradient, p, direction)[0]

    def forward_over_reverse():
        return torch.func.jvp(torch.func.grad(loss), (parameters,), (direction,))[1]

    return [
        repeated(twice_backward),
        repeated(forward_over_reverse),
        repeated(lambda: functional.hvp(loss, parameters, direction)[1]),
        repeated(lambda: functional.vhp(loss, parameters, direction)[1]),
    ]
