/// A variable that a closure captured.
package final class Cell {
  @exclusivity(unchecked) var value: Value
  /// How many functions captured it, once for each time.
  @exclusivity(unchecked) var owners = 0

  init(_ value: Value) { self.value = value }

  deinit {
    if value.holdsValues { Dismantling.free([value]) }
  }

  /// Gives its value away.
  func surrender() -> [Value] {
    defer { value = .undefined }
    return [value]
  }
}

/// Frees local functions that hold one another.
///
/// A local function that calls itself captures the variable it is in, and so holds itself: counting
/// references alone would never free it. Lists and records are copied when they change and cannot
/// hold themselves, so every such circle goes through the variables of a call, and the end of that
/// call is the time to look. A circle that leaves its call, as its result, is freed no more.
enum Circles {
  /// Empties those cells of an ending call that only functions in these cells still refer to.
  ///
  /// - Precondition: but for the functions that captured them, nothing holds the cells any more.
  static func free(_ cells: [Cell]) {
    var suspects: [(cell: Cell, function: Function)] = []
    for cell in cells where cell.owners > 0 {
      if let function = cell.functionHeldAlone { suspects.append((cell, function)) }
    }
    // A cell that another function captured is alive, and so is what it holds.
    while !suspects.isEmpty {
      var inside: [ObjectIdentifier: Int] = [:]
      for suspect in suspects {
        for cell in suspect.function.cells { inside[ObjectIdentifier(cell), default: 0] += 1 }
      }
      let dead = suspects.filter { inside[ObjectIdentifier($0.cell)] == $0.cell.owners }
      if dead.count == suspects.count { break }
      suspects = dead
    }
    for suspect in suspects { suspect.cell.value = .undefined }
  }
}

extension Cell {
  /// The function in this cell, where nothing else refers to it.
  fileprivate var functionHeldAlone: Function? {
    guard case .function = value else { return nil }
    return withUnsafeMutablePointer(to: &value) { place in
      let reference = UnsafeMutableRawPointer(place).assumingMemoryBound(to: Function.self)
      return isKnownUniquelyReferenced(&reference.pointee) ? reference.pointee : nil
    }
  }
}
