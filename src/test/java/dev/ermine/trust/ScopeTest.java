package dev.ermine.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.AllTypes;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest {

  @ParameterizedTest
  @CsvSource({
    "system/*.rs, system/*.rs",
    "system/*.read, system/*.rs",
    "system/Flag.rs, system/Flag.rs",
    "system/Flag.read, system/Flag.rs",
    "system/Flag.rs system/Condition.read, system/Condition.rs system/Flag.rs",
    "system/Flag.rs system/*.rs, system/*.rs",
    "system/Flag.rs system/Flag.rs, system/Flag.rs",
  })
  void isWrittenInOneWay(String said, String written) {
    assertThat(Scope.parse(said)).map(Scope::text).contains(written);
    assertThat(Scope.parse(written)).isEqualTo(Scope.parse(said));
  }

  @Test
  void coversWhatItNames() {
    Scope flags = new Scope(Optional.of(Set.of("Flag")));
    for (String type : AllTypes.names()) {
      assertThat(Scope.ALL.covers(type)).isTrue();
      assertThat(flags.covers(type)).isEqualTo(type.equals("Flag"));
    }
  }
}
