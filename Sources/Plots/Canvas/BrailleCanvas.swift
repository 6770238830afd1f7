/// Dots two across and four down in each cell, as braille patterns.
///
/// A cell is about twice as tall as wide, so the dots are as far apart across as down. A cell has
/// one colour: that of the dot set last.
struct BrailleCanvas: DotCanvas {
  let columns: Int
  let rows: Int
  private var masks: [UInt8]
  private var inks: [Ink]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    masks = Array(repeating: 0, count: columns * rows)
    inks = Array(repeating: .plain, count: columns * rows)
  }

  var dotColumns: Int { columns * 2 }
  var dotRows: Int { rows * 4 }

  mutating func set(column: Int, row: Int, ink: Ink) {
    let cell = (row / 4) * columns + column / 2
    masks[cell] |= Self.bits[(row % 4) * 2 + column % 2]
    inks[cell] = ink
  }

  func paint(onto drawing: inout TextDrawing) {
    for row in 0..<rows {
      for column in 0..<columns {
        let mask = masks[row * columns + column]
        guard mask != 0 else { continue }
        // 0x2800 + 0...255 are the braille patterns, all of them scalars.
        guard let scalar = Unicode.Scalar(0x2800 + UInt32(mask)) else { continue }
        drawing[column, row] = Cell(Character(scalar), inks[row * columns + column])
      }
    }
  }

  /// The bit of each dot, row by row: Unicode numbers the upper six dots down, then the lowest two.
  private static let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
}
