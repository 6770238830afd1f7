import Autodiff
import Tensors

/// An operation to be differentiated, and where.
struct Operation: Sendable, CustomStringConvertible {
  let description: String
  let x: Tensor
  let apply: @Sendable (Quantity) throws(TensorError) -> Quantity

  init(
    _ name: String, at x: Tensor = Operation.matrix,
    _ apply: @escaping @Sendable (Quantity) throws(TensorError) -> Quantity
  ) {
    (description, self.x, self.apply) = (name, x, apply)
  }

  /// Entries of either sign, apart from each other and from the kinks at 0.
  static let matrix = Tensor(shape: [2, 3], elements: [0.7, -1.2, 0.4, -0.3, 0.9, 1.6])
  static let positive = Tensor(shape: [2, 3], elements: [0.7, 1.2, 0.4, 0.3, 2.9, 1.6])
  static let inner = Tensor(shape: [2, 3], elements: [0.7, -0.6, 0.4, -0.3, 0.9, 0.1])
  static let withZeros = Tensor(shape: [2, 3], elements: [0.7, 0, 0.4, 0, 0, 1.6])

  /// Other operands.
  static let row = Quantity.constant(.vector([0.5, 1.5, -0.8]))
  static let column = Quantity.constant(Tensor(shape: [2, 1], elements: [1.1, 0.6]))
  static let other = Quantity.constant(
    Tensor(shape: [2, 3], elements: [-0.2, 0.8, 1.3, 0.35, -0.9, 0.6]))
  static let square = Quantity.constant(
    Tensor(shape: [3, 3], elements: [0.2, -0.4, 1, 0.3, 0.8, -0.1, 0.9, 0.5, 0.7]))
  static let mask = Tensor(shape: [2, 3], elements: [1, 0, 1, 0, 0, 1], dtype: .bool)

  static let all: [Operation] =
    arithmetic + elementwise + reductions + shapes + products
    + factorisations

  static let arithmetic: [Operation] = [
    Operation("x + row") { x throws(TensorError) in try x + row },
    Operation("column + x·sum(x)") { x throws(TensorError) in try column + x * x.sum() },
    Operation("x − row") { x throws(TensorError) in try x * x - row },
    Operation("row − x") { x throws(TensorError) in try row - x * x },
    Operation("x · other") { x throws(TensorError) in try x * other },
    Operation("x · x") { x throws(TensorError) in try x * x },
    Operation("x · column of x") { x throws(TensorError) in
      try x * x.subscripted([.all, .slice(start: 0, stop: 1, step: nil)])
    },
    Operation("x / row") { x throws(TensorError) in try x / row },
    Operation("row / x") { x throws(TensorError) in try row / x },
    Operation("x / sum(x²)") { x throws(TensorError) in try x / (x * x).sum() },
    Operation("x^3") { x throws(TensorError) in try .power(x, 3) },
    Operation("x^2") { x throws(TensorError) in
      try .power(x, 2)
    },
    Operation("x^2 at zeros", at: withZeros) { x throws(TensorError) in try .power(x, 2) },
    Operation("x^0 at zeros", at: withZeros) { x throws(TensorError) in try .power(x, 0) },
    Operation("x^-2") { x throws(TensorError) in try .power(x, -2) },
    Operation("x^0.5", at: positive) { x throws(TensorError) in try .power(x, 0.5) },
    Operation("2^x") { x throws(TensorError) in try .power(2, x) },
    Operation("x^x", at: positive) { x throws(TensorError) in try .power(x, x) },
    Operation("x^[0, 1, 2]") { x throws(TensorError) in
      try .power(x, .constant(.vector([0, 1, 2])))
    },
    Operation("minimum") { x throws(TensorError) in try .minimum(x * x, other) },
    Operation("maximum") { x throws(TensorError) in try .maximum(row, x * x) },
    Operation("clip") { x throws(TensorError) in try (x * x).clip(low: 0.3, high: 1) },
    Operation("arctangent2(x, row)") { x throws(TensorError) in try .arctangent2(x, row) },
    Operation("arctangent2(row, x)") { x throws(TensorError) in try .arctangent2(row, x) },
    Operation("where") { x throws(TensorError) in try .where(mask, x * x, row * x) },
  ]

  static let elementwise: [Operation] = [
    Operation("negate") { x throws(TensorError) in try (x * x).negate() },
    Operation("exp") { $0.exp() },
    Operation("log", at: positive) { $0.log() },
    Operation("log1p", at: inner) { $0.log1p() },
    Operation("expm1") { $0.expm1() },
    Operation("sqrt", at: positive) { $0.sqrt() },
    Operation("abs") { x throws(TensorError) in try x.abs() * x },
    Operation("sin") { $0.sin() },
    Operation("cos") { $0.cos() },
    Operation("tan", at: inner) { $0.tan() },
    Operation("asin", at: inner) { $0.asin() },
    Operation("acos", at: inner) { $0.acos() },
    Operation("atan") { $0.atan() },
    Operation("tanh") { $0.tanh() },
    Operation("sigmoid") { $0.sigmoid() },
    Operation("relu") { x throws(TensorError) in try x.relu() * x },
    Operation("softplus") { $0.softplus() },
    Operation("sign, round, floor, ceil") { x throws(TensorError) in
      try x.sign() + x.round() + x.floor() + x.ceil()
    },
  ]

