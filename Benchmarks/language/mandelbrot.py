def mandelbrot(size, limit):
    inside = 0
    for row in range(size):
        ci = 3 * row / size - 1.5
        for column in range(size):
            cr = 3 * column / size - 2
            x = 0.0
            y = 0.0
            steps = 0
            while steps < limit and x * x + y * y <= 4:
                t = x * x - y * y + cr
                y = 2 * x * y + ci
                x = t
                steps += 1
            if steps == limit:
                inside += 1
    return inside


def run():
    return mandelbrot(200, 100)
