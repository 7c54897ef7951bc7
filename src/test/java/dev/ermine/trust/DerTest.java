package dev.ermine.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 255, 256, 65_535, 65_536})
  void readsWhatItWrites(int length) {
    Der text = new Der(Der.OCTET_STRING, new byte[length]);
    Der read = Der.read(Der.of(Der.SEQUENCE, text, text).encoded());
    assertThat(read.tag()).isEqualTo(Der.SEQUENCE);
    assertThat(read.elements())
        .hasSize(2)
        .allSatisfy(
            element -> {
              assertThat(element.tag()).isEqualTo(Der.OCTET_STRING);
              assertThat(element.content()).hasSize(length);
            });
  }

  @Test
  void refusesWhatIsNotOneElementOfDefiniteLength() {
    for (String bad :
        List.of(
            "",
            "30",
            "3001",
            "3080",
            "3081",
            "308101",
            "3082ffff00",
            "0500" + "0500",
            "3080" + "0000",
            "30847fffffff00",
            "3084ffffffff00",
            "30830fffff00",
            "30ff")) {
      assertThatIllegalArgumentException()
          .as(bad)
          .isThrownBy(() -> Der.read(HexFormat.of().parseHex(bad)));
    }
  }

  @Test
  void saysWhatIsMissing() {
    Der one = Der.of(Der.SEQUENCE, new Der(Der.NULL, new byte[0]));
    assertThat(one.at(0).tag()).isEqualTo(Der.NULL);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> one.at(1))
        .withMessage("an element is missing");
  }
}
