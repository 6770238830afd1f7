import Terminal
import Testing

/// The region against a small model of a terminal.
@Suite struct LiveRegionTests {
  /// Rows of text, a cursor, and the few sequences that a region writes.
  private final class Window {
    var rows = ["$ mlrepl", ""]
    var row = 1
    var column = 0

    func write(_ text: String) {
      var rest = text[...]
      while let character = rest.popFirst() {
        switch character {
        case "\r": column = 0
        case "\n":
          row += 1
          column = 0
          if row == rows.count { rows.append("") }
        case "\u{1b}":
          let end = rest.firstIndex(where: \.isLetter) ?? rest.startIndex
          let parameters = rest[..<end].dropFirst()
          switch rest[end] {
          case "A": row -= Int(parameters) ?? 1
          case "K": rows[row] = String(rows[row].prefix(column))
          case "J":
            rows[row] = String(rows[row].prefix(column))
            rows.removeSubrange((row + 1)...)
          default: break
          }
          rest = rest[rest.index(after: end)...]
        default:
          var cells = Array(rows[row])
          while cells.count <= column { cells.append(" ") }
          cells[column] = character
          rows[row] = String(cells)
          column += 1
        }
      }
    }
  }

  @Test func framesTakeEachOthersPlaceAndNothingElse() {
    let window = Window()
    let region = LiveRegion(write: window.write)
    region.show(["one", "a longer line", "three"], columns: 40, rows: 10)
    region.show(["1", "2", "3"], columns: 40, rows: 10)
    #expect(window.rows == ["$ mlrepl", "1", "2", "3", ""])
    region.show(["only"], columns: 40, rows: 10)
    #expect(window.rows == ["$ mlrepl", "only", ""])
    region.clear()
    #expect(window.rows == ["$ mlrepl", ""])
  }

  @Test func whatIsSettledStays() {
    let window = Window()
    let region = LiveRegion(write: window.write)
    region.show(["first"], columns: 40, rows: 10)
    region.settle()
    region.show(["second"], columns: 40, rows: 10)
    #expect(window.rows == ["$ mlrepl", "first", "second", ""])
  }

  @Test func afterAnotherSizeTheNextFrameStandsBelow() {
    let window = Window()
    let region = LiveRegion(write: window.write)
    region.show(["first"], columns: 40, rows: 10)
    region.show(["second"], columns: 30, rows: 10)
    region.show(["third"], columns: 30, rows: 10)
    #expect(window.rows == ["$ mlrepl", "first", "third", ""])
  }

  @Test func moreLinesThanTheWindowHasAreLeftOut() {
    let window = Window()
    let region = LiveRegion(write: window.write)
    region.show((0..<9).map(String.init), columns: 40, rows: 4)
    #expect(window.rows == ["$ mlrepl", "6", "7", "8", ""])
  }
}
