package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryContentTest {

  @Test
  void isTheDataInItsOwnType() {
    assertThat(
            of(
                "{\"resourceType\":\"Binary\",\"contentType\":\"application/pdf\",\"data\":\"JVBERg==\"}"))
        .contains(new BinaryContent("application/pdf", Slice.of("%PDF")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"resourceType\":\"Binary\",\"contentType\":\"application/pdf\",\"data\":\"?\"}",
        "{\"resourceType\":\"Binary\",\"contentType\":\"application/pdf\"}",
        "{\"resourceType\":\"Binary\",\"data\":\"JVBERg==\"}",
        "{\"resourceType\":\"Patient\",\"contentType\":\"application/pdf\",\"data\":\"JVBERg==\"}",
        "%PDF"
      })
  void isNothingWhereThereIsNoDocument(String resource) {
    assertThat(of(resource)).isEmpty();
  }

  private static Optional<BinaryContent> of(String resource) {
    return BinaryContent.of(new Gather(List.of(Slice.of(resource))));
  }
}
