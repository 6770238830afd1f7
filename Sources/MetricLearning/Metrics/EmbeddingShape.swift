import CKernels
public import Tensors

/// Where embeddings lie, measured without a search: how compact classes are, how evenly the sphere
/// is used, and in how many directions points vary.
public enum EmbeddingShape {
  /// The mean silhouette: of every row (b − a)/max(a, b), a its mean distance to its classmates, b
  /// the least mean distance to another class (Rousseeuw 1987).
  ///
  /// `z` is n×d; Euclidean distances. A row without classmates counts 0, as one that is as near to
  /// both. nan for fewer than two classes. O(n²d) time, O(n·tile) memory.
  /// - Throws: what a batch of a loss throws.
  public static func silhouette(_ z: Tensor, _ labels: [Int]) throws(LossError) -> Double {
    let sweep = PairSweep(
      try Batch(LossInput(embeddings: z, labels: labels)), distance: .euclidean)
    let sizes = sweep.classes.sizes
    guard sizes.count > 1 else { return .nan }
    var sum = 0.0
    sweep.forEachRow { row, _ in
      let own = sweep.classes.ofRow[row.anchor]
      guard sizes[own] > 1 else { return }
      var (within, nearest) = (0.0, Double.infinity)
      var first = 0
      for (number, size) in sizes.enumerated() {
        let total = row.measures[first..<first + size].reduce(0, +)
        if number == own {
          within = total / Double(size - 1)
        } else {
          nearest = min(nearest, total / Double(size))
        }
        first += size
      }
      let larger = max(within, nearest)
      if larger > 0 { sum += (nearest - within) / larger }
    }
    return sum / Double(sweep.count)
  }

  /// The mean of ‖a − b‖^α over pairs of classmates on the unit sphere: 0 where every class is one
  /// point (Wang, Isola 2020).
  ///
  /// `z` is n×d and normalised here; nan without a pair. O(n²d) time, O(n·tile) memory.
  /// - Throws: what a batch of a loss throws.
  public static func alignment(
    _ z: Tensor, _ labels: [Int], exponent alpha: Double = 2
  ) throws(LossError) -> Double {
    let batch = try Batch(LossInput(embeddings: z, labels: labels))
    let sweep = PairSweep(batch, distance: .sqeuclideanNormalized)
    var sum = 0.0
    sweep.forEachRow { row, _ in
      for j in row.mates where j != row.anchor {
        let square = max(0, row.measures[j])
        sum += alpha == 2 ? square : Portable.power(square, alpha / 2)
      }
    }
    return batch.classes.positivePairs > 0 ? sum / batch.classes.positivePairs : .nan
  }

  /// The logarithm of the mean of exp(−t‖a − b‖²) over all pairs on the unit sphere: the lower, the
  /// more evenly the sphere is used (Wang, Isola 2020).
  ///
  /// `z` is n×d and normalised here; nan without a pair. O(n²d) time, O(n·tile) memory.
  /// - Throws: what a batch of a loss throws.
  public static func uniformity(_ z: Tensor, scale t: Double = 2) throws(LossError) -> Double {
    let unlabelled = [Int](repeating: 0, count: z.shape.first ?? 0)
    let batch = try Batch(LossInput(embeddings: z, labels: unlabelled))
    guard batch.count > 1 else { return .nan }
    // Logarithms of the sums of rows, so that a large t does not make 0 of them.
    var logarithms: [Double] = []
    logarithms.reserveCapacity(batch.count)
    PairSweep(batch, distance: .sqeuclideanNormalized).forEachRow { row, _ in
      let exponents = row.scratch
      for j in 0..<row.count { exponents[j] = -t * max(0, row.measures[j]) }
      // Without the row itself.
      exponents.swapAt(row.anchor, row.count - 1)
      logarithms.append(Self.logSum(UnsafeBufferPointer(exponents).prefix(row.count - 1)))
    }
    guard logarithms.count == batch.count else { return .nan }
    let total = logarithms.withUnsafeBufferPointer { Self.logSum($0[...]) }
    return total - Portable.log(Double(batch.count)) - Portable.log(Double(batch.count - 1))
  }

  /// log Σ exp(x).
  private static func logSum(_ x: Slice<UnsafeBufferPointer<Double>>) -> Double {
    let numbers = UnsafeBufferPointer(rebasing: x)
    guard let largest = numbers.max(), let start = numbers.baseAddress, largest.isFinite else {
      return -.infinity
    }
    return largest + Portable.log(kernel_powers_f64(start, numbers.count, -largest, 0, nil))
  }

  /// The effective rank: e to the entropy of the shares of the singular values, from 1 to the rank
  /// of the matrix (Roy, Vetterli 2007); 0 for a matrix of zeros.
  ///
  /// - Throws: `LossError.notAMatrix`, `notFinite`, and `tooLarge` where LAPACK has no room.
  public static func effectiveRank(_ z: Tensor) throws(LossError) -> Double {
    guard z.rank == 2 else { throw .notAMatrix(shape: z.shape) }
    try requireFinite(z, .embeddings)
    guard z.count > 0 else { return 0 }
    let values: [Double]
    do throws(TensorError) {
      values = try z.converted(to: .float64).singularValues().s.elements
    } catch {
      throw .tooLarge(elements: Double(z.count))
    }
    let largest = values.max() ?? 0
    guard largest > 0 else { return 0 }
    // Over the largest first: their sum may be no number.
    let total = values.reduce(0) { $0 + $1 / largest }
    return Portable.exp(
      -values.reduce(0) { sum, value in
        let share = value / largest / total
        return share > 0 ? sum + share * Portable.log(share) : sum
      })
  }
}
