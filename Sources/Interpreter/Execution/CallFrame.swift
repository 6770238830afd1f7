/// A call under way.
struct CallFrame {
  let function: Function
  let registers: UnsafeMutablePointer<Value>
  /// The next instruction.
  var position: Int
  /// The caller's register that gets the result.
  let result: Int
}
