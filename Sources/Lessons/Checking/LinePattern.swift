/// An expected line, taken apart.
struct LinePattern {
  private enum Element {
    case character(Character)
    /// Any number of blanks, at least one: beside a number.
    case blanks
    case number(NumberPattern, mayGoOn: Bool)
    case anything
  }

  private var elements: [Element] = []

  init(_ line: String, tolerance: Double?) {
    let text = LineText(line)
    var place = 0
    while place < text.characters.count {
      if let length = Self.ellipsis(at: place, in: text.characters) {
        if case .number(let number, _)? = elements.last {
          elements[elements.count - 1] = .number(number, mayGoOn: true)
        }
        elements.append(.anything)
        place += length
      } else if let number = text.numbers[place] {
        elements.append(.number(NumberPattern(number, tolerance: tolerance), mayGoOn: false))
        place = number.end
      } else if text.characters[place] == " " {
        let end = text.endOfBlanks(from: place)
        let isBesideNumber =
          text.numbers[end] != nil || text.numbers.values.contains { $0.end == place }
        elements +=
          isBesideNumber ? [.blanks] : Array(repeating: .character(" "), count: end - place)
        place = end
      } else {
        elements.append(.character(text.characters[place]))
        place += 1
      }
    }
  }

  /// Whether a line is one of those expected.
  func matches(_ line: LineText) -> Bool {
    var element = 0
    var place = 0
    // Where to go on when something after the last `…` does not fit: one character further.
    var retry: (element: Int, place: Int)?
    while true {
      if element < elements.count, case .anything = elements[element] {
        retry = (element + 1, place)
        element += 1
      } else if element < elements.count, let end = end(of: elements[element], at: place, in: line)
      {
        element += 1
        place = end
      } else if element == elements.count, place == line.characters.count {
        return true
      } else if let (from, start) = retry, start < line.characters.count {
        retry = (from, start + 1)
        (element, place) = (from, start + 1)
      } else {
        return false
      }
    }
  }

  /// The place after what an element stands for, or nil where it does not stand there.
  private func end(of element: Element, at place: Int, in line: LineText) -> Int? {
    switch element {
    case .character(let character):
      guard place < line.characters.count, line.numbers[place] == nil else { return nil }
      return line.characters[place] == character ? place + 1 : nil
    case .blanks:
      let end = line.endOfBlanks(from: place)
      return end > place ? end : nil
    case .number(let pattern, let mayGoOn):
      guard let number = line.numbers[place] else { return nil }
      return pattern.accepts(number, mayGoOn: mayGoOn) ? number.end : nil
    case .anything: return place
    }
  }

  private static func ellipsis(at place: Int, in characters: [Character]) -> Int? {
    if characters[place] == "…" { return 1 }
    return characters[place...].starts(with: "...") ? 3 : nil
  }
}

/// A line with the numbers in it found.
struct LineText {
  let characters: [Character]
  /// The numbers by the place they start at.
  let numbers: [Int: WrittenNumber]

  init(_ line: String) {
    let characters = Array(line)
    var numbers: [Int: WrittenNumber] = [:]
    var place = 0
    while place < characters.count {
      if let number = WrittenNumber(in: characters, at: place) {
        numbers[place] = number
        place = number.end
      } else if characters[place].isLetter || characters[place] == "_" {
        // Digits inside a name are part of the name: x2, conv3d.
        while place < characters.count, characters[place].isPartOfName { place += 1 }
      } else {
        place += 1
      }
    }
    self.characters = characters
    self.numbers = numbers
  }

  func endOfBlanks(from place: Int) -> Int {
    var end = place
    while end < characters.count, characters[end] == " " { end += 1 }
    return end
  }
}
