/// The mass means of classes: 1/n times the sum of their rows (theory §1.1), hard or soft.
struct ClassMasses {
  /// One row per class.
  let rows: Rows

  /// The masses of the classes that are present.
  init(_ rows: Rows, classes: ClassIndex) {
    self.init(rows, labels: classes.ofRow, classes: classes.sizes.count)
  }

  /// The masses of all classes, those without rows too.
  init(_ rows: Rows, labels: [Int], classes: Int) {
    var masses = [Rows.Vector](repeating: .zero, count: classes * rows.stride)
    for (i, k) in labels.enumerated() {
      rows.add(i, times: 1 / Double(rows.count), to: &masses, row: k)
    }
    self.rows = Rows(vectors: masses, like: rows)
  }

  /// The masses where row i belongs to class k by `memberships[i * classes + k]`.
  init(_ rows: Rows, memberships: [Double], classes: Int) {
    var masses = [Rows.Vector](repeating: .zero, count: classes * rows.stride)
    for i in 0..<rows.count {
      for k in 0..<classes {
        rows.add(i, times: memberships[i * classes + k] / Double(rows.count), to: &masses, row: k)
      }
    }
    self.rows = Rows(vectors: masses, like: rows)
  }

  /// The sum of the squared lengths of all masses.
  var squares: Double { (0..<rows.count).reduce(0) { $0 + rows.dot($1, rows, $1) } }

  /// The value of `1/n Σᵢ log Σₖ exp(scale ⟨zᵢ, mₖ⟩)` and its gradient by the masses.
  ///
  /// Its gradient by the rows, the masses held fixed, is added to `byRows`.
  func addLogSumExp(
    _ embeddings: Rows, scale: Double, to byRows: inout [Rows.Vector]
  ) -> (value: Double, gradient: [Rows.Vector]) {
    let n = Double(embeddings.count)
    var gradient = rows.zeroGradient
    var sum = 0.0
    guard rows.count > 0 else { return (0, gradient) }
    for i in 0..<embeddings.count {
      let (shares, value) = softmax((0..<rows.count).map { scale * embeddings.dot(i, rows, $0) })
      sum += value / n
      for (k, share) in shares.enumerated() {
        rows.add(k, times: scale * share / n, to: &byRows, row: i)
        embeddings.add(i, times: scale * share / n, to: &gradient, row: k)
      }
    }
    return (sum, gradient)
  }
}
