import Tensors

/// Parts of a data set, and the same points at another scale.
extension Dataset {
  /// The given rows, which must exist; classes keep their numbers.
  public func rows(_ rows: [Int]) -> Dataset {
    let d = x.shape[1]
    let elements = rows.flatMap { x.elements[$0 * d..<($0 + 1) * d] }
    return Dataset(
      x: Tensor(shape: [rows.count, d], elements: elements), y: y.map { y in rows.map { y[$0] } },
      classes: classes, names: names, name: name, columns: columns)
  }

  /// The points in two parts: of every class the share `test`, rounded, goes to the second.
  ///
  /// Rows stay in order.
  /// - Throws: `noLabels`.
  public func split(
    test: Double, seed: UInt64 = 0
  ) throws(DatasetError) -> (train: Dataset, test: Dataset) {
    var random = Random(seed: seed, name: "split")
    var parts: (train: [Int], test: [Int]) = ([], [])
    for members in try members() {
      let order = random.permutation(members.count).map { members[$0] }
      let cut = Int((min(max(test, 0), 1) * Double(members.count)).rounded())
      parts.test += order.prefix(cut)
      parts.train += order.dropFirst(cut)
    }
    return (rows(parts.train.sorted()), rows(parts.test.sorted()))
  }

  /// The points of some classes, and those of all others.
  ///
  /// Classes are numbered anew: those seen in the order given, the others as before.
  /// - Throws: `noLabels`, `unknownClass`, `classTwice`.
  public func splitClasses(
    seen: [Int]
  ) throws(DatasetError) -> (seen: Dataset, unseen: Dataset) {
    var known: Set<Int> = []
    for label in seen {
      guard (0..<classes).contains(label) else { throw .unknownClass(label, classes: classes) }
      guard known.insert(label).inserted else { throw .classTwice(label) }
    }
    return (try ofClasses(seen), try ofClasses((0..<classes).filter { !known.contains($0) }))
  }

  private func ofClasses(_ wanted: [Int]) throws(DatasetError) -> Dataset {
    guard let y else { throw .noLabels }
    let number = Dictionary(uniqueKeysWithValues: zip(wanted, wanted.indices))
    let part = rows(y.indices.filter { number[y[$0]] != nil })
    return Dataset(
      x: part.x, y: part.y?.compactMap { number[$0] }, classes: wanted.count,
      names: wanted.map { names.indices.contains($0) ? names[$0] : String($0) }, name: name,
      columns: columns)
  }

  /// The points moved and scaled so that every column of `model` would have mean 0 and deviation 1.
  ///
  /// A column that does not vary there is only moved.
  /// - Throws: `widths` for points of another dimension.
  public func standardized(like model: Dataset) throws(DatasetError) -> Dataset {
    guard model.x.shape[1] == x.shape[1] else {
      throw .widths(given: model.x.shape[1], expected: x.shape[1])
    }
    do throws(TensorError) {
      let deviation = try model.x.std(axis: 0)
      let scale = try Tensor.where(.greater(deviation, Tensor(0)), deviation, Tensor(1))
      let points = try (x - model.x.mean(axis: 0)) / scale
      return Dataset(
        x: points, y: y, classes: classes, names: names, name: name, columns: columns)
    } catch {
      // Shapes fit and nothing grows.
      throw .tooLarge(elements: Double(x.count))
    }
  }

  /// The rows of one epoch in random order, `size` at a time; the last batch may be smaller.
  ///
  /// With `perClass`, a batch has so many rows each of `size / perClass` classes, none twice in an
  /// epoch; classes with more rows left come first. A class of fewer rows gives those it has, and
  /// rows that fill no batch are left out.
  /// - Throws: `batchSize`, `batchNotWholeClasses`, `tooFewClasses`, `noLabels`.
  public func minibatches(
    _ size: Int, perClass: Int? = nil, seed: UInt64 = 0
  ) throws(DatasetError) -> [Dataset] {
    guard size >= 1 else { throw .batchSize(size) }
    var random = Random(seed: seed, name: "minibatches")
    guard let perClass else {
      let order = random.permutation(x.shape[0])
      return stride(from: 0, to: order.count, by: size).map {
        rows(Array(order[$0..<min($0 + size, order.count)]))
      }
    }
    guard perClass >= 1 else { throw .batchSize(perClass) }
    guard size % perClass == 0 else {
      throw .batchNotWholeClasses(batch: size, perClass: perClass)
    }
    let wanted = size / perClass
    let members = try members()
    guard wanted <= members.count else {
      throw .tooFewClasses(wanted: wanted, classes: members.count)
    }
    var groups = members.map { members in
      let order = random.permutation(members.count).map { members[$0] }
      let full = max(1, order.count / perClass)
      return (0..<full).map { Array(order.dropFirst($0 * perClass).prefix(perClass)) }
    }
    var batches: [Dataset] = []
    while groups.count(where: { !$0.isEmpty }) >= wanted {
      // Classes with equally many groups left come in a new random order each time.
      let order = random.permutation(groups.count).enumerated().sorted { a, b in
        let (left, right) = (groups[a.element].count, groups[b.element].count)
        return left > right || (left == right && a.offset < b.offset)
      }
      batches.append(rows(order.prefix(wanted).flatMap { groups[$0.element].popLast() ?? [] }))
    }
    return batches
  }

  /// The rows of every class that has any, classes in order.
  private func members() throws(DatasetError) -> [[Int]] {
    guard let y else { throw .noLabels }
    let byClass = Dictionary(grouping: y.indices) { y[$0] }
    return byClass.sorted { $0.key < $1.key }.map(\.value)
  }
}
