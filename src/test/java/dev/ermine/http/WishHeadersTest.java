package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Wishes;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.merge.Duplicates;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WishHeadersTest {

  @Test
  void wishesNothingWithoutHeaders() {
    WishHeaders.Heard.Understood heard = understood();
    assertThat(heard.wishes()).isEqualTo(Wishes.NONE);
    assertThat(heard.strict()).isFalse();
    assertThat(heard.patient()).isEmpty();
  }

  @Test
  void narrowsToTheRegionsNamed() {
    assertThat(understood("Ermine-Regions", "london, wessex").wishes().regions())
        .contains(List.of("london", "wessex"));
    assertThat(
            understood("Ermine-Regions", "london", "ermine-regions", "wessex").wishes().regions())
        .contains(List.of("london", "wessex"));
  }

  @Test
  void requiresAllOrTheRegionsNamed() {
    assertThat(understood("Ermine-Require", "all").wishes().require())
        .isEqualTo(new Wishes.Require.All());
    assertThat(understood("Ermine-Require", "london,wessex").wishes().require())
        .isEqualTo(new Wishes.Require.These(List.of("london", "wessex")));
  }

  @Test
  void readsTheDeadlineInMilliseconds() {
    assertThat(understood("Ermine-Deadline", "1500").wishes().deadline())
        .contains(Duration.ofMillis(1500));
  }

  @Test
  void foldsDuplicatesOnlyWhenAsked() {
    assertThat(understood("Ermine-Duplicates", "fold").wishes().duplicates())
        .isEqualTo(Duplicates.FOLD);
    assertThat(understood("Ermine-Duplicates", "show").wishes()).isEqualTo(Wishes.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "FOLD", "hide", "fold, show"})
  void refusesToDoOtherThingsWithDuplicates(String wish) {
    assertThat(heard("Ermine-Duplicates", wish))
        .isInstanceOfSatisfying(
            WishHeaders.Heard.Unclear.class,
            unclear -> assertThat(unclear.faults().getFirst().text()).contains("`show`", "`fold`"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "+5", "1.5", "1500ms", "PT1S", "9999999999", "１５"})
  void refusesADeadlineThatIsNoNumber(String deadline) {
    assertThat(heard("Ermine-Deadline", deadline)).isInstanceOf(WishHeaders.Heard.Unclear.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "London", "london wessex", "london,,wessex", "../etc", "*"})
  void refusesRegionsThatAreNoIds(String regions) {
    assertThat(heard("Ermine-Regions", regions)).isInstanceOf(WishHeaders.Heard.Unclear.class);
    assertThat(heard("Ermine-Require", regions)).isInstanceOf(WishHeaders.Heard.Unclear.class);
  }

  @Test
  void readsThePatientByNhsNumber() {
    assertThat(understood("Ermine-Patient", NhsNumber.SYSTEM + "|9000000009").patient())
        .contains(new NhsNumber("9000000009"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9000000009",
        "https://fhir.nhs.uk/Id/nhs-number|9000000008",
        "http://x|9000000009",
        ""
      })
  void refusesAPatientWithoutRepeatingIt(String patient) {
    WishHeaders.Heard heard = heard("Ermine-Patient", patient);
    assertThat(heard).isInstanceOf(WishHeaders.Heard.Unclear.class);
    assertThat(((WishHeaders.Heard.Unclear) heard).faults())
        .singleElement()
        .satisfies(issue -> assertThat(issue.text()).doesNotContain("900000000"));
  }

  @Test
  void refusesTwoPatients() {
    String patient = NhsNumber.SYSTEM + "|9000000009";
    assertThat(heard("Ermine-Patient", patient, "Ermine-Patient", patient))
        .isInstanceOf(WishHeaders.Heard.Unclear.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "handling=strict; true",
        "handling=\"strict\"; true",
        "Handling = STRICT; true",
        "return=minimal, handling=strict; true",
        "handling=lenient; false",
        "handling=lenient, handling=strict; false",
        "respond-async; false",
        "handling=stricter; false"
      })
  void readsHandlingAndLeavesOtherPreferencesAlone(String prefer, boolean strict) {
    assertThat(understood("Prefer", prefer).strict()).isEqualTo(strict);
  }

  @Test
  void tellsEveryFaultAtOnce() {
    assertThat(
            ((WishHeaders.Heard.Unclear)
                    heard("Ermine-Deadline", "x", "Ermine-Regions", "X", "Ermine-Patient", "x"))
                .faults())
        .hasSize(3);
  }

  private static WishHeaders.Heard.Understood understood(String... headers) {
    return (WishHeaders.Heard.Understood) heard(headers);
  }

  private static WishHeaders.Heard heard(String... headers) {
    MultiMap all = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1]);
    }
    return WishHeaders.read(all);
  }
}
