/// A call under way.
///
/// It holds nothing alive: its function stays in a register of the caller, in a global variable, or
/// with the machine.
struct CallFrame {
  let function: Unmanaged<Function>
  let entry: UnsafePointer<Prototype.Entry>
  let registers: Registers
  /// The next instruction.
  var next: UnsafePointer<Instruction>
  /// The caller's register that gets the result.
  let target: Register
}
