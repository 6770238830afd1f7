# Everyday code line by line as in lines.mlr, to be compiled many times over.
def sqdist(a, b): return sum((a - b) ** 2)

def center_of(z, y, k):
    mask = (y == k)
    return mean(z[mask], axis=0)


def contrastive_loss(z, y, margin=1.0):
    total = 0.0
    for i in range(len(y)):
        for j in range(len(y)):
            if i != j:
                d = sqrt(sqdist(z[i], z[j]))
                if y[i] == y[j]:
                    total += d ** 2
                elif d < margin:
                    total += (margin - d) ** 2


    return total / len(y)



def newton(f, g, x, steps=20):
    k = 0
    while k < steps and abs(f(x)) > 1e-12:
        x -= f(x) / g(x)
        k += 1

    return x


scale = lambda x, factor=2: factor * x
squares = [k ** 2 for k in range(10) if k % 2 == 0]
names = ["anchor", "positive", "negative"]
table = dict(margin=0.5, scale=[1, 2, 3], name="ms")
message = f"the loss is {table.margin:.3f} after {len(names)} steps"
z = [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.7, 0.8]]
z[0] = z[1] * 2 - 0.5
z[1:3, 0] += 1
first, second = names[0], names[1]
label = "even" if len(squares) % 2 == 0 else "odd"
inside = 0 < table.margin <= 1 and not label == "odd"
half = -table.margin // 2 + 3 % 2 * 4
root = newton(lambda x: x ** 2 - 2, lambda x: 2 * x, 1.0)
values = sorted([sin(k) for k in range(5)], key=lambda v: -v)
if inside: print(message)
else: print(label, values, half)
