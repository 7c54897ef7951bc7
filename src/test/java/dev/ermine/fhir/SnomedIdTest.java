package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnomedIdTest {

  @ParameterizedTest
  @ValueSource(strings = {"100005", "73211009", "86406008", "16521000000101", "999004371000000100"})
  void knowsAConcept(String code) {
    assertThat(SnomedId.isConcept(code)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "73211008", "73211090", "R8000", "073211009", "1009", "8640600８"})
  void knowsWhatIsNone(String code) {
    assertThat(SnomedId.isConcept(code)).isFalse();
  }

  /** A description's identifier is not a concept's, though its check digit is right. */
  @Test
  void knowsADescription() {
    assertThat(SnomedId.isConcept("121589010")).isFalse();
  }

  /** What the digit is for: any one digit mistyped, and any two neighbours exchanged. */
  @Test
  void findsEverySlipOfTheHand() {
    String code = "999004371000000100";
    for (int i = 0; i < code.length(); i++) {
      for (char digit = '0'; digit <= '9'; digit++) {
        String typed = code.substring(0, i) + digit + code.substring(i + 1);
        assertThat(SnomedId.isConcept(typed)).as(typed).isEqualTo(typed.equals(code));
      }
    }
    for (int i = 1; i < code.length(); i++) {
      String typed =
          code.substring(0, i - 1) + code.charAt(i) + code.charAt(i - 1) + code.substring(i + 1);
      assertThat(SnomedId.isConcept(typed)).as(typed).isEqualTo(typed.equals(code));
    }
  }
}
