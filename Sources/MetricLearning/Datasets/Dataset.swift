public import Tensors

/// Points with labels, and what they are called.
public struct Dataset: Sendable, Equatable {
  /// The points, n×d.
  public let x: Tensor
  /// The class of every point, 0 or more; nil where there are no labels.
  public let y: [Int]?
  /// How many classes there are.
  public let classes: Int
  /// What the classes are called, one name each.
  public let names: [String]
  /// What the data set is called.
  public let name: String
  /// What the columns of `x` are called; empty where they have no names.
  public let columns: [String]

  /// A data set; classes are called by their numbers unless named.
  public init(
    x: Tensor, y: [Int]?, classes: Int, names: [String]? = nil, name: String = "",
    columns: [String] = []
  ) {
    self.x = x
    self.y = y
    self.classes = classes
    self.names = names ?? (0..<max(0, classes)).map(String.init)
    self.name = name
    self.columns = columns
  }
}
