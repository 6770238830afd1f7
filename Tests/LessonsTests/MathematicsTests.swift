import Testing

@testable import Lessons

@Suite struct MathematicsTests {
  @Test(arguments: [
    (#"D_{ij}^2=2-2S_{ij}"#, "Dᵢⱼ² = 2 − 2Sᵢⱼ"),
    (#"[D_{ap}^2 - D_{an}^2 + m]_+"#, "[Dₐₚ² − Dₐₙ² + m]₊"),
    (#"\theta_k\in\mathbb R^d"#, "θₖ ∈ ℝᵈ"),
    (#"z_i^\top z_j/(\lVert z_i\rVert\lVert z_j\rVert)"#, "zᵢᵀzⱼ/(‖zᵢ‖‖zⱼ‖)"),
    (#"\sum_{i=1}^n x_i"#, "∑ᵢ₌₁ⁿ xᵢ"),
    (#"\sum_{j\in P_i}D_{ij}"#, "∑_(j ∈ Pᵢ) Dᵢⱼ"),
    (#"n_{y_i}"#, "n_(yᵢ)"),
    (#"n_K c"#, "n_K c"),
    (#"e^{-\alpha(S-\lambda)}"#, "e^(−α(S − λ))"),
    (#"e^{-x}"#, "e⁻ˣ"),
    (#"x'"#, "x′"),
    (#"28.6^\circ"#, "28.6°"),
    (#"\theta^{\ast}"#, "θ∗"),
  ])
  func scriptsUseTheirCharactersOrParentheses(tex: String, text: String) {
    #expect(Mathematics.inline(tex) == text)
  }

  @Test(arguments: [
    (#"\frac12D^2"#, "½D²"),
    (#"\frac1n\sum_i z_i"#, "1/n ∑ᵢ zᵢ"),
    (#"\frac{a+b}{c}"#, "(a + b)/c"),
    (#"\frac{1}{2n}"#, "1/(2n)"),
    (#"\frac{2m}n"#, "2m/n"),
    (#"\frac{d}{n(n-1)}"#, "d/(n(n − 1))"),
    (#"\frac{\partial L}{\partial S_{ij}}"#, "∂L/∂Sᵢⱼ"),
    (#"\frac{(a+b)}{(c+d)}"#, "(a + b)/(c + d)"),
    (#"\log\frac{q_j}{p_j}\ge0"#, "log(qⱼ/pⱼ) ≥ 0"),
    (#"\sqrt{x}"#, "√x"),
    (#"\sqrt{2-2w}"#, "√(2 − 2w)"),
    (#"\sqrt[3]{x}"#, "∛x"),
    (#"\binom nk"#, "C(n, k)"),
  ])
  func fractionsAndRootsReadUnambiguously(tex: String, text: String) {
    #expect(Mathematics.inline(tex) == text)
  }

  @Test(arguments: [
    (#"a\le b\ge c\ne d\approx e"#, "a ≤ b ≥ c ≠ d ≈ e"),
    (#"T\overset{c}{=}C\overset{c}{\le}H"#, "T ≐ C ≤ᶜ H"),
    (#"x\notin A, y\not\in B, a\not= b"#, "x ∉ A, y ∉ B, a ≠ b"),
    (#"A\Leftrightarrow B\to C"#, "A ⇔ B → C"),
    (#"n\times d\cdot 2\pm1"#, "n×d · 2 ± 1"),
    (#"\langle\theta,m\rangle"#, "⟨θ, m⟩"),
    (#"\nabla f, \infty, \prod_k p_k, \int f\,dx"#, "∇f, ∞, ∏ₖ pₖ, ∫ f dx"),
    (#"E_8:=R"#, "E₈ := R"),
    (#"-\log p_k\log2"#, "−log pₖ log 2"),
    (#"a=-1, (-b), x\le-y"#, "a = −1, (−b), x ≤ −y"),
    (#"\left(\frac ab\right)^2, \Big|x\Big|"#, "(a/b)², |x|"),
    (#"\|z\|_2 + |x|, p(y|x)"#, "‖z‖₂ + |x|, p(y | x)"),
    (#"I(Z;Y)=H(Y)-H(Y\mid Z)"#, "I(Z; Y) = H(Y) − H(Y | Z)"),
  ])
  func relationsAndOperatorsHaveTheirRoom(tex: String, text: String) {
    #expect(Mathematics.inline(tex) == text)
  }

  @Test(arguments: [
    (#"\bar z"#, "z\u{304}"), (#"\hat p_i"#, "p\u{302}ᵢ"), (#"\tilde J"#, "J\u{303}"),
    (#"\dot x"#, "x\u{307}"), (#"\hat{xyz}"#, "hat(xyz)"), (#"\mathcal{L}_1"#, "ℒ₁"),
    (#"\mathrm{softmax}_k(\theta)"#, "softmaxₖ(θ)"), (#"\operatorname{KL}(p\Vert q)"#, "KL(p ‖ q)"),
    (#"x\text{ if }y>0"#, "x if y > 0"), (#"\text{cost of $x_i$}"#, "cost of xᵢ"),
    (#"\underbrace{a+b}_{\text{tightness}}-c"#, "a + b  (tightness) − c"),
    (#"\arg\min_\theta J(\theta)"#, "arg min_θ J(θ)"), (#"a\quad b"#, "a  b"),
    (#"\frobnicate x"#, "frobnicate x"), (#"100\%, \{1\}, a\_b"#, "100%, {1}, a_b"),
  ])
  func namesTextsAndAccentsAreReadable(tex: String, text: String) {
    #expect(Mathematics.inline(tex) == text)
  }

  @Test(arguments: [
    (#"\sum_i \lambda_i \le \bar z"#, "sum_i lambda_i <= bar(z)"),
    (#"\frac12\lVert z_i-c\rVert^2"#, "1/2||z_i - c||^2"),
    (#"D_{ij}\overset{c}{=}x^{n-1}"#, "D_ij =c x^(n - 1)"),
    (#"z\in\mathbb R^d\to\infty"#, "z in R^d -> inf"),
    (#"\sqrt{x}\cdot\theta\tau"#, "sqrt(x) * theta tau"),
    ("é λ ≥ 語", "e lambda >= ?"),
  ])
  func asciiSpellsEverythingOut(tex: String, text: String) {
    let result = Mathematics.inline(tex, in: .ascii)
    #expect(result.replacing(" ", with: "") == text.replacing(" ", with: ""))
    #expect(result.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func alignedRowsStayAligned() {
    let tex = #"\begin{aligned} a &= b + c \\ aaa &\le d \end{aligned}"#
    #expect(Mathematics.display(tex) == ["  a = b + c", "aaa ≤ d"])
    #expect(Mathematics.inline(tex) == "a = b + c; aaa ≤ d")
  }

  @Test func casesAndMatricesAreFramed() {
    let cases = Mathematics.display(#"f = \begin{cases} 0 & x < 0 \\ x & \text{else} \end{cases}"#)
    #expect(cases == ["f = ⎧ 0  x < 0", "    ⎩ x  else"])
    let matrix = Mathematics.display(#"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}"#)
    #expect(matrix == ["⎛ 1  0 ⎞", "⎝ 0  1 ⎠"])
  }

  @Test(arguments: [
    "", "{", "}", #"\"#, "^", "_", "a^", #"\frac"#, #"\frac{1}"#, #"\begin{aligned}"#, #"\end{x}"#,
    #"\left"#, #"\text{"#, "&&", #"\\\\"#, #"\begin{cases} & } & \\"#, #"\sqrt[3"#, "a^b^c_d_e",
    #"\underbrace"#, #"\overset{c}"#, "%x", #"\not"#, "'", "|", #"\begin"#,
  ])
  func brokenFormulasGiveSomething(tex: String) {
    let text = Mathematics.inline(tex) + Mathematics.display(tex).joined()
    #expect(!text.contains("\\"))
  }

  @Test(arguments: ["{", #"\hat"#, #"\sqrt{"#, "x_{", #"\frac"#, #"\begin{cases}"#])
  func deepNestingEndsInAnEllipsis(part: String) {
    let tex = String(repeating: part, count: 20_000) + "x"
    #expect(Mathematics.inline(tex).count < 20_000)
    #expect(Mathematics.display(tex).joined().count < 20_000)
  }

  @Test func controlCharactersAreDropped() {
    #expect(Mathematics.inline("a\u{1B}[31m = b\u{7}\u{202E}") == "a[31m = b")
  }
}
