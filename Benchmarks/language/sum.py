def total(n):
    sum = 0
    for k in range(n):
        sum += k
    return sum


def run():
    return total(10_000_000)
