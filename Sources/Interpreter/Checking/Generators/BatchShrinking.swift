import Tensors

/// Batches made simpler: fewer rows, classes and dimensions, then rounder coordinates.
///
/// What the call of `random_batches` says is kept, but for `n`: lengths, balance, and the number of
/// dimensions and classes where they are given.
struct BatchShrinking {
  let options: BatchGenerator.Options

  private enum Pass: Int, CaseIterable {
    case halves, eighths, few, rows, pairs, dropClass, mergeClasses, sortLabels, dropColumn
    case simplestRows, translate, roundAll, coordinates

    /// Whether it changes what the batches of a group share.
    var isShared: Bool {
      switch self {
      case .halves, .eighths, .few, .rows, .pairs, .dropClass, .mergeClasses, .sortLabels,
        .dropColumn:
        true
      case .simplestRows, .translate, .roundAll, .coordinates: false
      }
    }
  }

  var passCount: Int { Pass.allCases.count }

  func isShared(_ pass: Int) -> Bool { Pass.allCases[pass].isShared }

  func simplification(
    of drawn: Drawn, pass: Int, step: Int
  ) throws -> Simplification {
    guard let batch = DrawnBatch(drawn.value) else { return .end }
    let simpler: DrawnBatch?
    switch Pass.allCases[pass] {
    case .halves: simpler = dropping(max(1, batch.count / 2), from: batch, step)
    case .eighths: simpler = dropping(max(1, batch.count / 8), from: batch, step)
    case .few: simpler = dropping(3, from: batch, step)
    case .rows: simpler = dropping(1, from: batch, step)
    case .pairs: simpler = droppingPair(from: batch, step)
    case .dropClass: simpler = droppingClass(from: batch, step)
    case .mergeClasses: simpler = mergingClasses(of: batch, step)
    case .sortLabels: simpler = step == 0 ? Self.sorted(batch) : nil
    case .dropColumn: simpler = droppingColumn(from: batch, step)
    case .simplestRows: simpler = try withSimplestRow(batch, step)
    case .translate: simpler = step == 0 ? translated(batch) : nil
    case .roundAll: simpler = try rounded(batch, step)
    case .coordinates: simpler = try withSimplerCoordinate(batch, step)
    }
    guard let simpler else { return .end }
    guard simpler != batch else { return .unchanged }
    return .simpler(Drawn(value: simpler.value, trial: drawn.trial))
  }

  // MARK: - Fewer rows, classes and dimensions

  /// Without `count` rows, the `step`-th such run of them counted from the end.
  private func dropping(_ count: Int, from batch: DrawnBatch, _ step: Int) -> DrawnBatch? {
    if options.isBalanced { return droppingOfEachClass(count, from: batch, step) }
    guard step * count < batch.count else { return nil }
    let end = batch.count - step * count
    return batch.dropping(Array(max(0, end - count)..<end))
  }

  /// The same for balanced classes: one row of each, or as many as make up `count`.
  private func droppingOfEachClass(_ count: Int, from batch: DrawnBatch, _ step: Int) -> DrawnBatch?
  {
    let members = batch.members
    let share = max(1, count / max(1, members.count))
    guard let size = members.map(\.count).min(), step * share < size else { return nil }
    guard size > 1 else { return batch }
    let end = size - step * share
    return batch.dropping(members.flatMap { $0[max(0, end - share)..<end] })
  }

  /// Without two rows that need not be neighbours; of balanced classes, without any row of each.
  private func droppingPair(from batch: DrawnBatch, _ step: Int) -> DrawnBatch? {
    // Pairs go by the square of the rows: only small batches have time for them.
    if options.isBalanced {
      let members = batch.members
      guard let size = members.map(\.count).min(), size > 1,
        step < min(200, Self.power(size, members.count))
      else { return nil }
      var rest = step
      return batch.dropping(
        members.map { rows in
          defer { rest /= size }
          return rows[rest % size]
        })
    }
    guard batch.count <= 12, step < batch.count * batch.count else { return nil }
    let (first, second) = (step / batch.count, step % batch.count)
    return first < second ? batch.dropping([first, second]) : batch
  }

  private static func power(_ base: Int, _ exponent: Int) -> Int {
    (0..<exponent).reduce(1) { result, _ in min(1000, result * base) }
  }

  private func droppingClass(from batch: DrawnBatch, _ step: Int) -> DrawnBatch? {
    guard !options.isClassCountGiven, batch.classCount > 1, step < batch.classCount else {
      return nil
    }
    var fewer = batch.keeping(batch.labels.indices.filter { batch.labels[$0] != step })
    fewer.labels = fewer.labels.map { $0 > step ? $0 - 1 : $0 }
    return fewer
  }

