#include <stdio.h>
#include <stdlib.h>
#include <readline/readline.h>
#include <readline/history.h>

/* readline is set up through global variables, which Swift cannot touch safely: one function each. */

/// The program's name in the user's inputrc, what completes words, and what reads the next byte.
static inline void mlrepl_readline_setup(const char *name, rl_completion_func_t *complete,
                                         rl_getc_func_t *next_byte) {
  rl_readline_name = name;
  rl_attempted_completion_function = complete;
  rl_getc_function = next_byte;
  rl_completer_word_break_characters = " \t\n()[]{},;+-*/%@^=<>|&\"";
  rl_catch_signals = 0;
  rl_catch_sigwinch = 1;
}

/// Where the word being completed starts, and the whole line.
static inline const char *mlrepl_line_buffer(void) { return rl_line_buffer; }

/// For the completion under way: no file names where the program has no words, nothing appended.
static inline void mlrepl_plain_completion(void) {
  rl_attempted_completion_over = 1;
  rl_completion_append_character = '\0';
}
