package dev.ermine.merge;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.ANOTHER;
import static dev.ermine.testing.Given.patient;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.testing.Given;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SoughtTest {

  @Test
  void aPatientUnderTheirOwnNumberHasNoOther() {
    Sought sought = Sought.byDemographics(known(person(ADA)), ADA);
    assertThat(sought.number()).isEqualTo(ADA);
    assertThat(sought.superseded()).isEmpty();
  }

  @Test
  void aPatientUnderAnotherNumberHasBoth() {
    Sought sought = Sought.byDemographics(known(person(ANOTHER)), ADA);
    assertThat(sought.number()).isEqualTo(ADA);
    assertThat(sought.superseded()).containsExactly(ANOTHER);
  }

  @Test
  void ofWhomeverIsNotKnownThereTheNumberIsAllThereIs() {
    for (PeerAnswer said :
        List.of(
            new PeerAnswer.NotMatched(),
            new PeerAnswer.Objected(),
            new PeerAnswer.Missed(new Miss.TimedOut()),
            known(),
            known(person(ADA), person(ADA)),
            known(patient("pds", "p1", ADA)),
            known(patient("pds", ADA.value(), ANOTHER)))) {
      assertThat(Sought.byDemographics(said, ADA)).isEqualTo(Sought.byNumber(ADA));
    }
  }

  @Test
  void aNumberIsOnlyWhatIdAndIdentifierAgreeOn() {
    Entry person = Given.entries(person(ADA)).getFirst();
    assertThat(Sought.filedUnder(person)).contains(ADA);
    assertThat(Sought.filedUnder(Given.entries(patient("pds", "p1", ADA)).getFirst())).isEmpty();
    String wrong = person(ADA).replace(ADA.value(), "9000000008");
    assertThat(Sought.filedUnder(Given.entries(wrong).getFirst())).as("check digit").isEmpty();
    String person2 = person(ADA).replace("\"Patient\"", "\"Person\"");
    assertThat(Sought.filedUnder(Given.entries(person2).getFirst())).as("type").isEmpty();
  }

  private static String person(NhsNumber number) {
    return patient("pds", number.value(), number);
  }

  private static PeerAnswer known(String... patients) {
    return new PeerAnswer.Answered(Given.entries(patients), Map.of());
  }
}
