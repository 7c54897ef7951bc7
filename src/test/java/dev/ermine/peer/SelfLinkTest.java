package dev.ermine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Parameter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfLinkTest {

  private static final Parameter DATE = new Parameter("date", "ge2020-01-31T09:30:00+00:00");
  private static final Parameter CODE = new Parameter("code", "http://snomed.info/sct|1,2");
  private static final List<Parameter> ASKED = List.of(DATE, CODE);
  private static final String BASE = "https://london.example/fhir/Observation?patient=p1&";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "date=ge2020-01-31T09%3A30%3A00%2B00%3A00&code=http%3A%2F%2Fsnomed.info%2Fsct%7C1%2C2",
        "code=http://snomed.info/sct|1,2&date=ge2020-01-31T09:30:00+00:00",
        "_count=50&code=2,http://snomed.info/sct%7c1&date=ge2020-01-31T09:30:00%2b00:00#page",
        "d%61te=ge2020-01-31T09:30:00%2B00:00&=x&&y&code=http://snomed.info/sct|1,2"
      })
  void saysWhatWasAppliedInAnyOrderAndSpelling(String said) {
    assertThat(unsaid(BASE + said)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://london.example/fhir/Observation",
        "",
        BASE,
        BASE + "date=ge2020-01-30T09:30:00%2B00:00&code=1,2",
        BASE + "code:not=http://snomed.info/sct|1,2&Date=ge2020-01-31T09:30:00%2B00:00",
        BASE + "code=http://snomed.info/sct|1&date=%ZZ",
        BASE + "code=http://snomed.info/sct%7C1%252C2"
      })
  void saysNothingOfWhatIsNotInIt(String link) {
    assertThat(unsaid(link)).isEqualTo(ASKED);
  }

  @Test
  void saysNothingWhereThereIsNone() {
    assertThat(SelfLink.unsaid(ASKED, Optional.empty())).isEqualTo(ASKED);
    assertThat(unsaid(BASE + "x".repeat(100_000) + "&code=http://snomed.info/sct|1,2"))
        .isEqualTo(ASKED);
  }

  @Test
  void saysTwiceWhatIsAskedTwice() {
    List<Parameter> twice = List.of(CODE, CODE);
    String once = BASE + "code=http://snomed.info/sct|1,2";
    assertThat(SelfLink.unsaid(twice, Optional.of(once))).containsExactly(CODE);
    assertThat(SelfLink.unsaid(twice, Optional.of(once + "&code=http://snomed.info/sct|1,2")))
        .isEmpty();
  }

  private static List<Parameter> unsaid(String link) {
    return SelfLink.unsaid(ASKED, Optional.of(link));
  }
}