  static let reductions: [Operation] =
    [nil, 0, 1, -1].flatMap { axis in
      let place = axis.map { "axis \($0)" } ?? "all"
      return [
        Operation("sum, \(place)") { x throws(TensorError) in try (x * x).sum(axis: axis) },
        Operation("mean, \(place)") { x throws(TensorError) in try (x * x).mean(axis: axis) },
        Operation("variance, \(place)") { x throws(TensorError) in
          try x.variance(axis: axis, keepDims: true, ddof: 1)
        },
        Operation("std, \(place)") { x throws(TensorError) in try x.std(axis: axis) },
        Operation("max, \(place)") { x throws(TensorError) in
          try (x * x).max(axis: axis, keepDims: true)
        },
        Operation("min, \(place)") { x throws(TensorError) in try (x * x).min(axis: axis) },
        Operation("prod, \(place)") { x throws(TensorError) in try x.prod(axis: axis) },
        Operation("prod at zeros, \(place)", at: withZeros) { x throws(TensorError) in
          try x.prod(axis: axis, keepDims: true)
        },
        Operation("cumsum, \(place)") { x throws(TensorError) in
          try (x * x).cumsum(axis: axis)
        },
        Operation("logsumexp, \(place)") { x throws(TensorError) in
          try x.logsumexp(axis: axis, keepDims: true)
        },
        Operation("norm, \(place)") { x throws(TensorError) in try x.norm(axis: axis) },
      ]
    }
    + [0, 1].flatMap { axis in
      [
        Operation("softmax, axis \(axis)") { x throws(TensorError) in try x.softmax(axis: axis) },
        Operation("logSoftmax, axis \(axis)") { x throws(TensorError) in
          try x.logSoftmax(axis: axis)
        },
        Operation("normalize, axis \(axis)") { x throws(TensorError) in
          try x.normalize(axis: axis)
        },
      ]
    }

  static let shapes: [Operation] = [
    Operation("reshaped") { x throws(TensorError) in try (x * x).reshaped(to: [3, -1]) },
    Operation("flattened") { x throws(TensorError) in try (x * x).flattened() },
    Operation("transposed") { x throws(TensorError) in try (x * x).transposed() },
    Operation("permuted") { x throws(TensorError) in
      try (x * x).reshaped(to: [1, 2, 3]).permuted([2, 0, 1])
    },
    Operation("broadcast") { x throws(TensorError) in try (x * x).broadcast(to: [2, 2, 3]) },
    Operation("squeezed, expanded") { x throws(TensorError) in
      try (x * x).expanded(axis: 1).squeezed(axis: 1)
    },
    Operation("tiled") { x throws(TensorError) in try (x * x).tiled([2, 1, 2]) },
    Operation("repeated") { x throws(TensorError) in try (x * x).repeated(3, axis: 1) },
    Operation("concat") { x throws(TensorError) in
      try .concat([x * x, column, x.sin()], axis: 1)
    },
    Operation("stack") { x throws(TensorError) in try .stack([x * x, other, x.sin()], axis: 1) },
    Operation("subscripted, slices") { x throws(TensorError) in
      try (x * x).subscripted([.at(-1), .slice(start: nil, stop: nil, step: -2)])
    },
    Operation("subscripted, lists") { x throws(TensorError) in
      try (x * x).subscripted([.gather([0, 1, 0], shape: [3]), .gather([2, 0, 2], shape: [3])])
    },
    Operation("subscripted, mask") { x throws(TensorError) in
      try (x * x).subscripted([.mask(mask)])
    },
    Operation("elements selected again and again") { x throws(TensorError) in
      var total: Quantity = 0
      for i in 0..<3 {
        total = try total + x.subscripted([.at(0), .at(i)]) * x.subscripted([.at(-1), .at(1)])
      }
      return try total * x.sum()
    },
    Operation("sorted") { x throws(TensorError) in
      let across = try (x * x).sorted()
      let down = try (x * x).sorted(axis: 0)
      return try across * down + (x * x).sorted(axis: nil).reshaped(to: [2, 3])
    },
    Operation("scattered") { x throws(TensorError) in
      try (x * x).scattered(at: [.all, .gather([1, 1, 0], shape: [3])], shape: [2, 2])
    },
    Operation("assigned, target") { x throws(TensorError) in
      try (x * x).assigned(row, at: [.at(0)])
    },
    Operation("assigned, value") { x throws(TensorError) in
      try other.assigned(x * x, at: [.gather([1, 0], shape: [2])])
    },
    Operation("assigned, both, twice the same place") { x throws(TensorError) in
      let value = try (x * x).subscripted([.all, .at(1)])
      return try x.sin().assigned(value, at: [.at(0), .gather([2, 2], shape: [2])])
    },
  ]

