import Diagnostics
import Syntax

extension Compiler {
  /// Compiles a condition into jumps; those returned are taken when its truth is `when`.
  ///
  /// Otherwise execution goes on below.
  func compileBranch(_ condition: Expression, when: Bool) throws(Diagnostic) -> [Int] {
    let outer = span
    span = condition.span
    defer { span = outer }
    switch condition.kind {
    case .group(let inner): return try compileBranch(inner, when: when)
    case .not(let inner): return try compileBranch(inner, when: !when)
    case .bool(let truth) where truth != when: return []
    case .logical(let isAnd, let left, let right):
      if isAnd != when {
        return try compileBranch(left, when: when) + compileBranch(right, when: when)
      }
      let skips = try compileBranch(left, when: !when)
      let jumps = try compileBranch(right, when: when)
      for skip in skips { patch(skip) }
      return jumps
    case .comparison(let first, let links) where links.count == 1:
      return try compileBranch(first, links[0].relation, links[0].operand, when: when)
    case .number, .bool, .none, .string, .name, .list, .sequence, .comprehension, .negation, .plus,
      .binary, .comparison, .choice, .range, .call, .index, .field, .lambda:
      let register = try temporarily { () throws(Diagnostic) in try operand(condition) }
      emit(.branch(register, when: when, jump: 0))
      return [position - 1]
    }
  }

  private func compileBranch(
    _ first: Expression, _ relation: Comparison, _ second: Expression, when: Bool
  ) throws(Diagnostic) -> [Int] {
    try temporarily { () throws(Diagnostic) in
      let left = try operand(first, before: [second])
      if let number = second.immediate, let branch = branch(relation, left, number, when) {
        emit(branch)
        return
      }
      let right = try operand(second)
      if let branch = branch(relation, left, right, when) {
        emit(branch)
      } else {
        let result = newRegister()
        emit(.compare(relation, target: result, left, right))
        emit(.branch(result, when: when, jump: 0))
      }
    }
    return [position - 1]
  }

  private func branch(
    _ relation: Comparison, _ left: Register, _ right: Register, _ when: Bool
  ) -> Instruction? {
    switch relation {
    case .equal: .branchEqual(left, right, when: when, jump: 0)
    case .notEqual: .branchNotEqual(left, right, when: when, jump: 0)
    case .less: .branchLess(left, right, when: when, jump: 0)
    case .lessOrEqual: .branchLessOrEqual(left, right, when: when, jump: 0)
    case .greater: .branchGreater(left, right, when: when, jump: 0)
    case .greaterOrEqual: .branchGreaterOrEqual(left, right, when: when, jump: 0)
    case .close, .contained, .notContained: nil
    }
  }

  private func branch(
    _ relation: Comparison, _ left: Register, _ right: Float, _ when: Bool
  ) -> Instruction? {
    switch relation {
    case .equal: .branchEqualNumber(left, right, when: when, jump: 0)
    case .notEqual: .branchNotEqualNumber(left, right, when: when, jump: 0)
    case .less: .branchLessNumber(left, right, when: when, jump: 0)
    case .lessOrEqual: .branchLessOrEqualNumber(left, right, when: when, jump: 0)
    case .greater: .branchGreaterNumber(left, right, when: when, jump: 0)
    case .greaterOrEqual: .branchGreaterOrEqualNumber(left, right, when: when, jump: 0)
    case .close, .contained, .notContained: nil
    }
  }
}
