import Glibc
import Syntax
import Tensors

extension Machine {
  /// Runs instructions until the innermost call is `floor` again.
  ///
  /// Numbers are dealt with here; whatever else an operand may be is left to a step of its own,
  /// outside the loop.
  func execute(downTo floor: UnsafeMutablePointer<CallFrame>) throws -> Value {
    let looking = context.trapsNaN
    let globals = stack.base
    var registers = frame.pointee.registers
    var constants = frame.pointee.entry.pointee.constants
    var next = frame.pointee.next
    var untilPoll = Self.stepsBetweenPolls

    do {
      while true {
        if looking {
          frame.pointee.next = next + 1
          try lookAt(next, registers)
        }
        let instruction = next
        next += 1
        switch instruction.pointee {
        case .number(let target, let number):
          registers.at(target).store(Double(number))
        case .constant(let target, let index):
          registers[target] = constants[Int(index)]
        case .move(let target, let source):
          let source = registers.at(source)
          if case .number(let number) = source.pointee {
            registers.at(target).store(number)
          } else {
            registers[target] = source.pointee
          }
        case .release(let register): registers.at(register).clear()
        case .global(let target, let slot):
          let global = globals.at(slot)
          if case .number(let number) = global.pointee {
            registers.at(target).store(number)
          } else {
            try loadGlobal(slot, into: registers.at(target))
          }
        case .setGlobal(let slot, let source):
          setGlobal(slot, to: registers[source])
        case .newCell(let register): registers[register] = .cell(Cell(.undefined))
        case .wrapInCell(let register):
          let register = registers.at(register)
          register.pointee = .cell(Cell(register.take()))
        case .cell(let target, let cell):
          guard case .cell(let box) = registers[cell] else { continue }
          registers[target] = box.value
        case .setCell(let cell, let source):
          guard case .cell(let box) = registers[cell] else { continue }
          box.value = registers[source]
        case .capture(let target, let index):
          registers[target] = captured(index).value
        case .setCapture(let index, let source):
          captured(index).value = registers[source]
        case .defined(let register, let name):
          if case .undefined = registers[register] { throw missingValue(name) }

        case .productPlus(let target, let a, let b, let c):
          let (a, b, c) = (registers.at(a), registers.at(b), registers.at(c))
          if let product = Registers.product(a, b), case .number(let c) = c.pointee {
            registers.at(target).store(product + c)
          } else {
            try combine(product: a, b, .add, c, into: registers.at(target))
          }
        case .productMinus(let target, let a, let b, let c):
          let (a, b, c) = (registers.at(a), registers.at(b), registers.at(c))
          if let product = Registers.product(a, b), case .number(let c) = c.pointee {
            registers.at(target).store(product - c)
          } else {
            try combine(product: a, b, .subtract, c, into: registers.at(target))
          }
        case .plusProduct(let target, let c, let a, let b):
          let (a, b, c) = (registers.at(a), registers.at(b), registers.at(c))
          if let product = Registers.product(a, b), case .number(let c) = c.pointee {
            registers.at(target).store(c + product)
          } else {
            try combine(c, .add, product: a, b, into: registers.at(target))
          }
        case .minusProduct(let target, let c, let a, let b):
          let (a, b, c) = (registers.at(a), registers.at(b), registers.at(c))
          if let product = Registers.product(a, b), case .number(let c) = c.pointee {
            registers.at(target).store(c - product)
          } else {
            try combine(c, .subtract, product: a, b, into: registers.at(target))
          }
        case .add(let target, let left, let right):
          let (left, right) = (registers.at(left), registers.at(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            registers.at(target).store(a + b)
          } else {
            try combine(.add, left, right, into: registers.at(target), at: instruction)
          }
        case .subtract(let target, let left, let right):
          let (left, right) = (registers.at(left), registers.at(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            registers.at(target).store(a - b)
          } else {
            try combine(.subtract, left, right, into: registers.at(target), at: instruction)
          }
        case .multiply(let target, let left, let right):
          let (left, right) = (registers.at(left), registers.at(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            registers.at(target).store(a * b)
          } else {
            try combine(.multiply, left, right, into: registers.at(target), at: instruction)
          }
        case .divide(let target, let left, let right):
          let (left, right) = (registers.at(left), registers.at(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            registers.at(target).store(a / b)
          } else {
            try combine(.divide, left, right, into: registers.at(target), at: instruction)
          }
        case .increase(let place, let by):
          let (place, right) = (registers.at(place), registers.at(by))
          if case .number(let a) = place.pointee, case .number(let b) = right.pointee {
            place.change(to: a + b)
          } else {
            try combine(.add, place, right, into: place, at: instruction)
          }
        case .increaseByNumber(let place, let b):
          let place = registers.at(place)
          if case .number(let a) = place.pointee {
            place.change(to: a + Double(b))
          } else {
            try combine(.add, place, number: Double(b), into: place, at: instruction)
          }
        case .addNumber(let target, let left, let b):
          if case .number(let a) = registers[left] {
            registers.at(target).store(a + Double(b))
          } else {
            try combine(
              .add, registers.at(left), number: Double(b), into: registers.at(target),
              at: instruction)
          }
        case .subtractNumber(let target, let left, let b):
          if case .number(let a) = registers[left] {
            registers.at(target).store(a - Double(b))
          } else {
            try combine(
              .subtract, registers.at(left), number: Double(b), into: registers.at(target),
              at: instruction)
          }
        case .multiplyNumber(let target, let left, let b):
          if case .number(let a) = registers[left] {
            registers.at(target).store(a * Double(b))
          } else {
            try combine(
              .multiply, registers.at(left), number: Double(b), into: registers.at(target),
              at: instruction)
          }
        case .divideNumber(let target, let left, let b):
          if case .number(let a) = registers[left] {
            registers.at(target).store(a / Double(b))
          } else {
            try combine(
              .divide, registers.at(left), number: Double(b), into: registers.at(target),
              at: instruction)
          }
        case .numberTimes(let target, let a, let right):
          if case .number(let b) = registers[right] {
            registers.at(target).store(Double(a) * b)
          } else {
            try combine(
              .multiply, number: Double(a), registers.at(right), into: registers.at(target),
              at: instruction)
          }
        case .remainder(let target, let left, let right):
          let (left, right) = (registers.at(left), registers.at(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            registers.at(target).store(flooredRemainder(a, b))
          } else {
            try combine(.remainder, left.pointee, right.pointee, into: registers.at(target))
          }
        case .power(let target, let left, let right):
          let (left, right) = (registers.at(left), registers.at(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            registers.at(target).store(b == 2 ? a * a : numberPower(a, b))
          } else {
            try combine(.power, left.pointee, right.pointee, into: registers.at(target))
          }
        case .arithmetic(let operation, let target, let left, let right):
          try combine(
            operation, registers[left], registers[right], into: registers.at(target))
        case .compare(let relation, let target, let left, let right):
          try compare(relation, registers[left], registers[right], into: registers.at(target))
        case .negate(let target, let operand):
          if case .number(let number) = registers[operand] {
            registers.at(target).store(-number)
          } else {
            try negate(registers.at(operand), into: registers.at(target), at: instruction)
          }
        case .plus(let target, let operand):
          registers[target] = try Arithmetic.plus(registers[operand])
        case .not(let target, let operand):
          try not(registers[operand], into: registers.at(target))
        case .decide(let isAnd, let target, let operand, let jump):
          if let truth = try Comparing.axislessTruth(registers[operand]), truth != isAnd {
            registers.at(target).store(truth)
            next = instruction + Int(jump)
          }
        case .logical(let isAnd, let target, let left, let right):
          try combineTruths(
            isAnd: isAnd, registers[left], registers[right], into: registers.at(target))

        case .jump(let offset): next = instruction + Int(offset)
        case .loop(let offset):
          next = instruction + Int(offset)
          untilPoll &-= 1
          if untilPoll < 0 { untilPoll = try polled() }
        case .branch(let condition, let when, let jump):
          if case .bool(let truth) = registers[condition] {
            if truth == when { next = instruction + Int(jump) }
          } else if try Comparing.truth(registers[condition]) == when {
            next = instruction + Int(jump)
          }
        case .branchEqual(let left, let right, let when, let jump):
          let (left, right) = (registers.at(left), registers.at(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            if (a == b) == when { next = instruction + Int(jump) }
          } else if try holds(.equal, left.pointee, right.pointee) == when {
            next = instruction + Int(jump)
          }
        case .branchNotEqual(let left, let right, let when, let jump):
          let (left, right) = (registers.at(left), registers.at(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            if (a != b) == when { next = instruction + Int(jump) }
          } else if try holds(.notEqual, left.pointee, right.pointee) == when {
            next = instruction + Int(jump)
          }
        case .branchLess(let left, let right, let when, let jump):
          let (left, right) = (registers.at(left), registers.at(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            if (a < b) == when { next = instruction + Int(jump) }
          } else if try holds(.less, left.pointee, right.pointee) == when {
            next = instruction + Int(jump)
          }
        case .branchLessOrEqual(let left, let right, let when, let jump):
          let (left, right) = (registers.at(left), registers.at(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            if (a <= b) == when { next = instruction + Int(jump) }
          } else if try holds(.lessOrEqual, left.pointee, right.pointee) == when {
            next = instruction + Int(jump)
          }
        case .branchGreater(let left, let right, let when, let jump):
          let (left, right) = (registers.at(left), registers.at(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            if (a > b) == when { next = instruction + Int(jump) }
          } else if try holds(.greater, left.pointee, right.pointee) == when {
            next = instruction + Int(jump)
          }
        case .branchGreaterOrEqual(let left, let right, let when, let jump):
          let (left, right) = (registers.at(left), registers.at(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            if (a >= b) == when { next = instruction + Int(jump) }
          } else if try holds(.greaterOrEqual, left.pointee, right.pointee) == when {
            next = instruction + Int(jump)
          }
        case .branchEqualNumber(let left, let b, let when, let jump):
          if case .number(let a) = registers[left] {
            if (a == Double(b)) == when { next = instruction + Int(jump) }
          } else if try holds(.equal, registers[left], .number(Double(b))) == when {
            next = instruction + Int(jump)
          }
        case .branchNotEqualNumber(let left, let b, let when, let jump):
          if case .number(let a) = registers[left] {
            if (a != Double(b)) == when { next = instruction + Int(jump) }
          } else if try holds(.notEqual, registers[left], .number(Double(b))) == when {
            next = instruction + Int(jump)
          }
        case .branchLessNumber(let left, let b, let when, let jump):
          if case .number(let a) = registers[left] {
            if (a < Double(b)) == when { next = instruction + Int(jump) }
          } else if try holds(.less, registers[left], .number(Double(b))) == when {
            next = instruction + Int(jump)
          }
        case .branchLessOrEqualNumber(let left, let b, let when, let jump):
          if case .number(let a) = registers[left] {
            if (a <= Double(b)) == when { next = instruction + Int(jump) }
          } else if try holds(.lessOrEqual, registers[left], .number(Double(b))) == when {
            next = instruction + Int(jump)
          }
        case .branchGreaterNumber(let left, let b, let when, let jump):
          if case .number(let a) = registers[left] {
            if (a > Double(b)) == when { next = instruction + Int(jump) }
          } else if try holds(.greater, registers[left], .number(Double(b))) == when {
            next = instruction + Int(jump)
          }
        case .branchGreaterOrEqualNumber(let left, let b, let when, let jump):
          if case .number(let a) = registers[left] {
            if (a >= Double(b)) == when { next = instruction + Int(jump) }
          } else if try holds(.greaterOrEqual, registers[left], .number(Double(b))) == when {
            next = instruction + Int(jump)
          }

        case .bracketed(let target, let first, let count):
          let values = registers.at(first).take(Int(count))
          registers[target] = try Value.bracketed(values).admitted()
        case .sequence(let target, let first, let count):
          let values = registers.at(first).take(Int(count))
          registers[target] = try Value.list(values).admitted()
        case .emptyList(let target): registers[target] = .list([])
        case .append(let list, let value):
          guard case .list(let box) = registers[list] else { continue }
          guard box.values.count < Extent.largest else { throw Extent.tooLarge }
          box.append(registers[value])
        case .pack(let list):
          guard case .list(let box) = registers[list] else { continue }
          registers[list] = try Value.bracketed(box.values).admitted()
        case .range(let target, let first, let hasStep):
          let first = registers.at(first)
          registers[target] = try Self.range(
            first.take(), (first + 1).take(), hasStep ? (first + 2).take() : .number(1))
        case .string(let target, let first, let parts):
          try interpolate(parts, registers.at(first), into: registers.at(target))

        case .element(let target, let base, let index):
          let (base, index) = (registers.at(base), registers.at(index))
          if case .number(let position) = index.pointee, case .tensor = base.pointee,
            let number = base.element(at: position)
          {
            registers.at(target).store(number)
          } else {
            registers[target] = try Indexing.value(of: base.pointee, [.value], index)
          }
        case .index(let target, let base, let first, let shape):
          try index(
            shape, of: registers.at(base), registers.at(first), into: registers.at(target))
        case .field(let target, let base, let name):
          registers[target] = try Fields.value(
            of: registers[base], tables.names[Int(name)])
        case .setElement(let place, let index, let value):
          let (place, index) = (registers.at(place), registers.at(index))
          if case .number(let position) = index.pointee,
            case .number(let number) = registers[value], case .tensor = place.pointee,
            place.setElement(number, at: position)
          {
          } else {
            try setElement(place, index, registers[value])
          }
        case .assignPath(let path, let first, let value):
          try assign(registers[value], path, registers, registers.at(first))
        case .unpack(let first, let count, let source):
          let values = try Iterating.parts(of: registers[source], count: Int(count))
          for (offset, value) in values.enumerated() { registers.at(first)[offset] = value }

        case .iterate(let target, let source):
          try iterate(registers[source], into: registers.at(target))
        case .next(let target, let iterator, let body):
          let state = registers.at(iterator)
          if case .number(let number) = state.pointee {
            let remaining = (state + 1).number
            if remaining > 0 {
              registers.at(target).store(number)
              state.change(to: number + (state + 2).number)
              (state + 1).change(to: remaining - 1)
              next = instruction + Int(body)
            }
          } else if try advance(state, into: registers.at(target)) {
            next = instruction + Int(body)
          }
          untilPoll &-= 1
          if untilPoll < 0 { untilPoll = try polled() }

        case .closure(let target, let prototype, let firstDefault, let defaults):
          registers[target] = closure(
            prototype, registers.at(firstDefault).take(Int(defaults)), registers)

        case .call(let target, let callee, let first, let count):
          untilPoll &-= 1
          if untilPoll < 0 { untilPoll = try polled() }
          frame.pointee.next = next
          let callee = registers.at(callee)
          let window = registers.at(first)
          if case .function = callee.pointee {
            let function = callee.unretained(as: Function.self)
            let entry = function._withUnsafeGuaranteedRef { $0.entry }
            if entry.pointee.parameterCount == Int(count) {
              try push(function, entry, window, target: target)
            } else {
              try pushBound(callee, window, count: Int(count), names: [], target: target)
            }
            registers = frame.pointee.registers
            constants = frame.pointee.entry.pointee.constants
            next = frame.pointee.next
          } else {
            try callOther(callee, window, count: Int(count), into: registers.at(target))
          }
        case .callGlobal(let target, let slot, let first, let count):
          untilPoll &-= 1
          if untilPoll < 0 { untilPoll = try polled() }
          frame.pointee.next = next
          let callee = globals.at(slot)
          let window = registers.at(first)
          if case .function = callee.pointee {
            let function = callee.unretained(as: Function.self)
            let entry = function._withUnsafeGuaranteedRef { $0.entry }
            if entry.pointee.parameterCount == Int(count) {
              try push(function, entry, window, target: target)
            } else {
              try pushBound(callee, window, count: Int(count), names: [], target: target)
            }
            registers = frame.pointee.registers
            constants = frame.pointee.entry.pointee.constants
            next = frame.pointee.next
          } else {
            if case .undefined = callee.pointee {
              throw unknownName(self.globals.names[slot.number])
            }
            try callOther(callee, window, count: Int(count), into: registers.at(target))
          }
        case .callNamed(let target, let callee, let first):
          untilPoll &-= 1
          if untilPoll < 0 { untilPoll = try polled() }
          frame.pointee.next = next
          try callNamed(registers.at(callee), registers.at(first), target: target)
          registers = frame.pointee.registers
          constants = frame.pointee.entry.pointee.constants
          next = frame.pointee.next

        case .finish(let register):
          let target = frame.pointee.target
          let source = registers.at(register)
          if case .number(let number) = source.pointee {
            pop()
            if frame == floor { return .number(number) }
            registers = frame.pointee.registers
            registers.at(target).store(number)
          } else {
            let value = source.take()
            pop()
            if frame == floor { return value }
            registers = frame.pointee.registers
            registers[target] = value
          }
          constants = frame.pointee.entry.pointee.constants
          next = frame.pointee.next

        case .check(let index, let first): try check(index, registers.at(first))
        case .derive(let index, let first):
          frame.pointee.next = next
          try derive(index, registers.at(first))
        }
      }
    } catch {
      frame.pointee.next = next
      throw located(error, downTo: floor)
    }
  }
}
