/// Gives every global variable its slot; slots are never taken back.
final class GlobalNames {
  private var slots: [String: Int] = [:]
  private(set) var names: [String] = []

  /// The slot of a name, a new one for a new name.
  func slot(of name: String) -> Int {
    if let slot = slots[name] { return slot }
    slots[name] = names.count
    names.append(name)
    return names.count - 1
  }

  /// The slot of a name that is known already.
  func existingSlot(of name: String) -> Int? { slots[name] }
}
