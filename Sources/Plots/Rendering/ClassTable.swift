/// Which class each of some points belongs to, numbered from 0 for glyphs and colours.
///
/// Labels from 0 to 255 are their own numbers, so a class looks the same in every plot; any other
/// labels are numbered in order of size.
struct ClassTable: Sendable {
  private let labels: [Int]?
  /// The distinct labels in order, where labels are not their own numbers.
  private let distinct: [Int]
  private let numbers: [Int: Int]?
  private let names: [String]
  /// One more than the greatest number.
  let count: Int

  /// Classes of labels; without labels there is one class without a name.
  init(labels: [Int]?, names: [String]?) {
    self.labels = labels
    self.names = names ?? []
    guard let labels else {
      (distinct, numbers, count) = ([], nil, 1)
      return
    }
    let least = labels.min() ?? 0
    let greatest = labels.max() ?? -1
    if least >= 0, greatest < 256 {
      (distinct, numbers, count) = ([], nil, greatest + 1)
    } else {
      distinct = Set(labels).sorted()
      numbers = Dictionary(uniqueKeysWithValues: zip(distinct, 0...))
      count = distinct.count
    }
  }

  /// The class number of a point.
  func number(ofPoint index: Int) -> Int {
    guard let labels else { return 0 }
    guard let numbers else { return labels[index] }
    return numbers[labels[index], default: 0]
  }

  /// What to call the class with this number.
  func name(_ number: Int) -> String {
    guard number < distinct.count else {
      return number < names.count ? names[number] : "class \(number)"
    }
    // These labels are no indices into the names, unless there are just as many of both.
    return names.count == count ? names[number] : "class \(distinct[number])"
  }
}
