package dev.ermine.merge.fact;

import static dev.ermine.merge.fact.FactsGiven.fact;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {

  @ParameterizedTest
  @CsvSource({
    "2022, 20220000",
    "2022-04, 20220400",
    "2022-04-30, 20220430",
    "2024-02-29, 20240229",
    "2022-04-30T00:00:00+01:00, 20220430",
    "2022-01-30T00:00:00Z, 20220130",
    "2022-01-30T00:00:00, 20220130"
  })
  void aDateIsItsDay(String text, int day) {
    assertThat(Moment.parse(text)).contains(new Moment(day, OptionalInt.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "2022-01-30T09:05:59Z, 20220130, 545",
    "2022-07-01T23:30:00Z, 20220702, 30",
    "2022-01-01T23:30:00Z, 20220101, 1410",
    "2022-07-01T00:30:00+01:00, 20220701, 30",
    "2022-01-01T00:30:00.123+05:30, 20211231, 1140",
    "2021-12-31T20:30:00-05:00, 20220101, 90",
    "2022-07-01T09:05, 20220701, 545",
    "2022-07-01T09:05:00, 20220701, 545",
    "2022-07-01T00:00:01+01:00, 20220701, 0",
    "1970-06-01T12:00:00Z, 19700601, 780"
  })
  void anInstantIsItsDayAndMinuteInLondon(String text, int day, int minute) {
    assertThat(Moment.parse(text)).contains(new Moment(day, OptionalInt.of(minute)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2",
        "0000",
        "20220430",
        "2022-13",
        "2022-00",
        "2022/04",
        "2022-04-31",
        "2023-02-29",
        "2022-04-00",
        "2022-4-1",
        "2022-04-3x",
        "2022-04-30T",
        "2022-04-30T25:00:00Z",
        "2022-04-30T10:61:00Z",
        "2022-04-30 10:00:00Z",
        "soon",
        "２０２２"
      })
  void whatIsNoDateIsNoMoment(String text) {
    assertThat(Moment.parse(text)).isEmpty();
  }

  @Test
  void aTimeMeetsItsDayAndItsMinuteAndNoOther() {
    Moment day = moment("2022-07-01");
    Moment nine = moment("2022-07-01T09:00:00+01:00");
    assertThat(day.meets(nine)).isTrue();
    assertThat(nine.meets(day)).isTrue();
    assertThat(nine.meets(moment("2022-07-01T08:00:59Z"))).isTrue();
    assertThat(nine.meets(moment("2022-07-01T09:01:00+01:00"))).isFalse();
    assertThat(day.meets(moment("2022-07-02"))).isFalse();
  }

  @Test
  void aMonthIsNoDayInIt() {
    assertThat(moment("2022-07").meets(moment("2022-07"))).isTrue();
    assertThat(moment("2022-07").meets(moment("2022-07-01"))).isFalse();
    assertThat(moment("2022").meets(moment("2022-07"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Condition | 'recordedDate':'2022-01-03','onsetDateTime':'2022-01-02' | 20220102",
        "Condition | 'recordedDate':'2022-01-03','onsetPeriod':{'start':'2022-01-01'} | 20220101",
        "Condition | 'recordedDate':'2022-01-03','onsetPeriod':{'end':'2022-01-01'} | 20220103",
        "Condition | 'recordedDate':'2022-01-03','onsetDateTime':'as a child' | 20220103",
        "Observation | 'issued':'2022-01-03','effectivePeriod':{'start':'2022-01-01'} | 20220101",
        "DiagnosticReport | 'issued':'2022-01-03T10:00:00Z' | 20220103",
        "MedicationStatement | 'dateAsserted':'2022-01-03','effectiveDateTime':'2022-01-01' | 20220101",
        "MedicationRequest | 'authoredOn':'2022-01-03' | 20220103",
        "Encounter | 'period':{'start':'2022-01-01','end':'2022-01-05'} | 20220101",
        "Immunization | 'recorded':'2022-01-03','occurrenceDateTime':'2022-01-01' | 20220101",
        "DocumentReference | 'context':{'period':{'start':'2022-01-01'}},'date':'2022-01-02' | 20220102",
        "Procedure | 'performedPeriod':{'start':'2022-01-01'} | 20220101"
      })
  void isSaidByTheDateThatSaysItBest(String type, String members, int day) {
    assertThat(Moment.of(fact("london", type, "1", members.replace(" ", "")).entry()))
        .map(Moment::day)
        .contains(day);
  }

  @Test
  void noDateIsNoMoment() {
    assertThat(Moment.of(fact("london", "Observation", "1", "'issued':'2022'").entry())).isEmpty();
    assertThat(Moment.of(fact("london", "Flag", "1", "'date':'2022'").entry())).isEmpty();
  }

  private static Moment moment(String text) {
    Optional<Moment> moment = Moment.parse(text);
    assertThat(moment).isPresent();
    return moment.orElseThrow();
  }
}
