"""The reality check in PyTorch with pytorch-metric-learning, and k-means of scikit-learn.

    $ python3 peer.py 2                             # with two threads
    torch=2.15.0 pytorch_metric_learning=2.9.0 sklearn=1.9.1
    seconds reality 1                               # eight losses, one seed, images held out
    11.2
    value reality 5                                 # recall@1 of every loss, seed by seed
    0.97…
    value unseen 5                                  # the same on classes that were not trained on
    held 0 2 4 9                                    # images to hold out from now on
    seconds kmeans 20000 64 50
"""

import pathlib
import sys

here = pathlib.Path(__file__).parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(here), str(here.parent)]
from answers import Case, module, repeated, serve

torch = module("torch")
numpy = module("numpy")
if torch:
    torch.set_num_threads(int(sys.argv[1]))
    # As in the language, everything is float64.
    torch.set_default_dtype(torch.float64)


held_rows = None
kept = {}


def hold(request):
    """Takes the numbers of the images to hold out in place of a split of its own."""
    global held_rows
    held_rows = list(map(int, request.split()))
    kept.clear()
    return len(held_rows)


def images(protocol):
    """Train and test parts of the digits, pixels from 0 to 1."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    x, y = load_digits(return_X_y=True)
    x = x / 16
    if protocol == "reality":
        rows = numpy.arange(len(y))
        held = held_rows or train_test_split(rows, test_size=0.3, stratify=y, random_state=0)[1]
        is_held = numpy.isin(rows, held)
        train, test = (x[~is_held], y[~is_held]), (x[is_held], y[is_held])
    else:
        train, test = (x[y < 5], y[y < 5]), (x[y >= 5], y[y >= 5] - 5)
    return tuple(map(torch.tensor, train)), tuple(map(torch.tensor, test))


def losses(classes):
    from pytorch_metric_learning import losses

    return {
        "softmax_ce": lambda: Softmax(classes),
        "norm_softmax": lambda: losses.NormalizedSoftmaxLoss(classes, 8, temperature=0.05),
        "contrastive": lambda: losses.ContrastiveLoss(),
        "triplet": lambda: losses.TripletMarginLoss(margin=0.2),
        "ms": lambda: losses.MultiSimilarityLoss(alpha=2, beta=50, base=0.5),
        "supcon": lambda: losses.SupConLoss(temperature=0.1),
        "proxy_anchor": lambda: losses.ProxyAnchorLoss(classes, 8),
        "softtriple": lambda: losses.SoftTripleLoss(
            classes, 8, centers_per_class=10, la=20, gamma=0.1, margin=0.01),
    }


def Softmax(classes):
    """Cross-entropy of plain inner products, as a module that takes embeddings and labels."""

    class Loss(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weights = torch.nn.Parameter(
                torch.nn.functional.normalize(torch.randn(classes, 8)))

        def forward(self, z, y):
            return torch.nn.functional.cross_entropy(z @ self.weights.T, y)

    return Loss()


def train(loss, train, seed, steps=300, per_class=20):
    x, y = train
    torch.manual_seed(seed)
    model = torch.nn.Sequential(
        torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 8))
    criterion = loss()
    parameters = list(model.parameters()) + list(criterion.parameters())
    optimizer = torch.optim.Adam(parameters, lr=0.003)
    members = [torch.nonzero(y == k)[:, 0] for k in range(int(y.max()) + 1)]
    for _ in range(steps):
        rows = torch.cat([m[torch.randperm(len(m))[:per_class]] for m in members])
        value = criterion(model(x[rows]), y[rows])
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    return model


def recall(z, y):
    z = torch.nn.functional.normalize(z)
    similarity = z @ z.T
    similarity.fill_diagonal_(-torch.inf)
    return float((y[similarity.argmax(1)] == y).double().mean())


def scores(z, y):
    """Recall@1 and MAP@R, and how clusters of k-means agree: what `compare` measures."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import normalized_mutual_info_score

    unit = torch.nn.functional.normalize(z)
    similarity = unit @ unit.T
    similarity.fill_diagonal_(-torch.inf)
    order = similarity.argsort(1, descending=True)
    hits = (y[order] == y[:, None]).double()
    r = torch.bincount(y)[y] - 1
    ranks = torch.arange(1, len(y) + 1)
    inside = hits * (ranks <= r[:, None])
    mapr = float(((inside * inside.cumsum(1) / ranks).sum(1) / r).mean())
    clusters = KMeans(int(y.max()) + 1, n_init=10, random_state=0).fit(z.numpy()).labels_
    return [recall(z, y), mapr, float(normalized_mutual_info_score(y.numpy(), clusters))]


def check(protocol, seeds):
    """The recall of every loss and seed; everything is measured that `compare` measures."""
    part, (x, y) = images(protocol)
    result = []
    for loss in losses(int(part[1].max()) + 1).values():
        for seed in range(seeds):
            model = train(loss, part, seed)
            with torch.no_grad():
                result.append(scores(model(x), y)[0])
    return result


def waves(n, d):
    k = numpy.arange(n * d, dtype=numpy.float64)
    return numpy.sin(0.731 * k + 0.013 * (k % 97) ** 2).reshape(n, d)


def clusters(n, d, k):
    from sklearn.cluster import KMeans

    x = waves(n, d)
    start = x[:: n // k][:k]
    found = KMeans(k, init=start, n_init=1, tol=0, max_iter=300, algorithm="lloyd").fit(x)
    return float(found.inertia_)


def case(request):
    name, *arguments = request.split()
    sizes = list(map(int, arguments))
    if name == "kmeans":
        return Case(repeated(clusters, *sizes))
    return Case(repeated(check, name, *sizes), takes_seconds=True)


def kept_case(request):
    if request not in kept:
        kept[request] = case(request)
    return kept[request]


serve(
    ["torch", "pytorch_metric_learning", "sklearn"],
    {
        "seconds": lambda request: kept_case(request).seconds(),
        "value": lambda request: kept_case(request).value(),
        "held": hold,
    },
)
