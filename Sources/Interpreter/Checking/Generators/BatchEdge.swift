import Glibc

/// The kinds of batches where claims break first, those that break most claims first.
///
/// Each changes a plain batch; on the sphere the rows are brought back to length 1 afterwards.
enum BatchEdge: CaseIterable {
  case duplicates, marginsMet, collapsedClass, nearMargins, nearDuplicates, antipodes
  case collapsed, wholeCoordinates, tight, zeros, separated, line, tiny, cone, nearTies, huge
  case mixedClasses, outlier, anglesMet, nearAngles, centered, coincidingMeans, nearlyCollapsedClass

  /// Distances at which losses commonly have their margins.
  static let margins = [1, 0.5, 0.2, 2.0]

  func apply(to batch: inout DrawnBatch, isNormalized: Bool, _ dice: inout TrialDice) {
    guard batch.count > 0, batch.d > 0 else { return }
    let rows = batch.rows.indices
    switch self {
    case .duplicates:
      for _ in 0..<max(1, rows.count / 4) {
        batch.rows[dice.below(rows.count)] = batch.rows[dice.below(rows.count)]
      }
    case .nearDuplicates:
      for _ in 0..<max(1, rows.count / 4) {
        let near = Self.step(
          from: batch.rows[dice.below(rows.count)], dice.tenTo(from: -6, to: -3), &dice)
        batch.rows[dice.below(rows.count)] = near
      }
    case .marginsMet: Self.placePairs(&batch, isNormalized, &dice) { _ in 1 }
    case .nearMargins: Self.placePairs(&batch, isNormalized, &dice) { 1 + $0.nudge() }
    case .anglesMet: Self.placeAngles(&batch, isNormalized, &dice) { _ in 0 }
    case .nearAngles: Self.placeAngles(&batch, isNormalized, &dice) { $0.nudge(upTo: -1.5) }
    case .nearTies:
      // z_k mirrors z_j in z_i, but for a trifle.
      for row in stride(from: 2, to: rows.count, by: 3) {
        let mirror = Self.mirrored(batch.rows[row - 1], in: batch.rows[row - 2], isNormalized)
        batch.rows[row] = Self.step(from: mirror, dice.tenTo(from: -6, to: -3), &dice)
      }
    case .collapsedClass, .nearlyCollapsedClass:
      let row = dice.below(rows.count)
      let point = batch.rows[row]
      let size = self == .collapsedClass ? 0 : dice.tenTo(from: -5, to: -2)
      for other in rows where batch.labels[other] == batch.labels[row] {
        batch.rows[other] = Self.step(from: point, size, &dice)
      }
    case .collapsed: batch.rows = rows.map { _ in batch.rows[0] }
    case .cone:
      let center = Self.direction(batch.d, &dice)
      let size = dice.tenTo(from: -4, to: -1)
      for row in rows { batch.rows[row] = Self.sum(center, batch.rows[row], times: size) }
    case .antipodes:
      for row in rows where row % 2 == 1 { batch.rows[row] = batch.rows[row - 1].map { -$0 } }
    case .line:
      let direction = Self.direction(batch.d, &dice)
      let offset = dice.isHeads() ? 0 : 1.0
      let foot = dice.normals(batch.d)
      for row in rows {
        let place = batch.rows[row][0]
        batch.rows[row] = zip(direction, foot).map { place * $0 + offset * $1 }
      }
    case .wholeCoordinates:
      for row in rows { batch.rows[row] = batch.rows[row].map { ($0 * 2).rounded() } }
    case .tiny: Self.scale(&batch, by: dice.tenTo(from: -6, to: -2))
    case .huge: Self.scale(&batch, by: dice.tenTo(from: 1, to: 2))
    case .zeros:
      // Rows of zeros; on the sphere, points of the axes.
      let all = dice.below(4) == 0
      for row in rows where all || dice.below(3) == 0 {
        batch.rows[row] = batch.rows[row].map { _ in 0 }
        if isNormalized { batch.rows[row][dice.below(batch.d)] = dice.sign() }
      }
    case .tight, .separated:
      let centers = batch.members.map { _ in dice.normals(batch.d) }
      let distance = self == .tight ? 3 : dice.tenTo(from: 1, to: 2)
      let size = self == .tight ? 0.05 : 1
      for row in rows {
        batch.rows[row] = zip(batch.rows[row], centers[batch.labels[row]]).map {
          size * $0 + distance * $1
        }
      }
    case .mixedClasses:
      // The next point to every one is of another class, where there is one.
      for row in rows.dropFirst() where batch.labels[row] != batch.labels[row - 1] {
        batch.rows[row] = Self.step(from: batch.rows[row - 1], dice.tenTo(from: -3, to: -1), &dice)
      }
    case .outlier:
      let row = dice.below(rows.count)
      batch.rows[row] = batch.rows[row].map { $0 * 100 }
    case .centered: Self.center(&batch, rows: Array(rows))
    case .coincidingMeans: for members in batch.members { Self.center(&batch, rows: members) }
    }
  }

