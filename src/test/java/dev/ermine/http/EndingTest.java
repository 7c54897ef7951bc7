package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.trust.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EndingTest {

  @ParameterizedTest
  @CsvSource({
    "200, ANSWERED", "400, MALFORMED", "401, REFUSED", "403, REFUSED", "404, NOT_FOUND",
    "405, MALFORMED", "413, MALFORMED", "431, MALFORMED", "500, FAILED", "502, FAILED",
    "503, UNAVAILABLE", "504, TIMED_OUT", "508, REFUSED"
  })
  void ofAStatus(int status, Ending ending) {
    assertThat(Ending.of(status)).isEqualTo(ending);
  }

  @ParameterizedTest
  @EnumSource
  void noFaultIsAnAnswer(Fault fault) {
    assertThat(Ending.of(fault.status())).isNotEqualTo(Ending.ANSWERED);
  }

  @ParameterizedTest
  @EnumSource
  void noFailureIsAnAnswer(Failure failure) {
    assertThat(Ending.of(failure.status())).isNotEqualTo(Ending.ANSWERED);
  }

  @Test
  void everyRefusalOfTrustIsOneButOverload() {
    for (Trust.Reason reason : Trust.Reason.values()) {
      assertThat(Ending.of(Refusals.status(reason.kind())))
          .isEqualTo(
              switch (reason.kind()) {
                case OVERLOADED -> Ending.UNAVAILABLE;
                case MALFORMED -> Ending.MALFORMED;
                case UNAUTHENTICATED, FORBIDDEN, LOOP -> Ending.REFUSED;
              });
    }
  }

  @Test
  void aQueryIsWhatAsksForARecord() {
    for (Address address : Address.values()) {
      assertThat(address.interaction().isQuery())
          .as(address.template())
          .isEqualTo(
              !address.isPublic()
                  && address.method().isPresent()
                  && (address.template().contains("/fhir") || address == Address.REGION_DOCUMENT)
                  && address != Address.MERGED_READ);
    }
  }
}
