def primes(n):
    composite = [0] * n
    count = 0
    for k in range(2, n):
        if composite[k] == 0:
            count += 1
            for multiple in range(k * k, n, k):
                composite[multiple] = 1
    return count


def run():
    return primes(1_000_000)
