import Glibc
import Syntax
import Tensors

typealias Registers = UnsafeMutablePointer<Value>

/// The registers of all calls under way, in one piece that never moves: the global variables first,
/// then a window for every call, each beginning where its caller left the arguments.
///
/// Every register always holds a value. Those above the innermost window are trivial (a number, or
/// nothing), so that a new window needs no preparation and nothing dead is kept alive.
struct RegisterStack {
  let base: Registers
  let end: Registers

  /// Registers of all calls together: what keeps a runaway recursion from taking all memory.
  private static let count = 16_000_000
  /// The first of them belong to the global variables, as many as the machine can have.
  static let globals = 1 << 17

  /// Reserves the addresses; the system gives memory to a page when it is first written.
  ///
  /// Where addresses are limited there are fewer registers, and calls nest less deep.
  /// - Precondition: 4 MB of addresses are left for the smallest stack that is of use.
  init() {
    var count = Self.count
    var memory = Self.reserve(count)
    while memory == nil, count > 2 * Self.globals {
      count /= 2
      memory = Self.reserve(count)
    }
    guard let memory else { fatalError("no memory for the registers") }
    // The system's zeros read as the bool false: a value, and a trivial one.
    base = memory.bindMemory(to: Value.self, capacity: count)
    end = base + count
  }

  private static func reserve(_ count: Int) -> UnsafeMutableRawPointer? {
    let memory = mmap(
      nil, count * MemoryLayout<Value>.stride, PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    return memory == MAP_FAILED ? nil : memory
  }

  /// Gives the addresses back; every register must be trivial.
  func deallocate() { munmap(base, (end - base) * MemoryLayout<Value>.stride) }
}

extension Registers {
  /// The register of an operand.
  @inline(__always)
  func at(_ register: Register) -> Registers {
    (UnsafeMutableRawPointer(self) + Int(register.offset)).assumingMemoryBound(to: Value.self)
  }

  @inline(__always)
  subscript(_ register: Register) -> Value {
    get { at(register).pointee }
    nonmutating set { at(register).pointee = newValue }
  }

  /// The product of two registers that hold numbers.
  @inline(__always)
  static func product(_ a: Registers, _ b: Registers) -> Double? {
    guard case .number(let a) = a.pointee, case .number(let b) = b.pointee else { return nil }
    return a * b
  }

  /// Whether the value is forgotten without any work.
  @inline(__always)
  var isTrivial: Bool {
    switch pointee {
    case .bool, .number, .single, .undefined, .nothing: true
    case .text, .tensor, .range, .list, .record, .traced, .function, .builtin, .object, .cell: false
    }
  }

  /// Puts a number here.
  @inline(__always)
  func store(_ number: Double) {
    if case .number = pointee { change(to: number) } else { replace(by: number) }
  }

  @inline(never)
  private func replace(by number: Double) { pointee = .number(number) }

  /// Puts a truth value here.
  @inline(__always)
  func store(_ truth: Bool) {
    if isTrivial { initialize(to: .bool(truth)) } else { pointee = .bool(truth) }
  }

  /// Forgets the value.
  @inline(__always)
  func clear() {
    if !isTrivial { pointee = .undefined }
  }

  /// Takes the value away.
  @inline(__always)
  func take() -> Value {
    let value = move()
    initialize(to: .undefined)
    return value
  }

  /// Takes the values of consecutive registers away.
  func take(_ count: Int) -> [Value] { (0..<count).map { (self + $0).take() } }

  /// The number of a register that is known to hold one.
  @inline(__always)
  var number: Double { UnsafeRawPointer(self).load(as: Double.self) }

  /// Replaces the number of a register that is known to hold one.
  @inline(__always)
  func change(to number: Double) {
    UnsafeMutableRawPointer(self).storeBytes(of: number, as: Double.self)
  }

  /// The object of a register that is known to hold one, without counting the reference.
  ///
  /// An enum case with a class as its payload has the reference in its first word.
  @inline(__always)
  func unretained<Object: AnyObject>(as type: Object.Type) -> Unmanaged<Object> {
    UnsafeRawPointer(self).load(as: Unmanaged<Object>.self)
  }

  /// An element of a register that is known to hold a tensor; nil where it is no vector of numbers.
  @inline(__always)
  func element(at position: Double) -> Double? {
    unretained(as: TensorBox.self)._withUnsafeGuaranteedRef { $0.number(at: position) }
  }

  /// Sets an element of a register that is known to hold a tensor; false where it is no vector of
  /// numbers, or shared.
  @inline(__always)
  func setElement(_ number: Double, at position: Double) -> Bool {
    let reference = UnsafeMutableRawPointer(self).assumingMemoryBound(to: TensorBox.self)
    guard isKnownUniquelyReferenced(&reference.pointee) else { return false }
    return unretained(as: TensorBox.self)._withUnsafeGuaranteedRef {
      $0.set(number, at: position)
    }
  }

  /// Whether an operation on all elements of this tensor is not interrupted halfway.
  var isQuicklyChanged: Bool {
    if case .tensor(let box) = pointee { box.count <= Tensor.uninterrupted } else { false }
  }

  /// An operation with this register's tensor on the left and in its memory; false where somebody
  /// else has the tensor too, or the result would not fit.
  @inline(__always)
  func combine(_ operation: BinaryOperator, _ right: Value) -> Bool {
    changeSole { box in box.combine(operation, right) }
  }

  /// The same with this register's tensor on the right.
  @inline(__always)
  func combine(_ operation: BinaryOperator, from left: Value) -> Bool {
    changeSole { box in box.combine(operation, from: left) }
  }

  /// Changes the box of a tensor that has no other owner.
  @inline(__always)
  private func changeSole(_ body: (TensorBox) -> Bool) -> Bool {
    guard case .tensor = pointee else { return false }
    let reference = UnsafeMutableRawPointer(self).assumingMemoryBound(to: TensorBox.self)
    guard isKnownUniquelyReferenced(&reference.pointee) else { return false }
    return unretained(as: TensorBox.self)._withUnsafeGuaranteedRef(body)
  }
}