  static let products: [Operation] = [
    Operation("x @ square") { x throws(TensorError) in try .matmul(x * x, square) },
    Operation("xᵀ @ x") { x throws(TensorError) in try .matmul(x.transposed(), x) },
    Operation("x @ vector") { x throws(TensorError) in try .matmul(x * x, row) },
    Operation("vector @ xᵀ") { x throws(TensorError) in try .matmul(row, (x * x).transposed()) },
    Operation("vector · vector") { x throws(TensorError) in
      try .matmul(x.subscripted([.at(0)]), x.subscripted([.at(1)]))
    },
    Operation("batch @ square") { x throws(TensorError) in
      try .matmul((x * x).reshaped(to: [2, 1, 3]), square)
    },
    Operation("batch @ batch") { x throws(TensorError) in
      try .matmul((x * x).reshaped(to: [2, 1, 3]), x.reshaped(to: [1, 3, 2]))
    },
    Operation("vector @ batch") { x throws(TensorError) in
      try .matmul(x.subscripted([.at(0)]), (x * x).reshaped(to: [2, 3, 1]))
    },
    Operation("outer") { x throws(TensorError) in try .outer(x, x) },
    Operation("trace") { x throws(TensorError) in try Quantity.matmul(x.transposed(), x).trace() },
    Operation("diagonal of a vector") { x throws(TensorError) in
      try (x * x).flattened().diagonal()
    },
    Operation("squaredDistances") { x throws(TensorError) in try .squaredDistances(x, x) },
    Operation("squaredDistances to others") { x throws(TensorError) in
      try .squaredDistances(other, x * x)
    },
    Operation("distances") { x throws(TensorError) in try .distances(x, other) },
    Operation("distances to itself") { x throws(TensorError) in try .distances(x, x) },
    Operation("gram") { x throws(TensorError) in try .gram(x, x) },
    Operation("cosineSimilarities") { x throws(TensorError) in
      try .cosineSimilarities(x, other)
    },
    Operation("custom") { x throws(TensorError) in
      .custom([x], value: x.tensor.exp()) { inputs, g throws(TensorError) in
        [try g * inputs[0].exp()]
      }
    },
  ]

  /// No two eigenvalues or singular values are close.
  static let general = Tensor(
    shape: [3, 3], elements: [1.4, -0.5, 0.3, 0.2, 0.9, -0.6, -0.4, 0.7, 1.8])
  static let tall = Tensor(
    shape: [4, 3], elements: [2.3, -0.5, 0.3, 0.2, 0.5, -0.4, -0.4, 0.5, 1.4, 0.9, -0.3, -0.4])

  static let factorisations: [Operation] =
    [
      Operation("determinant", at: general) { x throws(TensorError) in try x.determinant() },
      Operation(
        "determinant of a singular matrix",
        at: Tensor(shape: [3, 3], elements: [1, 2, 3, 2, 4, 6, 1, 0, -1])
      ) { x throws(TensorError) in try x.determinant() },
      Operation("inverse", at: general) { x throws(TensorError) in try x.inverse() },
      Operation("solve, vector", at: general) { x throws(TensorError) in try .solve(x, row) },
      Operation("solve, both sides", at: general) { x throws(TensorError) in
        try .solve(x, x * x)
      },
      Operation("solve, right side", at: positive) { x throws(TensorError) in
        try .solve(square, x.transposed())
      },
      Operation("cholesky", at: general) { x throws(TensorError) in
        try Quantity.matmul(x, x.transposed()).cholesky()
      },
      Operation("eigenvalues", at: general) { x throws(TensorError) in
        try (x + x.transposed()).symmetricEigen().values
      },
      Operation("eigenvectors", at: general) { x throws(TensorError) in
        try (x + x.transposed()).symmetricEigen().vectors
      },
    ]
    + [("square", general), ("tall", tall), ("wide", tall.transposed())].flatMap {
      (shape: String, x: Tensor) in
      [
        Operation("pseudoInverse, \(shape)", at: x) { x throws(TensorError) in
          try x.pseudoInverse()
        },
        Operation("left singular vectors, \(shape)", at: x) { x throws(TensorError) in
          try x.singularValues().u
        },
        Operation("singular values, \(shape)", at: x) { x throws(TensorError) in
          try x.singularValues().s
        },
        Operation("right singular vectors, \(shape)", at: x) { x throws(TensorError) in
          try x.singularValues().vt
        },
        Operation("all of svd, \(shape)", at: x) { x throws(TensorError) in
          let (u, s, vt) = try x.singularValues()
          return try .matmul(u * s.exp(), vt * x.sum())
        },
        Operation("Q, \(shape)", at: x) { x throws(TensorError) in try x.qr().q },
        Operation("R, \(shape)", at: x) { x throws(TensorError) in try x.qr().r },
      ]
    }
}
