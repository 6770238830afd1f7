import Tensors

/// Every row of one matrix against every row of another, in tiles.
///
/// A group of rows is compared with all columns, the rows of the other matrix, by BLAS; what comes of
/// a row is turned into the derivatives by its inner products where it lies, and carried back to
/// both sides by BLAS. Tiles depend on the sizes alone, and what a column is added comes group by
/// group: threads change nothing. O(rows·columns·width) time, O((tile + width)·(rows + columns))
/// memory.
struct CrossTiles<Number: PairNumber> {
  let rows: TileRows<Number>
  let columns: TileRows<Number>

  /// From so many multiplications on tiles are used.
  ///
  /// Below, losses add up in one fixed order on every processor; BLAS, which makes the tiles, has
  /// kernels for each.
  static var from: Int { 64 * 64 * 64 }

  /// Inner products that a group may have, as long as it has rows enough to share out.
  private static var capacity: Int { 1 << 22 }

  /// Multiplications between two questions whether to stop.
  private static var stretch: Int { 1 << 25 }

  private var width: Int { rows.width }

  /// Rows of a group, enough for every column to be worth a visit.
  private var group: Int {
    let most = min(max(Self.capacity / columns.count, 128), 512)
    let groups = (rows.count + most - 1) / most
    return Self.rounded(rows.count, over: groups)
  }

  /// The `parts`th part of a length, rounded up to whole vectors.
  private static func rounded(_ length: Int, over parts: Int) -> Int {
    (length + 32 * parts - 1) / (32 * parts) * 32
  }

  /// The gradient by the rows and that by the columns.
  ///
  /// `body` turns the inner products of a row with all columns into the derivatives by them; it
  /// writes to nothing else but what belongs to the row, and to `room` numbers of its own.
  func gradient(
    room size: Int,
    _ body: (
      _ row: Int, _ line: UnsafeMutablePointer<Number>, _ room: UnsafeMutablePointer<Number>
    ) -> Void
  ) -> (byRows: [Number], byColumns: [Number]) {
    var (byRows, byColumns) = noGradient
    let group = group
    let tile = UnsafeMutablePointer<Number>.allocate(capacity: group * columns.count)
    let room = UnsafeMutablePointer<Number>.allocate(capacity: Threads.count * size)
    defer {
      tile.deallocate()
      room.deallocate()
    }
    let isWorthwhile = group * columns.count * width > 500_000
    let part = min(128, Self.rounded(group, over: 4))
    let strip = min(256, Self.rounded(columns.count, over: 4))
    let strips = (columns.count + strip - 1) / strip
    rows.elements.withUnsafeBufferPointer { rows in
      columns.elements.withUnsafeBufferPointer { columns in
        byRows.withUnsafeMutableBufferPointer { byRows in
          byColumns.withUnsafeMutableBufferPointer { byColumns in
            guard let rows = rows.baseAddress, let columns = columns.baseAddress,
              let byRows = byRows.baseAddress, let byColumns = byColumns.baseAddress
            else { return }
            for start in stride(from: 0, to: self.rows.count, by: group) {
              let all = start..<min(start + group, self.rows.count)
              Threads.share((all.count + part - 1) / part, isWorthwhile: isWorthwhile) {
                task, worker in
                let first = start + task * part
                visit(
                  first..<min(first + part, all.upperBound),
                  tile + task * part * self.columns.count, rows, columns, byRows
                ) { body($0, $1, room + worker * size) }
              }
              if Stopping.isDue { return }
              Threads.share(strips, isWorthwhile: isWorthwhile) { task, _ in
                let left = task * strip
                carryBack(
                  all, tile, left..<min(left + strip, self.columns.count), rows, byColumns)
              }
              if Stopping.isDue { return }
            }
          }
        }
      }
    }
    return (byRows, byColumns)
  }

  /// A gradient of zeros.
  var noGradient: (byRows: [Number], byColumns: [Number]) {
    (
      [Number](repeating: 0, count: rows.count * width),
      [Number](repeating: 0, count: columns.count * width)
    )
  }

  /// The inner product of a row and a column in float64.
  func product(_ row: Int, _ column: Int) -> Double {
    rows.elements.withUnsafeBufferPointer { rows in
      columns.elements.withUnsafeBufferPointer { columns in
        guard let rows = rows.baseAddress, let columns = columns.baseAddress else { return 0 }
        return Number.product(rows + row * width, columns + column * width, width)
      }
    }
  }

  /// Compares some rows with all columns, and carries back to the rows what comes of it.
  private func visit(
    _ part: Range<Int>, _ lines: UnsafeMutablePointer<Number>, _ rows: UnsafePointer<Number>,
    _ columns: UnsafePointer<Number>, _ byRows: UnsafeMutablePointer<Number>,
    _ body: (_ row: Int, _ line: UnsafeMutablePointer<Number>) -> Void
  ) {
    let count = self.columns.count
    let span = max(256, Self.stretch / (part.count * width))
    let first = part.lowerBound * width
    for left in stride(from: 0, to: count, by: span) {
      if Stopping.isDue { return }
      Number.setInnerProducts(
        lines + left, stride: count, rows + first, columns + left * width, m: part.count,
        n: min(span, count - left), k: width)
    }
    for i in part { body(i, lines + (i - part.lowerBound) * count) }
    for left in stride(from: 0, to: count, by: span) {
      if Stopping.isDue { return }
      Number.addProduct(
        byRows + first, lines + left, stride: count, columns + left * width, m: part.count,
        n: min(span, count - left), k: width, turned: false)
    }
  }

  /// Carries the derivatives of a group back to some columns.
  private func carryBack(
    _ group: Range<Int>, _ tile: UnsafePointer<Number>, _ strip: Range<Int>,
    _ rows: UnsafePointer<Number>, _ byColumns: UnsafeMutablePointer<Number>
  ) {
    let height = max(32, Self.stretch / (strip.count * width))
    for top in stride(from: 0, to: group.count, by: height) {
      if Stopping.isDue { return }
      Number.addProduct(
        byColumns + strip.lowerBound * width, tile + top * columns.count + strip.lowerBound,
        stride: columns.count, rows + (group.lowerBound + top) * width,
        m: min(height, group.count - top), n: strip.count, k: width, turned: true)
    }
  }
}
