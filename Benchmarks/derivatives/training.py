"""The small network in eager PyTorch, its loss written densely, or pytorch-metric-learning's."""

import torch

RATE = 0.001


def dense(data):
    """Squares of all distances at once: by cdist, and by broadcasting."""
    y = torch.tensor(data["y"])
    n = len(y)
    same = y[:, None] == y[None, :]
    diagonal = torch.eye(n)

    def by_cdist(z):
        distances = torch.cdist(z, z)
        terms = torch.where(same, distances, torch.relu(1 - distances))
        return terms.square().sum() / n

    def by_cdist_exactly(z):
        distances = torch.cdist(z, z, compute_mode="donot_use_mm_for_euclid_dist")
        terms = torch.where(same, distances, torch.relu(1 - distances))
        return terms.square().sum() / n

    def by_broadcasting(z):
        squares = (z[:, None] - z[None, :]).square().sum(-1)
        # A root has no slope at 0; the diagonal's pairs are positive and never take it.
        distances = torch.sqrt(squares + diagonal)
        return torch.where(same, squares, torch.relu(1 - distances).square()).sum() / n

    losses = [by_cdist, by_cdist_exactly, by_broadcasting]
    return [way for loss in losses for way in trainings(data, loss)]


def pml(data):
    """pytorch-metric-learning's own form: plain hinges on unit rows."""
    from pytorch_metric_learning.losses import ContrastiveLoss

    y = torch.tensor(data["y"])
    loss = ContrastiveLoss(pos_margin=0, neg_margin=1)
    return trainings(data, lambda z: loss(z, y))


def trainings(data, loss):
    """The loop with PyTorch's optimizer, and with the update written out."""
    x = torch.tensor(data["x"])

    def start():
        return [torch.tensor(value).requires_grad_() for value in data["start"].values()]

    def value(p):
        W1, b1, W2, b2 = p
        return loss(torch.tanh(x @ W1 + b1) @ W2 + b2)

    def by_optimizer(steps):
        p = start()
        optimizer = torch.optim.SGD(p, lr=RATE)
        for _ in range(steps):
            optimizer.zero_grad()
            value(p).backward()
            optimizer.step()
        return p

    def in_place(steps):
        p = start()
        for _ in range(steps):
            gradient = torch.autograd.grad(value(p), p)
            with torch.no_grad():
                for parameter, slope in zip(p, gradient):
                    parameter.sub_(slope, alpha=RATE)
        return p

    return [by_optimizer, in_place]
