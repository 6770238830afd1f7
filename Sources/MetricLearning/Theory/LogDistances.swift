import Autodiff
import Tensors

/// Σ wₖ log Dᵢⱼ over the ordered pairs of two rows of one class k: what an entropy by all pairs is
/// made of (theory §3.5).
///
/// O(n²d) time, O(n·tile) memory for the value and the first derivative. −∞ where two rows of a
/// class coincide; such a pair adds nothing to the derivative.
struct LogDistances {
  private let batch: Batch
  private let weights: [Double]

  /// - Precondition: there is a weight for every class of the batch.
  init(_ batch: Batch, weights: [Double]) {
    self.batch = batch
    self.weights = weights
  }

  /// The sum as a differentiable operation on the rows, which are those of the batch.
  func sum(_ z: Quantity) -> Quantity {
    Quantity.custom([z], value: Tensor(value, dtype: z.dtype.arithmetic)) {
      inputs, cotangent throws(TensorError) in
      let slope =
        if case .variable = inputs[0] { try slope(inputs[0]) } else { Quantity.constant(slope) }
      return [try cotangent * slope]
    }
  }

  private var value: Double {
    var sum = 0.0
    DistanceSweep(batch).forEachRow { visit in
      let weight = weights[batch.classes.ofRow[visit.row]]
      guard weight != 0 else { return }
      var logs = LogSum()
      for j in visit.row + 1..<max(batch.count, visit.row + 1) where visit.isClassmate(j) {
        logs.add(visit.squares[j])
      }
      // Each pair twice, and log D = ½ log D².
      sum += weight * logs.value
    }
    return sum
  }

  /// 2 wₖ Σⱼ (zᵢ − zⱼ) / D²ᵢⱼ for every row.
  private var slope: Tensor {
    let sweep = DistanceSweep(batch)
    let rows = sweep.rows
    let stride = rows.stride
    var slope = rows.zeroGradient
    rows.vectors.withUnsafeBufferPointer { vectors in
      slope.withUnsafeMutableBufferPointer { slope in
        sweep.forEachRow { visit in
          let first = visit.row * stride
          let weight = 2 * weights[batch.classes.ofRow[visit.row]]
          for (j, square) in visit.squares.enumerated()
          where square > 0 && visit.isClassmate(j) {
            let factor = weight / square
            for k in 0..<stride {
              slope[first + k] += factor * (vectors[first + k] - vectors[j * stride + k])
            }
          }
        }
      }
    }
    return Tensor(shape: batch.embeddings.shape, elements: rows.gradient(slope))
  }

  /// The same made of operations that can be differentiated again, in O(n²) memory.
  private func slope(_ z: Quantity) throws(TensorError) -> Quantity {
    let n = batch.count
    _ = try Shape.count([n, n])
    let squares = try Quantity.squaredDistances(z, z)
    let values = squares.tensor.elements
    var factors = [Double](repeating: 0, count: n * n)
    var vacancies = [Double](repeating: 1, count: n * n)
    for i in 0..<n {
      for j in 0..<n where batch.classes.ofRow[i] == batch.classes.ofRow[j] {
        guard i != j, values[i * n + j] > 0 else { continue }
        factors[i * n + j] = 2 * weights[batch.classes.ofRow[i]]
        vacancies[i * n + j] = 0
      }
    }
    let factor = Tensor(shape: [n, n], elements: factors).converted(to: z.dtype.arithmetic)
    let vacant = Tensor(shape: [n, n], elements: vacancies).converted(to: z.dtype.arithmetic)
    let pulls = try .constant(factor) / (squares + .constant(vacant))
    return try pulls.sum(axis: 1, keepDims: true) * z - .matmul(pulls, z)
  }
}

/// A sum of logarithms, most of which are taken of a product of many numbers at once.
private struct LogSum {
  private var exponent = 0
  private var product = 1.0
  private var isInfinite = false

  /// Adds log x for x ≥ 0.
  mutating func add(_ x: Double) {
    guard x > 0 else {
      isInfinite = true
      return
    }
    exponent += Int(x.exponent)
    product *= x.significand
    // The product of significands grows by less than a factor of 2 each time.
    guard product > 1e290 else { return }
    exponent += Int(product.exponent)
    product = product.significand
  }

  var value: Double {
    isInfinite ? -.infinity : Double(exponent) * Portable.log(2) + Portable.log(product)
  }
}
