package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NhsNumberTest {

  @ParameterizedTest
  @ValueSource(strings = {"9000000009", "9000000017", "9000000025", "9000000130"})
  void acceptsTenDigitsWithTheirCheckDigit(String text) {
    assertThat(NhsNumber.parse(text)).map(NhsNumber::value).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "900000000", // nine digits
        "90000000090", // eleven
        "9000000008", // check digit
        "900 000 0009",
        "900-000-0009",
        " 9000000009",
        "9000000009 ",
        "+900000000",
        "+9000000009",
        "-000000000",
        "900000000x",
        "９００００００００９", // full-width
        "٩٠٠٠٠٠٠٠٠٩", // Arabic-Indic
        "900000000٩",
        "9000000009\n"
      })
  void refusesAnythingElse(String text) {
    assertThat(NhsNumber.parse(text)).isEmpty();
    assertThatThrownBy(() -> new NhsNumber(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not an NHS number");
  }

  /** 9 × 10 + 5 × 2 = 100 leaves 1 of 11: the check digit would be 11 - 1. */
  @Test
  void hasNoNumberWhoseCheckDigitWouldBeTen() {
    String nine = "900000005";
    assertThat(IntStream.rangeClosed(0, 9).mapToObj(digit -> nine + digit))
        .allSatisfy(text -> assertThat(NhsNumber.parse(text)).isEmpty());
  }

  @Test
  void anyOneDigitMistypedIsNoticed() {
    for (int i = 0; i < 10; i++) {
      for (char digit = '0'; digit <= '9'; digit++) {
        StringBuilder text = new StringBuilder("9000000009");
        text.setCharAt(i, digit);
        assertThat(NhsNumber.parse(text.toString()).isPresent())
            .isEqualTo("9000000009".contentEquals(text));
      }
    }
  }

  @Test
  void neverShowsItself() {
    assertThat(new NhsNumber("9000000009")).hasToString("NHS number");
  }
}
