package dev.ermine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTest {

  @Test
  void readsWhatAnArgumentSays() {
    assertThat(Size.parse("20k")).isEqualTo(new Size(8, 20_000)).hasToString("8 × 20 KB");
    assertThat(Size.parse("2m")).isEqualTo(new Size(8, 2_000_000)).hasToString("8 × 2 MB");
    assertThat(Size.parse("42x20k").name()).isEqualTo("42x20k");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20", "20K", "k", "x20k", "43x20k", "0x20k", "20k "})
  void refusesWhatIsNoSize(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Size.parse(text))
        .withMessageContaining("`" + text + "`");
  }
}
