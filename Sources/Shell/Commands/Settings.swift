import Interpreter
import Plots

extension Command {
  static let seed = Command(
    name: "seed", usage: ":seed N", summary: "Restarts the random numbers."
  ) { argument, shell in
    guard let seed = UInt64(argument) else {
      shell.fail("a seed is a whole number from 0", "Write :seed 1.")
      return
    }
    shell.session.seed(seed)
  }

  static let precision = Command(
    name: "precision", usage: ":precision N", summary: "Shows so many significant digits."
  ) { argument, shell in
    guard let digits = Int(argument), (1...17).contains(digits) else {
      shell.fail("a precision is a whole number from 1 to 17")
      return
    }
    shell.session.precision = digits
  }

  static let style = Command(
    name: "style", usage: ":style S", summary: "Draws in ascii, unicode or braille."
  ) { argument, shell in
    guard let characters = RenderOptions.Characters(rawValue: argument) else {
      shell.fail("a style is ascii, unicode or braille")
      return
    }
    shell.renderer.options.characters = characters
  }
}
