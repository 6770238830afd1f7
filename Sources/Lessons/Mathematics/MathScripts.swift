/// The characters Unicode has above and below the line.
enum MathScripts {
  /// The text below the line, or nil where a character has no such form.
  static func lowered(_ text: String) -> String? { mapped(text, by: lower) }

  /// The text above the line, or nil where a character has no such form.
  static func raised(_ text: String) -> String? { mapped(text, by: upper) }

  private static func mapped(_ text: String, by table: [Character: Character]) -> String? {
    var result = ""
    for character in text {
      guard let form = table[character] else { return nil }
      result.append(form)
    }
    return result
  }

  private static let lower = table(
    "0123456789+−-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")

  private static let upper = table(
    "0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ⊤′*∗†∘",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡᵀ′*∗†°")

  private static func table(_ plain: String, _ forms: String) -> [Character: Character] {
    Dictionary(zip(plain, forms)) { first, _ in first }
  }
}