  // MARK: - Pairs of points

  /// Puts most rows at a margin's distance from one before them, times `factor`.
  private static func placePairs(
    _ batch: inout DrawnBatch, _ isNormalized: Bool, _ dice: inout TrialDice,
    factor: (inout TrialDice) -> Double
  ) {
    // On a grid of eighths and along an axis most margins are met to the last bit.
    if !isNormalized { batch.rows = batch.rows.map { $0.map { ($0 * 8).rounded() / 8 } } }
    for row in batch.rows.indices.dropFirst() where row == 1 || dice.below(4) > 0 {
      let distance = dice.one(of: margins) * factor(&dice)
      let other = dice.below(row)
      if isNormalized {
        let angle = 2 * asin(min(1, distance / 2))
        batch.rows[row] = turned(batch.rows[other], by: angle, &dice)
      } else {
        batch.rows[row] = batch.rows[other]
        batch.rows[row][dice.below(batch.d)] += dice.sign() * distance
      }
    }
  }

  /// Turns most rows so that their cosine with one before is −1, 0, ½ or 1, but for `change`.
  private static func placeAngles(
    _ batch: inout DrawnBatch, _ isNormalized: Bool, _ dice: inout TrialDice,
    change: (inout TrialDice) -> Double
  ) {
    for row in batch.rows.indices.dropFirst() where row == 1 || dice.below(4) > 0 {
      let angle = dice.one(of: [0, Double.pi / 3, Double.pi / 2, Double.pi]) + change(&dice)
      let length = isNormalized ? 1 : hypot(batch.rows[row][0], 1)
      batch.rows[row] = turned(batch.rows[dice.below(row)], by: angle, &dice).map { $0 * length }
    }
  }

  /// A unit vector at an angle to `row`, in a random plane; exact for the angles of a hexagon.
  private static func turned(_ row: [Double], by angle: Double, _ dice: inout TrialDice) -> [Double]
  {
    let length = norm(row)
    guard length > 0 else { return direction(row.count, &dice) }
    let unit = row.map { $0 / length }
    let random = dice.normals(row.count)
    let along = dot(random, unit)
    let rest = sum(random, unit, times: -along)
    let size = norm(rest)
    let exact: [Double: (Double, Double)] = [
      0: (1, 0), Double.pi / 3: (0.5, 0.75.squareRoot()), Double.pi / 2: (0, 1), Double.pi: (-1, 0),
    ]
    let (cosine, sine) = exact[angle] ?? (cos(angle), sin(angle))
    guard size > 1e-9 else { return unit.map { $0 * (cosine < 0 ? -1 : 1) } }
    return zip(unit, rest).map { cosine * $0 + sine * $1 / size }
  }

  /// The point opposite to `row`, seen from `middle`; on the sphere the middle is an axis.
  private static func mirrored(
    _ row: [Double], in middle: [Double], _ isNormalized: Bool
  ) -> [Double] {
    guard isNormalized else { return zip(row, middle).map { 2 * $1 - $0 } }
    let (first, second) = (norm(row), norm(middle))
    guard first > 0, second > 0 else { return row }
    let along = 2 * dot(row, middle) / (first * second * second)
    return zip(row, middle).map { along * $1 - $0 / first }
  }

  // MARK: - Vectors

  private static func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
  private static func sum(_ a: [Double], _ b: [Double], times factor: Double) -> [Double] {
    zip(a, b).map { $0 + factor * $1 }
  }

  private static func direction(_ d: Int, _ dice: inout TrialDice) -> [Double] {
    let random = dice.normals(d)
    let length = norm(random)
    return random.map { $0 / length }
  }

  /// A point `size` away from `row`.
  private static func step(from row: [Double], _ size: Double, _ dice: inout TrialDice) -> [Double]
  {
    size > 0 ? sum(row, direction(row.count, &dice), times: size) : row
  }

  private static func scale(_ batch: inout DrawnBatch, by factor: Double) {
    batch.rows = batch.rows.map { $0.map { $0 * factor } }
  }

  /// Moves some rows so that their mean is zero.
  private static func center(_ batch: inout DrawnBatch, rows: [Int]) {
    for column in 0..<batch.d {
      let mean = rows.reduce(0) { $0 + batch.rows[$1][column] } / Double(rows.count)
      for row in rows { batch.rows[row][column] -= mean }
    }
  }
}
