public import Cards
import Tensors

/// How many points of every class are wanted.
public enum ClassSizes: Sendable, Equatable {
  /// So many in all: n // K each, the first n % K classes one more.
  case total(Int)
  /// So many of every class.
  case each([Int])

  /// The size of every class of `classes`.
  ///
  /// - Throws: `DatasetError.classSizes` where a list has another length, `negativeSize`.
  func resolved(classes: Int) throws(DatasetError) -> [Int] {
    switch self {
    case .total(let n):
      guard n >= 0 else { throw .negativeSize(n) }
      return (0..<classes).map { n / classes + ($0 < n % classes ? 1 : 0) }
    case .each(let sizes):
      guard sizes.count == classes else { throw .classSizes(given: sizes.count, classes: classes) }
      for size in sizes where size < 0 { throw .negativeSize(size) }
      return sizes
    }
  }

  /// The size of every class, where a list says by itself how many there are.
  ///
  /// - Throws: also `DatasetError.parameter` for less than one class.
  func resolved(defaultClasses: Int) throws(DatasetError) -> [Int] {
    if case .each(let sizes) = self { return try resolved(classes: sizes.count) }
    try require(defaultClasses, "classes", atLeast: 1)
    _ = try checkedCount([defaultClasses])
    return try resolved(classes: defaultClasses)
  }
}

extension ClassSizes: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// So many in all.
  public init(integerLiteral value: Int) { self = .total(value) }

  /// So many of every class.
  public init(arrayLiteral elements: Int...) { self = .each(elements) }
}

/// Why a data set cannot be made.
public enum DatasetError: Error, Sendable, Equatable {
  /// A parameter out of range.
  case parameter(ParameterError)
  /// A list of class sizes of another length than there are classes.
  case classSizes(given: Int, classes: Int)
  /// A number of points below 0.
  case negativeSize(Int)
  /// More classes to lose a point to than there are.
  case outliers(given: Int, classes: Int)
  /// Classes are to be told apart and there are no labels.
  case noLabels
  /// A class that does not exist.
  case unknownClass(Int, classes: Int)
  /// A class named twice.
  case classTwice(Int)
  /// Points of another dimension than those they are compared with.
  case widths(given: Int, expected: Int)
  /// Less than one row in a batch.
  case batchSize(Int)
  /// A batch that is not so many rows of each of some classes.
  case batchNotWholeClasses(batch: Int, perClass: Int)
  /// A batch of rows of more classes than there are.
  case tooFewClasses(wanted: Int, classes: Int)
  /// Too few points for a pair of one class and a pair of two.
  case noPairs(points: Int)
  /// More points than a tensor can hold.
  case tooLarge(elements: Double)
}

/// Throws unless a count is at least `least`.
func require(_ value: Int, _ name: String, atLeast least: Int) throws(DatasetError) {
  guard value < least else { return }
  throw .parameter(
    .outOfRange(name: name, given: Double(value), range: .atLeast(Double(least))))
}

/// Throws unless a number lies in `range`.
func require(_ value: Double, _ name: String, _ range: NumberRange) throws(DatasetError) {
  guard !range.contains(value) else { return }
  throw .parameter(.outOfRange(name: name, given: value, range: range))
}

/// The number of elements of a shape, checked before anything is allocated.
func checkedCount(_ shape: [Int]) throws(DatasetError) -> Int {
  do throws(TensorError) {
    return try Shape.count(shape)
  } catch {
    throw .tooLarge(elements: shape.reduce(1) { $0 * Double($1) })
  }
}
