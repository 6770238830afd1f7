/// Something the user can ask for behind a colon.
struct Command: Sendable {
  /// The word after the colon.
  let name: String
  /// What stands after it in help: `:time EXPR`.
  let usage: String
  /// What it does, in a sentence.
  let summary: String
  /// Does it, with the rest of the line.
  let run: @Sendable (_ argument: String, _ shell: Shell) -> Void
}