  /// With one class joined to the one before it.
  private func mergingClasses(of batch: DrawnBatch, _ step: Int) -> DrawnBatch? {
    guard !options.isClassCountGiven, !options.isBalanced, step + 1 < batch.classCount else {
      return nil
    }
    var merged = batch
    merged.labels = batch.labels.map { $0 > step ? $0 - 1 : $0 }
    return merged
  }

  private static func sorted(_ batch: DrawnBatch) -> DrawnBatch {
    batch.keeping(batch.members.flatMap { $0 })
  }

  private func droppingColumn(from batch: DrawnBatch, _ step: Int) -> DrawnBatch? {
    guard !options.isDimensionGiven, batch.d > 1, step < batch.d else { return nil }
    var narrower = batch
    for row in batch.rows.indices { narrower.rows[row].remove(at: step) }
    guard options.isNormalized else { return narrower }
    // A row that lay in the dropped dimension has no direction left.
    guard narrower.rows.allSatisfy({ row in row.contains { $0 != 0 } }) else { return batch }
    return (try? narrower.normalized()) ?? batch
  }

  // MARK: - Rounder coordinates

  /// With one row at zero; on the sphere, at the simplest point of it.
  private func withSimplestRow(_ batch: DrawnBatch, _ step: Int) throws -> DrawnBatch? {
    guard options.isNormalized else {
      guard step < batch.count else { return nil }
      var simpler = batch
      simpler.rows[step] = batch.rows[step].map { _ in 0 }
      return simpler
    }
    let choices = SpherePoint.choices(batch.d)
    guard !choices.isEmpty, step < batch.count * choices.count else { return nil }
    let row = step / choices.count
    let place = step % choices.count
    guard place < SpherePoint.rank(of: batch.rows[row]) else { return batch }
    var simpler = batch
    simpler.rows[row] = choices[place]
    return simpler
  }

  /// With the first row at the origin.
  private func translated(_ batch: DrawnBatch) -> DrawnBatch? {
    guard !options.isNormalized, let origin = batch.rows.first else { return nil }
    guard origin.contains(where: { $0 != 0 }) else { return batch }
    var moved = batch
    moved.rows = batch.rows.map { row in zip(row, origin).map { $0 - $1 } }
    return moved
  }

  /// All coordinates to few decimals; on the sphere, all directions to small whole numbers.
  private func rounded(_ batch: DrawnBatch, _ step: Int) throws -> DrawnBatch? {
    if options.isNormalized {
      guard step < SpherePoint.scales.count else { return nil }
      let simpler = try SpherePoint.rounded(batch, scale: SpherePoint.scales[step]) ?? batch
      return SpherePoint.cost(simpler) < SpherePoint.cost(batch) ? simpler : batch
    }
    guard step < RoundNumber.decimals.count else { return nil }
    var simpler = batch
    simpler.rows = batch.rows.map { row in
      row.map { RoundNumber.rounded($0, decimals: RoundNumber.decimals[step]) }
    }
    return RoundNumber.cost(simpler.rows) < RoundNumber.cost(batch.rows) ? simpler : batch
  }

  private func withSimplerCoordinate(_ batch: DrawnBatch, _ step: Int) throws -> DrawnBatch? {
    if options.isNormalized {
      let scales = SpherePoint.scales.count
      guard step < batch.count * scales else { return nil }
      let row = step / scales
      let alone = batch.keeping([row])
      guard
        let simpler = try SpherePoint.rounded(alone, scale: SpherePoint.scales[step % scales]),
        SpherePoint.cost(simpler) < SpherePoint.cost(alone)
      else { return batch }
      var changed = batch
      changed.rows[row] = simpler.rows[0]
      return changed
    }
    let choices = RoundNumber.choiceCount
    guard step < batch.count * batch.d * choices else { return nil }
    let place = step / choices
    let (row, column) = (place / batch.d, place % batch.d)
    guard let simpler = RoundNumber.choice(step % choices, for: batch.rows[row][column]) else {
      return batch
    }
    var changed = batch
    changed.rows[row][column] = simpler
    return changed
  }
}

extension DrawnBatch {
  /// Without some rows, but for those that are the last of their class.
  fileprivate func dropping(_ gone: [Int]) -> DrawnBatch {
    var left = members.map(\.count)
    var dropped: Set<Int> = []
    for row in gone where left[labels[row]] > 1 {
      left[labels[row]] -= 1
      dropped.insert(row)
    }
    return keeping(labels.indices.filter { !dropped.contains($0) })
  }
}
