import Glibc
import Syntax

extension Machine {
  /// Runs instructions until the calls under way are `floor` again.
  ///
  /// Numbers are dealt with here; whatever else an operand may be is left to a step of its own,
  /// outside the loop.
  func execute(downTo floor: Int) throws -> Value {
    let globals = stack.base
    var registers = innermost.pointee.registers
    var constants = innermost.pointee.entry.pointee.constants
    var next = innermost.pointee.next
    var untilPoll = Self.stepsBetweenPolls

    do {
      while true {
        let instruction = next
        next += 1
        switch instruction.pointee {
        case .number(let target, let number):
          (registers + Int(target)).store(Double(number))
        case .constant(let target, let index):
          registers[Int(target)] = constants[Int(index)]
        case .move(let target, let source):
          let source = registers + Int(source)
          if case .number(let number) = source.pointee {
            (registers + Int(target)).store(number)
          } else {
            registers[Int(target)] = source.pointee
          }
        case .release(let register): (registers + Int(register)).clear()
        case .global(let target, let slot):
          let global = globals + Int(slot)
          if case .number(let number) = global.pointee {
            (registers + Int(target)).store(number)
          } else {
            try loadGlobal(slot, into: registers + Int(target))
          }
        case .setGlobal(let slot, let source):
          setGlobal(slot, to: registers[Int(source)])
        case .newCell(let register): registers[Int(register)] = .cell(Cell(.undefined))
        case .wrapInCell(let register):
          let register = registers + Int(register)
          register.pointee = .cell(Cell(register.take()))
        case .cell(let target, let cell):
          guard case .cell(let box) = registers[Int(cell)] else { continue }
          registers[Int(target)] = box.value
        case .setCell(let cell, let source):
          guard case .cell(let box) = registers[Int(cell)] else { continue }
          box.value = registers[Int(source)]
        case .capture(let target, let index):
          registers[Int(target)] = captured(index).value
        case .setCapture(let index, let source):
          captured(index).value = registers[Int(source)]
        case .defined(let register, let name):
          if case .undefined = registers[Int(register)] { throw missingValue(name) }

        case .add(let target, let left, let right):
          let (left, right) = (registers + Int(left), registers + Int(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            (registers + Int(target)).store(a + b)
          } else {
            try combine(.add, left.pointee, right.pointee, into: registers + Int(target))
          }
        case .subtract(let target, let left, let right):
          let (left, right) = (registers + Int(left), registers + Int(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            (registers + Int(target)).store(a - b)
          } else {
            try combine(.subtract, left.pointee, right.pointee, into: registers + Int(target))
          }
        case .multiply(let target, let left, let right):
          let (left, right) = (registers + Int(left), registers + Int(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            (registers + Int(target)).store(a * b)
          } else {
            try combine(.multiply, left.pointee, right.pointee, into: registers + Int(target))
          }
        case .divide(let target, let left, let right):
          let (left, right) = (registers + Int(left), registers + Int(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            (registers + Int(target)).store(a / b)
          } else {
            try combine(.divide, left.pointee, right.pointee, into: registers + Int(target))
          }
        case .addNumber(let target, let left, let b):
          if case .number(let a) = registers[Int(left)] {
            (registers + Int(target)).store(a + Double(b))
          } else {
            try combine(
              .add, registers[Int(left)], .number(Double(b)), into: registers + Int(target))
          }
        case .subtractNumber(let target, let left, let b):
          if case .number(let a) = registers[Int(left)] {
            (registers + Int(target)).store(a - Double(b))
          } else {
            try combine(
              .subtract, registers[Int(left)], .number(Double(b)), into: registers + Int(target))
          }
        case .multiplyNumber(let target, let left, let b):
          if case .number(let a) = registers[Int(left)] {
            (registers + Int(target)).store(a * Double(b))
          } else {
            try combine(
              .multiply, registers[Int(left)], .number(Double(b)), into: registers + Int(target))
          }
        case .divideNumber(let target, let left, let b):
          if case .number(let a) = registers[Int(left)] {
            (registers + Int(target)).store(a / Double(b))
          } else {
            try combine(
              .divide, registers[Int(left)], .number(Double(b)), into: registers + Int(target))
          }
        case .numberTimes(let target, let a, let right):
          if case .number(let b) = registers[Int(right)] {
            (registers + Int(target)).store(Double(a) * b)
          } else {
            try combine(
              .multiply, .number(Double(a)), registers[Int(right)], into: registers + Int(target))
          }
        case .remainder(let target, let left, let right):
          let (left, right) = (registers + Int(left), registers + Int(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            (registers + Int(target)).store(Arithmetic.remainder(a, b))
          } else {
            try combine(.remainder, left.pointee, right.pointee, into: registers + Int(target))
          }
        case .power(let target, let left, let right):
          let (left, right) = (registers + Int(left), registers + Int(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            (registers + Int(target)).store(b == 2 ? a * a : pow(a, b))
          } else {
            try combine(.power, left.pointee, right.pointee, into: registers + Int(target))
          }
        case .arithmetic(let operation, let target, let left, let right):
          try combine(
            operation, registers[Int(left)], registers[Int(right)], into: registers + Int(target))
        case .compare(let relation, let target, let left, let right):
          registers[Int(target)] = try Comparing.compare(
            relation, registers[Int(left)], registers[Int(right)])
        case .negate(let target, let operand):
          if case .number(let number) = registers[Int(operand)] {
            (registers + Int(target)).store(-number)
          } else {
            registers[Int(target)] = try Arithmetic.negated(registers[Int(operand)])
          }
        case .plus(let target, let operand):
          registers[Int(target)] = try Arithmetic.plus(registers[Int(operand)])
        case .not(let target, let operand):
          registers[Int(target)] = try Comparing.not(registers[Int(operand)])
        case .decide(let isAnd, let target, let operand, let jump):
          if let truth = try Comparing.axislessTruth(registers[Int(operand)]), truth != isAnd {
            (registers + Int(target)).store(truth)
            next = instruction + Int(jump)
          }
        case .logical(let isAnd, let target, let left, let right):
          registers[Int(target)] = try Comparing.logical(
            isAnd: isAnd, registers[Int(left)], registers[Int(right)])

        case .jump(let offset): next = instruction + Int(offset)
        case .loop(let offset):
          next = instruction + Int(offset)
          untilPoll -= 1
          if untilPoll < 0 { untilPoll = try polled() }
        case .branch(let condition, let when, let jump):
          if case .bool(let truth) = registers[Int(condition)] {
            if truth == when { next = instruction + Int(jump) }
          } else if try Comparing.truth(registers[Int(condition)]) == when {
            next = instruction + Int(jump)
          }
        case .branchEqual(let left, let right, let when, let jump):
          let (left, right) = (registers + Int(left), registers + Int(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            if (a == b) == when { next = instruction + Int(jump) }
          } else if try holds(.equal, left.pointee, right.pointee) == when {
            next = instruction + Int(jump)
          }
        case .branchNotEqual(let left, let right, let when, let jump):
          let (left, right) = (registers + Int(left), registers + Int(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            if (a != b) == when { next = instruction + Int(jump) }
          } else if try holds(.notEqual, left.pointee, right.pointee) == when {
            next = instruction + Int(jump)
          }
        case .branchLess(let left, let right, let when, let jump):
          let (left, right) = (registers + Int(left), registers + Int(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            if (a < b) == when { next = instruction + Int(jump) }
          } else if try holds(.less, left.pointee, right.pointee) == when {
            next = instruction + Int(jump)
          }
        case .branchLessOrEqual(let left, let right, let when, let jump):
          let (left, right) = (registers + Int(left), registers + Int(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            if (a <= b) == when { next = instruction + Int(jump) }
          } else if try holds(.lessOrEqual, left.pointee, right.pointee) == when {
            next = instruction + Int(jump)
          }
        case .branchGreater(let left, let right, let when, let jump):
          let (left, right) = (registers + Int(left), registers + Int(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            if (a > b) == when { next = instruction + Int(jump) }
          } else if try holds(.greater, left.pointee, right.pointee) == when {
            next = instruction + Int(jump)
          }
        case .branchGreaterOrEqual(let left, let right, let when, let jump):
          let (left, right) = (registers + Int(left), registers + Int(right))
          if case .number(let a) = left.pointee, case .number(let b) = right.pointee {
            if (a >= b) == when { next = instruction + Int(jump) }
          } else if try holds(.greaterOrEqual, left.pointee, right.pointee) == when {
            next = instruction + Int(jump)
          }
        case .branchEqualNumber(let left, let b, let when, let jump):
          if case .number(let a) = registers[Int(left)] {
            if (a == Double(b)) == when { next = instruction + Int(jump) }
          } else if try holds(.equal, registers[Int(left)], .number(Double(b))) == when {
            next = instruction + Int(jump)
          }
        case .branchNotEqualNumber(let left, let b, let when, let jump):
          if case .number(let a) = registers[Int(left)] {
            if (a != Double(b)) == when { next = instruction + Int(jump) }
          } else if try holds(.notEqual, registers[Int(left)], .number(Double(b))) == when {
            next = instruction + Int(jump)
          }
        case .branchLessNumber(let left, let b, let when, let jump):
          if case .number(let a) = registers[Int(left)] {
            if (a < Double(b)) == when { next = instruction + Int(jump) }
          } else if try holds(.less, registers[Int(left)], .number(Double(b))) == when {
            next = instruction + Int(jump)
          }
        case .branchLessOrEqualNumber(let left, let b, let when, let jump):
          if case .number(let a) = registers[Int(left)] {
            if (a <= Double(b)) == when { next = instruction + Int(jump) }
          } else if try holds(.lessOrEqual, registers[Int(left)], .number(Double(b))) == when {
            next = instruction + Int(jump)
          }
        case .branchGreaterNumber(let left, let b, let when, let jump):
          if case .number(let a) = registers[Int(left)] {
            if (a > Double(b)) == when { next = instruction + Int(jump) }
          } else if try holds(.greater, registers[Int(left)], .number(Double(b))) == when {
            next = instruction + Int(jump)
          }
        case .branchGreaterOrEqualNumber(let left, let b, let when, let jump):
          if case .number(let a) = registers[Int(left)] {
            if (a >= Double(b)) == when { next = instruction + Int(jump) }
          } else if try holds(.greaterOrEqual, registers[Int(left)], .number(Double(b))) == when {
            next = instruction + Int(jump)
          }

        case .bracketed(let target, let first, let count):
          let values = take(registers + Int(first), Int(count))
          registers[Int(target)] = try Value.bracketed(values).admitted()
        case .sequence(let target, let first, let count):
          let values = take(registers + Int(first), Int(count))
          registers[Int(target)] = try Value.list(values).admitted()
        case .emptyList(let target): registers[Int(target)] = .list([])
        case .append(let list, let value):
          guard case .list(let box) = registers[Int(list)] else { continue }
          guard box.values.count < Extent.largest else { throw Extent.tooLarge }
          box.append(registers[Int(value)])
        case .pack(let list):
          guard case .list(let box) = registers[Int(list)] else { continue }
          registers[Int(list)] = try Value.bracketed(box.values).admitted()
        case .range(let target, let first, let hasStep):
          let values = take(registers + Int(first), hasStep ? 3 : 2)
          registers[Int(target)] = try Self.range(values)
        case .string(let target, let first, let parts):
          try interpolate(parts, registers + Int(first), into: registers + Int(target))

        case .element(let target, let base, let index):
          let (base, index) = (registers + Int(base), registers + Int(index))
          if case .number(let position) = index.pointee, case .tensor = base.pointee,
            let number = base.unretained(as: TensorBox.self)
              ._withUnsafeGuaranteedRef({ $0.number(at: position) })
          {
            (registers + Int(target)).store(number)
          } else {
            registers[Int(target)] = try Indexing.value(of: base.pointee, [.value], index)
          }
        case .index(let target, let base, let first, let shape):
          try index(
            shape, of: registers + Int(base), registers + Int(first), into: registers + Int(target))
        case .field(let target, let base, let name):
          registers[Int(target)] = try Fields.value(
            of: registers[Int(base)], tables.names[Int(name)])
        case .setElement(let place, let index, let value):
          let (place, index) = (registers + Int(place), registers + Int(index))
          if case .number(let position) = index.pointee,
            case .number(let number) = registers[Int(value)], case .tensor = place.pointee,
            TensorBox.set(number, at: position, in: place)
          {
          } else {
            try setElement(place, index, registers[Int(value)])
          }
        case .assignPath(let path, let first, let value):
          try assign(registers[Int(value)], path, registers, registers + Int(first))
        case .unpack(let first, let count, let source):
          let values = try Iterating.parts(of: registers[Int(source)], count: Int(count))
          for (offset, value) in values.enumerated() { registers[Int(first) + offset] = value }

        case .iterate(let target, let source):
          try iterate(registers[Int(source)], into: registers + Int(target))
        case .next(let target, let iterator, let body):
          let state = registers + Int(iterator)
          if case .number(let number) = state.pointee {
            let remaining = (state + 1).number
            if remaining > 0 {
              (registers + Int(target)).store(number)
              state.initialize(to: .number(number + (state + 2).number))
              (state + 1).initialize(to: .number(remaining - 1))
              next = instruction + Int(body)
            }
          } else if try advance(state, into: registers + Int(target)) {
            next = instruction + Int(body)
          }
          untilPoll -= 1
          if untilPoll < 0 { untilPoll = try polled() }

        case .closure(let target, let prototype, let firstDefault, let defaults):
          registers[Int(target)] = closure(
            prototype, take(registers + Int(firstDefault), Int(defaults)), registers)

        case .call(let target, let callee, let first, let count):
          untilPoll -= 1
          if untilPoll < 0 { untilPoll = try polled() }
          innermost.pointee.next = next
          let callee = registers + Int(callee)
          let window = registers + Int(first)
          if case .function = callee.pointee {
            let function = callee.unretained(as: Function.self)
            let entry = function._withUnsafeGuaranteedRef { $0.entry }
            if entry.pointee.parameterCount == Int(count) {
              try push(function, entry, window, target: target)
            } else {
              try pushBound(callee, window, count: Int(count), names: [], target: target)
            }
            registers = innermost.pointee.registers
            constants = innermost.pointee.entry.pointee.constants
            next = innermost.pointee.next
          } else {
            try callOther(callee, window, count: Int(count), into: registers + Int(target))
          }
        case .callGlobal(let target, let slot, let first, let count):
          untilPoll -= 1
          if untilPoll < 0 { untilPoll = try polled() }
          innermost.pointee.next = next
          let callee = globals + Int(slot)
          let window = registers + Int(first)
          if case .function = callee.pointee {
            let function = callee.unretained(as: Function.self)
            let entry = function._withUnsafeGuaranteedRef { $0.entry }
            if entry.pointee.parameterCount == Int(count) {
              try push(function, entry, window, target: target)
            } else {
              try pushBound(callee, window, count: Int(count), names: [], target: target)
            }
            registers = innermost.pointee.registers
            constants = innermost.pointee.entry.pointee.constants
            next = innermost.pointee.next
          } else {
            if case .undefined = callee.pointee { throw unknownName(self.globals.names[Int(slot)]) }
            try callOther(callee, window, count: Int(count), into: registers + Int(target))
          }
        case .callNamed(let target, let callee, let first):
          untilPoll -= 1
          if untilPoll < 0 { untilPoll = try polled() }
          innermost.pointee.next = next
          try callNamed(registers + Int(callee), registers + Int(first), target: target)
          registers = innermost.pointee.registers
          constants = innermost.pointee.entry.pointee.constants
          next = innermost.pointee.next

        case .finish(let register):
          let target = Int(innermost.pointee.target)
          let source = registers + Int(register)
          if case .number(let number) = source.pointee {
            pop()
            if depth == floor { return .number(number) }
            registers = innermost.pointee.registers
            (registers + target).store(number)
          } else {
            let value = source.take()
            pop()
            if depth == floor { return value }
            registers = innermost.pointee.registers
            registers[target] = value
          }
          constants = innermost.pointee.entry.pointee.constants
          next = innermost.pointee.next

        case .check(let index, let first): try check(index, registers + Int(first))
        case .derive(let index, let first):
          innermost.pointee.next = next
          try derive(index, registers + Int(first))
        }
      }
    } catch {
      innermost.pointee.next = next
      throw located(error, downTo: floor)
    }
  }
}
