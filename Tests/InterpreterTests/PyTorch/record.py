"""Computes the values in gradients.tsv again with PyTorch. See README.md beside it."""

import ast
import pathlib
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
jacobian = torch.autograd.functional.jacobian
hessian = torch.autograd.functional.hessian


def T(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def grad(f, *arguments, wrt=0):
    """The gradient of f in one argument, or a list of gradients; it can be differentiated again."""
    places = wrt if isinstance(wrt, list) else [wrt]
    arguments = list(arguments)
    for place in places:
        x = arguments[place].clone()
        arguments[place] = x if x.requires_grad else x.requires_grad_()
    gradients = torch.autograd.grad(
        f(*arguments), [arguments[place] for place in places], create_graph=True,
        materialize_grads=True)
    return list(gradients) if isinstance(wrt, list) else gradients[0]


def jvp(f, x, v):
    return torch.autograd.functional.jvp(f, x, v)[1]


def vjp(f, x, u):
    return torch.autograd.functional.vjp(f, x, u)[1]


def hvp(f, x, v):
    return torch.autograd.functional.hvp(f, x, v)[1]


def gram_schmidt(x):
    """Q and R with x = Q R, the diagonal of R positive."""
    columns, triangle = [], torch.zeros(x.shape[1], x.shape[1])
    for j in range(x.shape[1]):
        rest = x[:, j]
        for i, q in enumerate(columns):
            triangle[i, j] = q @ x[:, j]
            rest = rest - (q @ x[:, j]) * q
        triangle[j, j] = torch.linalg.norm(rest)
        columns.append(rest / torch.linalg.norm(rest))
    return torch.stack(columns, 1), triangle


# The losses, pair by pair and row by row as the papers write them.


def pairs(y, same):
    """The ordered pairs of different rows with equal or with different labels."""
    n = len(y)
    return [(i, j) for i in range(n) for j in range(n) if i != j and (y[i] == y[j]) == same]


def reduced(terms, how):
    terms = torch.stack(terms)
    if how == "mean_nonzero":
        return terms.sum() / max(1, int((terms > 0).sum()))
    return terms.sum() if how == "sum" else terms.mean()


def contrastive(z, y, margin=1, form="boudiaf", pos_margin=0, reduction=None, distance=torch.dist):
    n = len(y)
    if form == "eq8":
        pull = sum(torch.dist(z[i], z[j]) ** 2 + 2 * margin * torch.dist(z[i], z[j])
                   for i, j in pairs(y, True))
        every = pairs(y, True) + pairs(y, False)
        return pull / n - 2 * margin / n * sum(torch.dist(z[i], z[j]) for i, j in every)
    if form == "cosine":
        near = [torch.relu(pos_margin - F.cosine_similarity(z[i], z[j], dim=0))
                for i, j in pairs(y, True) if i < j]
        far = [torch.relu(F.cosine_similarity(z[i], z[j], dim=0) - margin)
               for i, j in pairs(y, False) if i < j]
        return reduced(near + far, "mean")
    near = [torch.relu(distance(z[i], z[j]) - pos_margin) for i, j in pairs(y, True)]
    far = [torch.relu(margin - distance(z[i], z[j])) for i, j in pairs(y, False)]
    if form == "pml":
        return reduced(near, "mean_nonzero") + reduced(far, "mean_nonzero")
    squares = [term ** 2 for term in near + far]
    if form == "hadsell":
        return reduced(squares, "sum") / 4
    return reduced(squares, reduction) if reduction else reduced(squares, "sum") / n


def ms(z, y, alpha=2, beta=50, base=0.5, mining=False, epsilon=0.1, authors=False,
       similarity=lambda p, q: F.cosine_similarity(p, q, dim=0)):
    if authors:
        similarity = torch.dot
    total = 0
    for i in range(len(y)):
        near = [similarity(z[i], z[j]) for k, j in pairs(y, True) if k == i]
        far = [similarity(z[i], z[j]) for k, j in pairs(y, False) if k == i]
        if authors:
            near = [s for s in near + [similarity(z[i], z[i])] if s < 1 - 1e-5]
        if mining or authors:
            hardest, easiest = max(far), min(near)
            near, far = ([s for s in near if s - epsilon < hardest],
                         [s for s in far if s + epsilon > easiest])
        if authors and not (near and far):
            continue
        total = total + torch.log(T(1) + sum(torch.exp(-alpha * (s - base)) for s in near)) / alpha
        total = total + torch.log(T(1) + sum(torch.exp(beta * (s - base)) for s in far)) / beta
    return total / len(y)


def center(z, y):
    return sum(((z[i] - z[y == y[i]].mean(0)) ** 2).sum() / 2 for i in range(len(y)))


def softtriple(z, y, centers, scale=20, gamma=0.1, margin=0.01, tau=0.2, authors=False):
    classes, m, _ = centers.shape
    w = F.normalize(centers, dim=2)
    total = 0
    for i in range(len(y)):
        x = z[i] if authors else z[i] / torch.linalg.norm(z[i])
        relaxed = [torch.dot(torch.softmax(w[c] @ x / gamma, 0), w[c] @ x) for c in range(classes)]
        scores = torch.stack([scale * (relaxed[c] - (margin if c == y[i] else 0))
                              for c in range(classes)])
        total = total + torch.logsumexp(scores, 0) - scores[y[i]]
    apart = sum(torch.sqrt((1e-5 if authors else 0) + ((w[c, s] - w[c, t]) ** 2).sum())
                for c in range(classes) for s in range(m) for t in range(s))
    return total / len(y) + tau * apart / (classes * m * (m - 1))


def pce(z, y, p, lam=1):
    n = len(y)
    pull = sum(torch.dot(z[i], z[j]) for i in range(n) for j in range(n) if y[i] == y[j])
    means = [sum(p[i, k] * z[i] for i in range(n)) / n for k in range(p.shape[1])]
    push = sum(torch.log(sum(torch.exp(torch.dot(z[i], c) / lam) for c in means))
               for i in range(n)) / n
    return push - pull / (2 * lam * n ** 2) - sum(torch.dot(c, c) for c in means) / (2 * lam)


def spce(z, y):
    n = len(y)
    pull = sum(torch.dot(z[i], z[j]) for i in range(n) for j in range(n) if y[i] == y[j])
    masses = [sum(z[j] for j in range(n) if y[j] == k) / n for k in sorted(set(y.tolist()))]
    push = sum(torch.log(sum(torch.exp(torch.dot(z[i], c)) for c in masses)) for i in range(n))
    return push / n - pull / n ** 2


def value(program, names):
    """The value of the last statement of a program."""
    *before, last = ast.parse(program).body
    exec(compile(ast.Module(before, []), program, "exec"), names)
    return eval(compile(ast.Expression(last.value), program, "eval"), names)


def leaves(result):
    """The tensors of a result: itself, or those of a list."""
    if isinstance(result, (list, tuple)):
        return [leaf for part in result for leaf in leaves(part)]
    return [result.detach()]


def written(result):
    """The columns that hold a result: the shapes of its tensors, and all their elements."""
    tensors = leaves(result)
    shapes = [" ".join(map(str, tensor.shape)) or "number" for tensor in tensors]
    elements = [element for tensor in tensors for element in tensor.reshape(-1).tolist()]
    return ", ".join(shapes), " ".join(map(repr, elements))


def main():
    path = pathlib.Path(__file__).with_name("gradients.tsv")
    givens, lines = [], []
    for line in path.read_text().splitlines():
        feature, ours, pytorch, *rest = line.split("\t")
        if feature == "given":
            givens.append(pytorch)
            lines.append("\t".join([feature, ours, pytorch]))
            continue
        names = dict(globals())
        for given in givens:
            exec(given, names)
        try:
            result = value(pytorch.replace("\\n", "\n"), names)
            lines.append("\t".join([feature, ours, pytorch, rest[0], *written(result)]))
        except Exception as error:
            sys.exit(f"{pytorch}: {error}")
    path.write_text("\n".join(lines) + "\n")
    print(f"{len(lines) - len(givens)} derivatives, PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
