import Tensors

/// How well two labellings of the same points agree, whatever their labels are called (theory §9).
///
/// Information is in nats. Everything follows from the table of how many points have which two
/// labels, of which only the cells that are not 0 are kept.
public struct LabelAgreement: Sendable {
  /// The points of every class and of every cluster.
  private let classSizes: [Int]
  private let clusterSizes: [Int]
  /// The points of a class in a cluster, where there are any, class by class.
  private let cells: [Cell]
  private let count: Int

  private struct Cell {
    let classNumber: Int
    let cluster: Int
    let count: Int
  }

  /// What mutual information is divided by.
  public enum Average: String, CaseIterable, Sendable {
    /// Half the sum of both entropies.
    case arithmetic
    /// The root of their product.
    case geometric
    /// The smaller one.
    case min
    /// The larger one.
    case max

    fileprivate func of(_ a: Double, _ b: Double) -> Double {
      switch self {
      case .arithmetic: (a + b) / 2
      case .geometric: (a * b).squareRoot()
      case .min: Swift.min(a, b)
      case .max: Swift.max(a, b)
      }
    }
  }

  /// Compares two labellings, one label 0 or above for every point in each.
  ///
  /// - Throws: `LossError.labelCount` where they are not of one length, `labelNegative`.
  public init(_ labels: [Int], _ clusters: [Int]) throws(LossError) {
    guard labels.count == clusters.count else {
      throw .labelCount(labels: clusters.count, rows: labels.count)
    }
    let (classes, clusters) = (try ClassIndex(labels), try ClassIndex(clusters))
    classSizes = classes.sizes
    clusterSizes = clusters.sizes
    count = labels.count
    var counts: [Int: Int] = [:]
    for (a, b) in zip(classes.ofRow, clusters.ofRow) {
      counts[a * clusters.sizes.count + b, default: 0] += 1
    }
    cells = counts.sorted { $0.key < $1.key }.map {
      Cell(
        classNumber: $0.key / clusters.sizes.count, cluster: $0.key % clusters.sizes.count,
        count: $0.value)
    }
  }

  /// Whether both put the same points together.
  private var isSame: Bool {
    cells.count == classSizes.count && cells.count == clusterSizes.count
  }

  /// What one label says about the other.
  private var mutualInformation: Double {
    let n = Double(count)
    let sum = cells.reduce(0) { sum, cell in
      let (a, b) = (Double(classSizes[cell.classNumber]), Double(clusterSizes[cell.cluster]))
      return sum + Double(cell.count) / n * Portable.log(n * Double(cell.count) / (a * b))
    }
    return max(0, sum)
  }

  private static func entropy(_ sizes: [Int], _ count: Int) -> Double {
    let n = Double(count)
    return sizes.reduce(0) { $0 - Double($1) / n * Portable.log(Double($1) / n) }
  }

  private var entropies: (classes: Double, clusters: Double) {
    (Self.entropy(classSizes, count), Self.entropy(clusterSizes, count))
  }

  /// Mutual information over a mean of both entropies, from 0 to 1; 1 where both entropies are 0.
  public func normalizedMutualInformation(_ average: Average = .arithmetic) -> Double {
    if isSame { return 1 }
    let (a, b) = entropies
    let divisor = average.of(a, b)
    // Where the smaller entropy is 0, nothing is said of the other labels.
    return divisor > 0 ? min(1, mutualInformation / divisor) : 0
  }

  /// Mutual information above chance: 0 for labels thrown at random, 1 where both agree.
  ///
  /// What labels at random would have is taken from it and from the mean entropy it is divided by;
  /// Vinh, Epps, Bailey 2010.
  public func adjustedMutualInformation() -> Double {
    if isSame { return 1 }
    let (a, b) = entropies
    let expected = ExpectedInformation(classSizes, clusterSizes).value
    let room = Average.arithmetic.of(a, b) - expected
    let least = Double.ulpOfOne
    return (mutualInformation - expected) / (room < 0 ? min(room, -least) : max(room, least))
  }

  /// The pairs of points that are together in both, in the clusters alone, and in the classes alone.
  private var pairs: (both: Double, clustersOnly: Double, classesOnly: Double) {
    func within(_ size: Int) -> Double { Double(size) * Double(size - 1) / 2 }
    let both = cells.reduce(0) { $0 + within($1.count) }
    return (
      both, clusterSizes.reduce(0) { $0 + within($1) } - both,
      classSizes.reduce(0) { $0 + within($1) } - both
    )
  }

  /// The share of pairs that both labellings see alike, above chance (Hubert, Arabie 1985).
  public var adjustedRandIndex: Double {
    if isSame { return 1 }
    let (both, clustersOnly, classesOnly) = pairs
    let neither = Double(count) * Double(count - 1) / 2 - both - clustersOnly - classesOnly
    // Pairs are up to n²/2: their products are below the largest number by far.
    let divisor =
      (both + classesOnly) * (classesOnly + neither)
      + (both + clustersOnly) * (clustersOnly + neither)
    return divisor > 0
      ? 2 * (both * neither - clustersOnly * classesOnly) / divisor : 0
  }

  /// The harmonic mean of precision and recall of pairs in one cluster; nan where neither labelling
  /// has two points together.
  public var pairwiseF1: Double {
    let (both, clustersOnly, classesOnly) = pairs
    let divisor = 2 * both + clustersOnly + classesOnly
    return divisor > 0 ? 2 * both / divisor : .nan
  }
}

/// The mutual information that labellings of given sizes have on average when points are thrown into
/// them at random: the hypergeometric mean.
private struct ExpectedInformation {
  let value: Double

  init(_ classSizes: [Int], _ clusterSizes: [Int]) {
    let count = classSizes.reduce(0, +)
    let n = Double(count)
    let logFactorials = Self.logFactorials(count)
    // Many classes of one size share their terms.
    let (ofClasses, ofClusters) = (
      Self.multiplicities(classSizes), Self.multiplicities(clusterSizes)
    )
    var sum = 0.0
    for (a, timesA) in ofClasses {
      for (b, timesB) in ofClusters {
        if Stopping.isDue { break }
        let fixed =
          logFactorials[a] + logFactorials[b] + logFactorials[count - a]
          + logFactorials[count - b] - logFactorials[count]
        var ofPair = 0.0
        for both in stride(from: max(1, a + b - count), through: min(a, b), by: 1) {
          let x = Double(both)
          let chance =
            fixed - logFactorials[both] - logFactorials[a - both] - logFactorials[b - both]
            - logFactorials[count - a - b + both]
          ofPair += x / n * Portable.log(n * x / (Double(a) * Double(b))) * Portable.exp(chance)
        }
        sum += timesA * timesB * ofPair
      }
    }
    value = sum
  }

  /// Every size with how often it comes, in ascending order.
  private static func multiplicities(_ sizes: [Int]) -> [(size: Int, times: Double)] {
    Dictionary(grouping: sizes) { $0 }.sorted { $0.key < $1.key }
      .map { ($0.key, Double($0.value.count)) }
  }

  /// log 0! to log n!, added up with what every sum loses.
  private static func logFactorials(_ n: Int) -> [Double] {
    var result = [0.0]
    result.reserveCapacity(n + 1)
    var (sum, lost) = (0.0, 0.0)
    for k in stride(from: 1, through: n, by: 1) {
      let term = Portable.log(Double(k)) - lost
      let next = sum + term
      lost = (next - sum) - term
      sum = next
      result.append(sum)
    }
    return result
  }
}
