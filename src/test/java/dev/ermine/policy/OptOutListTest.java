package dev.ermine.policy;

import static dev.ermine.testing.OptOutLists.SECRET;
import static dev.ermine.testing.OptOutLists.body;
import static dev.ermine.testing.OptOutLists.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ermine.fhir.NhsNumber;
import dev.ermine.policy.OptOutList.Reading;
import dev.ermine.testing.Given;
import dev.ermine.testing.OptOutLists;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptOutListTest {

  private static final LocalDate MADE = LocalDate.of(2026, 6, 1);
  private static final LocalDate UNTIL = LocalDate.of(2026, 6, 21);
  private static final Instant DURING = Instant.parse("2026-06-10T12:00:00Z");
  private static final String BODY = body(MADE, UNTIL, Given.ADA);

  @Test
  void hasWhoIsOnItAndNobodyElse() {
    OptOutList list = OptOutLists.of(MADE, UNTIL, Given.ADA);
    assertThat(list.mayHave(Given.ADA)).isTrue();
    assertThat(list.mayHave(Given.ANOTHER)).isFalse();
    assertThat(list.count()).isEqualTo(1);
  }

  @Test
  void hasThousandsAndNobodyElse() {
    List<NhsNumber> numbers = numbers(6000);
    NhsNumber[] listed = numbers.subList(0, 5000).toArray(NhsNumber[]::new);
    OptOutList list = OptOutLists.of(MADE, UNTIL, listed);
    assertThat(list.count()).isEqualTo(5000);
    assertThat(numbers.subList(0, 5000)).allMatch(list::mayHave);
    assertThat(numbers.subList(5000, 6000)).noneMatch(list::mayHave);
  }

  private static List<NhsNumber> numbers(int count) {
    List<NhsNumber> numbers = new ArrayList<>();
    for (long number = 9_000_000_000L; numbers.size() < count; number++) {
      NhsNumber.parse(Long.toString(number)).ifPresent(numbers::add);
    }
    return numbers;
  }

  /** Days are London's, which in summer begin an hour before UTC's. */
  @Test
  void countsFromItsFirstDayToItsLast() {
    OptOutList list = OptOutLists.of(MADE, UNTIL);
    assertThat(list.inForce(Instant.parse("2026-05-31T22:59:59Z"))).as("made in future").isFalse();
    assertThat(list.inForce(Instant.parse("2026-05-31T23:00:00Z"))).isTrue();
    assertThat(list.inForce(Instant.parse("2026-06-21T22:59:59Z"))).isTrue();
    assertThat(list.inForce(Instant.parse("2026-06-21T23:00:00Z"))).as("ended").isFalse();
  }

  @Test
  void withholdsWhoIsListedFromUsesBeyondCareAlone() {
    OptOutList list = OptOutLists.of(MADE, UNTIL, Given.ADA);
    assertThat(list.withhold(EntryRulesTest.asker("HRESCH"), Given.ADA, DURING)).isTrue();
    assertThat(list.withhold(EntryRulesTest.asker("TREAT", "HRESCH"), Given.ADA, DURING)).isTrue();
    assertThat(list.withhold(EntryRulesTest.asker("HRESCH"), Given.ANOTHER, DURING)).isFalse();
    assertThat(list.withhold(EntryRulesTest.asker("TREAT"), Given.ADA, DURING)).isFalse();
    assertThat(list.withhold(EntryRulesTest.asker("PATRQT"), Given.ADA, DURING)).isFalse();
  }

  @Test
  void withholdsEverybodyWhileItIsNotInForceOrThereIsNone() {
    OptOutList list = OptOutLists.of(MADE, UNTIL);
    Instant later = Instant.parse("2026-07-01T12:00:00Z");
    OptOuts none = new OptOuts.Unknown();
    assertThat(list.withhold(EntryRulesTest.asker("HRESCH"), Given.ADA, later)).isTrue();
    assertThat(none.withhold(EntryRulesTest.asker("POPHLTH"), Given.ADA, DURING)).isTrue();
    assertThat(none.withhold(EntryRulesTest.asker("TREAT"), Given.ADA, DURING)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          made: 2026-06-01, made: 1 June 2026, line 2 is not `made: `
          made: 2026-06-01, made: 2026-06-31, line 2 is not `made: `
          valid-until: 2026-06-21, valid-until: 2026-05-31, line 3 `valid-until` lies before `made`
          HMAC-SHA-256, SHA-256, line 4 is not `algorithm: `
          count: 1, count: 2, "line 7 is not there, and `count` has it"
          count: 1, count: -1, line 5 is not `count: `
          count: 1, count: 99999999999, line 5 is not `count: `
          count: 1, kount: 1, line 5 is not `count: `
          """,
      quoteCharacter = '"')
  void refusesAnotherHeader(String good, String bad, String fault) throws IOException {
    assertThat(fault(sealed(BODY.replace(good, bad)))).startsWith(fault);
  }

  @Test
  void refusesALineThatIsNoHash() throws IOException {
    String hash = OptOutLists.hmac(Given.ADA.value());
    for (String bad :
        List.of(
            hash.substring(1),
            hash + "0",
            hash.toUpperCase(java.util.Locale.ROOT),
            "",
            hash + "\r",
            "g" + hash.substring(1),
            "é".repeat(32),
            "0".repeat(100))) {
      assertThat(fault(sealed(BODY.replace(hash, bad))))
          .as(bad)
          .startsWith("line 6 is ")
          .doesNotContain(hash.substring(1));
    }
  }

  @Test
  void refusesWhoIsListedTwice() throws IOException {
    assertThat(fault(sealed(body(MADE, UNTIL, Given.ADA, Given.ADA))))
        .startsWith("line 7 is not above the one before");
  }

  @Test
  void refusesWhatIsCutShort() throws IOException {
    String file = sealed(BODY);
    for (int length = 0; length < file.length(); length++) {
      assertThat(read(file.substring(0, length), SECRET))
          .as("%d characters", length)
          .isInstanceOf(Reading.Faulty.class);
    }
  }

  /** With another key nobody would be found, and everybody disclosed. */
  @Test
  void refusesAListThatAnotherKeyWrote() throws IOException {
    byte[] other = SECRET.clone();
    other[0]++;
    assertThat(read(sealed(BODY), other))
        .isInstanceOfSatisfying(
            Reading.Faulty.class, faulty -> assertThat(faulty.fault()).startsWith("`seal` is not"));
  }

  @Test
  void refusesALineThatWasChanged() throws IOException {
    String hash = OptOutLists.hmac(Given.ADA.value());
    String other = OptOutLists.hmac(Given.ANOTHER.value());
    assertThat(fault(sealed(BODY).replace(hash, other))).startsWith("`seal` is not");
    assertThat(fault(sealed(BODY).replace("2026-06-21", "2027-06-21"))).startsWith("`seal` is not");
  }

  @Test
  void wantsAKeyOfThirtyTwoBytesAndShowsNone() {
    assertThatThrownBy(() -> new OptOutKey(new byte[31])).hasMessage("a key has at least 32 bytes");
    assertThat(new OptOutKey(SECRET)).hasToString("OptOutKey");
    assertThat(OptOutLists.of(MADE, UNTIL, Given.ADA))
        .hasToString("OptOutList[2026-06-01/2026-06-21]");
  }

  private static String fault(String file) throws IOException {
    return switch (read(file, SECRET)) {
      case Reading.Read _ -> "no fault";
      case Reading.Faulty(String fault) -> fault;
    };
  }

  private static Reading read(String file, byte[] secret) throws IOException {
    byte[] bytes = file.getBytes(StandardCharsets.ISO_8859_1);
    return OptOutList.read(new ByteArrayInputStream(bytes), new OptOutKey(secret));
  }
}
