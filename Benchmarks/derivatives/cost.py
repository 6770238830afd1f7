"""Values and gradients of a network and a formula in eager PyTorch."""

import torch

from answers import repeated


def network(data):
    inputs, targets = torch.tensor(data["inputs"]), torch.tensor(data["targets"])
    start = [torch.tensor(value) for value in data["start"].values()]

    def loss(W1, b1, W2, b2):
        return ((torch.tanh(inputs @ W1 + b1) @ W2 + b2 - targets) ** 2).mean()

    return loss, start


def formula(data):
    rows = torch.tensor(data["rows"])
    return lambda w: torch.exp(rows @ w).sum(), [torch.tensor(data["weights"])]


def value(loss, start):
    return [repeated(loss, *start)]


def gradient(loss, start):
    for parameter in start:
        parameter.requires_grad_()
    return [repeated(lambda: torch.autograd.grad(loss(*start), start))]


def network_value(data):
    return value(*network(data))


def network_gradient(data):
    return gradient(*network(data))


def formula_value(data):
    return value(*formula(data))


def formula_gradient(data):
    return gradient(*formula(data))
