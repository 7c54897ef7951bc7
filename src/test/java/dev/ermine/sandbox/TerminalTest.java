package dev.ermine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTest {

  @Test
  void fillsOrCutsACellToItsWidth() {
    assertThat(Terminal.cell("ab", 4)).isEqualTo("ab  ");
    assertThat(Terminal.cell("abcdef", 4)).isEqualTo("abc…");
    assertThat(Terminal.cell("Ngọzi", 5)).isEqualTo("Ngọzi");
  }

  @Test
  void breaksLinesBetweenWordsAndLosesNone() {
    assertThat(Terminal.wrapped("one two  three", 7)).containsExactly("one two", "three");
    assertThat(Terminal.wrapped("extraordinary word", 5)).containsExactly("extraordinary", "word");
    assertThat(Terminal.wrapped("", 5)).containsExactly("");
  }
}
